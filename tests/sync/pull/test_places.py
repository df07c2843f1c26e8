"""Places as they are now, after rows were sorted and comments moved."""

from __future__ import annotations

from datetime import date

from connectors.workspace import Cell, Document, LeftOver, Part, Row, Table
from sync.pull.places import places
from sync.records import Entry, EntryKind, Goal, Visibility
from tests.sync.pull.world import NOW


def entry(anchor: str, place: str, text: str = "Said.") -> Entry:
    """An entry of that anchor, read at that place."""
    return Entry(
        anchor, "ada", "ada", EntryKind.NOTE, text, Visibility.SHARED, date(2026, 3, 2), NOW, "k", anchor, place
    )  # fmt: skip


def goal(row_key: str, title: str, position: int, *, removed: bool = False) -> Goal:
    """A goal in that row."""
    return Goal(row_key, "ada", "c", "k", row_key, title, position, removed=removed)


def test_a_goals_place_follows_its_row_even_when_its_key_stands_elsewhere() -> None:
    """The row in which it was recognised counts; what was removed keeps where it stood."""
    rows = (Row("g1", {"goal": Cell("Second")}, "Goals!A8"), Row("", {"goal": Cell("First")}, "Goals!A9"))
    goals = [goal("g1", "First", 1), goal("g2", "Second", 0), goal("g3", "Third", 0, removed=True)]
    asked = [entry("row:g1/now", "Goals, row 8, Now"), entry("row:g3/now", "Goals, row 5, Now")]
    assert dict(places(asked, Table(rows), goals)) == {"row:g1/now": "Goals, row 9, Now"}


def test_an_action_and_a_comment_are_where_they_stand_now() -> None:
    """By the key of the row, and by the words of the comment."""
    row = Row("a1", {"action": Cell("Ask")}, "row 4 of Actions")
    document = Document(
        (Part("actions", "Actions", rows=(row,)),), (LeftOver("Wins", "Nice.", "Goals!B7, comment by Bob Chen"),)
    )
    asked = [
        entry("row:a1/action", "row 2 of Actions"),
        entry("row:a1/?Cost", "row 2 of Actions, Cost"),
        entry("other:Wins", "Goals!B3, comment by Bob Chen", "Nice."),
        entry("other:Wins", "Somewhere", "Gone."),
        entry("wins", "What went well"),
    ]
    assert list(places(asked, document, ())) == [
        ("row:a1/action", "row 4 of Actions"),
        ("row:a1/?Cost", "row 4 of Actions, Cost"),
        ("other:Wins", "Goals!B7, comment by Bob Chen"),
    ]
