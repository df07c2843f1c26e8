"""The tables of sections and what stands in their cells."""

from __future__ import annotations

from datetime import date

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
    rows = (NewRow("g1", {"goal": "12", "now": "1,250.5", "comment": "two\nlines"}), NewRow("g2", {"now": "72 %"}))
    found = part(document(built(DocumentContent(SHAPE, {"goals": (Rows(rows),)}))), "goals").rows
    assert found[0].cells == {"goal": Cell("12"), "now": Cell("1,250.5", number=1250.5), "comment": Cell("two\nlines")}
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


def test_figures_and_days_in_a_table_are_read_as_in_a_sheet() -> None:
    """What can be only one figure or day counts, in the ways of writing of many countries; all else stays text."""
    typed_in = ("1.250,5", "1,250", "72 %", "about 5")
    rows = tuple(NewRow(str(number), {"now": text}) for number, text in enumerate(typed_in))
    found = part(document(built(DocumentContent(SHAPE, {"goals": (Rows(rows),)}))), "goals").rows
    assert [(row.cells["now"].number, row.cells["now"].percent) for row in found] == [
        (1250.5, False), (None, False), (72.0, True), (None, False),
    ]  # fmt: skip
    due = ("5.12.26", "2026年12月5日", "5/12/26", "next week")
    rows = tuple(NewRow(str(number), {"action": "ship", "due": text}) for number, text in enumerate(due))
    found = part(document(built(DocumentContent(SHAPE, {"actions": (Rows(rows),)}))), "actions").rows
    assert [row.cells["due"].day for row in found] == [date(2026, 12, 5), date(2026, 12, 5), None, None]
