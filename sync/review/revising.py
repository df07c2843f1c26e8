"""Which lines of a review document a new draft changes: the program's own that nobody touched, and no others. Pure.

What a person wrote, moved or rewrote stays where it is. What they took out stays out: its statement is not written again.
Sources keep the numbers that they have in the document, so that marks in people's own sentences stay true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.markdown import literal, plain
from connectors.workspace import (
    AppendToSection,
    Change,
    Document,
    DocumentContent,
    FillSection,
    Line,
    Link,
    Paragraph,
    Part,
    ReviseLines,
    as_read,
    line_as_read,
)
from sync.records import Draft, Entry, Statement, StatementKind
from sync.review.sources import SOURCES, laid_out, marks_in, source, standing_for, without_marks
from sync.review.wording import SECTIONS, Voice
from templates.shapes import DocumentShape

_LISTED = re.compile(r"\[(\d{1,4})\] (.+)", re.DOTALL)


@dataclass(frozen=True)
class Paper:
    """A document that a draft goes into: how it stands, what the program wrote there, and where its sections are."""

    document: Document
    ground: Document
    shape: DocumentShape
    places: Mapping[str, str]
    """Section of a draft to the section of the document."""

    def part(self, section: str) -> Part | None:
        """The first part of that section."""
        return next((part for part in self.document.parts if part.section == section), None)

    def ours(self, section: str) -> Counter[str]:
        """What the program wrote into a section, as it reads."""
        return Counter(text for part in self.ground.parts if part.section == section for text in part.paragraphs)


@dataclass(frozen=True)
class Revision:
    """The changes that bring a document up to a draft, and what the program will have written there then."""

    changes: tuple[Change, ...]
    before: Document
    """What the program may have written while it is not known whether the changes were made."""
    ground: Document
    added: int
    """Sentences."""
    removed: int
    missing: tuple[str, ...] = ()
    """Titles of sections whose heading is gone: nothing could be written there."""


def certain(ground: Document, document: Document) -> Document:
    """What the program wrote for certain: a run that was cut off before its changes were made wrote none of its lines."""
    coming = Counter(ground.template_text)
    standing = {text for part in document.parts for text in part.paragraphs}
    settled = replace(ground, template_text=())
    if not coming or any(text in standing for text in coming):
        return settled
    parts = (
        replace(part, paragraphs=tuple(text for text in part.paragraphs if not _take(coming, text))) for part in ground.parts
    )
    return replace(settled, parts=tuple(parts))


def revise(
    draft: Draft,
    paper: Paper,
    entries: Mapping[str, Entry],
    titles: Mapping[str, str],
    voice: Voice,
    former: Iterable[Draft] = (),
    lineage: Mapping[str, Sequence[Entry]] | None = None,
    targets: Mapping[str, str] | None = None,
) -> Revision:
    """Bring the document up to *draft*. *entries* are those it cites; *former* the drafts that may stand there already.

    *targets* says by entry id where the link of a source leads to.
    """
    return _Revising(draft, paper, entries, titles, voice, tuple(former), lineage or {}, targets or {}).run()


class _Revising:
    def __init__(
        self,
        draft: Draft,
        paper: Paper,
        entries: Mapping[str, Entry],
        titles: Mapping[str, str],
        voice: Voice,
        former: Sequence[Draft],
        lineage: Mapping[str, Sequence[Entry]],
        targets: Mapping[str, str],
    ) -> None:
        self.draft, self.paper, self.lineage = draft, paper, lineage
        self.texts = {one: source(entry, titles, voice) for one, entry in standing_for(entries.values()).items()}
        self.links = {text: Link(text, targets[one]) for one, text in reversed(self.texts.items()) if targets.get(one)}
        self.standing = Counter(_bare(text) for part in paper.document.parts for text in part.paragraphs)
        self.written = {_bare(text) for part in paper.ground.parts for text in part.paragraphs}
        self.dropped = self._dropped((draft, *former))
        self.listed = self._listed()
        self.changes: list[Change] = []
        self.new: dict[str, tuple[Line, ...]] = {}
        self.out: dict[str, tuple[str, ...]] = {}

    def run(self) -> Revision:
        """Every section, then the sources that its lines still point to."""
        listing = self.paper.shape.section(SOURCES)
        numbers = self._numbers()
        wanted = laid_out(self.draft, numbers if listing else {})
        missing = [listing.title] if listing and self.paper.part(SOURCES) is None else []
        for section in SECTIONS:
            place = self.paper.places.get(section, section)
            part = self.paper.part(place)
            if part is not None:
                self._section(place, part, wanted.get(section, ()))
            elif section in wanted and (found := self.paper.shape.section(place)):
                missing.append(found.title)
            elif section in wanted and section in self.paper.places:
                missing.append(place)
        added, removed = (sum(len(lines) for lines in one.values()) for one in (self.new, self.out))
        self._sources()
        return Revision(tuple(self.changes), self._before(), self._ground(), added, removed, tuple(missing))

    # ------------------------------------------------------------ what stands there

    def _dropped(self, drafts: Iterable[Draft]) -> set[str]:
        """What a person took out or rewrote: it was written here, and does not stand here any more."""
        written, standing = ({text.removeprefix("- ") for text in texts} for texts in (self.written, self.standing))
        return {
            name
            for draft in drafts
            for statement, names in _named(draft, self.lineage)
            if (text := literal(statement.text)) in written and text not in standing
            for name in names
        }

    def _listed(self) -> dict[str, int]:
        """The numbers that the document's list of sources gives."""
        part = self.paper.part(SOURCES)
        found = (_LISTED.fullmatch(plain(line).strip()) for line in (part.paragraphs if part else ()))
        return {one[2]: int(one[1]) for one in found if one}

    def _numbers(self) -> dict[str, int]:
        """Entry id to number: the one that its source has here, else the next that nobody uses."""
        taken = {n for part in self.paper.document.parts for text in part.paragraphs for n in marks_in(text)}
        free = max(taken, default=0)
        known = dict(self.listed)
        numbers = {}
        for citation in (one for statement in self.draft.statements for one in statement.citations):
            text = self.texts.get(citation.entry_id)
            if text is None:
                continue
            if text not in known:
                free += 1
                known[text] = free
            numbers[citation.entry_id] = known[text]
        self.known = known
        return numbers

    # ------------------------------------------------------------ one section

    def _section(self, place: str, part: Part, wanted: Sequence[tuple[Line, Statement | None]]) -> None:
        ours = self.paper.ours(place)
        lines = [line for line in part.paragraphs if line.strip()]
        target = [(line, line_as_read(line)) for line, _ in self._to_stand(wanted)]
        texts = {text for _, text in target}
        out = [line for line in lines if ours[line] and line not in texts]
        out = [line for line in out if not line.startswith("## ") or self._stands_alone(line, lines, out)]
        stay = {_bare(line) for line in lines if line not in out}
        new = [(line, text) for line, text in target if _bare(text) not in stay and not self._stands_elsewhere(text, part)]
        self._put(place, lines, out, target, {text for _, text in new})

    def _to_stand(self, wanted: Sequence[tuple[Line, Statement | None]]) -> Iterator[tuple[Line, Statement | None]]:
        """What of the draft belongs into the document: without what a person took out, and headings with nothing below."""
        named = {id(statement): names for statement, names in _named(self.draft, self.lineage)}
        heading: tuple[Line, Statement | None] | None = None
        for line, statement in wanted:
            if statement is None:
                gone = _bare(line_as_read(line)) in self.written and not self.standing[_bare(line_as_read(line))]
                heading = None if gone else (line, None)
            elif self._is_there(line) or not named[id(statement)] & self.dropped:
                if heading is not None and statement.heading:
                    yield heading
                    heading = None
                yield line, statement

    def _is_there(self, line: Line) -> bool:
        return self.standing[_bare(line_as_read(line))] > 0

    def _stands_elsewhere(self, text: str, part: Part) -> bool:
        """A person carried it into another section."""
        bare = _bare(text)
        here = sum(_bare(line) == bare for line in part.paragraphs)
        return not text.startswith("## ") and self.standing[bare] > here

    def _stands_alone(self, heading: str, lines: Sequence[str], out: Sequence[str]) -> bool:
        """Whether nothing stays under *heading*."""
        below = lines[lines.index(heading) + 1 :]
        inside = below[: next((at for at, line in enumerate(below) if line.startswith("## ")), len(below))]
        return all(line in out for line in inside)

    def _put(
        self, place: str, lines: Sequence[str], out: Sequence[str], target: Sequence[tuple[Line, str]], new: set[str]
    ) -> None:
        """New lines go right above the next wanted one that stands, or to the end."""
        above: dict[str, tuple[Line, ...]] = {}
        last: tuple[Line, ...] = ()
        below = ""
        standing = {_bare(line): line for line in lines if line not in out}
        for line, text in reversed(target):
            if text not in new:
                below = standing.get(_bare(text), below)
            elif below:
                above[below] = (line, *above.get(below, ()))
            else:
                last = (line, *last)
        self.new[place] = tuple(line for line, text in target if text in new)
        self.out[place] = tuple(out)
        if not lines and last:
            self.changes.append(FillSection(place, last))
            return
        if last:
            self.changes.append(AppendToSection(place, last))
        if out or above:
            self.changes.append(ReviseLines(place, tuple(out), above))

    # ------------------------------------------------------------ sources

    def _sources(self) -> None:
        part = self.paper.part(SOURCES)
        if part is None:
            return
        used = self._used()
        # A program that saves the document may write the target of a link in another way.
        ours = {plain(line) for line in self.paper.ours(SOURCES)}
        out = tuple(line for line in part.paragraphs if plain(line) in ours and not set(marks_in(line)[:1]) & used)
        new = sorted((number, text) for text, number in self.known.items() if number in used and text not in self.listed)
        lines = tuple(Paragraph(f"[{number}] {text}", self.links.get(text)) for number, text in new)
        self.new[SOURCES], self.out[SOURCES] = lines, out
        if lines:
            empty = not any(line.strip() for line in part.paragraphs)
            self.changes.append(FillSection(SOURCES, lines) if empty else AppendToSection(SOURCES, lines))
        if out:
            self.changes.append(ReviseLines(SOURCES, out))

    def _used(self) -> set[int]:
        """The numbers that the document's lines point to once it is revised."""
        gone = Counter((place, line) for place, lines in self.out.items() for line in lines)
        numbers: set[int] = set()
        for part in self.paper.document.parts:
            for text in part.paragraphs:
                if part.section == SOURCES:
                    continue
                if gone[part.section, text]:
                    gone[part.section, text] -= 1
                    continue
                numbers.update(marks_in(text))
            numbers.update(n for row in part.rows for cell in row.cells.values() for n in marks_in(cell.text))
        return numbers | {n for lines in self.new.values() for line in lines for n in marks_in(line.text)}

    def _before(self) -> Document:
        """Everything that may stand there as the program's own, and as its template's text the lines about to be written."""
        coming = tuple(line_as_read(line) for lines in self.new.values() for line in lines)
        return replace(self._grown({}), template_text=coming)

    def _ground(self) -> Document:
        """What the program wrote: its own lines that stay, those that a person took out, and the new ones."""
        return self._grown(self.out)

    def _grown(self, out: Mapping[str, Sequence[str]]) -> Document:
        added = as_read(DocumentContent(self.paper.shape, self.new))
        assert isinstance(added, Document)
        new = {part.section: part.paragraphs for part in added.parts if part.paragraphs}
        parts = []
        for part in self.paper.ground.parts:
            gone = Counter(out.get(part.section, ()))
            kept = [text for text in part.paragraphs if not _take(gone, text)]
            parts.append(replace(part, paragraphs=(*kept, *new.pop(part.section, ()))))
        return replace(self.paper.ground, parts=(*parts, *(part for part in added.parts if part.section in new)))


def _named(draft: Draft, lineage: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[Statement, set[str]]]:
    """Each statement with what it is the same by in another draft: the notes that it quotes in any of their versions; a
    figure or connective, its place under its heading.
    """
    places: Counter[tuple[str, str]] = Counter()
    for statement in draft.statements:
        if statement.kind is StatementKind.QUOTATION:
            ids = {citation.entry_id for citation in statement.citations}
            yield statement, ids | {old.id for one in ids for old in lineage.get(one, ())}
        else:
            places[statement.section, statement.heading] += 1
            yield statement, {f"{statement.section}/{statement.heading}/{places[statement.section, statement.heading]}"}


def _bare(text: str) -> str:
    return without_marks(text).strip()


def _take(counted: Counter[str], item: str) -> bool:
    if counted[item] <= 0:
        return False
    counted[item] -= 1
    return True
