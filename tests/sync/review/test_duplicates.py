"""Which notes tell the same event."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.review.duplicates import events, may_tell_the_same
from tests.sync.review.making import drafted, material, note

MAY = date(2026, 5, 6)


def together(*notes) -> bool:
    """Whether all *notes* are one event."""
    return len(events(notes)) == 1


def test_an_event_in_the_words_of_three_is_one_with_three_sources() -> None:
    """The person, the manager, a colleague: amounts and rare words agree."""
    kept = note("Kept Vantage Clinics: after 4 visits they renewed for 2 years.", MAY)
    manager = note("Vantage Clinics renewed for 2 years after the 4 visits that Ada paid them.", date(2026, 5, 8), "ben")
    peer = note("Ada kept Vantage Clinics with us for 2 more years, 4 visits in one month.", date(2026, 5, 20), "dana")
    (event,) = events([peer, kept, manager])
    assert event.quoted == kept
    assert event.authors == {"ada", "ben", "dana"}
    assert {one.id for one in event.others} == {manager.id, peer.id}


def test_three_sources_stand_behind_one_sentence() -> None:
    """Who else told it is named, and cited."""
    kept = note("Helped customer Vantage: after 4 visits they renewed for 2 years.", MAY)
    peer = note("After 4 visits by Ada the customer Vantage renewed for 2 years.", date(2026, 5, 20), "dana")
    draft = drafted(material([kept, peer, note("The customer got an answer on the same day.", MAY)]))
    (said,) = [one for one in draft.statements if "4 visits" in one.text]
    assert said.text.endswith("; also Dana Roth") or said.text.endswith("; also Ada")
    assert {one.entry_id for one in said.citations} == {kept.id, peer.id}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fixed 12 bugs in billing.", "Fixed 9 bugs in billing."),
        ("The release was on time.", "The release was not on time."),
        ("No new topics before 13 May.", "No new topics before 12 March."),
        (
            "Wrote the guide to the insurance file; Can could follow it.",
            "Wrote the guide to the onboarding plan; Mina could follow it.",
        ),
        ("Stayed with the price list until Hartwell could open.", "Stayed with the stock count until Bergmann could open."),
    ],
)
def test_other_amounts_days_denials_and_objects_are_other_events(one: str, other: str) -> None:
    """In a frame that is the same, by one hand or by two."""
    assert not together(note(one, MAY), note(other, date(2026, 5, 8)))
    assert not together(note(one, MAY), note(other, date(2026, 5, 8), "ben"))


def test_a_slip_of_the_pen_does_not_make_another_event() -> None:
    """Two letters in the wrong order."""
    one = note("Finished the migration of the archive with 3 colleagues.", MAY)
    assert together(one, note("Finished the migartion of the archive with 3 colleagues.", date(2026, 5, 20), "ben"))


def test_english_and_german_meet_on_names_and_amounts() -> None:
    """The same contract in two languages."""
    english = note("Ada closed Hollis & Reed for 3 years, with support agreed beforehand.", MAY, "ben")
    assert together(note("Vertrag mit Hollis & Reed unterschrieben, 3 Jahre.", MAY), english)


def test_what_was_told_long_ago_is_another_event() -> None:
    """Half a year between them."""
    assert not together(
        note("Helped the audit team for 3 days.", date(2026, 1, 2)),
        note("Helped the audit team, 3 days.", date(2026, 6, 20), "ben"),
    )


words = st.sampled_from(["shipped", "portal", "Hartwell", "12", "3", "not", "late", "tests", "audit", "with"])
some_notes = st.lists(
    st.builds(
        note,
        st.lists(words, min_size=1, max_size=7).map(" ".join),
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.sampled_from(["ada", "ben", "dana"]),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(some_notes)
def test_every_note_is_in_one_event_and_witnesses_can_be_checked_later(found) -> None:
    """Only copies of the same words go; a check of the two notes alone comes to the same."""
    told = [one for event in events(found) for one in event.tellings]
    assert len(told) == len({one.id for one in told})
    assert {" ".join(one.text.casefold().split()) for one in told} == {" ".join(one.text.casefold().split()) for one in found}
    assert all(may_tell_the_same(event.quoted, other) for event in events(found) for other in event.others)
