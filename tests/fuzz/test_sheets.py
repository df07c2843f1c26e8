"""What people do to goal sheets by hand: drawn at random, read back by a real sync; no history changes its owner."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from connectors.office import xlsx
from tests.connectors.office.conservation_xlsx import assert_conserved
from tests.fuzz import xlsx_edits as edits
from tests.fuzz import xlsx_page
from tests.fuzz.checks import (
    assert_heard,
    assert_quiet,
    assert_read,
    assert_right_goals,
    owners,
    unheard_in_sheet,
)
from tests.fuzz.histories import fuzz
from tests.fuzz.house import GOAL_SHEET, Builder, House, goal_sheet_of, ref_of
from tests.fuzz.words import PHRASES, Pen
from tests.sync.pull.world import ADA

PLACES, PHRASE = st.integers(0, 30), st.integers(0, len(PHRASES) - 1)
EDITS: st.SearchStrategy[edits.Edit] = st.one_of(
    st.builds(edits.Type, PLACES, PLACES, PHRASE, st.integers(0, 2)),
    st.builds(edits.SetNow, PLACES, st.integers(0, 2)),
    st.builds(edits.Clear, PLACES, PLACES),
    st.builds(edits.TypeBeside, PLACES, PHRASE),
    st.builds(edits.MergeCells, PLACES, PLACES),
    st.builds(edits.ChangeRows, PLACES, PLACES, PLACES),
    st.builds(edits.Sort, PLACES, st.booleans(), st.booleans()),
    st.builds(edits.Rename, PLACES),
    st.builds(edits.ChangeColumns, PLACES, PLACES, PLACES),
    st.builds(edits.AddSheet, PLACES),
    st.builds(edits.CommentOn, PLACES, PLACES, st.booleans()),
)


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Where houses come from."""
    return Builder(tmp_path_factory.mktemp("houses"))


def live_through(house: House, days: list[list[edits.Edit]]) -> None:
    """Each day somebody works in Ada's goals, then they are synced; the second sync of a day is quiet."""
    path, pen = house.path(ref_of(house, goal_sheet_of(ADA))), Pen()
    for day in days:
        book = xlsx_page.Book(path.read_bytes())
        for edit in day:
            edit.apply(book, pen)
        data = book.saved()
        path.write_bytes(data)
        there = xlsx_page.standing(data)
        assert_conserved(data, xlsx.read(data, GOAL_SHEET)[1])
        before = owners(house)
        assert_read(house.sync())
        unheard = unheard_in_sheet(data, GOAL_SHEET)
        assert_heard(house, there.words, unheard)
        assert_right_goals(house, there, before, unheard)
        assert_quiet(house.sync())


@pytest.mark.parametrize("number", [1, 2])
def test_nothing_typed_in_a_goal_sheet_is_lost_or_changes_owner(builder: Builder, number: int) -> None:
    """Edits of every kind, each followed by syncs."""
    assert fuzz(builder, EDITS, live_through, number, 20) >= 60


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100, 110))
def test_nothing_typed_in_a_goal_sheet_is_lost_or_changes_owner_in_a_long_time(builder: Builder, number: int) -> None:
    """Together two thousand edits and more."""
    assert fuzz(builder, EDITS, live_through, number, 60) >= 200
