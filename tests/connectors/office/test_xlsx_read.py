"""Reading sheets: nothing that people type is lost, whatever they did to the file."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from connectors.office import xlsx
from connectors.office.package import BrokenFile, open_package, repack
from connectors.office.xlsx import EditRefused
from connectors.office.xlsx_book import Book, RawCell
from connectors.office.xlsx_read import cell_from
from connectors.workspace import (
    AppendRows,
    Cell,
    LeftOver,
    NewRow,
    SetCells,
)
from tests.effort import examples

from .conservation_xlsx import assert_conserved
from .sheets import CONTENT, DATE, HEADER, PARTS, SHAPE, SHEET, built, raw_edit, read, typed


def test_people_s_rows_are_rows_and_prepared_ones_are_not():
    """A row without a key, typed below the last one, is read with an empty key."""
    table = read(typed(lambda sheet: sheet.cell(HEADER + 9, 2, "Something new")))
    assert [row.key for row in table.rows] == ["g1", "g2", "g3", "g4", ""]
    assert table.rows[-1].cells == {"goal": Cell("Something new")}


def test_columns_are_found_by_name_when_they_were_renamed_or_moved():
    """A new title is noticed; inserted columns, which move nothing of the names here, are found by title."""
    renamed = typed(lambda sheet: sheet.cell(HEADER, 2, "What I want"))
    table = read(renamed)
    assert table.rows[0].cells["goal"].text == "Halve the time from order to delivery"
    assert table.columns["goal"] == "What I want"
    assert any('"Goal" is now called "What I want" (Goals!B7)' in note for note in table.notes)


def test_columns_are_found_by_title_when_names_point_elsewhere():
    """openpyxl moves no names when a column is inserted: every title then contradicts its name, and titles win."""
    table = read(typed(lambda sheet: sheet.insert_cols(3)))
    assert [row.cells.get("status") for row in table.rows] == [Cell("on track"), None, Cell("at risk"), None]
    assert table.rows[0].cells["measure"].text.startswith("Median")


def test_a_title_beats_a_name_that_stayed_behind():
    """A script moved columns but no names: one that now points to an unknown title loses to the column that bears its own."""

    def moved(sheet: Worksheet) -> None:
        sheet.insert_cols(3)
        status = next(cell.column for cell in sheet[HEADER] if cell.value == "Status")
        sheet.cell(HEADER, status - 1).value = "Our own words"

    table = read(typed(moved))
    assert [row.cells.get("status") for row in table.rows] == [Cell("on track"), None, Cell("at risk"), None]
    assert table.columns["?Our own words"] == "Our own words"
    assert not any("Status" in note for note in table.notes)


def test_columns_without_names_are_found_by_title_former_title_and_order():
    """A file from a program that drops names is read by its header, wherever that stands now."""

    def strip(sheet: Worksheet) -> None:
        for name in list(sheet.parent.defined_names):
            del sheet.parent.defined_names[name]
        sheet.cell(HEADER, 2, "objective")
        sheet.cell(HEADER, 4, "So messen wir")
        sheet.title = "Ziele"
        sheet.insert_rows(1, 3)

    table = read(typed(strip))
    assert table.rows[0].cells["goal"].text.startswith("Halve")
    assert table.rows[0].cells["measure"].text.startswith("Median")
    assert table.rows[0].place == f"Ziele!A{HEADER + 4}"


def test_a_missing_column_is_said():
    """A deleted column is named in the notes; the others are read."""

    def delete(sheet: Worksheet) -> None:
        sheet.delete_cols(15)
        sheet.parent.defined_names["TL_comment"].attr_text = "Goals!#REF!"

    table = read(typed(delete))
    assert any('"Comment" is missing' in note for note in table.notes)
    assert "comment" not in table.rows[0].cells


def test_unknown_columns_are_kept_under_their_title():
    """A column that a person added is part of the rows, also without a title and when two have the same one."""

    def add(sheet: Worksheet) -> None:
        sheet.cell(HEADER, 16, "Confidence")
        sheet.cell(HEADER, 17, "Confidence")
        for column in (16, 17, 18):
            sheet.cell(HEADER + 1, column, column)

    table = read(typed(add))
    assert {name: cell.number for name, cell in table.rows[0].cells.items() if name.startswith("?")} == {
        "?Confidence": 16,
        "?Confidence (Q)": 17,
        "?column R": 18,
    }
    assert table.columns["?Confidence"] == "Confidence"


def test_text_outside_the_table_is_left_over_with_its_place():
    """Notes above the table, a changed fact, other sheets and comments are all reported with where they stand."""

    def scatter(sheet: Worksheet) -> None:
        sheet["M1"] = "ask Bea"
        fact = next(cell for row in sheet["A1:O6"] for cell in row if cell.value == "Beatrice Okonkwo")
        fact.value = "Carl Neumann"
        sheet[f"B{HEADER + 1}"].comment = Comment("Too broad?", "Bea")
        other = sheet.parent.create_sheet("Scratch")
        other.append(["a", 3, date(2026, 5, 1)])

    left = read(typed(scatter)).left_overs
    assert {(each.heading, each.text) for each in left} == {
        ("", "ask Bea"),
        ("", "Carl Neumann"),
        ("Scratch", "a\t3\t2026-05-01"),
        ("Halve the time from order to delivery", "Too broad?"),
    }
    assert {each.place for each in left} >= {"Goals!M1", "Scratch!A1", f"Goals!B{HEADER + 1}, comment by Bea"}


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
THREAD = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"


def test_comment_threads_and_text_boxes_are_left_over():
    """Answers in a thread and words in a drawing are text that people wrote; the stand-in for old programs is not."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATION}/comments" Target="../comments1.xml"/>'
        f'<Relationship Id="rId2" Type="{THREAD}" Target="../threadedComments/threadedComment1.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATION}/drawing" Target="/xl/drawings/drawing1.xml"/></Relationships>'
    )
    comments = (
        "<comments><authors><author>tc={1}</author><author>Bea</author></authors><commentList>"
        '<comment ref="B8" authorId="0"><text><t>[Threaded comment] Too broad? Yes.</t></text></comment>'
        '<comment ref="B9" authorId="1"><text><r><t>Bea:</t></r><r><t> fine</t></r></text></comment></commentList></comments>'
    )
    thread = (
        '<ThreadedComments><threadedComment ref="B8" personId="p"><text>Too broad?</text></threadedComment>'
        '<threadedComment ref="B8" personId="q"><text>Yes.</text></threadedComment></ThreadedComments>'
    )
    drawing = '<wsDr xmlns:a="urn:a"><a:p><a:r><a:t>See </a:t></a:r><a:r><a:t>below</a:t></a:r></a:p></wsDr>'
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/comments1.xml": comments,
        "xl/threadedComments/threadedComment1.xml": thread,
        "xl/drawings/drawing1.xml": drawing,
    }
    data = repack(built(), {name: text.encode() for name, text in parts.items()})
    assert read(data).left_overs == (
        LeftOver("Halve the time from order to delivery", "Too broad?", "Goals!B8, comment"),
        LeftOver("Halve the time from order to delivery", "Yes.", "Goals!B8, comment"),
        LeftOver("Raise first-call resolution", "Bea: fine", "Goals!B9, comment by Bea"),
        LeftOver("Text box", "See below", "Goals"),
    )


def test_a_title_that_no_sheet_may_have_is_shortened():
    """Signs that spreadsheets refuse and what is too long go; the anchors still lead to the table."""
    shape = replace(SHAPE, title="Goals [2026/1]: what we want to reach together")
    data = xlsx.build(replace(CONTENT, shape=shape), key="k", kind="goal-sheet", title="T")
    assert xlsx.read(data, shape)[1].rows[0].place == "Goals  2026 1   what we want to!A8"


def test_values_are_read_as_people_see_them():
    """Percentages, text that is a number, dates and text that is a date, yes and no, errors, formulas."""

    def fill(sheet: Worksheet) -> None:
        row = HEADER + 2
        sheet.cell(row, 7, "1.234,5")
        sheet.cell(row, 8, "80 %")
        sheet.cell(row, 9, 0.72).number_format = "0%"
        sheet.cell(row, 12, "25/03/2026")
        sheet.cell(row, 14, datetime(2026, 3, 2, 14, 30))
        sheet.cell(row + 1, 8, True)
        sheet.cell(row + 1, 9, "#REF!").data_type = "e"
        sheet.cell(row + 2, 9, "=1+3")
        sheet.cell(row + 2, 12, "03/04/2026")

    rows = read(typed(fill)).rows
    assert rows[1].cells["start"] == Cell("1.234,5", 1234.5)
    assert rows[1].cells["target"] == Cell("80 %", 80.0, percent=True)
    assert rows[1].cells["now"] == Cell("72 %", 72.0, percent=True)
    assert rows[1].cells["due"] == Cell("25/03/2026", day=date(2026, 3, 25))
    assert rows[1].cells["updated"] == Cell("2026-03-02 14:30", day=date(2026, 3, 2))
    assert (rows[2].cells["target"].text, rows[2].cells["now"].text) == ("yes", "#REF!")
    assert rows[3].cells["now"] == Cell("=1+3", formula=True)
    assert rows[3].cells["due"] == Cell("03/04/2026")


def test_a_formula_with_its_value_is_that_value_and_said():
    """What a person computed counts as the value that the sheet showed."""
    place = f"I{HEADER + 4}"
    data = raw_edit(SHEET, "<v>4</v>", "<f>2+2</f><v>4</v>")
    table = read(data)
    assert table.rows[3].cells["now"] == Cell("4", 4.0, formula=True)
    assert any(place in note and "formula" in note for note in table.notes)


def test_rich_text_shared_strings_and_reading_aids():
    """All runs of a string count; furigana above the characters does not."""
    old = re.search(
        r'<is><t xml:space="preserve">Pass the review</t></is>', (open_package(built()).part(SHEET) or b"").decode()
    )
    assert old is not None
    runs = "<is><r><t>Pass </t></r><r><rPr><b/></rPr><t>the</t></r><r><t> review</t></r><rPh sb='0' eb='1'><t>no</t></rPh></is>"
    assert read(raw_edit(SHEET, old[0], runs)).rows[2].cells["goal"].text == "Pass the review"


def test_days_counted_from_1904():
    """A file of the old Mac calendar shows the same days."""

    def switch(sheet: Worksheet) -> None:
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for row in sheet.iter_rows(min_row=HEADER + 1):
            for cell in row:
                if isinstance(cell.value, datetime):
                    cell.value = cell.value.date()

    data = typed(switch)
    assert Book(data).date1904
    assert read(data).rows[0].cells["due"] == Cell("2026-06-30", day=date(2026, 6, 30))


def test_a_strict_file_reads_like_any_other():
    """Excel can save with other namespaces; nothing but those differ."""
    data = built()
    parts = {name: open_package(data).part(name) or b"" for name in open_package(data).names()}
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        for name, part in parts.items()
    }
    assert read(repack(data, strict)).rows == read(data).rows


def test_a_copied_sheet_in_the_file_is_left_over():
    """The names of the workbook say which sheet is the real one; a copy's rows are text of another sheet."""
    data = typed(lambda sheet: sheet.parent.copy_worksheet(sheet))
    table = read(data)
    assert len(table.rows) == 4
    assert any(left.heading == "Goals Copy" and "Three partners" in left.text for left in table.left_overs)


def test_without_a_shape_every_column_is_unknown():
    """A sheet that nobody provisioned is read as rows under its own titles."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["My goals"])
    book.worksheets[0].append(["What", "When"])
    book.worksheets[0].append(["Write it down", date(2026, 5, 1)])
    stream = io.BytesIO()
    book.save(stream)
    _, table = xlsx.read(stream.getvalue(), None)
    assert [row.cells for row in table.rows] == [
        {"?What": Cell("Write it down"), "?When": Cell("2026-05-01", day=date(2026, 5, 1))}
    ]
    assert table.left_overs == (LeftOver("", "My goals", "Sheet!A1"),)


def test_a_document_is_no_workbook():
    """The wrong kind of Office file is named as such."""
    data = repack(built(), {"xl/workbook.xml": b"<document/>"})
    with pytest.raises(BrokenFile, match="no workbook"):
        xlsx.read(data, SHAPE)


def test_a_number_without_a_date_format_in_a_date_column_is_still_a_day():
    """Values pasted without their format keep their text; the day is understood."""
    assert cell_from(RawCell("46083", 46083.0), DATE, False) == Cell("46083", 46083.0, date(2026, 3, 2))
    assert cell_from(RawCell("46083"), DATE, False) == Cell("46083", day=date(2026, 3, 2))
    assert cell_from(RawCell("20260302", 20260302.0), DATE, False) == Cell("20260302", 20260302.0, date(2026, 3, 2))
    assert cell_from(RawCell("12345678", 12345678.0), DATE, False) == Cell("12345678", 12345678.0)


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(PARTS), st.integers(0, 20_000), st.sampled_from([b"0", b"-1", b"", b"x", b'"', b"<", b"99999999999"]))
def test_a_damaged_part_is_a_broken_file_or_harmless(name: str, at: int, noise: bytes):
    """Whatever one byte of a part becomes, reading and editing end well or with BrokenFile or EditRefused."""
    part = open_package(built()).part(name) or b""
    data = repack(built(), {name: part[: at % len(part)] + noise + part[at % len(part) + 1 :]})
    try:
        xlsx.read(data, SHAPE)
        xlsx.edit(data, SHAPE, [SetCells({"g2": {"comment": "=x", "due": date(2026, 1, 2)}}), AppendRows((NewRow("n", {}),))])
    except (BrokenFile, EditRefused):
        pass


def assert_nothing_lost(data: bytes) -> None:
    """Every character that stands in the file was read, and nothing else."""
    assert_conserved(data, read(data))


def test_nothing_in_a_built_file_goes_unread():
    """Title, facts, help, header and rows are all accounted for, exactly once."""
    assert_conserved(built(), read(built()))


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, HEADER + 14),
            st.integers(1, 18),
            st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12).filter(lambda t: t[0] != "="),
        ),
        max_size=8,
    )
)
def test_nothing_that_is_typed_anywhere_goes_unread(edits: list[tuple[int, int, str]]):
    """Wherever people type, over a header, above the table or far below it, their text is somewhere in what is read."""

    def write(sheet: Worksheet) -> None:
        for row, column, text in edits:
            if not isinstance(sheet.cell(row, column), openpyxl.cell.MergedCell):
                sheet.cell(row, column).value = text
                sheet.cell(row, column).data_type = "s"

    assert_nothing_lost(typed(write))


# ---------------------------------------------------------------- edits in the file's own XML


_CELL = re.compile(r'(<c r="[A-Z]+[0-9]+")(?:[^>]*?/>|.*?</c>)', re.DOTALL)
_INSIDE = (
    ' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>',
    ' t="inlineStr"><is><r><t>{text}</t></r><r><rPr><b/></rPr><t>{text}</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>',
    ' t="str"><f>"x"&amp;"y"</f><v>{text}</v></c>',
    "><f>{number}+1</f><v>{number}</v></c>",
    "><f>SUM(A1:A9)</f></c>",
    "><v>{number}</v></c>",
    ' s="20"><v>{number}</v></c>',
    ' s="18"><v>{number}</v></c>',
    ' t="b"><v>1</v></c>',
    ' t="e"><v>#N/A</v></c>',
    "/>",
)
_BESIDE_CELLS = (
    '<headerFooter><oddHeader>&amp;L{text}&amp;C&amp;"Arial,Bold"&amp;12&amp;K00FF00{text}&amp;RPage &amp;P</oddHeader>',
    '<headerFooter differentFirst="1"><firstFooter>{text} &amp;&amp; {text}</firstFooter>',
)
_TEXT = st.text(st.characters(categories=["L", "P", "S", "So"], exclude_characters='<>&"_'), min_size=1, max_size=15).filter(
    lambda text: not text.startswith("=")
)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(_INSIDE), _TEXT, st.integers(1, 60_000)), max_size=12),
    st.sampled_from((*_BESIDE_CELLS, "")),
    st.sampled_from(("B8:B9", "C8:D8", "A7:B7", "")),
)
def test_nothing_is_lost_whatever_the_cells_of_the_file_become(edits: list[tuple[int, str, str, int]], page: str, merged: str):
    """Any cell as any kind of cell, page headers, merges: what stands in the file is what was read."""
    data = built()
    text = (open_package(data).part(SHEET) or b"").decode()
    for at, inside, words, number in edits:
        cells = list(_CELL.finditer(text))
        cell = cells[at % len(cells)]
        text = text[: cell.start()] + cell[1] + inside.format(text=words, number=number) + text[cell.end() :]
    if page:
        text = text.replace("<headerFooter>", page.format(text="Für Bea"), 1)
    if merged:
        text = text.replace('<mergeCell ref="B2:O2"/>', f'<mergeCell ref="B2:O2"/><mergeCell ref="{merged}"/>')
    data = repack(data, {SHEET: text.encode()})
    assert_conserved(data, read(data))


def test_five_thousand_rows_are_read_in_order():
    """A long sheet is a sheet."""
    rows = tuple(NewRow(f"k{number}", {"goal": f"Goal {number}", "now": number}) for number in range(5000))
    table = read(built(replace(CONTENT, rows=rows)))
    assert [row.key for row in table.rows] == [f"k{number}" for number in range(5000)]
    assert table.rows[4999].cells == {"goal": Cell("Goal 4999"), "now": Cell("4999", 4999.0)}


def test_a_link_that_a_program_made_of_what_was_typed_is_no_text_of_its_own():
    """An address typed into a cell is its text; another target, and what is said when pointing at it, are left over."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATION}/hyperlink" Target="mailto:bea@example.org" TargetMode="External"/>'
        f'<Relationship Id="rId2" Type="{RELATION}/hyperlink" Target="https://example.org/x" TargetMode="External"/>'
        "</Relationships>"
    )
    data = typed(lambda sheet: sheet.cell(HEADER + 1, 15, "bea@example.org"))
    links = (
        f'<hyperlinks xmlns:r="{RELATION}"><hyperlink ref="O8" r:id="rId1"/>'
        '<hyperlink ref="B9" r:id="rId2" tooltip="the board"/>'
        '<hyperlink ref="B10" location="Lists!A1"/></hyperlinks><pageMargins'
    )
    data = raw_edit(SHEET, "<pageMargins", links, repack(data, {"xl/worksheets/_rels/sheet1.xml.rels": rels.encode()}))
    assert read(data).left_overs == (
        LeftOver("Link", "https://example.org/x", "Goals!B9"),
        LeftOver("Link", "the board", "Goals!B9"),
    )
    assert_conserved(data, read(data))
