"""Edits fill what is empty and leave what people typed."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document as open_with_library
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.office.docx import EditRefused, build, edit
from connectors.office.package import open_package, repack
from connectors.workspace import (
    AppendRows,
    AppendToSection,
    Bullet,
    Cell,
    Change,
    DocumentContent,
    FillSection,
    NewRow,
    Paragraph,
    Rows,
    SetCells,
)
from templates.shapes import DocumentShape, Section
from tests.connectors.office.docx_kit import (
    ACTIONS,
    CONTENT,
    SHAPE,
    SHY_WAYS,
    assert_nothing_lost,
    built,
    document,
    p,
    part,
    r,
    text_part,
    typed,
    under,
    untouched,
    wins_heading,
)
from tests.effort import examples


def test_an_empty_section_is_filled_once() -> None:
    """Filling puts blocks where the empty line stood; a second time nothing changes, byte for byte."""
    data = built()
    filled = edit(data, SHAPE, [FillSection("wins", (Paragraph("a\nb"), Bullet("c")))])
    assert part(document(filled), "wins").paragraphs == ("a\nb", "- c")
    assert untouched(data, filled)
    assert edit(filled, SHAPE, [FillSection("wins", (Paragraph("other"),))]) is filled
    assert filled == edit(data, SHAPE, [FillSection("wins", (Paragraph("a\nb"), Bullet("c")))])


def test_a_filled_new_document_reads_like_one_built_full() -> None:
    """Filling an empty document gives the text of one that was built with it."""
    empty = built(DocumentContent(SHAPE, facts=CONTENT.facts))
    filled = edit(empty, SHAPE, [FillSection(key, content) for key, content in CONTENT.sections.items()])
    assert document(filled).parts == document(built()).parts


def test_a_section_with_text_is_left_alone_and_appended_to() -> None:
    """A person's words stop a fill and stay above what is appended."""
    data = under(built(), "wins", p(r("mine")))
    assert edit(data, SHAPE, [FillSection("wins", (Paragraph("ours"),))]) is data
    after = edit(data, SHAPE, [AppendToSection("wins", (Paragraph("ours"), Bullet("too")))])
    assert part(document(after), "wins").paragraphs == ("mine", "ours", "- too")
    assert untouched(data, after)


def test_a_changed_prompt_stops_a_fill() -> None:
    """Text that a person wrote over the guidance counts as theirs."""
    data = typed(built(), ("What went well, and who helped?", "We shipped the guide"))
    assert edit(data, SHAPE, [FillSection("wins", (Paragraph("ours"),))]) is data


def test_a_text_box_stops_a_fill() -> None:
    """What somebody wrote in a box tied to an empty line is text of the section."""
    data = under(built(), "wins", SHY_WAYS["text box"])
    assert edit(data, SHAPE, [FillSection("wins", (Paragraph("ours"),))]) is data
    after = edit(data, SHAPE, [AppendToSection("wins", (Paragraph("ours"),))])
    assert part(document(after), "wins").paragraphs == ("SEEN", "ours")


def test_a_table_with_rows_is_not_empty() -> None:
    """A section is filled only while its table has no row with text."""
    rows = FillSection("goals", (Rows((NewRow("g9", {"goal": "new"}),)),))
    assert edit(built(), SHAPE, [rows]) == built()
    empty = built(DocumentContent(SHAPE))
    assert [row.key for row in part(document(edit(empty, SHAPE, [rows])), "goals").rows] == ["g9"]


def test_text_in_a_section_with_a_table_goes_above_the_table() -> None:
    """Filling and appending text to a table's section leaves its rows as they are."""
    data = built(DocumentContent(SHAPE))
    after = edit(data, SHAPE, [FillSection("goals", (Paragraph("above"),)), AppendToSection("goals", (Paragraph("below"),))])
    assert part(document(after), "goals").paragraphs == ("above", "below")
    text = text_part(after)
    assert text.index("above") < text.index("Last value") < text.index("below")


def test_rows_go_into_the_empty_ones_and_then_below() -> None:
    """New rows use the prepared empty rows first and look like them."""
    rows = tuple(NewRow(f"a{n}", {"action": f"do {n}", "due": date(2026, 4, n)}) for n in range(1, 5))
    after = edit(built(), SHAPE, [AppendRows(rows, section="actions")])
    found = part(document(after), "actions").rows
    assert [(row.key, row.place) for row in found] == [("a3f9", "row 1 of Actions")] + [
        (f"a{n}", f"row {n + 1} of Actions") for n in range(1, 5)
    ]
    assert found[4].cells == {"action": Cell("do 4"), "due": Cell("2026-04-04", day=date(2026, 4, 4))}
    assert untouched(built(), after)
    assert_nothing_lost(after)


def test_rows_can_be_added_below_a_bare_header() -> None:
    """When people deleted every row but the header, new ones are made."""
    shape = DocumentShape((Section("actions", "Actions", columns=ACTIONS, empty_rows=0),))
    data = build(DocumentContent(shape), key="k", kind="check-in", title="T")
    after = edit(data, shape, [AppendRows((NewRow("a1", {"action": "x"}), NewRow("a2", {"action": "y"})), section="actions")])
    assert [row.key for row in part(document(after, shape), "actions").rows] == ["a1", "a2"]
    assert text_part(after).count("w:tblHeader") == 1


def test_only_empty_cells_are_set() -> None:
    """Cells of a row found by its key are set when empty and left when not."""
    data = built()
    after = edit(data, SHAPE, [SetCells({"g7k2": {"now": 7, "goal": "other"}, "a3f9": {"status": "done"}})])
    row = part(document(after), "goals").rows[0]
    assert row.cells["now"] == Cell("7", number=7.0)
    assert row.cells["goal"] == Cell("Answer tickets in four hours")
    assert part(document(after), "actions").rows[0].cells["status"] == Cell("open")
    assert untouched(data, after)
    assert edit(after, SHAPE, [SetCells({"g7k2": {"now": 8}})]) is after


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (SetCells({"zz": {"now": 1}}), "key “zz”"),
        (SetCells({"g7k2": {"mood": "good"}}), "no column “mood”"),
        (FillSection("nothing", (Paragraph("x"),)), "no section “nothing”"),
        (AppendRows((NewRow("", {}),), section="wins"), "“Wins” has no table"),
    ],
)
def test_a_change_that_has_no_place_is_refused(change: Change, words: str) -> None:
    """The refusal names what is missing."""
    with pytest.raises(EditRefused, match=words):
        edit(built(), SHAPE, [change])


def test_a_key_that_was_copied_to_another_row_is_refused() -> None:
    """When two rows carry one key, nobody can tell which is meant, and the refusal says what to do."""
    rows = (NewRow("a1", {"action": "x"}), NewRow("a1", {"action": "y"}))
    data = built(DocumentContent(SHAPE, {"actions": (Rows(rows),)}))
    with pytest.raises(EditRefused, match="several rows"):
        edit(data, SHAPE, [SetCells({"a1": {"status": "done"}})])


def test_a_deleted_heading_is_refused_with_the_way_out() -> None:
    """Nothing is put into a section whose heading somebody deleted."""
    data = built()
    with pytest.raises(EditRefused, match="no heading “Wins” any more"):
        edit(typed(data, (wins_heading(data), "")), SHAPE, [FillSection("wins", (Paragraph("x"),))])


def test_a_control_around_the_whole_document_does_not_catch_the_text() -> None:
    """Text goes into its own section even when a program wrapped everything into one control."""
    text = text_part(built())
    start, end = text.index("<w:body>") + 8, text.index("<w:sectPr")
    wrapped = f"{text[:start]}<w:sdt><w:sdtContent>{text[start:end]}</w:sdtContent></w:sdt>{text[end:]}"
    data = repack(built(), {"word/document.xml": wrapped.encode()})
    after = edit(data, SHAPE, [AppendToSection("wins", (Paragraph("ours"),))])
    assert part(document(after), "wins").paragraphs == ("ours",)


def test_a_file_saved_by_the_library_takes_edits() -> None:
    """Parts that only another program wrote stay in the file."""
    library = open_with_library(io.BytesIO(built()))
    library.add_comment(library.paragraphs[0].runs, text="hm", author="Ada", initials="A")
    stream = io.BytesIO()
    library.save(stream)
    before = open_package(stream.getvalue())
    after = open_package(edit(stream.getvalue(), SHAPE, [FillSection("wins", (Bullet("x"),))]))
    assert after.names() == before.names()
    assert [name for name in after.names() if after.part(name) != before.part(name)] == ["word/document.xml"]


@settings(max_examples=examples(20), deadline=None)
@given(st.sampled_from([section.key for section in SHAPE.sections]), st.text(min_size=1, max_size=30), st.booleans())
def test_edits_change_their_own_section_alone(section: str, text: str, fill: bool) -> None:
    """Whatever text goes into whichever section, every other section and every paragraph with text stays the same."""
    data = under(built(), "growth", p(r("learned")))
    blocks = (Paragraph(text), Bullet(text))
    after = edit(data, SHAPE, [FillSection(section, blocks) if fill else AppendToSection(section, blocks)])
    before, now = document(data), document(after)
    assert [one for one in now.parts if one.section != section] == [one for one in before.parts if one.section != section]
    assert part(now, section).paragraphs[: len(part(before, section).paragraphs)] == part(before, section).paragraphs
    assert untouched(data, after)
    assert_nothing_lost(after)
