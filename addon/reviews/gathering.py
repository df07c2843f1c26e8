"""What the pages of a review show: the sheet beside its evidence, what was asked of the worker, what one may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from addon.reviews.page import Chapter, chapters
from addon.web.addresses import Where, where
from addon.web.seat import Seat, cycle_or_404
from sync.access import Action, Paper, Phase
from sync.records import Artifact, Person
from sync.review import service
from sync.review.desk import acting_day
from sync.review.release import SUMMARY
from sync.review.service import Desk, ReviewError
from sync.review.sheet import Sheet, Source
from sync.review_acts import ActKind
from sync.store.queries import review_acts, reviews
from sync.store.queries.overviews import Sought, Written
from sync.store.queries.review_acts import Standing
from templates.shapes import Kind


@dataclass(frozen=True, eq=False)
class Bench:
    """A review as its page shows it."""

    desk: Desk
    about: Person
    writer_id: str
    sheet: Sheet | None
    acts: Mapping[ActKind, Standing]
    may_write: bool
    """Whether the one who looks may draft, decide and push."""

    @property
    def busy(self) -> bool:
        """Whether a worker has something to do with it."""
        return any(one.busy for one in self.acts.values())

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The sections with their lines."""
        return chapters(self.sheet, self.desk) if self.sheet else ()

    @property
    def has_summary(self) -> bool:
        """Whether the writer said something in a section of their own."""
        return any(one.key == SUMMARY for one in self.chapters)

    @cached_property
    def sources(self) -> Mapping[str, tuple[Source, ...]]:
        """The sources of each line, by its id."""
        found: dict[str, tuple[Source, ...]] = {}
        for source in self.sheet.sources if self.sheet else ():
            for line in source.lines:
                found[line] = (*found.get(line, ()), source)
        return found

    @property
    def months(self) -> list[tuple[str, int, int]]:
        """For each month of the period its name, how much was noted, and how much of it is quoted."""
        found = self.sheet.cover.months if self.sheet else ()
        return [(f"{date.fromisoformat(f'{one.name}-01'):%b}", one.noted, one.quoted) for one in found]

    def place(self, paper: Artifact | None) -> Where | None:
        """Where a document opens."""
        return where(paper, self.sheet.workspace) if paper and self.sheet else None


def desk_of(mine: Seat) -> Desk:
    """The cycle of the page, for its reviews; a page that is not there before the first cycle."""
    cycle = cycle_or_404(mine)
    return Desk(mine.company.store, cycle, mine.company.pack(cycle), mine.directory)


def may_write(mine: Seat, desk: Desk, about: Person) -> bool:
    """Whether the one who looks writes this review today; a locked cycle is said by a sentence, not by this."""
    kind = Kind.SELF_REVIEW if about.id == mine.me.id else Kind.MANAGER_REVIEW
    paper = Paper(kind, about.id, mine.me.id, Phase.DRAFT)
    gone = about.end is not None and mine.today > about.end
    return not gone and service.can_draft(desk, mine.me.id, paper, mine.today)


def bench(mine: Seat, desk: Desk, about: Person, writer_id: str) -> Bench | None:
    """The review of *about* by *writer_id* as the one who looks may read it; None when they may not."""
    writes = writer_id == mine.me.id and may_write(mine, desk, about)
    try:
        sheet = service.read_sheet(desk, about.id, writer_id, mine.me.id, now=mine.company.now, today=mine.today)
    except ReviewError:
        return None
    if sheet is None and writer_id == mine.me.id and not writes:
        return None
    return Bench(desk, about, writer_id, sheet, acts(mine, desk, about, writer_id), writes)


def acts(mine: Seat, desk: Desk, about: Person, writer_id: str) -> Mapping[ActKind, Standing]:
    """What the writer asked of a worker; for their eyes: a refused sentence may repeat what nobody else may read."""
    if writer_id != mine.me.id:
        return {}
    with mine.company.store.read() as tx:
        return review_acts.standing(tx, desk.cycle.id, about.id, writer_id)


def writer_of(mine: Seat, desk: Desk, about: Person) -> str:
    """Whose review of *about* the one who looks would see: their own, else that of the manager of the review's day."""
    if may_write(mine, desk, about):
        return mine.me.id
    with mine.company.store.read() as tx:
        drafted = about.id in reviews.drafted_by(tx, desk.cycle.id, mine.me.id)
    return mine.me.id if drafted else about.manager_at(acting_day(desk, mine.today))


def sought(mine: Seat, desk: Desk, words: str) -> Sought:
    """The reviews by managers that are ready for HR, those with *words* in one of their two names.

    `readable` says which of them may be opened.
    """
    ids = None
    if words:
        ids = frozenset(one.id for one in mine.directory.people if words.casefold() in one.name.casefold())
    return Sought(desk.cycle.id, mine.me.id, mine.today >= desk.cycle.review_on, ids)


@dataclass(frozen=True)
class Readable:
    """One review that somebody may open."""

    person: Person
    writer: str
    released: bool


def readable(mine: Seat, some: Iterable[Written]) -> list[Readable]:
    """Those of *some* reviews that the one who looks may open."""
    found = []
    for one in some:
        phase = Phase.RELEASED if one.released else Phase.CALIBRATION
        kind = Kind.RELEASED_REVIEW if one.released else Kind.MANAGER_REVIEW
        person = mine.directory.person(one.person_id)
        if person is not None and mine.may(Action.READ, Paper(kind, person.id, one.writer_id, phase)):
            found.append(Readable(person, mine.directory.name(one.writer_id), one.released))
    return found
