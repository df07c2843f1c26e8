"""The tables of sections and what stands in their cells."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.office.docx_tables import day_in, number_in
from connectors.workspace import (
    Cell,
    DocumentContent,
    NewRow,
    Rows,
)
from tests.connectors.office.docx_kit import (
    SHAPE,
    assert_nothing_lost,
    built,
    document,
    p,
    part,
    r,
    table,
    typed,
    under,
)


def test_cells_have_the_types_of_their_columns() -> None:
    """Numbers, shares and dates are recognised where the column says so; a cell keeps its lines."""
    rows = (NewRow("g1", {"goal": "12", "now": "1,250", "comment": "two\nlines"}), NewRow("g2", {"now": "72 %"}))
    found = part(document(built(DocumentContent(SHAPE, {"goals": (Rows(rows),)}))), "goals").rows
    assert found[0].cells == {"goal": Cell("12"), "now": Cell("1,250", number=1250.0), "comment": Cell("two\nlines")}
    assert found[1].cells == {"now": Cell("72 %", number=72.0, percent=True)}
    assert [row.place for row in found] == ["row 1 of Goals", "row 2 of Goals"]


def test_renamed_and_added_columns_are_read_and_noted() -> None:
    """A renamed column is known by its place, a former title by its name, an added column keeps its title."""
    with_extra = DocumentContent(SHAPE, {"actions": (Rows((NewRow("a1", {"action": "ship", "owner": "Ada"}),)),)})
    renamed = document(typed(built(with_extra), (">Owner<", ">Who<"), (">Action<", ">To do<")))
    row = part(renamed, "actions").rows[0]
    assert (row.key, row.cells) == ("a1", {"action": Cell("ship"), "owner": Cell("Ada")})
    assert renamed.notes == ("In “Actions” the column “Who” is read as “Owner”, by its position.",)
    wide = table(("Action", "Mood", "Owner", "Due"), ("ship", "good", "Ada", "2026-03-09"))
    added = part(document(under(built(DocumentContent(SHAPE)), "actions", wide)), "actions").rows[0]
    assert added.cells["?Mood"] == Cell("good")
    assert added.cells["due"] == Cell("2026-03-09", day=date(2026, 3, 9))
    assert_nothing_lost(under(built(), "actions", wide))


def test_merged_cells_keep_the_columns_behind_them_in_place() -> None:
    """A cell over two columns is as wide as both."""
    row = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p(r("a1"))}</w:tc><w:tc><w:tcPr/>{p(r("Ada"))}</w:tc></w:tr>'
    wide = table(("Key", "Action", "Owner")).replace("</w:tbl>", row + "</w:tbl>")
    found = part(document(under(built(DocumentContent(SHAPE)), "actions", wide)), "actions").rows[0]
    assert (found.key, found.cells) == ("a1", {"owner": Cell("Ada")})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0), ("1,250", 1250.0), ("1,25", 1.25), ("1.250,5", 1250.5), ("1,250.5", 1250.5), ("1 250", 1250.0),
        ("-3.5", -3.5), ("−3", -3.0), ("1.250.000", 1250000.0), ("72 %", 72.0), ("about 5", None), ("", None), ("5 of 6", None),
        ("2.3.2026", None), ("1.2.3", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, number: float | None) -> None:
    """Grouping and decimal signs of several countries are understood, words are not guessed at."""
    assert number_in(text) == number


def test_dates_are_read_where_they_cannot_be_mistaken() -> None:
    """ISO and dotted dates are dates, slashes are not, nor is a day that does not exist."""
    assert day_in("2026-03-02") == day_in("2.3.2026") == date(2026, 3, 2)
    assert day_in("3/2/2026") is None
    assert day_in("31.2.2026") is None
