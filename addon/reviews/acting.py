"""Push and release as a worker does them, when a page asked for it; the page tells what became of it.

What became of it is kept under the person, in words; the job itself carries ids and counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from addon.company import Company
from addon.evidence.commands import run_sync
from addon.reviews.drafting import push_drafts
from addon.reviews.releasing import release_review
from addon.terminal import BadInput
from connectors.workspace import WorkspaceError
from sync.jobs import Counts
from sync.records import Person
from sync.review import service
from sync.review.service import Desk, Refused, ReviewError
from sync.review.writing import NotThere, Sentence, write_sentence
from sync.review_acts import Act, ActKind, ActResult
from sync.store import LeaseHeld
from sync.store.queries import review_acts, reviews

FILLED = {
    "filled": "Your document was filled",
    "revised": "Your document was brought up to the draft",
    "unchanged": "Your document says what the draft says already",
}


def push(company: Company, which: str) -> Counts:
    """Bring one document up to the writer's current draft."""
    return _act(company, which, ActKind.PUSH, _push)


def write(company: Company, which: str) -> Counts:
    """Put a sentence of the writer's own into their document, and read it back."""
    return _act(company, which, ActKind.WRITE, _write)


def release(company: Company, which: str) -> Counts:
    """Show one finished review, or keep the sentences that stand in the way."""
    return _act(company, which, ActKind.RELEASE, _release)


def _act(company: Company, which: str, kind: ActKind, do: Callable[[Company, Desk, Person, Act], Act]) -> Counts:
    cycle_id, person_id, writer_id = which.split("/")
    with company.store.read() as tx:
        act = review_acts.get(tx, cycle_id, person_id, writer_id, kind)
    if act is None:
        return {}  # erased meanwhile
    try:
        desk = service.open_desk(company.store, cycle_id)
        done = do(company, desk, desk.person(person_id), act)
    except (ReviewError, WorkspaceError) as error:
        done = replace(act, result=ActResult.FAILED, message=str(error))
    except BadInput as error:
        if isinstance(error.__cause__, LeaseHeld):
            raise
        done = replace(act, result=ActResult.FAILED, message=str(error))
    with company.store.write() as tx:
        review_acts.settle(tx, replace(done, ended_at=company.real_now))
    return {done.result.value: len(done.refusals) or 1}


def _push(company: Company, desk: Desk, about: Person, act: Act) -> Act:
    with company.store.read() as tx:
        drafts = [one for one in reviews.drafts(tx, desk.cycle.id, about.id) if one.writer_id == act.writer_id]
    if not drafts:
        return replace(act, result=ActResult.FAILED, message="there is no draft yet: draft it first")
    (filled,) = push_drafts(company, desk, drafts)
    told = FILLED.get(filled.result)
    message = f"{told}{f': {filled.message}' if filled.message else ''}" if told else filled.message
    return replace(act, result=ActResult.DONE if told else ActResult.FAILED, message=message)


def _write(company: Company, desk: Desk, about: Person, act: Act) -> Act:
    try:
        _put(company, desk, about, act)
    except NotThere:
        # The draft was never written there, or was drafted anew since: then it comes first.
        pushed = _push(company, desk, about, act)
        if pushed.result is not ActResult.DONE:
            return pushed
        _put(company, desk, about, act)
    run_sync(company)
    return replace(act, result=ActResult.DONE, message="Your sentence stands in your document")


def _put(company: Company, desk: Desk, about: Person, act: Act) -> None:
    workspace = company.workspace
    try:
        write_sentence(
            desk,
            workspace,
            workspace.capabilities.name,
            about.id,
            act.writer_id,
            Sentence(act.section, act.sentence, act.instead),
            holder=company.holder,
            now=lambda: company.now,
            today=company.today,
        )
    except LeaseHeld as error:
        raise BadInput(str(error)) from error


def _release(company: Company, desk: Desk, about: Person, act: Act) -> Act:
    result = release_review(company, desk, about, act.writer_id, act.correction)
    if isinstance(result, Refused):
        return replace(act, result=ActResult.REFUSED, refusals=tuple((one.sentence, one.reason) for one in result.refusals))
    if result.already:
        return replace(act, result=ActResult.DONE, message="It was released before, and nothing was changed since")
    return replace(act, result=ActResult.DONE, message=f"Released: {about.name} reads “{result.title}”")
