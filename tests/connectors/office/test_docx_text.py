"""Each way in which text stands in a document, one by one."""

from __future__ import annotations

import pytest

from connectors.markdown import plain
from connectors.office.docx import build
from connectors.workspace import DocumentContent, Paragraph
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
    wins_heading,
)
from tests.files.build_docx import BOX, control, declared, field, look, related, word_margins, word_objects

WAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "runs": (p(r("a") + r("b")), ("ab",)),
    "tabs and breaks": (p("<w:r><w:t>a</w:t><w:tab/><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>"), ("a\t\nc\nd",)),
    "hyphens and spaces": (
        p("<w:r><w:t>a</w:t><w:softHyphen/><w:t>b</w:t><w:noBreakHyphen/><w:t>c\u00a0d</w:t></w:r>"),
        ("a\u00adb\u2011c\u00a0d",),
    ),
    "symbol": (p('<w:r><w:sym w:font="Symbol" w:char="F0B1"/><w:t>5</w:t></w:r>'), ("±5",)),
    "symbol of an unknown font": (p('<w:r><w:sym w:font="Other" w:char="2603"/></w:r>'), ("☃",)),
    "tracked insertion of a whole paragraph": (
        f'<w:ins w:id="1" w:author="A">{p(r("new"))}</w:ins>',
        ("new",),
    ),
    "insertion inside a move": (p(f'<w:moveTo w:id="1"><w:ins w:id="2">{r("both")}</w:ins></w:moveTo>'), ("both",)),
    "block control": (control(p(r("a"))), ("a",)),
    "inline control": (p(r("a ") + control(r("b"))), ("a b",)),
    "row and cell controls": (
        "<w:tbl>" + control("<w:tr>" + control(f"<w:tc>{p(r('a'))}</w:tc>") + "</w:tr>") + "</w:tbl>",
        ("| a |",),
    ),
    "smart tag": (p(f'<w:smartTag w:element="x">{r("a")}</w:smartTag>'), ("a",)),
    "custom XML around a paragraph": (f'<w:customXml w:element="x">{p(r("a"))}</w:customXml>', ("a",)),
    "custom XML inside": (p(f'<w:customXml w:element="x"><w:customXmlPr/>{r("a")}</w:customXml>'), ("a",)),
    "nested fields": (p(field(" IF a ", r("out ") + field(" REF b ", r("in")))), ("out in",)),
    "simple field": (p(f'<w:fldSimple w:instr=" DATE ">{r("2 March")}</w:fldSimple>'), ("2 March",)),
    "link field": (p(r("see ") + field(' HYPERLINK "https://x.org" ', r("this"))), ("see [this](https://x.org)",)),
    "link to a place inside": (p(f'<w:hyperlink w:anchor="top">{r("up")}</w:hyperlink>'), ("up",)),
    "link by its relation": (p(f'<w:hyperlink r:id="rIdL">{r("the ")}{r("wiki")}</w:hyperlink>'), ("[the wiki](https://w.org/a_b)",)),
    "VML text box": (
        p(f"<w:r><w:pict><v:textbox><w:txbxContent>{BOX}</w:txbxContent></v:textbox></w:pict></w:r>"),
        ("Words in a box",),
    ),
    "alternative with an empty first choice": (
        p(
            "<w:r><mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback><w:t>old</w:t></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        ("old",),
    ),
    "nested table": (table(("a", "b")).replace(p(r("b")), table(("x", "y")) + p("")), ("| a | | x | y | |",)),
    "mathematics": (p("<m:oMathPara><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></m:oMathPara>"), ("x=1",)),
    "mathematics between paragraphs": ("<m:oMath><m:r><m:t>y=2</m:t></m:r></m:oMath>", ("y=2",)),
    "a comment of XML inside of a text": (p("<w:r><w:t>a<!-- no -->b</w:t></w:r>"), ("ab",)),
    "bold and italic": (p(r("a ") + look("<w:b/>", "b") + look("<w:i/>", " c")), ("a **b** *c*",)),
    "bold switched off": (p(look('<w:b w:val="0"/>', "a ") + look('<w:b w:val="1"/>', "b")), ("a **b**",)),
    "all bold": (p(look("<w:b/>", "a ") + look("<w:b/>", "b")), ("a b",)),
    "stars that a person typed": (p(r("2*3*4 and **x**")), ("2\\*3\\*4 and \\*\\*x\\*\\*",)),
    "bars in a table": (table(("a|b", "c")), ("| a\\|b | c |",)),
    "a number and a bullet deeper": (p(r("a"), "ListNumber") + p(r("b"), "ListBullet"), ("1. a", "- b")),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_text_is_read(way: str) -> None:
    """Wherever a program puts text, it is read once, in its place."""
    markup, expected = WAYS[way]
    data = related(under(declared(built()), "wins", markup), {}, {"rIdL": "https://w.org/a_b"})
    assert part(document(data), "wins").paragraphs == expected
    assert_nothing_lost(data)


def test_who_inserted_a_whole_paragraph_is_told() -> None:
    """Only where all its words are one person's: a few words put into a sentence make nobody its author."""
    theirs = f'<w:ins w:id="1" w:author="Ada Brandt">{r("All mine.")}</w:ins>'
    mixed = r("Ours, ") + f'<w:ins w:id="2" w:author="Ada Brandt">{r("with a few words more.")}</w:ins>'
    found = part(document(under(built(), "wins", p(theirs) + p(mixed))), "wins")
    assert found.paragraphs == ("All mine.", "Ours, with a few words more.")
    assert found.authors == ((0, "Ada Brandt"),)


def test_paragraphs_with_tracked_changes_inside_are_told() -> None:
    """Words put in or taken out that nobody decided on; a change of the paragraph's mark alone is none."""
    added = r("Ours, ") + f'<w:ins w:id="2" w:author="Ada">{r("and more.")}</w:ins>'
    cut = r("Kept") + '<w:del w:id="3" w:author="Ada"><w:r><w:delText> and cut</w:delText></w:r></w:del>'
    mark = '<w:pPr><w:rPr><w:ins w:id="4" w:author="Ada"/></w:rPr></w:pPr>' + r("Plain.")
    found = part(document(under(built(), "wins", p(mark) + p(added) + p(cut))), "wins")
    assert found.paragraphs == ("Plain.", "Ours, and more.", "Kept")
    assert [one.paragraph for one in found.pending] == [1, 2]


def test_hidden_text_is_read_and_named() -> None:
    """Hidden words are evidence like any other, and the reader is told of them."""
    data = under(built(), "wins", p(r("seen ") + look("<w:vanish/>", "unseen") + look('<w:vanish w:val="0"/>', " too")))
    found = document(data)
    assert part(found, "wins").paragraphs == ("seen unseen too",)
    assert found.notes == ("Hidden text is read like any other: “unseen”.",)


def test_what_is_not_read_is_named() -> None:
    """An inserted file and an embedded sheet are named with what to do about them."""
    notes = document(word_objects()).notes
    assert any("“Excel.Sheet.12” “oleObject-rIdO.bin”, whose text is not read" in note for note in notes)
    assert any("another document “aFChunk-rIdA.rtf”" in note for note in notes)


def test_repeated_headers_count_once() -> None:
    """First, even and usual headers are all read; one that says the same again is not."""
    headers = [left.text for left in document(word_margins()).left_overs if left.place == "header"]
    assert headers == ["Confidential", "Ada Brandt\nDRAFT"]


def test_a_deleted_heading_leaves_its_text_to_the_section_above() -> None:
    """The text goes to the section above, and the document says so."""
    data = under(built(), "wins", p(r("we won")))
    found = document(typed(data, (wins_heading(data), "")))
    assert part(found, "actions").paragraphs == ("we won",)
    assert found.notes == ("The heading “Wins” is gone; text that stood under it is read as part of “Actions”.",)


def test_a_foreign_document_says_that_no_heading_is_known() -> None:
    """One sentence, not one for each section."""
    data = build(DocumentContent(type(SHAPE)(())), key="k", kind="check-in", title="T")
    assert len(document(data).notes) == 1


@pytest.mark.parametrize("text", ["plain", "2*3*4", "**x** [a](b)", "C:\\*", "- item", "| a | b |"])
def test_what_we_wrote_reads_back_as_we_wrote_it(text: str) -> None:
    """The words of a provisioned paragraph are equal to its text, whatever signs are in it."""
    read = part(document(built(DocumentContent(SHAPE, {"wins": (Paragraph(text),)}))), "wins").paragraphs
    assert [plain(line) for line in read] == [text]
