"""What writers look at while they write: the sheet of a review, points never raised, and their decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from connectors.workspace import Document
from sync.access import Action, Phase, Viewer, relation, visible
from sync.decisions import Decision, DecisionKind
from sync.pull.serial import from_json
from sync.records import Draft, Entry, Person, Release
from sync.review.desk import (
    PLACES,
    Desk,
    ReviewError,
    acting_day,
    draft_key,
    material_from,
    material_of,
    paper_of,
    require,
)
from sync.review.material import Material
from sync.review.release import SUMMARY
from sync.review.sheet import Beside, Sheet, lay_sheet
from sync.review.sources import SOURCES, listed, without_marks
from sync.review.surprise import Knowledge, Unraised, open_points, unraised
from sync.schedule import review_window
from sync.store import Transaction
from sync.store.queries import artifacts, ledger, reviews
from sync.store.queries.ledger import Ever
from templates.shapes import Kind

_SELF_REVIEW_REST = {"support": SUMMARY}
_MANAGER_REVIEW_REST = {SUMMARY: SUMMARY}


@dataclass(frozen=True)
class Debt:
    """What a manager noted about somebody and never raised."""

    person: Person
    manager_id: str
    points: tuple[Unraised, ...]


def read_sheet(desk: Desk, person_id: str, writer_id: str, viewer_id: str, *, now: datetime, today: date) -> Sheet | None:
    """The current draft by *writer_id* with everything beside it, as *viewer_id* may read it; None when there is none.

    Reading another one's review is written into the audit trail. Raises ReviewError.
    """
    with desk.store.read() as tx:
        released = reviews.releases_of(tx, desk.cycle.id, person_id)
        paper = paper_of(person_id, writer_id, _phase(desk, bool(released), today))
        require(desk, viewer_id, Action.READ, paper, today, "read")
        found = [one for one in reviews.drafts(tx, desk.cycle.id, person_id) if one.writer_id == writer_id]
        sheet = _sheet(desk, tx, found[0], released, viewer_id, today) if found else None
    if viewer_id != person_id:
        with desk.store.write() as tx:
            seen_as = relation(Viewer(viewer_id, desk.directory), person_id, today)
            reviews.note(tx, now, viewer_id, "read-draft", f"{desk.cycle.id}/{person_id}", f"as {seen_as}")
    return sheet


def phase_of(desk: Desk, tx: Transaction, person_id: str, today: date) -> Phase:
    """How far a review is: released once it was shown, at calibration from the cycle's review day on."""
    return _phase(desk, bool(reviews.releases_of(tx, desk.cycle.id, person_id)), today)


def _phase(desk: Desk, released: bool, today: date) -> Phase:
    if released:
        return Phase.RELEASED
    return Phase.CALIBRATION if today >= desk.cycle.review_on else Phase.DRAFT


def _sheet(desk: Desk, tx: Transaction, draft: Draft, released: tuple[Release, ...], viewer_id: str, today: date) -> Sheet:
    """In seven questions to the store, however much is known."""
    ever = ledger.ever_about(tx, draft.person_id)
    material = material_from(desk, tx, draft.person_id, ever.current)
    beside = _beside(desk, tx, material, ever, draft.writer_id, released, today)
    return lay_sheet(draft, material, beside, Viewer(viewer_id, desk.directory), acting_day(desk, today), today)


def _beside(
    desk: Desk, tx: Transaction, material: Material, ever: Ever, writer_id: str, released: tuple[Release, ...], today: date
) -> Beside:
    """What the store holds beside a person's material, for the review that *writer_id* writes."""
    person, at = material.person, acting_day(desk, today)
    key = draft_key(desk.cycle.id, person.id, writer_id)
    shelf = artifacts.shelf(tx, {entry.artifact_key for entry in material.entries}, key)
    chosen = reviews.choices(tx, desk.cycle.id, writer_id, person.id)
    titles = {one: paper.title for one, paper in shelf.papers.items()}
    documents = [one for one in map(from_json, filter(None, (shelf.ground, shelf.last))) if isinstance(one, Document)]
    lines = [line for one in documents for line in _lines_of(one, SOURCES)]
    order = [text.strip() for one in documents[-1:] for part in one.parts for text in part.paragraphs]
    deferred = [ever.by_id[one] for one in chosen.deferred if one in ever.by_id]
    return Beside(
        ever.lineage,
        chosen.decisions,
        shelf.papers,
        key,
        places_of(writer_id == person.id),
        listed(lines, material.shared(writer_id, person.id, at), titles, material.voice),
        {text: place for place, text in enumerate(order)},
        _dropped(shelf, key),
        released,
        visible(Viewer(writer_id, desk.directory), deferred, at),
        chosen.excluded,
        shelf.workspace,
    )


def _dropped(shelf: artifacts.Shelf, key: str) -> frozenset[str]:
    """What the program wrote into the document *key* and somebody took out, as far as it was read since."""
    paper = shelf.papers.get(key)
    if paper is None or shelf.ground is None or shelf.last is None or shelf.last_version != paper.version:
        return frozenset()
    written, standing = from_json(shelf.ground), from_json(shelf.last)
    if not isinstance(written, Document) or not isinstance(standing, Document):
        return frozenset()
    return frozenset(_sentences(written)) - frozenset(_sentences(standing))


def _sentences(document: Document) -> Iterator[str]:
    for part in document.parts:
        yield from (without_marks(text).strip().removeprefix("- ") for text in part.paragraphs)


def _deferred(desk: Desk, tx: Transaction, person: Person, writer_id: str, at: date) -> tuple[Entry, ...]:
    found = ledger.by_ids(tx, reviews.deferred(tx, desk.cycle.id, writer_id, person.id))
    return visible(Viewer(writer_id, desk.directory), found.values(), at)


def places_of(self_review: bool) -> Mapping[str, str]:
    """The sections of a document in which its writer's own words are read, and what each one is in the sheet."""
    own = PLACES[Kind.SELF_REVIEW if self_review else Kind.MANAGER_REVIEW]
    rest = _SELF_REVIEW_REST if self_review else _MANAGER_REVIEW_REST
    return {**rest, **{place: section for section, place in own.items()}}


def _lines_of(document: Document, section: str) -> tuple[str, ...]:
    return tuple(text for part in document.parts if part.section == section for text in part.paragraphs)


# ---------------------------------------------------------------- noted, never raised


def debts(desk: Desk, *, today: date, manager_id: str = "") -> Iterator[Debt]:
    """From four weeks before the review: what managers (or one) noted about those they review and never raised."""
    if today < review_window(desk.cycle)[0]:
        return
    at = acting_day(desk, today)
    for person in desk.directory.people:
        manager = person.manager_at(at)
        if not manager or not person.active(today) or manager_id not in ("", manager):
            continue
        with desk.store.read() as tx:
            points = _unraised(desk, tx, person, manager, at)
        if points:
            yield Debt(person, manager, points)


def _unraised(desk: Desk, tx: Transaction, person: Person, manager_id: str, at: date) -> tuple[Unraised, ...]:
    material = Material(person, desk.cycle, desk.pack, desk.directory, ledger.about(tx, person.id))
    private = material.only_for(manager_id, person.id, at)
    deferred = _deferred(desk, tx, person, manager_id, at)
    if not private and not deferred:
        return ()
    decisions = reviews.decisions(tx, desk.cycle.id, manager_id, person.id)
    lineage = ledger.lineage(tx, material.entries if decisions else private)
    reader, manager = Viewer(person.id, desk.directory), Viewer(manager_id, desk.directory)
    knows = Knowledge(reader, manager, material.entries, lineage, decisions, at)
    return unraised(private, knows, deferred)


def owed(desk: Desk, manager_id: str, people: Sequence[Person], *, today: date) -> dict[str, int]:
    """How many points `debts` has about each of *people*, in a few questions for all of them; nobody with none is in it."""
    if today < review_window(desk.cycle)[0] or not people:
        return {}
    at = acting_day(desk, today)
    mine = [one for one in people if one.manager_at(at) == manager_id and one.active(today)]
    with desk.store.read() as tx:
        private = ledger.private_about(tx, [one.id for one in mine])
        decided = reviews.decisions_of(tx, manager_id)
        ever = ledger.ever_about(tx, *{one.person_id for one in decided} & {one.id for one in mine}) if decided else Ever()
    counts = {one.id: len(_owed(desk, one, manager_id, private.get(one.id, ()), ever, decided, at)) for one in mine}
    return {person_id: count for person_id, count in counts.items() if count}


def _owed(
    desk: Desk,
    person: Person,
    manager_id: str,
    private: Sequence[Entry],
    ever: Ever,
    decided: Sequence[Decision],
    at: date,
) -> tuple[Entry, ...]:
    mine = [one for one in decided if one.person_id == person.id]
    later = [one.subject for one in mine if one.cycle_id != desk.cycle.id and one.kind is DecisionKind.LATER]
    deferred = visible(Viewer(manager_id, desk.directory), [ever.by_id[one] for one in later if one in ever.by_id], at)
    decisions = [one for one in mine if one.cycle_id == desk.cycle.id]
    material = Material(person, desk.cycle, desk.pack, desk.directory, tuple(private))
    about = tuple(one for one in ever.current if one.about == person.id)
    reader, manager = Viewer(person.id, desk.directory), Viewer(manager_id, desk.directory)
    knows = Knowledge(reader, manager, about, ever.lineage, decisions, at)
    return open_points(material.only_for(manager_id, person.id, at), knows, deferred)


# ---------------------------------------------------------------- decisions


def decide(desk: Desk, person_id: str, by: str, kind: DecisionKind, subject: str, *, now: datetime, today: date,
           other: str = "", day: date | None = None, undo: bool = False) -> Decision:  # fmt: skip
    """Keep (or take back) what the writer of a review decided about one of its points. Raises ReviewError.

    *subject* is the id of an entry about the person that the writer may see, or the key of a language hint.
    """
    require(desk, by, Action.WRITE, paper_of(person_id, by, Phase.DRAFT), today, "write")
    one = Decision(desk.cycle.id, person_id, by, kind, subject, now, other, day)
    with desk.store.read() as tx:
        material = material_of(desk, tx, person_id)
    if kind is not DecisionKind.DISMISSED:
        for entry_id in (subject, *([other] if other else [])):
            _require_entry(desk, material, by, entry_id, today)
    if day is not None and day > today:
        raise ReviewError(f"{day} is still to come: mark a point as discussed once it was")
    with desk.store.write() as tx:
        if undo:
            reviews.withdraw_decision(tx, one)
        else:
            reviews.decide(tx, [one])
        reviews.note(tx, now, by, "undo-mark" if undo else "mark", f"{desk.cycle.id}/{person_id}", f"{kind} {subject}")
    return one


def choose_entries(
    desk: Desk, person_id: str, by: str, entry_ids: Sequence[str], *, use: bool, now: datetime, today: date
) -> None:
    """Leave entries out of what *by* drafts about somebody, or (*use*) take that back. Raises ReviewError."""
    require(desk, by, Action.DRAFT, paper_of(person_id, by, Phase.DRAFT), today, "draft")
    with desk.store.write() as tx:
        known = ledger.by_ids(tx, entry_ids)
        seen = {one.id for one in visible(Viewer(by, desk.directory), known.values(), acting_day(desk, today))}
        if not entry_ids or any(one not in seen or known[one].about != person_id for one in entry_ids):
            raise ReviewError(
                f"no such entry about {desk.person(person_id).name}: load the page again, it may have been edited"
            )
        if use:
            reviews.include(tx, desk.cycle.id, person_id, entry_ids, by)
        else:
            reviews.exclude(tx, desk.cycle.id, person_id, entry_ids, by, now)
        way = "use-again" if use else "leave-out"
        reviews.note(tx, now, by, way, f"{desk.cycle.id}/{person_id}", f"{len(entry_ids)} entries")


def _require_entry(desk: Desk, material: Material, by: str, entry_id: str, today: date) -> Entry:
    known = {one.id: one for one in seen_by(desk, material, by, today)}
    if entry_id not in known:
        name = material.person.name
        raise ReviewError(f"no entry about {name} has the id {entry_id!r}; `throughline review` shows the id of each point")
    return known[entry_id]


def seen_by(desk: Desk, material: Material, viewer_id: str, today: date) -> tuple[Entry, ...]:
    """The current entries about a person that somebody may see, when they review them."""
    return visible(Viewer(viewer_id, desk.directory), material.entries, acting_day(desk, today))
