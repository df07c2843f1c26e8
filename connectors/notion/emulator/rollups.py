"""What a rollup shows: the related rows' values, counted, summed or listed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from connectors.notion.emulator.model import DataSource, Page, Property
from connectors.notion.emulator.schema import rollup_parts
from connectors.notion.emulator.store import Store
from connectors.notion.emulator.values import is_empty

Show = Callable[[Property, Page, DataSource], dict[str, Any]]


def rolled_up(store: Store, column: Property, page: Page, source: DataSource, show: Show) -> dict[str, Any]:
    """The value of the rollup *column* of *page*: ``{"type", type: value, "function"}``."""
    function = str(column.config["function"])
    parts = rollup_parts(column, source, store.sources)
    if parts is None:
        return {"type": "array", "array": [], "function": function}
    relation, target, wanted = parts
    related = [store.pages[page_id] for page_id in page.values.get(relation.id) or () if page_id in store.pages]
    rows = [row for row in related if not row.in_trash]
    shown = [{"type": wanted.type, **show(wanted, row, target)} for row in rows]
    if function == "show_original":
        return {"type": "array", "array": [_without_more(each) for each in shown], "function": function}
    values = [_plain(each[wanted.type]) for each in shown]
    if function == "show_unique":
        unique = [each for number, each in enumerate(shown) if values[number] not in values[:number]]
        return {"type": "array", "array": [_without_more(each) for each in unique], "function": function}
    if function in _DATES:
        return {"type": "date", "date": _DATES[function](values), "function": function}
    return {"type": "number", "number": _number(function, values), "function": function}


def _without_more(shown: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key != "has_more"}


def _plain(value: Any) -> Any:
    """A value as it is compared and counted."""
    if isinstance(value, list):
        return tuple(sorted(str(each.get("name") or each.get("plain_text") or each.get("id")) for each in value))
    if isinstance(value, dict):
        return value.get("name") or value.get("start") or value.get("number") or str(value)
    return value


def _number(function: str, values: Sequence[Any]) -> float | None:
    filled = [value for value in values if not is_empty(value)]
    numbers = [value for value in filled if isinstance(value, int | float)]
    share = (lambda part: part / len(values)) if values else (lambda part: None)
    counts: dict[str, Callable[[], float | None]] = {
        "count": lambda: len(values),
        "count_values": lambda: len(filled),
        "empty": lambda: len(values) - len(filled),
        "not_empty": lambda: len(filled),
        "unique": lambda: len(set(filled)),
        "percent_empty": lambda: share(len(values) - len(filled)),
        "percent_not_empty": lambda: share(len(filled)),
        "checked": lambda: sum(value is True for value in values),
        "unchecked": lambda: sum(value is not True for value in values),
        "percent_checked": lambda: share(sum(value is True for value in values)),
        "percent_unchecked": lambda: share(sum(value is not True for value in values)),
        "sum": lambda: sum(numbers),
        "average": lambda: statistics.fmean(numbers) if numbers else None,
        "median": lambda: statistics.median(numbers) if numbers else None,
        "min": lambda: min(numbers, default=None),
        "max": lambda: max(numbers, default=None),
        "range": lambda: max(numbers) - min(numbers) if numbers else None,
    }
    return counts.get(function, lambda: None)()


def _dates(values: Sequence[Any]) -> list[str]:
    return sorted(value for value in values if isinstance(value, str) and value)


def _earliest(values: Sequence[Any]) -> dict[str, Any] | None:
    found = _dates(values)
    return {"start": found[0], "end": None, "time_zone": None} if found else None


def _latest(values: Sequence[Any]) -> dict[str, Any] | None:
    found = _dates(values)
    return {"start": found[-1], "end": None, "time_zone": None} if found else None


def _range(values: Sequence[Any]) -> dict[str, Any] | None:
    found = _dates(values)
    return {"start": found[0], "end": found[-1], "time_zone": None} if found else None


_DATES = {"earliest_date": _earliest, "latest_date": _latest, "date_range": _range}
