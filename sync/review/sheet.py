"""A review as its writer reads it: each sentence with what stands beside it, and the evidence with where it was used. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from connectors.markdown import literal
from sync.access import Viewer, visible
from sync.decisions import Decision, DecisionKind
from sync.records import Artifact, Draft, Entry, EntryKind, Release, Statement, StatementKind
from sync.review.coverage import Cover, cover
from sync.review.guard import stale
from sync.review.language import Hint, hints, is_growth, protected, whole
from sync.review.lexicon import EVALUATIVE
from sync.review.material import GOAL_KINDS, Material
from sync.review.release import SUMMARY
from sync.review.sources import marks_in, source, standing_for, without_marks
from sync.review.surprise import Claim, Judged, Knowledge, Lineage, Standing, Unraised, judge, unraised
from sync.review.wording import GROWTH, OUTCOMES, PATTERNS, QUOTABLE, amount, spoken

TOLD = (SUMMARY, OUTCOMES, PATTERNS, GROWTH)
"""The sections of a review that its reader gets as text, in reading order."""

_NO_GROWTH = frozenset({EntryKind.BLOCKER, EntryKind.ACTION, *GOAL_KINDS})
"""What stands under growth without saying what the person should do differently."""


@dataclass(frozen=True)
class Line:
    """A sentence of the review: the program's own (with its *statement*), or a paragraph that its writer wrote."""

    id: str
    section: str
    heading: str
    text: str
    entries: tuple[str, ...]
    """Ids of the entries that it rests on."""
    subject: str = ""
    """What a decision about it names: the writer's own entry, or the first one that is cited."""
    statement: Statement | None = None
    stale: str = ""
    hints: tuple[Hint, ...] = ()
    judged: Judged | None = None
    """For a growth point: whether its reader knows of it."""
    dropped: bool = False
    """Whether its writer took it out of their document, or wrote something else in its place."""
    no_example: bool = False
    """A judgement of the writer's own that rests on nothing (rule E2)."""

    @property
    def mine(self) -> bool:
        """Whether its writer wrote it."""
        return self.statement is None


@dataclass(frozen=True)
class Source:
    """An entry that sentences rest on: its number, where it stands, and which sentences those are."""

    number: int
    entry: Entry
    words: str
    """What it says; of a goal its title and value, "" for somebody who may not read it."""
    where: str
    """``Check-in Ada Brandt 2026-03-02, Wins, 2 March, Ada Brandt (self)``."""
    paper: Artifact | None
    """The document that it stands in; None for what was noted in the console."""
    lines: tuple[str, ...]

    @property
    def ref(self) -> str:
        """Where that document lies, "" when there is none."""
        return self.paper.ref if self.paper else ""


@dataclass(frozen=True)
class Unused:
    """An entry that both sides may see and no sentence rests on. *weighty* when it is about growth (rule E8)."""

    entry: Entry
    where: str
    weighty: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that its writer looks at. What only they may see is empty for everybody else."""

    draft: Draft
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    cover: Cover
    whole: tuple[Hint, ...]
    unused: tuple[Unused, ...]
    withheld: tuple[Unused, ...]
    """Entries that no draft quotes, for what they touch (rule L12)."""
    left_out: tuple[Unused, ...] = ()
    """Entries that its writer left out."""
    for_you: tuple[Unused, ...] = ()
    unraised: tuple[Unraised, ...] = ()
    releases: tuple[Release, ...] = ()
    document: Artifact | None = None
    """Where its writer finishes it; None until that is provisioned."""
    workspace: str = ""

    @property
    def open_points(self) -> tuple[Line, ...]:
        """The growth points that must be marked before a release."""
        return tuple(line for line in self.lines if line.judged and line.judged.standing is Standing.NEW)


@dataclass(frozen=True)
class Beside:
    """What the store holds beside a person's material."""

    lineage: Lineage
    decisions: Sequence[Decision]
    papers: Mapping[str, Artifact]
    key: str
    """The document that the draft goes into."""
    places: Mapping[str, str]
    """Its sections, and which section of the sheet each one is."""
    listed: Mapping[int, Entry]
    """The numbers that the writer's document gives to entries."""
    order: Mapping[str, int] = field(default_factory=dict)
    """Where each of its paragraphs stood when it was last read."""
    dropped: frozenset[str] = frozenset()
    """Sentences that the program wrote there and that do not stand there any more."""
    releases: tuple[Release, ...] = ()
    deferred: tuple[Entry, ...] = ()
    """Points of earlier reviews that were moved to this period."""
    excluded: frozenset[str] = frozenset()
    """Ids of the entries that the writer left out."""
    workspace: str = ""


def lay_sheet(draft: Draft, material: Material, beside: Beside, viewer: Viewer, at: date, today: date) -> Sheet:
    """The sheet of *draft* for *viewer*. Access is decided for the day *at*; notice is counted up to *today*."""
    return _Laying(draft, material, beside, viewer, at, today).run()


def own_sentences(material: Material, writer_id: str, beside: Beside) -> tuple[Entry, ...]:
    """What the writer wrote into their document, as far as its reader gets it, in its order."""
    found = [one for one in material.entries if one.artifact_key == beside.key and one.by == writer_id]
    told = [one for one in found if one.anchor in beside.places]
    return tuple(sorted(told, key=lambda one: beside.order.get(one.text.strip(), len(beside.order))))


def growth_claims(
    draft: Draft, own: Iterable[Entry], entries: Mapping[str, Entry], listed: Mapping[int, Entry], places: Mapping[str, str]
) -> Iterator[Claim]:
    """The growth points of a review: what the draft says under growth, each paragraph of the writer's own there, and
    what reads like one in their summary. *places* are the sections of their document.
    """
    for statement in draft.statements:
        if statement.section == GROWTH and statement.citations:
            rests_on = tuple(entries[one.entry_id] for one in statement.citations if one.entry_id in entries)
            yield Claim(statement.citations[0].entry_id, statement.text, rests_on)
    for one in own:
        section = places.get(one.anchor, one.anchor)
        is_point = section == GROWTH or (section == SUMMARY and is_growth(one.text))
        if is_point and not one.text.startswith("## "):
            yield Claim(one.id, one.text, tuple(listed[n] for n in marks_in(one.text) if n in listed))


class _Laying:
    def __init__(self, draft: Draft, material: Material, beside: Beside, viewer: Viewer, at: date, today: date) -> None:
        self.draft, self.material, self.beside, self.viewer, self.at, self.today = draft, material, beside, viewer, at, today
        self.entries = {one.id: one for one in material.entries}
        self.standing = standing_for((*material.entries, *beside.listed.values()))
        self.titles = {key: paper.title for key, paper in beside.papers.items()}
        reader = Viewer(draft.reader_id, material.directory)
        self.knows = Knowledge(reader, viewer, material.entries, beside.lineage, beside.decisions, at)
        self.dismissed = {one.subject for one in beside.decisions if one.kind is DecisionKind.DISMISSED}
        self.names = (material.person.name,)
        self.goals = {one.id: one for one in material.goals}

    def run(self) -> Sheet:
        """Everything, in the order in which it is read."""
        draft, material = self.draft, self.material
        shared = material.shared(draft.writer_id, draft.reader_id, self.at)
        own = visible(self.viewer, own_sentences(material, draft.writer_id, self.beside), self.at)
        every = self._judged((*self._program_lines(), *self._own_lines(own)), own)
        lines = [line for line in every if not line.dropped]
        used = {entry_id for line in lines for entry_id in line.entries}
        notes = [one for one in shared if one.kind in QUOTABLE and one.kind is not EntryKind.ACTION]
        withheld = [one for one in notes if protected(one.text)]
        unused = [one for one in shared if one.id in draft.unused and one.id not in used and one not in withheld]
        mine = self.viewer.person_id == draft.writer_id and draft.writer_id != draft.reader_id
        private = material.only_for(draft.writer_id, draft.reader_id, self.at) if mine else ()
        return Sheet(
            draft,
            every,
            self._sources(lines),
            cover(draft, notes, material.criteria, material.cycle.start, material.as_of(self.today)),
            tuple(one for one in self._whole(lines) if one.key not in self.dismissed),
            self._evidence(visible(self.viewer, unused, self.at)),
            self._evidence(visible(self.viewer, withheld, self.at)),
            self._evidence(visible(self.viewer, self._left_out(shared), self.at)),
            self._evidence(private),
            unraised(private, self.knows, self.beside.deferred if mine else ()),
            self.beside.releases,
            self.beside.papers.get(self.beside.key),
            self.beside.workspace,
        )

    def _left_out(self, shared: Iterable[Entry]) -> list[Entry]:
        """What its writer left out, in its latest words; an entry that was edited since is told anew."""
        return [one for one in shared if one.id in self.beside.excluded]

    # ------------------------------------------------------------ sentences

    def _program_lines(self) -> Iterator[Line]:
        gone = {id(one.statement): one.reason for one in stale(self.draft, self.material, self.at)}
        for number, one in enumerate(self.draft.statements, start=1):
            ids = tuple(citation.entry_id for citation in one.citations)
            subject = ids[0] if ids else ""
            dropped = literal(one.text) in self.beside.dropped
            yield Line(
                f"s{number}",
                one.section,
                one.heading,
                one.text,
                ids,
                subject,
                one,
                "" if dropped else gone.get(id(one), ""),
                () if dropped else self._quoted_hints(one),
                dropped=dropped,
            )

    def _quoted_hints(self, statement: Statement) -> tuple[Hint, ...]:
        """What to ask about words that others used of the person; their own words about themselves raise no question."""
        found = [self.entries[one.entry_id] for one in statement.citations if one.entry_id in self.entries]
        if statement.kind is not StatementKind.QUOTATION or any(one.by == self.draft.person_id for one in found):
            return ()
        return self._open(hint for one in found for hint in hints(spoken(one), self.names))

    def _own_lines(self, own: Sequence[Entry]) -> Iterator[Line]:
        for number, one in enumerate(own, start=1):
            around = [near.text if near.anchor == one.anchor else "" for near in _neighbours(own, number - 1)]
            section = self.beside.places[one.anchor]
            linked = (*self._marked(one), *self.knows.linked(one.id))
            judging = section != SUMMARY or EVALUATIVE.search(one.text) or is_growth(one.text)
            yield Line(
                f"y{number}",
                section,
                "",
                without_marks(one.text),
                tuple(dict.fromkeys(entry.id for entry in linked)),
                one.id,
                hints=self._open(hints(without_marks(one.text), self.names, before=around[0], after=around[1])),
                no_example=bool(judging) and not linked and not one.text.startswith("## "),
            )

    def _marked(self, one: Entry) -> Iterable[Entry]:
        return (self.beside.listed[n] for n in marks_in(one.text) if n in self.beside.listed)

    def _open(self, found: Iterable[Hint]) -> tuple[Hint, ...]:
        return tuple(one for one in found if one.key not in self.dismissed)

    def _judged(self, lines: Sequence[Line], own: Sequence[Entry]) -> tuple[Line, ...]:
        """*lines*, the growth points among them with what they are to the reader; nothing is new to oneself."""
        if self.draft.writer_id == self.draft.reader_id:
            return tuple(lines)
        claims = growth_claims(self.draft, own, self.entries, self.beside.listed, self.beside.places)
        known = {one.claim.id: one for one in judge(claims, self.knows, self.today)}
        told = {line.id for line in lines if line.section == GROWTH or (line.mine and line.section == SUMMARY)}
        told -= {line.id for line in lines if line.dropped}
        return tuple(replace(line, judged=known.get(line.subject)) if line.id in told else line for line in lines)

    def _whole(self, lines: Sequence[Line]) -> tuple[Hint, ...]:
        by_section: dict[str, list[str]] = {PATTERNS: [], GROWTH: []}
        for line in lines:
            kinds = {self.entries[one].kind for one in line.entries if one in self.entries}
            if line.section in by_section and (line.mine or (kinds and not kinds <= _NO_GROWTH)):
                by_section[line.section].append(line.text)
        return whole(by_section[PATTERNS], by_section[GROWTH])

    # ------------------------------------------------------------ evidence

    def _sources(self, lines: Sequence[Line]) -> tuple[Source, ...]:
        """Numbered as in the writer's document, new ones after those. What stands in one place is one source."""
        using: dict[str, list[str]] = {}
        first: dict[str, Entry] = {}
        standing: dict[str, dict[str, Entry]] = {}
        for line in lines:
            for entry in (self.entries[one] for one in line.entries if one in self.entries):
                where = self._where(entry)
                if where not in first or (entry.kind in GOAL_KINDS and first[where].happened_on < entry.happened_on):
                    first[where] = entry
                standing.setdefault(where, {})[entry.id] = entry
                if line.id not in using.setdefault(where, []):
                    using[where].append(line.id)
        words = {where: self._words(entry, standing[where].values()) for where, entry in first.items()}
        numbers = {self._where(entry): number for number, entry in self.beside.listed.items()}
        free = count(max(numbers.values(), default=0) + 1)
        found = (
            Source(
                numbers.get(where) or next(free),
                entry,
                words[where],
                where,
                self.beside.papers.get(entry.artifact_key),
                tuple(using[where]),
            )
            for where, entry in first.items()
        )
        return tuple(sorted(found, key=lambda one: one.number))

    def _words(self, entry: Entry, standing: Iterable[Entry]) -> str:
        """What stands in one place: of a goal its last value, otherwise every note; "" for who may not read it."""
        goal = self.goals.get(entry.figure.goal_id) if entry.figure else None
        if goal and entry.figure and visible(self.viewer, (entry,), self.at):
            return f"{goal.title}: {amount(entry.figure.value, goal.unit)}"
        return "\n".join(spoken(one) for one in visible(self.viewer, standing, self.at))

    def _where(self, entry: Entry) -> str:
        return source(self.standing.get(entry.id, entry), self.titles, self.material.voice)

    def _evidence(self, entries: Iterable[Entry]) -> tuple[Unused, ...]:
        return tuple(Unused(one, self._where(one), one.kind is EntryKind.GROWTH or is_growth(one.text)) for one in entries)


def _neighbours(entries: Sequence[Entry], at: int) -> tuple[Entry, Entry]:
    """The entries before and after; the entry itself at an end, which adds nothing to it."""
    return entries[max(at - 1, 0)], entries[min(at + 1, len(entries) - 1)]
