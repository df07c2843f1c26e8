"""Tracked changes that wait for a decision: read as text, told as waiting, each with who made them."""

from __future__ import annotations

import pytest

from connectors.workspace import Pending
from tests.connectors.office.docx_kit import assert_nothing_lost, built, document, p, part, r, table, text_part, typed, under


def ins(text: str, author: str = "Ada") -> str:
    """A tracked insertion."""
    return f'<w:ins w:id="90" w:author="{author}" w:date="2026-03-02T10:00:00Z">{r(text)}</w:ins>'


def gone(text: str, author: str = "Ada") -> str:
    """A tracked deletion."""
    deleted = f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>'
    return f'<w:del w:id="91" w:author="{author}" w:date="2026-03-02T10:00:00Z">{deleted}</w:del>'


@pytest.mark.parametrize(
    ("inner", "paragraphs", "pending", "authors"),
    [
        (r("Plain."), ("Plain.",), (), ()),
        (ins("All of it."), ("All of it.",), (Pending("All of it.", 0, ("Ada",)),), ((0, "Ada"),)),
        (
            r("We ") + ins("really ") + gone("nearly ") + r("did."),
            ("We really did.",), (Pending("We really did.", 0, ("", "Ada")),), (),
        ),
        (ins("One. ") + ins("Two.", "Bob"), ("One. Two.",), (Pending("One. Two.", 0, ("Ada", "Bob")),), ()),
        (r("Kept") + gone(" not this"), ("Kept",), (Pending("Kept", 0, ("",)),), ()),
        (gone("All gone."), (), (Pending("All gone.", -1, ()),), ()),
        (
            ins("Mine." + "</w:t></w:r>" + gone("Taken back.", "Bob") + "<w:r><w:t>"),
            ("Mine.",), (Pending("Mine.", 0, ("Ada",)),), ((0, "Ada"),),
        ),
        (ins(""), (), (), ()),
    ],
)  # fmt: skip
def test_what_waits_in_a_paragraph_is_told_with_its_people(
    inner: str, paragraphs: tuple[str, ...], pending: tuple[Pending, ...], authors: tuple[tuple[int, str], ...]
) -> None:
    """Inserted words are text, deleted ones are not; a paragraph has an author when all of it is by one."""
    data = under(built(), "wins", p(inner))
    found = part(document(data), "wins")
    assert (found.paragraphs, found.pending, found.authors) == (paragraphs, pending, authors)
    assert_nothing_lost(data)


def test_moved_words_have_one_author_although_they_stood_elsewhere() -> None:
    """What was moved away stands there no more and counts for nobody."""
    moved = '<w:moveFrom w:id="92" w:author="Bob"><w:r><w:t>from here</w:t></w:r></w:moveFrom>'
    here = '<w:moveTo w:id="93" w:author="Bob"><w:r><w:t>to here</w:t></w:r></w:moveTo>'
    found = part(document(under(built(), "wins", p(moved) + p(here))), "wins")
    assert found.paragraphs == ("to here",)
    assert found.pending == (Pending("from here", -1, ()), Pending("to here", 0, ("Bob",)))
    assert found.authors == ((0, "Bob"),)


def test_what_waits_in_headings_tables_and_boxes_is_told() -> None:
    """Wherever somebody has to decide before a document is final."""
    box = f"<w:r><w:pict><w:txbxContent>{p(ins('In a box.'))}</w:txbxContent></w:pict></w:r>"
    free = table(("a", "b")).replace(r("b"), ins("b", "Bob"))
    row = "<w:tr><w:trPr><w:del w:id='94' w:author='Bob'/></w:trPr><w:tc>" + p(gone("A row that goes.")) + "</w:tc></w:tr>"
    data = under(built(), "wins", p(r("Text.") + box) + free.replace("</w:tbl>", row + "</w:tbl>"))
    data = typed(data, (">Blockers</w:t></w:r>", f">Blockers</w:t></w:r>{ins(' of ours')}"))
    wins = part(document(data), "wins")
    assert [(one.text, one.paragraph) for one in wins.pending] == [
        ("In a box.", -1), ("a b", -1), ("A row that goes.", -1),
    ]  # fmt: skip
    assert [one.text for one in part(document(data), "blockers").pending] == ["Blockers of ours"]


def test_a_document_without_tracked_changes_has_none_waiting() -> None:
    """Formatting that was tracked is no change of words."""
    bold = '<w:r><w:rPr><w:b/><w:rPrChange w:id="95" w:author="Ada"><w:rPr/></w:rPrChange></w:rPr><w:t>Bold.</w:t></w:r>'
    data = under(built(), "wins", p(bold))
    assert "rPrChange" in text_part(data)
    assert all(one.pending == () for one in document(data).parts)
