"""What all reviews of a cycle have in common, and who may do what with one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sync.access import Action, Directory, Paper, Phase, Viewer, can, relation
from sync.records import Artifact, Cycle, Entry, Person
from sync.review.material import Material
from sync.review.wording import GROWTH, OUTCOMES, PATTERNS, Voice
from sync.schedule import review_window
from sync.store import Store, Transaction
from sync.store.queries import artifacts, cycles, leases, ledger, people
from templates.loader import load_sources
from templates.shapes import DocumentShape, Kind, Pack, Place, Template

PLACES: Mapping[Kind, Mapping[str, str]] = {
    Kind.MANAGER_REVIEW: {OUTCOMES: OUTCOMES, PATTERNS: PATTERNS, GROWTH: GROWTH},
    Kind.SELF_REVIEW: {OUTCOMES: "results", PATTERNS: "strengths", GROWTH: "growth"},
}
"""Where the sections of a draft stand in each kind of document that one goes into."""


class ReviewError(Exception):
    """A review that cannot be drafted, read or released; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Desk:
    """One cycle with everything that all its reviews have in common."""

    store: Store
    cycle: Cycle
    pack: Pack
    directory: Directory

    def person(self, person_id: str) -> Person:
        """The person of that id. Raises ReviewError."""
        found = self.directory.person(person_id)
        if found is None:
            raise ReviewError(f"nobody in the directory has the id {person_id!r}; `throughline people` lists everybody")
        return found

    def voice(self, person: Person) -> Voice:
        """How documents about *person* speak."""
        return Voice(person, self.directory, self.cycle.start, self.cycle.end)

    def template(self, kind: Kind) -> tuple[Template, DocumentShape]:
        """The pack's template of a document. Raises ReviewError."""
        template = self.pack.templates.get(kind)
        if template is None or not isinstance(template.shape, DocumentShape):
            raise ReviewError(f"the pack {self.pack.name} of {self.cycle.label} has no {kind}.yaml, so there is none to write")
        return template, template.shape


def open_desk(store: Store, cycle_id: str) -> Desk:
    """Load what the reviews of a cycle share. Raises ReviewError when there is no such cycle."""
    with store.read() as tx:
        cycle = cycles.get(tx, cycle_id)
        if cycle is None:
            known = ", ".join(one.id for one in cycles.all_cycles(tx)) or "none yet"
            raise ReviewError(f"there is no cycle {cycle_id!r}; there are: {known}")
        pack = load_sources(cycle.pack_name, cycles.pack_sources(tx, cycle_id))
        return Desk(store, cycle, pack, Directory(people.everyone(tx)))


def material_of(desk: Desk, tx: Transaction, person_id: str) -> Material:
    """What the ledger holds about a person for this cycle. Raises ReviewError when nobody has that id."""
    return material_from(desk, tx, person_id, ledger.about(tx, person_id))


def material_from(desk: Desk, tx: Transaction, person_id: str, entries: tuple[Entry, ...]) -> Material:
    """The same, with the current *entries* about the person at hand."""
    person = desk.person(person_id)
    goals, values = ledger.goals_and_values(tx, desk.cycle.id, person_id)
    actions = ledger.actions(tx, desk.cycle.id, person_id)
    return Material(person, desk.cycle, desk.pack, desk.directory, entries, goals, values, actions)


def acting_day(desk: Desk, today: date) -> date:
    """The day that decides who the reviewer is: *today*, and the review moment once it is past.

    Somebody who becomes manager later neither writes nor releases the review of a time that they did not lead.
    """
    return min(today, review_window(desk.cycle)[1])


def paper_of(person_id: str, writer_id: str, phase: Phase) -> Paper:
    kind = Kind.SELF_REVIEW if writer_id == person_id else Kind.MANAGER_REVIEW
    return Paper(kind, person_id, writer_id, phase)


def require(desk: Desk, viewer_id: str, action: Action, paper: Paper, today: date, verb: str) -> None:
    """Raise ReviewError unless *viewer_id* may do *action*: as of the review moment, still today, in a cycle that is open."""
    if action is not Action.READ:
        require_open(desk)
    viewer, about = Viewer(viewer_id, desk.directory), desk.person(paper.about)
    who = desk.directory.name(viewer_id) or viewer_id
    person = desk.directory.person(viewer_id)
    here = person is not None and person.active(today) and (action is Action.READ or about.end is None or today <= about.end)
    if here and can(viewer, action, paper, acting_day(desk, today)):
        return
    if about.end is not None and today > about.end:
        raise ReviewError(
            f"{about.name} left on {about.end}; what was written stays readable, and no review is {verb}ed any more"
        )
    held = relation(viewer, paper.about, today)
    raise ReviewError(
        f"{who} may not {verb} the {paper.kind} of {about.name} on {today}, being {held} to them; their manager may"
    )


def require_open(desk: Desk) -> None:
    """Raise ReviewError when HR has locked the cycle: then its reviews are only read."""
    if desk.cycle.locked:
        raise ReviewError(
            f"the cycle {desk.cycle.label} is locked: its reviews can be read, and nothing is drafted, decided, pushed or "
            "released any more; HR can open it again, with a reason"
        )


def review_key(cycle_id: str, person_id: str, manager_id: str) -> str:
    """The logical key of a manager's review document."""
    return f"{cycle_id}/{person_id}/{Kind.MANAGER_REVIEW}/{manager_id}"


def draft_key(cycle_id: str, person_id: str, writer_id: str) -> str:
    """The logical key of the document that a draft goes into: the manager's review, or the person's own."""
    own = f"{cycle_id}/{person_id}/{Kind.SELF_REVIEW}"
    return own if writer_id == person_id else review_key(cycle_id, person_id, writer_id)


def strayed(desk: Desk, artifact: Artifact) -> str:
    """Why a private document is not where it belongs, "" when it is; only a workspace of folders tells by its refs."""
    if artifact.place is not Place.PRIVATE or not artifact.ref.startswith("shared/"):
        return ""
    owner = desk.directory.name(artifact.other_id) or artifact.other_id
    return (
        f"the review document lies in a shared folder ({artifact.ref}): move it back to the private folder of {owner}, "
        "then run `throughline sync`"
    )


def titles_of(tx: Transaction, entries: Iterable[Entry]) -> dict[str, str]:
    """Titles of the artifacts that *entries* stand in, by key."""
    return {key: one.title for key, one in artifacts.by_keys(tx, sorted({entry.artifact_key for entry in entries})).items()}


@contextmanager
def lease(store: Store, name: str, holder: str, now: Callable[[], datetime]) -> Iterator[None]:
    """One writer of a workspace at a time."""
    with store.write() as tx:
        leases.acquire(tx, name, holder, now())
    try:
        yield
    finally:
        with store.write() as tx:
            leases.give_back(tx, name, holder)
