"""Days, instants and figures as the one who looks writes them: their language's order and their own time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request

from sync.goals import is_yes_no, shown
from sync.records import GoalValue
from templates.shapes import Kind

KINDS = {
    "check-in": "check-in",
    "goal-value": "goal update",
    "other-notes": "other notes",
    "review-text": "review",
    "agenda": "agenda",
}
PLAIN_UNITS = frozenset({"", "number", "count", "#", "zahl", "anzahl"})
OTHERWISE = Locale("en", "GB")
_CALENDAR_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
_HASH = re.compile("[0-9a-f]{12,}")
_ARTIFACT_KINDS = frozenset(kind.value for kind in Kind)
_KNOWN = ("en_GB", "en_US", "de", "fr", "es", "it", "nl", "pl", "pt", "pt_BR", "sv", "da", "nb", "fi", "cs", "ja", "zh_Hans")


def locale() -> Locale:
    """The locale that the browser asks for, as far as dates and figures go; the words of the pages are English."""
    if not has_request_context():
        return OTHERWISE
    wanted = request.accept_languages.best_match([one.replace("_", "-") for one in _KNOWN] + ["en"])
    return Locale.parse(wanted, sep="-") if wanted and wanted != "en" else OTHERWISE


def day(value: date | datetime | None) -> str:
    """2 March 2026, in the order and the words of the one who looks; a dash for none."""
    if value is None:
        return "–"
    return format_date(_local(value), "long", locale=_english_unless_numeric())


def short_day(value: date | datetime | None) -> str:
    """2 Mar 2026, in the order of the one who looks: never 02/03, which is two days."""
    return "–" if value is None else format_date(_local(value), "medium", locale=_english_unless_numeric())


def with_days(text: str) -> str:
    """A sentence with the days of the calendar in it written as every other day is: ``by 2026-03-02`` as by 2 March 2026.

    Not for names of documents, which are called as they are called.
    """
    return _CALENDAR_DAY.sub(lambda found: _as_day(found[0]), text)


def moment(value: datetime | None) -> str:
    """Day and time on the clock of the one who looks, each as they write it."""
    if value is None:
        return "–"
    at = value.astimezone(_zone())
    return f"{day(at.date())}, {format_time(at, 'short', locale=_english_unless_numeric())}"


def amount(value: float | None) -> str:
    """A figure without a needless fraction, with their decimal mark; a dash where there is none, never zero."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)  # the same in each locale that is known, and a page has hundreds
    return "–" if value is None else format_decimal(value, format="#,##0.##", locale=locale())


def per_cent(share: float) -> str:
    """``98 %`` of a share of one; only what is whole reads 100."""
    return f"{shown(share)} %"


def plural(count: int, one: str, several: str = "") -> str:
    """``1 goal``, ``3 goals``."""
    return f"{format_decimal(count, locale=locale())} {one if count == 1 else several or one + 's'}"


def day_points(course: Iterable[GoalValue]) -> list[tuple[int, float]]:
    """Points of a chart: the day's number and the value."""
    return [(point.day.toordinal(), point.value) for point in course]


def month_names(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """``2026-03`` as ``Mar``, with its count."""
    return [(f"{date.fromisoformat(month + '-01'):%b}", count) for month, count in counts]


def unit(name: str) -> str:
    """A unit behind its figure, with the space before it; nothing for a plain number."""
    return "" if name.strip().casefold() in PLAIN_UNITS else f" {name.strip()}"


def spelled(subject: str, names: Callable[[str], str]) -> str:
    """What a line of the books is about, as people say it: names for ids, words for kinds, the beginning of a hash.

    ``2026-h1/w7y2zy3t/released-review`` is "2026-h1, Linh Nguyen, released review"; a path of a file stays one.
    """
    if whole := names(subject):
        return whole
    if _HASH.fullmatch(subject):
        return subject[:8]
    parts = subject.split("/")
    if len(parts) == 1 or not any(names(part) for part in parts):
        return subject
    return ", ".join(names(part) or (kind_name(part) if part in _ARTIFACT_KINDS else with_days(part)) for part in parts)


def kind_name(kind: str) -> str:
    """``peer-feedback`` as people say it."""
    return KINDS.get(kind, kind.replace("-", " "))


def setup_filters(app: Flask) -> None:
    """Make them known to the pages."""
    for filter_ in (
        spelled,
        day,
        short_day,
        with_days,
        moment,
        amount,
        per_cent,
        plural,
        day_points,
        kind_name,
        month_names,
        unit,
        is_yes_no,
    ):
        app.add_template_filter(filter_)


def _english_unless_numeric() -> Locale:
    """Month names stay in the language of the page; the order of day and month follows the viewer."""
    found = locale()
    return found if found.language == "en" else OTHERWISE


def _as_day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:  # there is no 31 February
        return text


def _local(value: date | datetime) -> date:
    return value.astimezone(_zone()).date() if isinstance(value, datetime) else value


def _zone() -> tzinfo:
    mine = g.get("seat") if has_request_context() else None
    return mine.zone if mine else UTC
