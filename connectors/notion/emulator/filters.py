"""Filters and sorts of a query, as pure functions. https://developers.notion.com/reference/post-database-query-filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.notion.emulator.checks import a_list, a_string, an_object, one_of
from connectors.notion.emulator.errors import MISSING, NotionError, failed, invalid, not_implemented
from connectors.notion.emulator.indexes import KEYS_OF, text_key
from connectors.notion.emulator.model import DataSource, Page, Property

Test = Callable[[Page], bool]

_TIMESTAMPS = ("created_time", "last_edited_time")
_TEXT_TYPES = ("title", "rich_text", "url", "email", "phone_number")
#: The names under which a filter may speak about a property of a type.
_NAMES = {"text": "rich_text", "phone": "phone_number"}


@dataclass(frozen=True)
class Plan:
    """A filter made ready: *test* decides; *lookups* are (property id, type, keys) of which a row must have one each."""

    test: Test
    lookups: Sequence[tuple[str, str, Sequence[Any]]] = ()


def planned(given: Any, source: DataSource, now: datetime, path: str = "filter") -> Plan:
    """The plan of a filter. Raises `NotionError` in Notion's words."""
    if given is None or given is MISSING or given == {}:
        return Plan(lambda page: True)
    return _node(an_object(given, path), source, now, path, 0)


def _node(given: Mapping[str, Any], source: DataSource, now: datetime, path: str, level: int) -> Plan:
    for word in ("and", "or"):
        if word in given:
            return _group(word, given[word], source, now, f"{path}.{word}", level)
    if "timestamp" in given:
        return Plan(_timestamp(given, now, path))
    if "property" not in given:
        raise failed(f"{path}.property", "defined")
    reference = a_string(given["property"], f"{path}.property")
    column = source.find(reference)
    if column is None:
        raise invalid(f"Could not find property with name or id: {reference}")
    return _property(column, given, source, now, path)


def _group(word: str, given: Any, source: DataSource, now: datetime, path: str, level: int) -> Plan:
    if level >= 2:
        raise failed(path, "not present", given)
    parts = [
        _node(an_object(each, f"{path}[{number}]"), source, now, f"{path}[{number}]", level + 1)
        for number, each in enumerate(a_list(given, path))
    ]
    tests = [part.test for part in parts]
    if word == "and":
        return Plan(lambda page: all(test(page) for test in tests), [lookup for part in parts for lookup in part.lookups])
    return Plan(lambda page: any(test(page) for test in tests))


def _timestamp(given: Mapping[str, Any], now: datetime, path: str) -> Test:
    which = one_of(given["timestamp"], f"{path}.timestamp", _TIMESTAMPS)
    compare = _date_test(_condition(given, which, path), now, f"{path}.{which}")
    if which == "created_time":
        return lambda page: compare(page.stamp.created, None)
    return lambda page: compare(page.stamp.edited, None)


def _condition(given: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
    condition = an_object(given.get(key, MISSING), f"{path}.{key}")
    if len(condition) != 1:
        raise failed(f"{path}.{key}", "an object with one condition", condition)
    return condition


def _property(column: Property, given: Mapping[str, Any], source: DataSource, now: datetime, path: str) -> Plan:
    spoken = next((key for key in given if key not in ("property", "type")), "")
    kind = _NAMES.get(spoken, spoken)
    if column.type in ("formula", "rollup"):
        raise not_implemented(f"filters on {column.type} properties")
    both_text = kind in ("title", "rich_text") and column.type in _TEXT_TYPES
    if kind != column.type and not both_text:
        raise invalid(f"database property {column.type} does not match filter {spoken or 'nothing'}")
    condition = _condition(given, spoken, path)
    (operator, operand), *_ = condition.items()
    test = _test(column, operator, operand, now, f"{path}.{spoken}")
    return Plan(test, _lookups(column, operator, operand))


def _lookups(column: Property, operator: str, operand: Any) -> Sequence[tuple[str, str, Sequence[Any]]]:
    """The keys by which the index finds the rows that can pass."""
    if column.type not in KEYS_OF or operator not in ("equals", "contains"):
        return ()
    wanted = operand if isinstance(operand, list) else [operand]
    if column.type in ("select", "status", "multi_select"):
        keys = [option["id"] for option in column.config["options"] if option["name"] in wanted or option["id"] in wanted]
    elif column.type in ("people", "relation"):
        keys = list(wanted)
    elif column.type in _TEXT_TYPES:
        if operator == "contains" or not isinstance(operand, str) or not operand:
            return ()
        keys = [operand.casefold()]
    else:
        keys = list(wanted)
    return [(column.id, column.type, keys)]


# ---------------------------------------------------------------- one property


def _test(column: Property, operator: str, operand: Any, now: datetime, path: str) -> Test:
    if operator in ("is_empty", "is_not_empty"):
        if operand is not True:
            raise failed(f"{path}.{operator}", "`true`", operand)
        return _emptiness(column, operator == "is_empty")
    if column.type in _TEXT_TYPES:
        return _text_test(column, operator, operand, path)
    if column.type in ("number", "unique_id"):
        return _number_test(column, operator, operand, path)
    if column.type == "checkbox":
        return _checkbox_test(column, operator, operand, path)
    if column.type in ("select", "status", "multi_select"):
        return _option_test(column, operator, operand, path)
    if column.type in ("people", "relation", "created_by", "last_edited_by"):
        return _reference_test(column, operator, operand, path)
    if column.type in ("date", *_TIMESTAMPS):
        return _date_property_test(column, operator, operand, now, path)
    raise not_implemented(f"the filter {operator} on {column.type} properties")


def _emptiness(column: Property, wanted: bool) -> Test:
    if column.type in (*_TIMESTAMPS, "created_by", "last_edited_by", "unique_id"):
        return lambda page: not wanted
    if column.type in ("title", "rich_text"):
        return lambda page: (not text_key(page.values.get(column.id))) == wanted
    return lambda page: (not page.values.get(column.id) and page.values.get(column.id) != 0) == wanted


def _unknown(operator: str, path: str) -> NotionError:
    return failed(f"{path}.{operator}", "not present", operator)


def _text_test(column: Property, operator: str, operand: Any, path: str) -> Test:
    wanted = a_string(operand, f"{path}.{operator}").casefold()
    compare: Callable[[str], bool] | None = {
        "equals": lambda text: text == wanted,
        "does_not_equal": lambda text: text != wanted,
        "contains": lambda text: wanted in text,
        "does_not_contain": lambda text: wanted not in text,
        "starts_with": lambda text: text.startswith(wanted),
        "ends_with": lambda text: text.endswith(wanted),
    }.get(operator)
    if compare is None:
        raise _unknown(operator, path)
    if column.type in ("title", "rich_text"):
        return lambda page: compare(text_key(page.values.get(column.id)))
    return lambda page: compare((page.values.get(column.id) or "").casefold())


def _number_test(column: Property, operator: str, operand: Any, path: str) -> Test:
    if isinstance(operand, bool) or not isinstance(operand, int | float):
        raise failed(f"{path}.{operator}", "a number", operand)
    compare: Callable[[float], bool] | None = {
        "equals": lambda number: number == operand,
        "greater_than": lambda number: number > operand,
        "less_than": lambda number: number < operand,
        "greater_than_or_equal_to": lambda number: number >= operand,
        "less_than_or_equal_to": lambda number: number <= operand,
    }.get(operator)
    if operator == "does_not_equal":
        return lambda page: page.values.get(column.id) != operand
    if compare is None:
        raise _unknown(operator, path)
    return lambda page: page.values.get(column.id) is not None and compare(page.values[column.id])


def _checkbox_test(column: Property, operator: str, operand: Any, path: str) -> Test:
    if operator not in ("equals", "does_not_equal"):
        raise _unknown(operator, path)
    if not isinstance(operand, bool):
        raise failed(f"{path}.{operator}", "a boolean", operand)
    wanted = operand == (operator == "equals")
    return lambda page: bool(page.values.get(column.id)) == wanted


def _option_test(column: Property, operator: str, operand: Any, path: str) -> Test:
    wanted = operand if isinstance(operand, list) else [a_string(operand, f"{path}.{operator}")]
    ids = {option["id"] for option in column.config["options"] if option["name"] in wanted or option["id"] in wanted}
    many = column.type == "multi_select"
    if operator not in (("contains", "does_not_contain") if many else ("equals", "does_not_equal")):
        raise _unknown(operator, path)
    sought = operator in ("contains", "equals")
    if many:
        return lambda page: bool(ids.intersection(page.values.get(column.id) or ())) == sought
    return lambda page: (page.values.get(column.id) in ids) == sought


def _reference_test(column: Property, operator: str, operand: Any, path: str) -> Test:
    wanted = a_string(operand, f"{path}.{operator}")
    if operator not in ("contains", "does_not_contain"):
        raise _unknown(operator, path)
    sought = operator == "contains"
    if column.type == "created_by":
        return lambda page: (page.stamp.created_by == wanted) == sought
    if column.type == "last_edited_by":
        return lambda page: (page.stamp.edited_by == wanted) == sought
    return lambda page: (wanted in (page.values.get(column.id) or ())) == sought


# ---------------------------------------------------------------- dates

#: Decides about a start and an end; a date without a time is a `date`.
DateTest = Callable[[Any, Any], bool]


def _date_property_test(column: Property, operator: str, operand: Any, now: datetime, path: str) -> Test:
    compare = _date_test({operator: operand}, now, path)
    if column.type == "created_time":
        return lambda page: compare(page.stamp.created, None)
    if column.type == "last_edited_time":
        return lambda page: compare(page.stamp.edited, None)

    def test(page: Page) -> bool:
        value = page.values.get(column.id)
        return value is not None and compare(_read(value["start"]), None)

    return test


def _read(text: str) -> date | datetime:
    if len(text) <= 10:
        return date.fromisoformat(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _date_test(condition: Mapping[str, Any], now: datetime, path: str) -> DateTest:
    (operator, operand), *_ = condition.items()
    if operator == "is_empty":
        return lambda start, end: False
    if operator == "is_not_empty":
        return lambda start, end: True
    period = _period(operator, now.date())
    if period:
        return lambda start, end: period[0] <= _day(start) <= period[1]
    if operator not in _COMPARE:
        raise _unknown(operator, path)
    wanted = _operand(operand, now, f"{path}.{operator}")
    compare = _COMPARE[operator]
    if isinstance(wanted, datetime):
        return lambda start, end: compare(_instant(start), wanted)
    return lambda start, end: compare(_day(start), wanted)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda value, wanted: value == wanted,
    "does_not_equal": lambda value, wanted: value != wanted,
    "before": lambda value, wanted: value < wanted,
    "after": lambda value, wanted: value > wanted,
    "on_or_before": lambda value, wanted: value <= wanted,
    "on_or_after": lambda value, wanted: value >= wanted,
}


def _day(value: date | datetime) -> date:
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value


def _instant(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)


def _operand(given: Any, now: datetime, path: str) -> date | datetime:
    today = now.date()
    relative = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "yesterday": today - timedelta(days=1),
        "one_week_ago": today - timedelta(weeks=1),
        "one_week_from_now": today + timedelta(weeks=1),
        "one_month_ago": _months(today, -1),
        "one_month_from_now": _months(today, 1),
    }
    if given in relative:
        return relative[given]
    try:
        return _read(a_string(given, path))
    except ValueError:
        raise failed(path, "a valid ISO 8601 date string", given) from None


def _months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for length in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, length)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")


def _period(operator: str, today: date) -> tuple[date, date] | None:
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    periods: dict[str, tuple[date, date]] = {
        "this_week": (sunday, sunday + timedelta(days=6)),
        "past_week": (today - timedelta(weeks=1), today),
        "past_month": (_months(today, -1), today),
        "past_year": (_months(today, -12), today),
        "next_week": (today, today + timedelta(weeks=1)),
        "next_month": (today, _months(today, 1)),
        "next_year": (today, _months(today, 12)),
    }
    return periods.get(operator)


# ---------------------------------------------------------------- sorts


def sorted_rows(rows: Iterable[Page], given: Any, source: DataSource, path: str = "sorts") -> list[Page]:
    """*rows* in the order that *given* asks for; empty values come last. Raises `NotionError`."""
    ordered = list(rows)
    if given is None or given is MISSING:
        return ordered
    sorts = [_sort(an_object(each, f"{path}[{n}]"), source, f"{path}[{n}]") for n, each in enumerate(a_list(given, path))]
    for key, backwards in reversed(sorts):
        filled = [row for row in ordered if key(row) is not None]
        empty = [row for row in ordered if key(row) is None]
        ordered = [*sorted(filled, key=key, reverse=backwards), *empty]
    return ordered


def _sort(given: Mapping[str, Any], source: DataSource, path: str) -> tuple[Callable[[Page], Any], bool]:
    backwards = one_of(given.get("direction", MISSING), f"{path}.direction", ("ascending", "descending")) == "descending"
    if "timestamp" in given:
        which = one_of(given["timestamp"], f"{path}.timestamp", _TIMESTAMPS)
        return _timestamp_key(which), backwards
    reference = a_string(given.get("property", MISSING), f"{path}.property")
    column = source.find(reference)
    if column is None:
        raise invalid(f"Could not find sort property with name or id: {reference}")
    return _key(column), backwards


def _timestamp_key(which: str) -> Callable[[Page], Any]:
    if which == "created_time":
        return lambda page: page.stamp.created
    return lambda page: page.stamp.edited


def _key(column: Property) -> Callable[[Page], Any]:
    if column.type in _TIMESTAMPS:
        return _timestamp_key(column.type)
    if column.type in ("title", "rich_text"):
        return lambda page: text_key(page.values.get(column.id)) or None
    if column.type == "date":
        return lambda page: _instant(_read(page.values[column.id]["start"])) if page.values.get(column.id) else None
    if column.type in ("select", "status"):
        places = {option["id"]: place for place, option in enumerate(column.config["options"])}
        return lambda page: places.get(page.values.get(column.id) or "")
    if column.type in ("created_by", "last_edited_by", "formula", "rollup", "files", "button", "place", "verification"):
        raise not_implemented(f"sorting by {column.type} properties")
    if column.type in ("people", "relation", "multi_select"):
        return lambda page: tuple(page.values.get(column.id) or ()) or None
    return lambda page: page.values.get(column.id)
