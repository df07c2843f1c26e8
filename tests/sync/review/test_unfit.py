"""Review documents of which it is not certain what their writer means to show."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from connectors.office.docx import build, read
from connectors.workspace import Document, DocumentContent, Paragraph, Row, as_read, cell_of
from sync.review.release import unfit
from sync.review.service import Refused, Released, ReviewError
from sync.store.queries import artifacts
from templates.shapes import Kind
from tests.connectors.office.docx_kit import p, r, text_part, typed
from tests.sync.review.acting import KEY, OWN_WORDS, content_at, draft, fill, rated, retyped, section, shape_of, show

SHAPE = shape_of(Kind.MANAGER_REVIEW)
SECTIONS = {
    "growth": (Paragraph("Lead a workshop."),),
    "questions": (Paragraph("Is she leaving?"),),
    "summary": (Paragraph(OWN_WORDS),),
}
EMPTY = as_read(DocumentContent(SHAPE))
FILE = build(DocumentContent(SHAPE, SECTIONS), key=KEY, kind=Kind.MANAGER_REVIEW, title="Review draft")
QUESTIONS = next(one for one in re.findall(r"<w:p>.*?</w:p>", text_part(FILE)) if "Questions to settle first" in one)


def reasons(*changes: tuple[str, str]) -> list[str]:
    """Why the file is unfit after raw edits of its XML."""
    assert isinstance(EMPTY, Document)
    return [one.reason for one in unfit(read(typed(FILE, *changes), SHAPE)[1], EMPTY, SHAPE)]


def without_heading(document: Document) -> Document:
    """What is read when the heading of the questions is gone: they belong to the section above."""
    asked = section(document, "questions")
    parts = (replace(part, paragraphs=part.paragraphs + asked) if part.section == "growth" else part for part in document.parts)
    return replace(document, parts=tuple(part for part in parts if part.section != "questions"))


def with_reading(section: str, **changes: object):
    """A change to what is read of one section."""
    return lambda document: replace(
        document,
        parts=tuple(replace(part, **changes) if part.section == section else part for part in document.parts),  # type: ignore[arg-type]
    )


# ---------------------------------------------------------------- the boundary of what is not released


def test_a_file_as_people_leave_it_is_fit() -> None:
    """All headings stand and the summary is in the manager's words."""
    assert reasons() == []


@pytest.mark.parametrize(
    "instead",
    ["", p(r("For me alone"), "Heading2"), p(r("For me alone"), "Heading1"), p(r("For me alone"))],
    ids=["deleted", "retyped as Heading 2", "retyped as Heading 1", "retyped as text"],
)
def test_a_file_whose_heading_of_the_questions_is_gone_is_unfit(instead: str) -> None:
    """Their text would be read as part of the section above, or under a heading that is only guessed."""
    (reason,) = reasons((QUESTIONS, instead))
    assert "this heading is missing" in reason


def test_questions_without_their_heading_are_not_released(desk, workspace, ref) -> None:
    """The refusal names the heading, and once it is put back the review is shown without them."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    workspace.type_into(ref, "questions", "Does she want the lead role?")
    whole = content_at(workspace, ref)
    retyped(workspace, ref, without_heading)
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [one.sentence for one in done.refusals] == ["Questions to settle first", "Does she want the lead role?"]
    assert "is new to its reader" in done.refusals[1].reason
    assert workspace.refs == (ref,)
    retyped(workspace, ref, lambda _: whole)
    shown = show(desk, workspace)
    assert isinstance(shown, Released)
    assert "lead role" not in repr(content_at(workspace, shown.ref))


# ---------------------------------------------------------------- somebody's own


def test_a_draft_that_nobody_touched_is_not_released(desk, workspace, ref) -> None:
    """Not even when a rating was chosen; the refusal says where to write what."""
    fill(desk, workspace, draft(desk))
    rated(workspace, ref, "For the dates kept.")
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    (refusal,) = done.refusals
    assert "write a few sentences of yours under “Summary in my own words”" in refusal.reason
    workspace.type_into(ref, "summary", OWN_WORDS)
    assert isinstance(show(desk, workspace), Released)


def test_a_sentence_of_the_draft_is_no_summary_of_ones_own(desk, workspace, ref) -> None:
    """Copying one down is not writing."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "summary", section(content_at(workspace, ref), "patterns")[1])
    assert isinstance(show(desk, workspace), Refused)


# ---------------------------------------------------------------- what nobody saw or decided on


def test_hidden_text_makes_a_file_unfit() -> None:
    """The reason quotes how it begins, as the reading does."""
    hidden = p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>Between us only.</w:t></w:r>")
    assert any("hidden text would be shown" in one for one in reasons((QUESTIONS, hidden + QUESTIONS)))


def test_a_pending_tracked_insertion_makes_a_file_unfit() -> None:
    """It is named with who made it."""
    added = p(f'<w:ins w:id="900" w:author="Hanna Reus" w:date="2026-06-01T09:00:00Z">{r("Promote her.")}</w:ins>')
    (reason,) = reasons((QUESTIONS, added + QUESTIONS))
    assert reason == "it is a tracked change by Hanna Reus; accept or reject the tracked changes first"


def test_two_filled_rows_of_the_rating_are_refused(desk, workspace, ref) -> None:
    """Which of the two was chosen is not for the program to say."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    rows = tuple(Row("", {"point": cell_of(point)}, f"row {n} of Rating") for n, point in enumerate(("Fully", "Partly"), 1))
    retyped(workspace, ref, with_reading("rating", rows=rows))
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert "row 1 of Rating, row 2 of Rating" in done.refusals[0].reason


def test_remarks_below_the_sources_are_refused(desk, workspace, ref) -> None:
    """As text in the list or under a heading of their own, for nobody can tell whom they are meant for."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "summary", OWN_WORDS)
    workspace.type_into(ref, "sources", "Remember to ask HR about her pay.")
    workspace.type_into(ref, "Loose ends", "Nothing yet.")
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [one.sentence for one in done.refusals] == ["Remember to ask HR about her pay.", "Loose ends", "Nothing yet."]
    assert all("below the list of sources" in one.reason for one in done.refusals)


# ---------------------------------------------------------------- in the wrong place


def test_a_review_document_in_a_shared_folder_is_neither_filled_nor_released(store, desk, workspace, ref) -> None:
    """Everybody there could read it; not a character of it is changed."""
    moved = workspace.move(ref, "shared/Ada Brandt - ada/Review draft")
    with store.write() as tx:
        standing = artifacts.get(tx, KEY)
        assert standing is not None
        artifacts.update(tx, [replace(standing, ref=moved)])
    before = content_at(workspace, moved)
    (done,) = fill(desk, workspace, draft(desk))
    assert done.result == "failed"
    assert "lies in a shared folder" in done.message
    assert "move it back to the private folder of Ben Cole" in done.message
    assert content_at(workspace, moved) == before
    workspace.type_into(moved, "summary", OWN_WORDS)
    with pytest.raises(ReviewError, match="lies in a shared folder"):
        show(desk, workspace)
    assert workspace.refs == (moved,)


TAKEN_OUT = f'<w:del w:id="1" w:author="Ben"><w:r><w:delText>Lead a workshop.</w:delText></w:r></w:del>{r("Lead two.")}'
PUT_IN = f'{r("Lead a")}<w:ins w:id="1" w:author="Ben">{r(" big")}</w:ins>{r(" workshop.")}'


@pytest.mark.parametrize("changed", [TAKEN_OUT, PUT_IN], ids=["taken out", "put in"])
def test_a_file_with_a_tracked_change_inside_a_sentence_is_unfit(changed: str) -> None:
    """Whatever was put in or taken out, the sentence is named."""
    plain = next(one for one in re.findall(r"<w:r>.*?</w:r>", text_part(FILE)) if "Lead a workshop." in one)
    (reason,) = reasons((plain, changed))
    assert "tracked change" in reason
