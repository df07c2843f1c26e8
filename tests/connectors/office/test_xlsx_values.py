"""Values in cells: numbers and days typed as text, number formats, both calendars, progress."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.office.xlsx_values import Format, day_in, format_of, moment_of, number_in, progress, serial_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("72 %", (72.0, True)),
        ("1.234,5", (1234.5, False)),
        ("1,234.5", (1234.5, False)),
        ("1 234,5", (1234.5, False)),
        ("1'234'567", (1234567.0, False)),
        ("12,5", (12.5, False)),
        ("0.125", (0.125, False)),
        ("−3", (-3.0, False)),
        ("1.234", None),
        ("1,234", None),
        ("12 34", None),
        ("1.2.3", None),
        ("3 of 5", None),
        ("", None),
        ("12 kg", None),
    ],
)
def test_numbers_typed_as_text_count_when_they_can_be_only_one(text: str, number: tuple[float, bool] | None):
    """A thousand in one country is one and a bit in another: then the text stays text."""
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("2.3.2026", date(2026, 3, 2)),
        ("25/03/2026", date(2026, 3, 25)),
        ("03/25/2026", date(2026, 3, 25)),
        ("03/03/2026", date(2026, 3, 3)),
        ("03/04/2026", None),
        ("31.2.2026", None),
        ("mid June", None),
    ],
)
def test_days_typed_as_text_count_when_they_can_be_only_one(text: str, day: date | None):
    """Day and month are told apart by the dot, by the year in front or by being above twelve."""
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0%", Format.PERCENT),
        ('General" %"', Format.PLAIN),
        ("yyyy-mm-dd", Format.DAY),
        ("[$-407]d. mmmm yyyy;@", Format.DAY),
        ("dd/mm/yyyy hh:mm", Format.MOMENT),
        ("[h]:mm", Format.TIME),
        ('#,##0.00 "days"', Format.PLAIN),
        ("[Red]0.0", Format.PLAIN),
        ("mmm", Format.DAY),
    ],
)
def test_number_formats_say_what_a_number_is(code: str, shown: Format):
    """Literals, colours and languages in a format are no sign of a date."""
    assert format_of(170, code) is shown


@given(st.dates(date(1900, 3, 1), date(9999, 12, 30)), st.booleans())
def test_serial_numbers_are_days_in_both_calendars(day: date, date1904: bool):
    """The way back is exact; in the 1904 system from its first day on."""
    if not date1904 or day >= date(1904, 1, 1):
        moment = moment_of(serial_of(day, date1904), date1904)
        assert moment is not None
        assert moment.date() == day


@pytest.mark.parametrize(
    ("unit", "start", "target", "now", "share"),
    [
        ("number", 0, 10, 5, 0.5),
        ("number", 10, 0, 5, 0.5),
        ("number", 0, 10, 15, 1.5),
        ("number", 5, 10, 0, 0.0),
        ("number", 5, 5, 5, 1.0),
        ("number", 5, 5, 4, 0.0),
        ("number", None, 10, 5, None),
        ("number", 0, 10, "", None),
        ("number", 0, 10, "5", None),
        ("yes/no", None, "yes", "Yes", 1.0),
        ("Yes / No", None, "yes", "no", 0.0),
        ("yes/no", "no", "yes", None, None),
        ("yes/no", None, None, True, 1.0),
        ("ja/nein", None, None, "ja", 1.0),
    ],
)
def test_progress_of_every_kind_of_goal(unit: str, start: object, target: object, now: object, share: float | None):
    """Up, down, beyond, below the start, standing still, missing, yes or no."""
    assert progress(unit, start, target, now) == share
