"""How days, instants and the subjects of the books are written on pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from addon.web.filters import day, moment, short_day, spelled, with_days
from tests.addon.web.people import ADA, HR, Office


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-03-27", "27 March 2026"),
        ("Friday", "Friday"),
        ("Ada and Ben meet on 2026-03-02", "Ada and Ben meet on 2 March 2026"),
        ("2026-02-31", "2026-02-31"),
        ("12026-03-021", "12026-03-021"),
    ],
)
def test_a_day_in_a_sentence_is_written_as_every_other_day(typed: str, told: str) -> None:
    """What is no day of the calendar stays as it is."""
    assert with_days(typed) == told


@pytest.mark.parametrize(
    ("asks_for", "whole", "short", "with_time"),
    [
        ("en-GB", "2 March 2026", "2 Mar 2026", "2 March 2026, 15:04"),
        ("de-DE", "2 March 2026", "2 Mar 2026", "2 March 2026, 15:04"),
        ("en-US", "March 2, 2026", "Mar 2, 2026", "March 2, 2026, 3:04\u202fPM"),
    ],
)
def test_days_and_times_follow_the_one_who_looks(office: Office, asks_for: str, whole: str, short: str, with_time: str) -> None:
    """One order and one clock on a page, whichever filter writes it; the words stay those of the page."""
    at = datetime(2026, 3, 2, 15, 4, tzinfo=UTC)
    with office.app.test_request_context(headers={"Accept-Language": asks_for}):
        assert (day(at), short_day(at), moment(at)) == (whole, short, with_time)


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("ada", "Ada Brandt"),
        ("2026-h1/ada", "2026-h1, Ada Brandt"),
        ("2026-h1/ada/check-in/2026-03-02", "2026-h1, Ada Brandt, check-in, 2 March 2026"),
        ("2026-h1", "2026-h1"),
        ("0c4d4578aa01bb02", "0c4d4578"),
        ("shared/Working/Ada - ada/Goals.xlsx", "shared/Working/Ada - ada/Goals.xlsx"),
    ],
)
def test_a_subject_of_the_books_is_told_in_names_and_words(subject: str, told: str) -> None:
    """No id where there is a name, and of a hash its beginning; a path stays one that can be looked up."""
    assert spelled(subject, lambda one: {"ada": "Ada Brandt"}.get(one, "")) == told


def test_the_audit_log_tells_about_whom_and_not_about_which_id(office: Office) -> None:
    """Somebody's review was read: the line has their name."""
    office.browser(HR).get(f"/company/people/{ADA.id}")
    page = office.browser(HR).text("/company/audit")
    assert f">{HR.id}<" not in page
    assert HR.name in page
