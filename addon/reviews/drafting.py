"""Making drafts and putting them into documents: what the commands and the demo do, apart from how they print it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from addon.company import Company
from addon.reviews.asking import ask_for
from addon.terminal import BadInput
from sync.jobs import Counts
from sync.records import Draft, Person
from sync.review import service
from sync.review.service import Desk, Filled, ReviewError
from sync.review_acts import Act, ActKind
from sync.store import LeaseHeld
from sync.store.queries import reviews

AT_ONCE = 200
"""For how many people drafts are held in memory together."""


def in_batches(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    """*people* in order, so many at a time that a company of ten thousand needs no more memory than one of two hundred."""
    return (people[start : start + AT_ONCE] for start in range(0, len(people), AT_ONCE))


def make_drafts(
    company: Company, desk: Desk, people: Sequence[Person], *, self_review: bool = False
) -> tuple[list[Draft], dict[str, str]]:
    """A draft for each of *people*; the second value says, by person id, why there is none."""
    drafts: list[Draft] = []
    failed: dict[str, str] = {}
    wanted: list[tuple[str, str]] = []
    for person in people:
        try:
            wanted.append((person.id, person.id if self_review else service.writer_for(desk, person.id, company.today)))
        except ReviewError as error:
            failed[person.id] = str(error)
    for made in service.make_drafts(desk, wanted, now=company.now, today=company.today):
        if isinstance(made, Draft):
            drafts.append(made)
        else:
            failed[made.person_id] = made.reason
    return drafts, failed


def draft_own(company: Company, cycle_id: str, person_id: str) -> Counts:
    """The self review of one person, and a push of it into their document. Nothing where they may not write one."""
    desk = service.open_desk(company.store, cycle_id)
    drafts, _ = make_drafts(company, desk, [one for one in company.people if one.id == person_id], self_review=True)
    if drafts:
        ask_for(company, Act(cycle_id, person_id, person_id, ActKind.PUSH, "", company.real_now))
    return {"drafts": len(drafts), "undrafted": 1 - len(drafts)}


def push_drafts(company: Company, desk: Desk, drafts: Sequence[Draft]) -> list[Filled]:
    """Write drafts into the managers' private review documents, only where those are still empty."""
    name = company.workspace.capabilities.name
    try:
        return list(
            service.fill_review_documents(desk, company.workspace, name, drafts, holder=company.holder, now=lambda: company.now)
        )
    except LeaseHeld as error:
        raise BadInput(str(error)) from error


def note_read(company: Company, drafts: Iterable[Draft]) -> None:
    """A line in the audit trail for each draft about somebody else that is shown."""
    with company.store.write() as tx:
        for one in drafts:
            if one.writer_id != one.person_id:
                shown = f"{len(one.statements)} statements"
                reviews.note(tx, company.now, one.writer_id, "read-draft", f"{one.cycle_id}/{one.person_id}", shown)
