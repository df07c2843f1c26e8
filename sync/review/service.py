"""Reviews against the store and the workspace: drafting, reading a draft, filling review documents, releasing.

Decisions are made in the pure modules beside this one. No transaction is open while a workspace is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sync.access import Action, Paper, Phase, Viewer, can, relation
from sync.records import Draft, fingerprint
from sync.review.compose import compose
from sync.review.desk import Desk, ReviewError, acting_day, material_of, open_desk, paper_of, require, require_open
from sync.review.filling import BATCH, Filled, fill_review_documents
from sync.review.guard import Violation, stale, violations
from sync.review.language import protected
from sync.review.looking import Debt, choose_entries, debts, decide, owed, phase_of, read_sheet
from sync.review.material import Material
from sync.review.releasing import Refused, Released, release
from sync.review.wording import QUOTABLE
from sync.store import Transaction
from sync.store.queries import reviews

__all__ = [
    "Debt",
    "Desk",
    "Filled",
    "Refused",
    "Released",
    "ReviewError",
    "Undrafted",
    "can_draft",
    "choose_entries",
    "debts",
    "decide",
    "fill_review_documents",
    "make_draft",
    "make_drafts",
    "open_desk",
    "owed",
    "phase_of",
    "read_draft",
    "read_sheet",
    "release",
    "require_open",
    "stale_statements",
    "withheld",
    "writer_for",
]


@dataclass(frozen=True)
class Undrafted:
    """A review that could not be drafted, and why."""

    person_id: str
    reason: str


def make_draft(desk: Desk, person_id: str, writer_id: str, reader_id: str, *, now: datetime, today: date) -> Draft:
    """Draft a review, check it and keep it as the current one of its writer and reader.

    The manager drafts for the person, the person for themself. Entries that were excluded stay out. Raises ReviewError
    when the writer may not draft it.
    """
    if reader_id != person_id:
        name = desk.person(person_id).name
        raise ReviewError(f"a review of {name} is drafted for {name} to read, not for {reader_id}")
    (made,) = make_drafts(desk, [(person_id, writer_id)], now=now, today=today)
    if isinstance(made, Undrafted):
        raise ReviewError(made.reason)
    return made


def make_drafts(desk: Desk, wanted: Iterable[tuple[str, str]], *, now: datetime, today: date) -> Iterator[Draft | Undrafted]:
    """Draft many reviews, given the ids of person and writer; one result each, in order, kept in small batches.

    A review that may not be drafted never stops the rest.
    """
    waiting = list(wanted)
    for start in range(0, len(waiting), BATCH):
        yield from _make_batch(desk, waiting[start : start + BATCH], now, today)


def _make_batch(desk: Desk, wanted: Sequence[tuple[str, str]], now: datetime, today: date) -> list[Draft | Undrafted]:
    with desk.store.read() as tx:
        made = [_make(desk, tx, person_id, writer_id, now, today) for person_id, writer_id in wanted]
    with desk.store.write() as tx:
        for one in made:
            if not isinstance(one, Undrafted):
                draft, unsupported = one
                reviews.save_draft(tx, draft, unsupported)
                reviews.note(tx, now, draft.writer_id, "draft", f"{desk.cycle.id}/{draft.person_id}", draft.id)
    return [one if isinstance(one, Undrafted) else one[0] for one in made]


def _make(
    desk: Desk, tx: Transaction, person_id: str, writer_id: str, now: datetime, today: date
) -> tuple[Draft, int] | Undrafted:
    """A draft, and how many of its statements the guard objects to."""
    try:
        require(desk, writer_id, Action.DRAFT, paper_of(person_id, writer_id, Phase.DRAFT), today, "draft")
    except ReviewError as error:
        return Undrafted(person_id, str(error))
    day = acting_day(desk, today)
    material = material_of(desk, tx, person_id)
    excluded = reviews.exclusions(tx, desk.cycle.id, person_id, writer_id) | withheld(material)
    draft_id = fingerprint(desk.cycle.id, person_id, writer_id, now.isoformat())
    draft = compose(material, writer_id, person_id, draft_id=draft_id, made_at=now, today=day, excluded=excluded)
    return draft, len(violations(draft, material, day))


def can_draft(desk: Desk, writer_id: str, paper: Paper, today: date) -> bool:
    """Whether *writer_id* writes that review: as of the review moment, whether or not the cycle is locked."""
    return can(Viewer(writer_id, desk.directory), Action.DRAFT, paper, acting_day(desk, today))


def withheld(material: Material) -> frozenset[str]:
    """Notes that no draft quotes: they name health, family or a protected ground (rule L12)."""
    return frozenset(one.id for one in material.entries if one.kind in QUOTABLE and protected(one.text))


def writer_for(desk: Desk, person_id: str, today: date) -> str:
    """The id of who writes the person's review today: their manager. Raises ReviewError when there is none."""
    person = desk.person(person_id)
    manager = person.manager_at(acting_day(desk, today))
    if not manager:
        raise ReviewError(f"{person.name} has no manager on {today}, so nobody can write the review; import people with one")
    return manager


def read_draft(desk: Desk, person_id: str, writer_id: str, viewer_id: str, *, now: datetime, today: date) -> Draft | None:
    """The current draft by *writer_id* as *viewer_id* may read it; None when there is none. Raises ReviewError.

    Whoever is not its writer does not get the list of what only the writer may see. Reading another one's review is
    written into the audit trail.
    """
    with desk.store.read() as tx:
        found = [one for one in reviews.drafts(tx, desk.cycle.id, person_id) if one.writer_id == writer_id]
        phase = phase_of(desk, tx, person_id, today)
    require(desk, viewer_id, Action.READ, paper_of(person_id, writer_id, phase), today, "read")
    if viewer_id != person_id:
        with desk.store.write() as tx:
            seen_as = relation(Viewer(viewer_id, desk.directory), person_id, today)
            reviews.note(tx, now, viewer_id, "read-draft", f"{desk.cycle.id}/{person_id}", f"as {seen_as}")
    if not found:
        return None
    return found[0] if viewer_id == writer_id else replace(found[0], for_you=())


def stale_statements(desk: Desk, drafts: Iterable[Draft], *, today: date) -> Iterator[tuple[Draft, tuple[Violation, ...]]]:
    """The statements of *drafts* whose sources changed since; what is known of a person is looked up once."""
    day = acting_day(desk, today)
    for person_id, about in groupby(sorted(drafts, key=lambda one: one.person_id), key=lambda one: one.person_id):
        with desk.store.read() as tx:
            material = material_of(desk, tx, person_id)
        yield from ((draft, stale(draft, material, day)) for draft in about)
