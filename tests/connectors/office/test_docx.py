"""New documents as .docx files, and what LibreOffice makes of them."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document as open_with_library
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.office.docx import build, edit, read
from connectors.office.docx_master import master
from connectors.workspace import (
    AppendRows,
    Bullet,
    Change,
    Document,
    DocumentContent,
    FillSection,
    NewRow,
    Paragraph,
    Rows,
    as_read,
)
from templates.shapes import DocumentShape, Section
from tests.connectors.office.docx_kit import (
    CONTENT,
    KEY,
    SHAPE,
    SHY_WAYS,
    TITLE,
    W,
    assert_nothing_lost,
    built,
    document,
    p,
    part,
    r,
    text_part,
    under,
)
from tests.effort import examples


def test_a_new_document_reads_back_as_the_contract_says() -> None:
    """What is built reads back as `as_read` promises, and everything else in it is recognised as ours."""
    about, found = read(built(), SHAPE)
    expected = as_read(CONTENT)
    assert isinstance(expected, Document)
    assert found.parts == expected.parts
    assert found.left_overs == () == found.notes
    assert (about.key, about.kind, about.title, about.modified_by) == (KEY, "check-in", TITLE, "")
    assert_nothing_lost(built())


def test_equal_arguments_give_equal_bytes() -> None:
    """Building twice gives the same bytes, and no clock of a library gets in."""
    first = built()
    master.cache_clear()
    assert built() == first


def test_anchors_are_a_style_and_a_bookmark_on_each_heading() -> None:
    """Each section's heading has its own style based on Heading 1 and a bookmark over exactly its text."""
    library = open_with_library(io.BytesIO(built()))
    headings = [p for p in library.paragraphs if p.style is not None and p.style.style_id.startswith("TL_")]
    assert [p.style.style_id for p in headings if p.style] == [f"TL_{section.key}" for section in SHAPE.sections]
    for heading in headings:
        assert heading.style is not None
        assert heading.style.base_style is not None
        assert heading.style.base_style.name == "Heading 1"
        start, run, end = heading._p[1:]
        assert start.get(W + "name") == heading.style.style_id
        assert run.text == heading.text
        assert end.tag == W + "bookmarkEnd"
    assert "w:sdt" not in text_part(built())


def test_an_empty_section_has_a_line_to_type_in() -> None:
    """An empty section holds its guidance and one empty paragraph."""
    after = text_part(built()).split("What went well, and who helped?</w:t></w:r></w:p>")[1]
    assert after.startswith("<w:p></w:p>")


def test_characters_that_xml_cannot_hold_are_replaced_visibly() -> None:
    """Control characters and half characters become U+FFFD, markup characters stay."""
    content = DocumentContent(SHAPE, {"wins": (Paragraph("a\x00b\x0b<&>\ud800 \"c'\r\nd"),)}, (("A&B", "<\x01>"),))
    assert part(document(built(content)), "wins").paragraphs == ("a\ufffdb\ufffd<&>\ufffd \"c'\nd",)
    assert document(built(content)).left_overs == ()


def test_rows_for_a_section_without_a_table_are_a_mistake() -> None:
    """Rows that have nowhere to go are refused with the section's name."""
    with pytest.raises(ValueError, match="'wins'"):
        built(DocumentContent(SHAPE, {"wins": (Rows((NewRow("", {}),)),)}))


def test_section_keys_of_any_spelling_are_found_again() -> None:
    """Hyphens and long keys fit the names that Word allows."""
    shape = DocumentShape((Section("open-questions", "Open"), Section("k" * 60, "Long"), Section("guidance", "Guidance")))
    data = build(DocumentContent(shape, {"open-questions": (Paragraph("why"),)}), key="k", kind="check-in", title="T")
    assert [(one.section, one.paragraphs) for one in document(data, shape).parts] == [
        ("open-questions", ("why",)),
        ("k" * 60, ()),
        ("guidance", ()),
    ]


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=30), st.text(max_size=30))
def test_any_text_survives_building(paragraphs: list[str], cell: str, fact: str) -> None:
    """Whatever text goes in, nothing of it is lost and nothing is read twice."""
    content = DocumentContent(
        SHAPE,
        {
            "wins": tuple(Paragraph(text) for text in paragraphs),
            "notes": tuple(Bullet(text) for text in paragraphs),
            "goals": (Rows((NewRow("k1", {"goal": cell, "comment": fact}),)),),
        },
        facts=((cell, fact),),
    )
    assert_nothing_lost(built(content))


# ---------------------------------------------------------------- LibreOffice

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def converted(data: bytes, folder: Path, to: str = "docx") -> bytes:
    source, out = folder / "in" / "document.docx", folder / "out"
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        to,
        "--outdir",
        str(out),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (out / f"document.{to}").read_bytes()


@pytest.mark.libreoffice
@needs_libreoffice
def test_two_saves_by_libreoffice_change_nothing_that_is_read(tmp_path: Path) -> None:
    """LibreOffice may rewrite the file twice: the same text is read, and edits still go in."""
    written = "".join(SHY_WAYS[way] for way in ("tracked insertion", "deletion", "hyperlink", "hidden text", "split runs"))
    data = under(built(), "wins", p(r("a")) + p(r("b"), "ListBullet") + written)
    twice = converted(converted(data, tmp_path), tmp_path)
    about, found = read(twice, SHAPE)
    assert about.key == KEY
    assert found.parts == document(data).parts
    assert found.left_overs == ()
    assert found.notes == document(data).notes == ("Hidden text is read like any other: “SEEN”.",)
    assert_nothing_lost(twice)
    changes: list[Change] = [
        FillSection("notes", (Bullet("x"), Paragraph("y"))),
        AppendRows((NewRow("a9", {"action": "z"}),), section="actions"),
    ]
    after = edit(twice, SHAPE, changes)
    assert part(document(after), "notes").paragraphs == ("- x", "y")
    assert [row.key for row in part(document(after), "actions").rows] == ["a3f9", "a9"]
    assert document(converted(after, tmp_path)).parts == document(after).parts


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_check_in_prints(tmp_path: Path) -> None:
    """A built check-in converts to PDF."""
    assert converted(built(), tmp_path, "pdf").startswith(b"%PDF")
