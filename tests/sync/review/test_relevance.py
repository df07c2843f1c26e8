"""Which notes are no example of the person's work in the period."""

from __future__ import annotations

from datetime import date

import pytest

from sync.access import Directory
from sync.records import EntryKind
from sync.review.relevance import Reason, Subject
from tests.sync.review.making import ADA, CYCLE, PEOPLE, note

SUBJECT = Subject(ADA, Directory(PEOPLE), CYCLE.start, CYCLE.end)
MAY = date(2026, 5, 6)


def why(text: str, by: str = "ada", **changes: object) -> Reason | None:
    """What speaks against a note."""
    return SUBJECT.objection(note(text, MAY, by, **changes))


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Cem shipped the dashboard two weeks early.", "ada"),
        ("Yesterday Dana won the Hartwell contract.", "ada"),
        ("The plan was saved by Cem, nobody else.", "ada"),
        ("Cem's talk about the portal was full.", "ada"),
        ("Gestern hat Dana den Auftrag gewonnen.", "ada"),
        ("Kudos to Cem for the fire drill.", "ben"),
        ("Cem presented the plan to Ada.", "ben"),
        ("I negotiated the contract with Hartwell myself.", "ben"),
    ],
)
def test_the_achievements_of_others_stay_out(text: str, by: str) -> None:
    """As subject, as agent, as whose it is, as who is praised."""
    assert why(text, by) is Reason.SOMEBODY_ELSE


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Helped Cem with the release.", "ada"),
        ("Cem and I swapped shifts.", "ada"),
        ("Cem asked me to take over the migration.", "ada"),
        ("Ada taught Cem the closing.", "ben"),
        ("Cem told me that Ada's guide saved him a day.", "ben"),
        ("Dana was stuck because Ada left early.", "ben"),
        ("You gave Dana clear feedback.", "ben"),
        ("I learned the closing from Ada.", "dana"),
        ("Thank you Ada for staying late.", "dana"),
        ("The portal went live early. Well done Ada!", "dana"),
        ("Shipped the portal.", "ben"),
        ("Frau Weber of Hartwell praised the portal.", "ada"),
    ],
)
def test_what_is_told_about_the_person_stays(text: str, by: str) -> None:
    """Also where others are named."""
    assert why(text, by) is None


@pytest.mark.parametrize(
    "text",
    [
        "Last year we delivered the archive.",
        "In 2025 Ada led the rollout.",
        "Back in November the plan was late.",
        "Im Vorjahr 12 Fälle gelöst.",
    ],
)
def test_earlier_times_stay_out(text: str) -> None:
    """By year, by word, by month."""
    assert why(text) is Reason.EARLIER


@pytest.mark.parametrize(
    "text", ["Fewer complaints than in 2025.", "Waiting for the data since November 2025.", "Planned the fair of November."]
)
def test_comparisons_and_plans_are_no_earlier_times(text: str) -> None:
    """What is compared with happened now."""
    assert why(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Lunch with the whole team was great.",
        "Root cause of my mistakes: Mondays. Just kidding.",
        "Schönes Wetter, Kuchen in der Küche.",
        "Delivered the best excuse of the year ;)",
    ],
)
def test_small_talk_and_jokes_stay_out(text: str) -> None:
    """In both languages."""
    assert why(text) is Reason.SMALL_TALK


def test_work_on_what_others_make_small_talk_of_stays() -> None:
    """Results and amounts speak for a note, and so does who filed it as a win."""
    assert why("Delivered the holiday calendar 3 days early and fixed 2 errors.") is None
    assert why("Finished the coffee price list.", kind=EntryKind.WIN) is None
    assert why("Shipped 3 fixes before noon :)") is None


def test_a_question_is_no_example() -> None:
    """It belongs on the agenda."""
    assert why("Can we talk about the deadline?") is Reason.QUESTION
