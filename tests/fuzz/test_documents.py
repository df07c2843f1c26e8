"""What people do to documents by hand: drawn at random, read back by a real sync, nothing typed lost."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from tests.connectors.office.conservation import assert_conserved
from tests.fuzz import docx_edits as edits
from tests.fuzz import docx_page
from tests.fuzz.checks import assert_heard, assert_quiet, assert_read, assert_withdrawn, unheard
from tests.fuzz.histories import fuzz
from tests.fuzz.house import CHECK_IN, Builder, House, check_in_of, ref_of
from tests.fuzz.words import PHRASES, Pen
from tests.sync.pull.world import ADA

PLACES, PHRASE = st.integers(0, 30), st.integers(0, len(PHRASES) - 1)
EDITS: st.SearchStrategy[edits.Edit] = st.one_of(
    st.builds(edits.Type, PLACES, PHRASE, st.integers(0, 11), st.integers(0, 3)),
    st.builds(edits.TypeInto, PLACES, PHRASE),
    st.builds(edits.TypeInCell, PLACES, PLACES, PLACES, PHRASE),
    st.builds(edits.Retitle, PLACES, PHRASE, st.booleans()),
    st.builds(edits.Duplicate, PLACES, PLACES, st.booleans()),
    st.builds(edits.Delete, PLACES, st.booleans()),
    st.builds(edits.Move, PLACES, PLACES),
    st.builds(edits.Restyle, PLACES, PLACES),
    st.builds(edits.Split, PLACES, PLACES),
    st.builds(edits.Merge, PLACES),
    st.builds(edits.Strike, PLACES),
    st.builds(edits.PasteList, PLACES, PLACES),
    st.builds(edits.PasteTable, PLACES, PLACES, PLACES, PLACES),
    st.builds(edits.ChangeRows, PLACES, PLACES, PLACES),
    st.builds(edits.ChangeColumns, PLACES, PLACES, PLACES),
    st.builds(edits.Tick, PLACES, st.booleans()),
    st.builds(edits.TextBox, PLACES),
    st.builds(edits.Comment, PLACES, PHRASE),
    st.builds(edits.Footnote, PLACES),
)


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Where houses come from."""
    return Builder(tmp_path_factory.mktemp("houses"))


def live_through(house: House, days: list[list[edits.Edit]]) -> None:
    """Each day somebody works in Ada's check-in, then it is synced; the second sync of a day is quiet."""
    ref, pen = ref_of(house, check_in_of(ADA)), Pen()
    path = house.path(ref)
    for day in days:
        page = docx_page.Page(path.read_bytes())
        for edit in day:
            edit.apply(page, pen)
        data = page.saved()
        path.write_bytes(data)
        assert_conserved(data, CHECK_IN)
        assert_read(house.sync())
        there = docx_page.readable_words(data)
        assert_heard(house, there, unheard(data, CHECK_IN))
        assert_withdrawn(house, there)
        assert_quiet(house.sync())


@pytest.mark.parametrize("number", [1, 2])
def test_nothing_typed_in_a_document_is_lost(builder: Builder, number: int) -> None:
    """Edits of every kind, each followed by syncs."""
    assert fuzz(builder, EDITS, live_through, number, 20) >= 60


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100, 110))
def test_nothing_typed_in_a_document_is_lost_in_a_long_time(builder: Builder, number: int) -> None:
    """Together two thousand edits and more."""
    assert fuzz(builder, EDITS, live_through, number, 60) >= 200
