"""A sentence of the writer's own into their review document, as if they had typed it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from connectors.markdown import literal
from connectors.workspace import (
    AppendToSection,
    Bullet,
    Change,
    Document,
    Edit,
    Paragraph,
    ReviseLines,
    Snapshot,
    Workspace,
    Written,
)
from sync.access import Action, Phase
from sync.records import Artifact, ArtifactState
from sync.review.desk import Desk, ReviewError, draft_key, lease, paper_of, require, strayed
from sync.review.looking import places_of
from sync.review.sources import marks_in, without_marks
from sync.store.queries import artifacts
from templates.shapes import Kind

LONGEST = 2000
"""Characters of one sentence."""


class NotThere(ReviewError):
    """The drafted sentence that another one is to replace does not stand in the document."""


@dataclass(frozen=True)
class Sentence:
    """What somebody writes: its section of the draft, its words, and the drafted sentence that it replaces (or "")."""

    section: str
    text: str
    instead: str = ""


def write_sentence(
    desk: Desk,
    workspace: Workspace,
    name: str,
    person_id: str,
    by: str,
    wanted: Sentence,
    *,
    holder: str,
    now: Callable[[], datetime],
    today: date,
) -> None:
    """Write it below its section, or in the place of the drafted one, whose sources it keeps; nothing when it stands there.

    What the program wrote is recorded as it was, so that a sync takes this for the writer's own, and a drafted sentence that
    it replaced does not come back. Raises ReviewError, LeaseHeld.
    """
    require(desk, by, Action.WRITE, paper_of(person_id, by, Phase.DRAFT), today, "write")
    text = " ".join(wanted.text.split())
    if not text or len(text) > LONGEST:
        raise ReviewError(f"write one sentence of at most {LONGEST} characters")
    kind = Kind.SELF_REVIEW if by == person_id else Kind.MANAGER_REVIEW
    place = next((one for one, section in places_of(by == person_id).items() if section == wanted.section), "")
    shape = desk.template(kind)[1]
    with lease(desk.store, name, holder, now):
        artifact = _standing(desk, person_id, by)
        read = next(iter(workspace.read([(artifact.ref, shape)])))
        if not isinstance(read, Snapshot) or not isinstance(read.content, Document):
            raise ReviewError(f"“{artifact.title}” cannot be read just now; try it again in a while")
        changes = changes_for(_lines(read.content, place), replace(wanted, section=place, text=text))
        if not changes:
            return
        result = next(iter(workspace.write([Edit(read.ref, read.version, shape, changes)])))
        if not isinstance(result, Written):
            raise ReviewError(f"“{artifact.title}” could not be written, for somebody works in it; try it again in a while")
        with desk.store.write() as tx:
            artifacts.update(tx, [replace(artifact, version="")])


def changes_for(lines: Sequence[str], wanted: Sentence) -> tuple[Change, ...]:
    """The changes to a section of *lines*; none when the sentence stands there. Raises ReviewError."""
    if any(_bare(line) == literal(wanted.text) for line in lines):
        return ()
    if not wanted.instead:
        return (AppendToSection(wanted.section, (Paragraph(wanted.text),)),)
    at = next((at for at, line in enumerate(lines) if _bare(line) == literal(wanted.instead)), None)
    if at is None:
        raise NotThere("the drafted sentence does not stand in your document: write the draft into it first")
    marked = wanted.text + "".join(f" [{number}]" for number in marks_in(lines[at]))
    new, below = Bullet(marked), lines[at + 1 : at + 2]
    if below:
        return (ReviseLines(wanted.section, (lines[at],), {below[0]: (new,)}),)
    return (AppendToSection(wanted.section, (new,)), ReviseLines(wanted.section, (lines[at],)))


def _standing(desk: Desk, person_id: str, by: str) -> Artifact:
    with desk.store.read() as tx:
        artifact = artifacts.get(tx, draft_key(desk.cycle.id, person_id, by))
    if artifact is None or artifact.state is not ArtifactState.LINKED:
        raise ReviewError("your document does not exist yet, or is not where it was: HR’s next plan makes it")
    if why := strayed(desk, artifact):
        raise ReviewError(why)
    return artifact


def _lines(document: Document, place: str) -> tuple[str, ...]:
    part = next((part for part in document.parts if part.section == place), None)
    if part is None or not place:
        raise ReviewError("the heading of that section is gone from your document: put it back, then try again")
    return tuple(line for line in part.paragraphs if line.strip())


def _bare(line: str) -> str:
    return without_marks(line).removeprefix("- ").strip()
