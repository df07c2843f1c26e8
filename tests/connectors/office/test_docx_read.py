"""What people and programs write in documents is read, all of it and once."""

from __future__ import annotations

import io

import pytest
from docx import Document as open_with_library
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.office.docx import BrokenFile, EditRefused, edit, read
from connectors.office.package import repack
from connectors.workspace import (
    FillSection,
    Paragraph,
)
from tests.connectors.office.docx_kit import (
    NS,
    SHAPE,
    SHY_WAYS,
    TITLE,
    assert_nothing_lost,
    built,
    document,
    p,
    part,
    r,
    table,
    text_part,
    typed,
    under,
)
from tests.effort import examples


@pytest.mark.parametrize("way", SHY_WAYS)
def test_text_is_read_however_a_program_wraps_it(way: str) -> None:
    """Text in tracked changes, controls, fields, links and boxes is read once; what was deleted is not."""
    data = under(built(), "wins", SHY_WAYS[way])
    assert part(document(data), "wins").paragraphs == ("SEEN",)
    assert_nothing_lost(data)


def test_breaks_tabs_and_signs_become_characters() -> None:
    """Line breaks, tabs, hard hyphens and symbols are part of the text."""
    data = under(
        built(),
        "wins",
        p("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>")
        + p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t xml:space="preserve"> done</w:t></w:r>'),
    )
    assert part(document(data), "wins").paragraphs == ("a\nb\tc\u2011d", "✓ done")


def test_lists_and_headings_inside_a_section_keep_their_marks() -> None:
    """List items begin with a hyphen; a smaller heading inside a section is text of that section."""
    numbered = f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr>{r("one")}</w:p>'
    data = under(built(), "wins", p(r("Details"), "Heading2") + numbered + p(r("two"), "ListBullet") + p(r("three")))
    assert part(document(data), "wins").paragraphs == ("## Details", "- one", "- two", "three")


def test_guidance_is_ours_until_somebody_changes_it() -> None:
    """An unchanged prompt is the template's, a changed one is what a person wrote."""
    found = document(typed(built(), ("What went well, and who helped?", "We shipped the guide")))
    assert part(found, "wins").paragraphs == ("We shipped the guide",)
    assert "What went well, and who helped?" not in found.template_text
    same_words = document(under(built(), "notes", p(r("Update the value."))))
    assert part(same_words, "notes").paragraphs == ("Update the value.",)


def test_what_people_write_above_the_first_heading_is_kept() -> None:
    """A changed fact and a new line at the top are left-overs with what stood before them."""
    data = typed(
        built(),
        ("Jonas Okafor</w:t></w:r><w:bookmarkEnd", "Mia Lund</w:t></w:r><w:bookmarkEnd"),
        ("<w:tbl>", p(r("Please read first")) + "<w:tbl>"),
    )
    found = document(data)
    assert [(one.heading, one.text) for one in found.left_overs] == [("", "Please read first"), ("Manager", "Mia Lund")]
    assert {TITLE, "Manager", "Ada Brandt"} <= set(found.template_text)
    assert_nothing_lost(data)


def test_an_unknown_heading_opens_a_part_of_its_own() -> None:
    """Text under a heading that the template does not know is kept under that heading."""
    data = under(
        built(), "wins", p(r("we won")) + p(r("Side project"), "Heading1") + p(r("a robot")) + p(r("More"), "Heading2")
    )
    found = document(data)
    assert part(found, "wins").paragraphs == ("we won",)
    assert [(one.heading, one.paragraphs) for one in found.parts if not one.section] == [
        ("Side project", ("a robot",)),
        ("More", ()),
    ]
    assert_nothing_lost(data)


def test_an_outline_level_makes_a_heading() -> None:
    """A paragraph with an outline level of its own is a heading, whatever its style."""
    heading = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{r("Extra")}</w:p>'
    assert "Extra" in [one.heading for one in document(under(built(), "wins", heading)).parts]


def test_foreign_tables_are_read_line_by_line() -> None:
    """A table that no shape describes becomes lines with bars, nested tables and all."""
    inner = table(("x", "y"))
    outer = table(("a", "b"), ("", "")).replace(p(r("b")), p(r("b")) + inner + p(""))
    data = under(built(), "wins", outer)
    assert part(document(data), "wins").paragraphs == ("| a | b | x | y | |",)
    assert_nothing_lost(data)


def test_notes_comments_headers_and_footers_are_left_overs_with_their_place() -> None:
    """What people write outside of the text is reported with its place and the heading it belongs to."""
    library = open_with_library(io.BytesIO(built()))
    wins = next(p for p in library.paragraphs if p.text == "What went well, and who helped?")
    said = wins.insert_paragraph_before("we won")
    library.add_comment(said.runs, text="Well done", author="Ada", initials="A")
    library.sections[0].header.paragraphs[0].text = "Confidential"
    library.sections[0].footer.add_paragraph("Draft 2")
    stream = io.BytesIO()
    library.save(stream)
    notes = f'<w:footnotes xmlns:w="{NS}"><w:footnote w:id="0" w:type="separator">{p(r(""))}</w:footnote>'
    notes += f'<w:footnote w:id="2">{p(r("see the wiki"))}</w:footnote></w:footnotes>'
    rels = text_part(stream.getvalue(), "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rIdN" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/footnotes"/></Relationships>',
    )
    data = typed(stream.getvalue(), ("Holiday cover</w:t>", 'Holiday cover</w:t><w:footnoteReference w:id="2"/>'))
    data = repack(data, {"word/footnotes.xml": notes.encode(), "word/_rels/document.xml.rels": rels.encode()})
    left = {(one.place, one.heading, one.text) for one in document(data).left_overs}
    assert left == {
        ("comment by Ada", "Wins", "Well done"),
        ("footnote 1", "Agenda", "see the wiki"),
        ("header", "", "Confidential"),
        ("footer", "", "Draft 2"),
    }
    assert_nothing_lost(data)


def test_a_document_that_nobody_provisioned_is_read_by_its_headings() -> None:
    """Without a shape, headings make the parts and everything is kept."""
    library = open_with_library()
    library.add_heading("My notes", 0)
    library.add_paragraph("before")
    library.add_heading("One", 1)
    library.add_paragraph("text", style="List Bullet")
    library.add_heading("Two", 2)
    stream = io.BytesIO()
    library.save(stream)
    found = document(stream.getvalue(), None)
    assert [(one.section, one.heading, one.paragraphs) for one in found.parts] == [("", "One", ("- text",)), ("", "Two", ())]
    assert [one.text for one in found.left_overs] == ["My notes", "before"]
    assert_nothing_lost(stream.getvalue(), None)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_document_is_reported_in_a_sentence(data: bytes) -> None:
    """A broken file is a BrokenFile whose message ends like a sentence."""
    with pytest.raises(BrokenFile, match=r"\.$"):
        read(data, SHAPE)


def test_a_package_without_text_is_reported() -> None:
    """An Office file without a document's text is no Word document."""
    with pytest.raises(BrokenFile, match="no Word document"):
        read(repack(built(), {"word/document.xml": f'<w:document xmlns:w="{NS}"/>'.encode()}), SHAPE)


def test_words_strict_form_is_read_but_not_written() -> None:
    """A strict file reads the same; an edit is refused with the way out."""
    data = typed(built())
    strict = text_part(data).replace(NS, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    data = repack(data, {"word/document.xml": strict.encode()})
    assert document(data).parts == document(built()).parts
    with pytest.raises(EditRefused, match="save it as an ordinary"):
        edit(data, SHAPE, [FillSection("wins", (Paragraph("x"),))])


@settings(max_examples=examples(20), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "TLGuidance", "Heading1", "Heading2", "ListBullet", "TL_goals", "Title", "Unknown"]),
            st.sampled_from(
                ["{}", '<w:ins w:id="9" w:author="A">{}</w:ins>', "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"]
            ),
            st.sampled_from(["Wins", "goals", "Notes ", "Update the value.", "words", "", "x y"]),
        ),
        max_size=8,
    ),
    st.sampled_from(["agenda", "wins", "notes"]),
)
def test_nothing_is_lost_whatever_people_put_where(lines: list[tuple[str, str, str]], where: str) -> None:
    """Any mix of headings, lists, prompts and tracked text in any section is read completely."""
    markup = "".join(p(wrap.format(r(text)), style) for style, wrap, text in lines)
    assert_nothing_lost(under(built(), where, markup + table(("Key", "words"), ("1", "2"))))
