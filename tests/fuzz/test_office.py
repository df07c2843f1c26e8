"""What people do in LibreOffice itself, which opens, changes and saves the files: nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from connectors.office import xlsx
from tests.connectors.office import conservation, conservation_xlsx
from tests.fuzz import docx_page, xlsx_page
from tests.fuzz.checks import (
    assert_heard,
    assert_quiet,
    assert_read,
    assert_right_goals,
    assert_withdrawn,
    owners,
    unheard,
    unheard_in_sheet,
)
from tests.fuzz.histories import Days, fuzz
from tests.fuzz.house import CHECK_IN, GOAL_SHEET, Builder, House, check_in_of, goal_sheet_of, ref_of
from tests.fuzz.office import Office, Order, running_office
from tests.fuzz.words import PHRASES, Pen
from tests.sync.pull.world import ADA

SHEET_ROWS = 4
_PLACES, _PHRASE = st.integers(0, 9), st.integers(0, len(PHRASES) - 1)
_ROW, _COLUMN, _NONE = st.integers(0, SHEET_ROWS), st.sampled_from([1, 2, 3, 4, 10, 12]), st.just(0)
TEXT = "text"
"""Where an order has a phrase's number, the pen writes when it is carried out."""


def _order(verb: str, **arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Order]:
    return st.tuples(st.just(verb), st.fixed_dictionaries(arguments))


WRITER = st.one_of(
    _order("type_text", heading=_PLACES, text=_PHRASE),
    _order("type_text", heading=_PLACES, text=_PHRASE, style=st.sampled_from(["List Bullet", "Heading 2", "Quotations"])),
    _order("new_paragraph", heading=_PLACES, text=_PHRASE),
    _order("retitle", number=_PLACES, text=_PHRASE),
    _order("append_to_heading", number=_PLACES, text=_PHRASE),
    _order("split_heading", number=_PLACES, at=st.integers(1, 4)),
    _order("merge_upwards", number=_PLACES),
    _order("delete_heading", number=_PLACES),
    _order("restyle", number=_PLACES, style=st.sampled_from(["Standard", "Heading 1", "Heading 3"])),
    _order("track", heading=_PLACES, text=_PHRASE),
    _order("strike", paragraph=_PLACES),
    _order("comment", heading=_PLACES, text=_PHRASE),
    _order("footnote", heading=_PLACES, text=_PHRASE),
    _order("table", heading=_PLACES, text=_PHRASE),
    _order("type_in_cell", number=st.sampled_from([1, 2]), row=_ROW, column=_PLACES, text=_PHRASE),
    _order("insert_row", number=st.sampled_from([1, 2]), row=_ROW, text=_PHRASE),
    _order("delete_row", number=st.sampled_from([1, 2]), row=_ROW),
)
CALC = st.one_of(
    _order("set_cell", row=_ROW, column=_COLUMN, text=_PHRASE),
    _order("set_number", row=st.integers(0, SHEET_ROWS - 1), column=st.just(7), number=_NONE),
    _order(
        "sort",
        column=_COLUMN,
        rows=st.just(SHEET_ROWS),
        descending=st.booleans(),
        keys=st.booleans(),
    ),
    _order("insert_rows", row=_ROW),
    _order("delete_rows", row=_ROW),
    _order("insert_column", column=st.integers(2, 12), title=_PHRASE, text=_PHRASE),
    _order("delete_column", column=st.integers(2, 12)),
    _order("rename_column", column=st.integers(2, 12), title=_PHRASE),
    _order("merge", row=_ROW, column=_COLUMN),
    _order("add_sheet", name=_NONE, text=_PHRASE),
    _order("note", row=_ROW, column=_COLUMN, text=_PHRASE),
    _order("hide_row", row=_ROW),
)


def written(order: Order, pen: Pen) -> Order:
    """The order with words of its own in the place of numbers."""
    verb, arguments = order
    words: dict[str, Any] = {name: pen.write(int(number)) for name, number in arguments.items() if name in ("text", "title")}
    if verb == "table":
        words = {"texts": [[pen.word(), pen.word()], [pen.write(arguments[TEXT]), pen.word()]]}
        return verb, {"heading": arguments["heading"], **words}
    if verb == "add_sheet":
        words["name"] = f"Sheet {pen.word()}"
    if verb == "set_number":
        pen.count += 1
        return verb, {**arguments, "number": 1000 + pen.count}
    return verb, {**arguments, **words}


class AtWork:
    """Somebody in front of the office. *effective* counts what found something to do."""

    def __init__(self, office: Office) -> None:
        self._office, self.effective = office, 0

    def on_documents(self, house: House, days: Days[Order]) -> None:
        """Each day somebody works in Ada's check-in, then it is synced."""
        path, pen = house.path(ref_of(house, check_in_of(ADA))), Pen()
        for day in days:
            self.effective += len(self._office.edit(path, [written(order, pen) for order in day]))
            data = path.read_bytes()
            conservation.assert_conserved(data, CHECK_IN)
            assert_read(house.sync())
            there = docx_page.readable_words(data)
            assert_heard(house, there, unheard(data, CHECK_IN))
            assert_withdrawn(house, there)
            assert_quiet(house.sync())

    def on_sheets(self, house: House, days: Days[Order]) -> None:
        """Each day somebody works in Ada's goals, then they are synced."""
        path, pen = house.path(ref_of(house, goal_sheet_of(ADA))), Pen()
        for day in days:
            self.effective += len(self._office.edit(path, [written(order, pen) for order in day]))
            data = path.read_bytes()
            there, silent = xlsx_page.standing(data), unheard_in_sheet(data, GOAL_SHEET)
            before = owners(house)
            conservation_xlsx.assert_conserved(data, xlsx.read(data, GOAL_SHEET)[1])
            assert_read(house.sync())
            assert_heard(house, there.words, silent)
            assert_right_goals(house, there, before, silent)
            assert_quiet(house.sync())


def through_the_office(base: Builder, number: int, count: int) -> int:
    """Work through *count* histories of each kind of file; returns how many edits took effect."""
    with running_office() as office:
        at_work = AtWork(office)
        fuzz(base, WRITER, at_work.on_documents, number, count)
        fuzz(base, CALC, at_work.on_sheets, number, count)
    return at_work.effective


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Where houses come from."""
    return Builder(tmp_path_factory.mktemp("houses"))


@pytest.mark.libreoffice
def test_nothing_typed_in_libreoffice_is_lost(builder: Builder) -> None:
    """Forty edits and more in Writer and Calc, saved by them, read back by real syncs."""
    assert through_the_office(builder, 1, 6) >= 40


@pytest.mark.soak
@pytest.mark.libreoffice
@pytest.mark.parametrize("number", range(100, 104))
def test_nothing_typed_in_libreoffice_is_lost_in_a_long_time(builder: Builder, number: int) -> None:
    """Four hundred edits and more."""
    assert through_the_office(builder, number, 20) >= 100
