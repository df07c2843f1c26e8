"""What is written for a tick or a value: only into what whoever asked saw."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.workspace import Cell, Document, Part, ReplaceCells, Row, SetCells, Table
from sync.edit_changes import NotWritten, new_value, tick
from templates import loader
from templates.shapes import Kind, TableShape

DAY = date(2026, 3, 20)
SHAPE = loader.load(loader.built_in("standard")).templates[Kind.GOAL_SHEET].shape
assert isinstance(SHAPE, TableShape)
COLUMNS = {column.key: column.title for column in SHAPE.columns}


def actions(*rows: Row) -> Document:
    """A check-in with these actions."""
    return Document((Part("actions", "Actions", rows=rows),))


def action(words: str, key: str = "", done: str = "", number: int = 1) -> Row:
    """One of them."""
    return Row(key, {"action": Cell(words), **({"done": Cell(done)} if done else {})}, f"row {number} of Actions")


def goals(**cells: Cell) -> Table:
    """A sheet with one goal."""
    return Table((Row("g1", {"goal": Cell("Ship it"), **cells}, "Goals!A7"),), COLUMNS)


def value(table: Table, wanted: float, was: float | None) -> object:
    """What writes *wanted* for the goal of that sheet."""
    return new_value(table, SHAPE, "g1", "Ship it", wanted, was, DAY)


def test_an_action_is_known_by_its_key_else_by_its_words() -> None:
    """The key decides; without one the only row that says so. Of two alike nobody guesses; one that is not there is none."""
    both = actions(action("Call Cy", "a1"), action("Call Di", number=2))
    assert tick(both, "a1", "other words") == (SetCells({"a1": {"done": "yes"}}),)
    assert tick(both, "a9", "Call  **Di**") == (SetCells({"row 2 of Actions": {"done": "yes"}}),)
    assert tick(both, "a9", "Call Ed") is None
    assert tick(actions(action("Call Di"), action("Call Di", number=2)), "a9", "Call Di") is None


def test_a_ticked_action_stays_and_other_words_are_not_replaced() -> None:
    """Done is done; “half” is somebody's word."""
    assert tick(actions(action("Call Cy", "a1", "✓")), "a1", "") == ()
    with pytest.raises(NotWritten, match="“half” stands there"):
        tick(actions(action("Call Cy", "a1", "half")), "a1", "")


def test_a_value_takes_the_place_of_the_one_that_was_seen() -> None:
    """With its day; a whole number is written as one, and yes or no in words."""
    found = value(goals(now=Cell("6", 6.0), unit=Cell("days")), 5.0, 6.0)
    assert found == (ReplaceCells({"g1": {"now": 5, "updated": DAY}}),)
    assert value(goals(), 4.5, None) == (ReplaceCells({"g1": {"now": 4.5, "updated": DAY}}),)
    assert value(goals(unit=Cell("yes/no"), now=Cell("no")), 1.0, 0.0) == (
        ReplaceCells({"g1": {"now": "yes", "updated": DAY}}),
    )
    assert value(goals(now=Cell("5", 5.0)), 5.0, 6.0) == ()


@pytest.mark.parametrize(
    ("now", "sentence", "moved"),
    [
        (Cell("7", 7.0), "“7” stands there meanwhile", True),
        (Cell("about six"), "“about six” stands there meanwhile", True),
        (Cell("", None), "“nothing” stands there meanwhile", True),
        (Cell("6", 6.0, formula=True), "a formula stands there", False),
        (Cell("6 %", 6.0, percent=True), "per cents", False),
    ],
)
def test_what_was_not_seen_stays(now: Cell, sentence: str, moved: bool) -> None:
    """Another value, words, nothing any more, a formula, a share: a sentence says what stands there."""
    with pytest.raises(NotWritten, match=sentence) as problem:
        value(goals(now=now), 5.0, 6.0)
    assert problem.value.moved is moved


def test_a_goal_that_is_gone_is_told() -> None:
    """Its row was taken out."""
    with pytest.raises(NotWritten, match="does not stand in the sheet"):
        value(Table((), COLUMNS), 5.0, None)
