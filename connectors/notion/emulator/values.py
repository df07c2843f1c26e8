"""What stands in the properties of pages: requests, the stored form, answers.

The stored form of a value, by the property's type:

===================================  ==========================================================
title, rich_text                     rich text as answers show it
select, status                       the option's id or None
multi_select, people, relation       ids of options, users, pages
number, checkbox, url, email,        the value itself or None
phone_number, unique_id, place,
verification, date
files                                files as answers show them
===================================  ==========================================================

Everything else is computed when it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.notion.emulator.checks import MAX_ITEMS, MAX_URL, a_list, a_string, an_id, an_object
from connectors.notion.emulator.errors import MISSING, failed, invalid
from connectors.notion.emulator.model import Property
from connectors.notion.emulator.rich_text import Resolve, date, normalised

MAX_SHORT = 200

#: Types that nobody can write.
READ_ONLY = frozenset(
    {
        "created_time",
        "created_by",
        "last_edited_time",
        "last_edited_by",
        "formula",
        "rollup",
        "unique_id",
        "button",
    }
)


@dataclass(frozen=True)
class Surroundings:
    """What a value may refer to. *option* finds or makes an option of a property by name."""

    resolve: Resolve
    option: Callable[[Property, str], str]
    user: Callable[[str], bool]
    related: Callable[[Property, str], None]
    file: Callable[[Mapping[str, Any], str], dict[str, Any]]


def parsed(column: Property, given: Any, path: str, around: Surroundings) -> Any:
    """The stored form of what a request says about *column*. Raises `NotionError` in Notion's words."""
    kind = column.type
    if kind in READ_ONLY:
        raise invalid(f"{column.name} is a {kind} property, which cannot be written.")
    if not _is_wrapped(given):
        return _PARSERS[kind](column, given, path, around)
    return _PARSERS[kind](column, given[kind], f"{path}.{kind}", around)


def misfit(column: Property, given: Any) -> str:
    """What Notion says of a value of another type than *column*'s, "" when it may fit."""
    fits = column.type in READ_ONLY or not _is_wrapped(given) or column.type in given
    return "" if fits else f"{column.name} is expected to be {column.type}."


def _is_wrapped(given: Any) -> bool:
    """Whether a value says its type, as ``{"number": 4}`` does; it may be given bare, too."""
    return isinstance(given, dict) and (not given or "type" in given or any(key in _PARSERS for key in given))


def empty(column: Property) -> Any:
    """What stands in *column* of a new page. A status begins with the first option."""
    if column.type in ("title", "rich_text", "multi_select", "people", "relation", "files"):
        return ()
    if column.type == "checkbox":
        return False
    if column.type == "status":
        first = column.config["options"][:1]
        return first[0]["id"] if first else None
    return None


def is_empty(value: Any) -> bool:
    """Whether nothing stands there."""
    return value is None or value == () or value == []


# ---------------------------------------------------------------- one parser for each type


def _rich_text(column: Property, given: Any, path: str, around: Surroundings) -> Sequence[Mapping[str, Any]]:
    return normalised(given, path, around.resolve)


def _number(column: Property, given: Any, path: str, around: Surroundings) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise failed(path, "a number", given)
    return given


def _checkbox(column: Property, given: Any, path: str, around: Surroundings) -> bool:
    if not isinstance(given, bool):
        raise failed(path, "a boolean", given)
    return given


def _text_of(most: int) -> Callable[[Property, Any, str, Surroundings], str | None]:
    def parse(column: Property, given: Any, path: str, around: Surroundings) -> str | None:
        return None if given is None or given == "" else a_string(given, path, most)

    return parse


def _option(column: Property, given: Any, path: str, around: Surroundings) -> str | None:
    if given is None:
        return None
    option = an_object(given, path)
    option_id, name = option.get("id"), option.get("name")
    if option_id is None and name is None:
        raise failed(f"{path}.name", "defined")
    known = column.config["options"]
    found = next((each for each in known if each["id"] == option_id or (option_id is None and each["name"] == name)), None)
    if found:
        return str(found["id"])
    if name is None or column.type == "status":
        shown = name if name is not None else option_id
        raise invalid(f'Invalid {column.type} option. {column.type.capitalize()} option "{shown}" does not exist.')
    return around.option(column, a_string(name, f"{path}.name", MAX_ITEMS))


def _multi_select(column: Property, given: Any, path: str, around: Surroundings) -> Sequence[str]:
    found = [_option(column, each, f"{path}[{number}]", around) for number, each in enumerate(a_list(given, path))]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _people(column: Property, given: Any, path: str, around: Surroundings) -> Sequence[str]:
    found = []
    for number, each in enumerate(a_list(given, path)):
        user_id = an_id(an_object(each, f"{path}[{number}]").get("id", MISSING), f"{path}[{number}].id")
        if not around.user(user_id):
            raise invalid(f"Could not find user with ID: {user_id}. People must be members of the workspace.")
        found.append(user_id)
    return tuple(dict.fromkeys(found))


def _relation(column: Property, given: Any, path: str, around: Surroundings) -> Sequence[str]:
    found = []
    for number, each in enumerate(a_list(given, path)):
        page_id = an_id(an_object(each, f"{path}[{number}]").get("id", MISSING), f"{path}[{number}].id")
        around.related(column, page_id)
        found.append(page_id)
    return tuple(dict.fromkeys(found))


def _date(column: Property, given: Any, path: str, around: Surroundings) -> Mapping[str, Any] | None:
    return None if given is None else date(given, path)


def _files(column: Property, given: Any, path: str, around: Surroundings) -> Sequence[Mapping[str, Any]]:
    return tuple(around.file(each, f"{path}[{number}]") for number, each in enumerate(a_list(given, path)))


def _as_is(column: Property, given: Any, path: str, around: Surroundings) -> Any:
    return None if given is None else dict(an_object(given, path))


_PARSERS: dict[str, Callable[[Property, Any, str, Surroundings], Any]] = {
    "title": _rich_text,
    "rich_text": _rich_text,
    "number": _number,
    "checkbox": _checkbox,
    "url": _text_of(MAX_URL),
    "email": _text_of(MAX_SHORT),
    "phone_number": _text_of(MAX_SHORT),
    "select": _option,
    "status": _option,
    "multi_select": _multi_select,
    "people": _people,
    "relation": _relation,
    "date": _date,
    "files": _files,
    "place": _as_is,
    "verification": _as_is,
}
