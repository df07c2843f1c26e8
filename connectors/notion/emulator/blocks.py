"""Blocks: what a request may say becomes what answers show under the block's type.

https://developers.notion.com/reference/block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.notion.emulator.checks import MAX_BLOCKS, MAX_URL, a_bool, a_list, a_string, an_id, an_object, one_of
from connectors.notion.emulator.errors import MISSING, failed, invalid, none_of
from connectors.notion.emulator.rich_text import COLOURS, MAX_EQUATION, Resolve, normalised

#: How many levels of blocks one request may nest below the topmost.
MAX_LEVELS = 2

TEXTS = frozenset(
    {
        "paragraph",
        "heading_1",
        "heading_2",
        "heading_3",
        "heading_4",
        "bulleted_list_item",
        "numbered_list_item",
        "to_do",
        "toggle",
        "quote",
        "callout",
        "template",
    }
)
HEADINGS = frozenset({"heading_1", "heading_2", "heading_3", "heading_4"})
FILES = frozenset({"image", "video", "file", "pdf", "audio"})
BARE = frozenset({"divider", "breadcrumb"})
LINKS = frozenset({"bookmark", "embed"})
TYPES = (
    TEXTS
    | FILES
    | BARE
    | LINKS
    | {
        "code",
        "equation",
        "table_of_contents",
        "table",
        "table_row",
        "column_list",
        "column",
        "synced_block",
        "link_to_page",
        "tab",
    }
)
#: What Notion says a block of a request may be, in its order.
IN_REQUESTS = (
    *("embed", "bookmark", "image", "video", "pdf", "file", "audio", "code", "equation", "divider", "breadcrumb", "tab"),
    *("table_of_contents", "link_to_page", "table_row", "ai_block", "meeting_notes", "custom_block", "table", "column_list"),
    *("column", "heading_1", "heading_2", "heading_3", "heading_4", "paragraph", "bulleted_list_item"),
    *("numbered_list_item", "quote", "to_do", "toggle", "template", "callout", "synced_block"),
)
#: Types that hold other blocks.
HOLDERS = TEXTS | {"table", "column_list", "column", "synced_block", "tab"}
#: What only stands in its own kind of holder.
_ONLY_IN = {"table_row": "table", "column": "column_list"}
_ONLY_HOLDS = {holder: held for held, holder in _ONLY_IN.items()}


@dataclass(frozen=True)
class Draft:
    """A block that is about to be made, with what will stand in it."""

    type: str
    payload: Mapping[str, Any]
    children: Sequence[Draft] = ()

    def all(self) -> Iterator[Draft]:
        """This one and everything in it."""
        yield self
        for child in self.children:
            yield from child.all()


File = Callable[[Mapping[str, Any], str], dict[str, Any]]


def drafts(given: Any, path: str, resolve: Resolve, file: File, holder: str = "page") -> list[Draft]:
    """The blocks that a request describes, children included. Raises `NotionError` in Notion's words."""
    made = _drafts(given, path, resolve, file, holder, 0)
    count = sum(1 for draft in made for _ in draft.all())
    if count > MAX_BLOCKS:
        raise failed(f"{path}.length", f"≤ `{MAX_BLOCKS}` blocks in all", count)
    return made


def _drafts(given: Any, path: str, resolve: Resolve, file: File, holder: str, level: int) -> list[Draft]:
    made = [_draft(each, f"{path}[{number}]", resolve, file, level) for number, each in enumerate(a_list(given, path))]
    for number, draft in enumerate(made):
        fits(draft.type, holder, f"{path}[{number}]")
    return made


def fits(kind: str, holder: str, path: str) -> None:
    """A block of that type must be allowed to stand in *holder* (a type, or "page")."""
    wanted = _ONLY_IN.get(kind)
    if (wanted and holder != wanted) or (holder in _ONLY_HOLDS and _ONLY_HOLDS[holder] != kind):
        raise invalid(f"body failed validation: body.{path} of type {kind} cannot stand in a {holder}.")


def _draft(given: Any, path: str, resolve: Resolve, file: File, level: int) -> Draft:
    block = an_object(given, path)
    kind = block.get("type") or next((key for key in block if key in TYPES), None)
    if kind not in TYPES:
        raise none_of(path, IN_REQUESTS)
    detail = an_object(block.get(kind, MISSING), f"{path}.{kind}")
    children = detail.get("children", block.get("children"))
    payload = content(kind, detail, f"{path}.{kind}", resolve, file, None)
    inner = () if not children else _children(kind, children, f"{path}.{kind}.children", resolve, file, level)
    _complete(kind, payload, inner, f"{path}.{kind}")
    return Draft(kind, payload, inner)


def _children(kind: str, given: Any, path: str, resolve: Resolve, file: File, level: int) -> Sequence[Draft]:
    if kind not in HOLDERS:
        raise failed(path, "not present", given)
    if level >= MAX_LEVELS:
        raise failed(path, "not present", given)
    return _drafts(given, path, resolve, file, kind, level + 1)


def _complete(kind: str, payload: Mapping[str, Any], children: Sequence[Draft], path: str) -> None:
    """Tables have rows of their width, column lists at least two columns."""
    if kind == "table":
        if not children:
            raise failed(f"{path}.children", "defined")
        if any(len(row.payload["cells"]) != payload["table_width"] for row in children):
            raise invalid(f"body failed validation: body.{path}: the number of cells in a row must match the table width.")
    if kind == "column_list" and len(children) < 2:
        raise failed(f"{path}.children.length", "≥ `2`", len(children))


def content(
    kind: str, detail: Mapping[str, Any], path: str, resolve: Resolve, file: File, former: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """The payload of a block of that type; what *detail* leaves out stays as in *former*, or is what Notion assumes."""
    before = former or {}

    def text(key: str = "rich_text") -> Sequence[Mapping[str, Any]]:
        if key not in detail:
            return tuple(before.get(key, ()))
        return normalised(detail[key], f"{path}.{key}", resolve)

    def colour() -> str:
        return one_of(detail.get("color", before.get("color", "default")), f"{path}.color", COLOURS)

    if kind in TEXTS:
        if former is None and "rich_text" not in detail:
            raise failed(f"{path}.rich_text", "defined")
        return _text(kind, detail, path, before, text(), colour)
    if kind == "code":
        language = a_string(detail.get("language", before.get("language", "plain text")), f"{path}.language")
        return {"caption": text("caption"), "rich_text": text(), "language": language}
    if kind in LINKS:
        url = a_string(detail.get("url", before.get("url", MISSING)), f"{path}.url", MAX_URL)
        return {"caption": text("caption"), "url": url}
    if kind in FILES:
        given = {key: value for key, value in detail.items() if key != "caption"}
        shown = file(given, path) if given or not former else {key: before[key] for key in before if key != "caption"}
        return {"caption": text("caption"), **shown}
    if kind == "equation":
        return {"expression": a_string(detail.get("expression", before.get("expression")), f"{path}.expression", MAX_EQUATION)}
    if kind == "table_of_contents":
        return {"color": colour()}
    if kind == "table_row":
        rows = a_list(detail.get("cells", MISSING), f"{path}.cells")
        return {"cells": [normalised(cell, f"{path}.cells[{number}]", resolve) for number, cell in enumerate(rows)]}
    return _structure(kind, detail, path, before)


def _text(
    kind: str,
    detail: Mapping[str, Any],
    path: str,
    before: Mapping[str, Any],
    words: Sequence[Mapping[str, Any]],
    colour: Callable[[], str],
) -> Mapping[str, Any]:
    if kind in HEADINGS:
        toggles = a_bool(detail.get("is_toggleable", before.get("is_toggleable", False)), f"{path}.is_toggleable")
        return {"rich_text": words, "is_toggleable": toggles, "color": colour()}
    if kind == "to_do":
        checked = a_bool(detail.get("checked", before.get("checked", False)), f"{path}.checked")
        return {"rich_text": words, "checked": checked, "color": colour()}
    if kind in ("paragraph", "callout"):
        return {"rich_text": words, "icon": detail.get("icon", before.get("icon")), "color": colour()}
    if kind == "template":
        return {"rich_text": words}
    return {"rich_text": words, "color": colour()}


def _structure(kind: str, detail: Mapping[str, Any], path: str, before: Mapping[str, Any]) -> Mapping[str, Any]:
    if kind == "table":
        width = detail.get("table_width", before.get("table_width", MISSING))
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise failed(f"{path}.table_width", "a number greater than or equal to `1`", width)
        heads = {key: bool(detail.get(key, before.get(key, False))) for key in ("has_column_header", "has_row_header")}
        return {"table_width": width, **heads}
    if kind == "column":
        ratio = detail.get("width_ratio", before.get("width_ratio"))
        return {"width_ratio": ratio} if ratio is not None else {}
    if kind == "synced_block":
        source = detail.get("synced_from", before.get("synced_from"))
        if source is None:
            return {"synced_from": None}
        target = an_id(an_object(source, f"{path}.synced_from").get("block_id"), f"{path}.synced_from.block_id")
        return {"synced_from": {"type": "block_id", "block_id": target}}
    if kind == "link_to_page":
        form = detail.get("type") or next((key for key in detail if key.endswith("_id")), "page_id")
        return {"type": form, form: an_id(detail.get(form, MISSING), f"{path}.{form}")}
    return {}
