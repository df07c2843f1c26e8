"""Property values as Notion takes and gives them. Pure. What is not known is read as far as it can be, never refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from connectors.workspace import Cell, CellValue, cell_of, text_of
from templates.shapes import Column, ColumnType

Json = dict[str, Any]
MOST_TEXT = 2000
"""Characters of one piece of rich text, counted as JavaScript does (Notion's size limits)."""
MOST_SHOWN = 25
"""References of one property that a page or a query shows; the rest comes from the property's own endpoint."""
_SCHEMA: Mapping[ColumnType, Json] = {
    ColumnType.KEY: {"rich_text": {}},
    ColumnType.TEXT: {"rich_text": {}},
    ColumnType.AMOUNT: {"number": {"format": "number_with_commas"}},
    ColumnType.PERCENT: {"number": {"format": "percent"}},
    ColumnType.DATE: {"date": {}},
    ColumnType.CHOICE: {"select": {}},
}


class Unfit(Exception):
    """A value that a property cannot hold, with the reason."""


# ---------------------------------------------------------------- writing


def rich_text(text: str) -> list[Json]:
    """*text* in as many pieces as it takes."""
    return [{"type": "text", "text": {"content": piece}} for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[str]:
    piece: list[str] = []
    size = 0
    for sign in text:
        width = 2 if ord(sign) > 0xFFFF else 1
        if size + width > MOST_TEXT:
            yield "".join(piece)
            piece, size = [], 0
        piece.append(sign)
        size += width
    if piece:
        yield "".join(piece)


def title(text: str) -> Json:
    """A title."""
    return {"title": rich_text(text)}


def text(words: str) -> Json:
    """A text."""
    return {"rich_text": rich_text(words)}


def people(ids: Iterable[str]) -> Json:
    """People by their ids."""
    return {"people": [{"object": "user", "id": one} for one in ids]}


def schema_of(column: Column) -> Json:
    """The property that holds *column*."""
    if column.type is ColumnType.CHOICE:
        return {"select": {"options": [{"name": _option(choice)} for choice in column.choices]}}
    return dict(_SCHEMA[column.type])


def given(value: CellValue, column: Column, *, is_title: bool) -> Json:
    """*value* for the property of *column*. Raises Unfit when it can hold no such value."""
    if is_title:
        return title(text_of(value))
    if column.type in (ColumnType.AMOUNT, ColumnType.PERCENT):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unfit(f"“{column.title}” holds numbers, and {text_of(value)!r} is none.")
        return {"number": value}
    if column.type is ColumnType.DATE:
        if not isinstance(value, date):
            raise Unfit(f"“{column.title}” holds days, and {text_of(value)!r} is none.")
        return {"date": {"start": value.isoformat()}}
    if column.type is ColumnType.CHOICE:
        return {"select": {"name": _option(text_of(value))}}
    return text(text_of(value))


def _option(name: str) -> str:
    """Notion takes no commas in the names of options."""
    return name.replace(",", ";")[:100]


# ---------------------------------------------------------------- reading


def words(value: Mapping[str, Any]) -> str:
    """Everything a person sees in a property."""
    kind = str(value.get("type", ""))
    inside = value.get(kind)
    if inside is None:
        return ""
    if kind in ("title", "rich_text"):
        return "".join(str(piece.get("plain_text", "")) for piece in inside)
    if kind in ("formula", "rollup"):
        return _computed(inside)
    return _scalar(kind, inside)


def _scalar(kind: str, inside: Any) -> str:
    if kind == "number":
        return text_of(float(inside))
    if kind in ("select", "status"):
        return str(inside.get("name", ""))
    if kind in ("multi_select", "people", "files", "relation"):
        return ", ".join(str(one.get("name") or one.get("id", "")) for one in inside)
    if kind == "date":
        return " to ".join(str(inside[end]) for end in ("start", "end") if inside.get(end))
    if kind == "checkbox":
        return "yes" if inside else ""
    if kind == "unique_id":
        return "-".join(str(inside[part]) for part in ("prefix", "number") if inside.get(part) is not None)
    return inside if isinstance(inside, str) else ""


def _computed(inside: Mapping[str, Any]) -> str:
    kind = str(inside.get("type", ""))
    result = inside.get(kind)
    if isinstance(result, list):
        return ", ".join(filter(None, map(words, result)))
    if isinstance(result, bool):
        return "yes" if result else "no"
    return "" if result is None or kind == "unsupported" else _scalar(kind, result) if kind != "string" else str(result)


def cell(value: Mapping[str, Any], column: Column | None) -> Cell:
    """The cell that a property shows."""
    kind, inside = value.get("type"), value.get(str(value.get("type")))
    if kind == "number" and isinstance(inside, int | float):
        return cell_of(inside, column)
    if kind == "date" and isinstance(inside, Mapping):
        start = str(inside.get("start", ""))
        return Cell(words(value), day=_day(start) if not inside.get("end") else None)
    return Cell(words(value))


def _day(text_: str) -> date | None:
    try:
        return date.fromisoformat(text_[:10])
    except ValueError:
        return None


def user_ids(value: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The ids of the people in a property."""
    return tuple(str(one["id"]) for one in (value or {}).get("people", ()) if "id" in one)


def by_id(page: Mapping[str, Any]) -> dict[str, tuple[str, Json]]:
    """A page's properties by their id: name and value."""
    return {str(value.get("id", name)): (name, value) for name, value in page.get("properties", {}).items()}
