"""Values in cells: number formats, both calendars, progress."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.office.xlsx_values import Format, format_of, moment_of, progress, serial_of


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
