"""Rich text: what a request may say becomes what answers show. https://developers.notion.com/reference/rich-text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.notion.emulator.checks import MAX_URL, a_list, a_string, an_id, an_object, one_of
from connectors.notion.emulator.errors import MISSING, failed, invalid, none_of

KINDS = ("text", "mention", "equation")
MAX_TEXT = 2000
MAX_EQUATION = 1000

_HUES = ("gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
COLOURS = ("default", *_HUES, "default_background", *(f"{hue}_background" for hue in _HUES))
OPTION_COLOURS = ("default", *_HUES)

PLAIN: Mapping[str, Any] = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}

#: Turns what a mention names, such as ``("user", id)``, into what answers show and its words; None if it does not exist.
Resolve = Callable[[str, str], tuple[Mapping[str, Any], str, str | None] | None]


def text(content: str, link: str | None = None, **look: Any) -> dict[str, Any]:
    """One stretch of text as answers show it."""
    return {
        "type": "text",
        "text": {"content": content, "link": {"url": link} if link else None},
        "annotations": {**PLAIN, **look},
        "plain_text": content,
        "href": link,
    }


def plain(parts: Iterable[Mapping[str, Any]]) -> str:
    """The words without their looks."""
    return "".join(part["plain_text"] for part in parts)


def normalised(value: Any, path: str, resolve: Resolve) -> Sequence[Mapping[str, Any]]:
    """The rich text of a request as answers show it. Raises `NotionError` in Notion's words."""
    parts = [_part(part, f"{path}[{number}]", resolve) for number, part in enumerate(a_list(value, path))]
    return tuple(part for part in parts if part["type"] != "text" or part["plain_text"])


def _part(value: Any, path: str, resolve: Resolve) -> dict[str, Any]:
    part = an_object(value, path)
    kind = part.get("type") or next((each for each in KINDS if each in part), None)
    if kind not in KINDS or kind not in part:
        raise none_of(path, KINDS)
    look = _look(part.get("annotations") or {}, f"{path}.annotations")
    if kind == "text":
        return _text(an_object(part["text"], f"{path}.text"), look, f"{path}.text")
    if kind == "equation":
        return _equation(an_object(part["equation"], f"{path}.equation"), look, f"{path}.equation")
    return _mention(an_object(part["mention"], f"{path}.mention"), look, f"{path}.mention", resolve)


def _look(value: Any, path: str) -> dict[str, Any]:
    given = an_object(value, path)
    for key, each in given.items():
        if key not in PLAIN:
            raise failed(f"{path}.{key}", "not present", each)
        if key == "color":
            one_of(each, f"{path}.color", COLOURS)
        elif not isinstance(each, bool):
            raise failed(f"{path}.{key}", "a boolean", each)
    return {**PLAIN, **given}


def _text(value: Mapping[str, Any], look: dict[str, Any], path: str) -> dict[str, Any]:
    content = a_string(value.get("content", MISSING), f"{path}.content", MAX_TEXT)
    link = value.get("link")
    target = None if link is None else a_string(an_object(link, f"{path}.link").get("url"), f"{path}.link.url", MAX_URL)
    if target == "":
        raise invalid("Invalid URL for link.")
    return {**text(content, target), "annotations": look}


def _equation(value: Mapping[str, Any], look: dict[str, Any], path: str) -> dict[str, Any]:
    expression = a_string(value.get("expression", MISSING), f"{path}.expression", MAX_EQUATION)
    return {
        "type": "equation",
        "equation": {"expression": expression},
        "annotations": look,
        "plain_text": expression,
        "href": None,
    }


def _mention(value: Mapping[str, Any], look: dict[str, Any], path: str, resolve: Resolve) -> dict[str, Any]:
    kind = value.get("type") or next((key for key in value if key != "type"), "")
    if kind not in ("user", "page", "database", "data_source", "date", "template_mention", "custom_emoji", "link_mention"):
        raise failed(f"{path}.type", 'one of `"user"`, `"page"`, `"database"`, `"date"`', value.get("type", MISSING))
    target = an_object(value.get(kind, MISSING), f"{path}.{kind}")
    if kind == "date":
        return _shown(kind, date(target, f"{path}.date"), look, date_words(target), None)
    if kind in ("template_mention", "custom_emoji", "link_mention"):
        return _shown(kind, target, look, str(target.get("name", "")), None)
    target_id = an_id(target.get("id", MISSING), f"{path}.{kind}.id")
    found = resolve(kind, target_id)
    if found is None:
        raise invalid(f"Could not find {kind} with ID: {target_id}, which is mentioned.")
    return _shown(kind, found[0], look, found[1], found[2])


def _shown(kind: str, target: Mapping[str, Any], look: dict[str, Any], words: str, href: str | None) -> dict[str, Any]:
    return {
        "type": "mention",
        "mention": {"type": kind, kind: dict(target)},
        "annotations": look,
        "plain_text": words,
        "href": href,
    }


def date(value: Any, path: str) -> dict[str, Any]:
    """A date as answers show it."""
    given = an_object(value, path)
    start = a_string(given.get("start", MISSING), f"{path}.start")
    end = given.get("end")
    for key, each in (("start", start), ("end", end)):
        if each is not None and moment(each) is None:
            raise failed(f"{path}.{key}", "a valid ISO 8601 date string", each)
    return {"start": iso(start), "end": None if end is None else iso(end), "time_zone": given.get("time_zone")}


def iso(value: str) -> str:
    """A date as it came, a time with milliseconds and offset, as Notion shows it."""
    found = moment(value)
    if found is None or len(value) <= 10:
        return value
    written = found.isoformat(timespec="milliseconds")
    return written if "+" in written[19:] or "-" in written[19:] else f"{written}+00:00"


def moment(value: Any) -> datetime | None:
    """The date or time that *value* writes, or None."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and len(value) >= 10 else None
    except ValueError:
        return None


def date_words(value: Mapping[str, Any]) -> str:
    """The words of a date mention."""
    return f"{value['start']} → {value['end']}" if value.get("end") else str(value["start"])
