"""Draw up a plan from the company as it is now, and carry an approved one out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from addon.company import Company, new_id
from addon.terminal import BadInput
from connectors.workspace import WorkspaceError
from sync.provision import apply as applying
from sync.provision.plan import Plan, UnsafePlan, from_json, guard, to_json
from sync.provision.run import Outcome
from sync.provision.survey import Survey, draw_up, look
from sync.records import Cycle
from sync.store import LeaseHeld, LeaseLost, Transaction
from sync.store.queries import cycles, ledger, people, reviews

PAUSED = "provisioning-paused"
UNDER_WAY = "provisioning-under-way"
APPROVED = "provisioning-approved"


@dataclass(frozen=True)
class Progress:
    """How many steps of a plan are done, or need not be done any more, and how many could not be."""

    done: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Planned:
    """A plan and what it was drawn up from."""

    cycle: Cycle
    survey: Survey
    plan: Plan


def make_plan(company: Company, cycle_id: str | None = None) -> Planned:
    """The plan for the cycle as things are now. Raises BadInput when the workspace cannot be used or too much is gone."""
    cycle = company.cycle(cycle_id)
    if cycle.locked:
        raise BadInput(f"the cycle {cycle.id} is locked: nothing is provisioned in it any more")
    try:
        survey = look(company.store, company.workspace, cycle, company.pack(cycle), company.today)
    except WorkspaceError as error:
        raise BadInput(str(error)) from error
    with company.store.read() as tx:
        submitted = ledger.submitted(tx, cycle.id)
    return Planned(cycle, survey, draw_up(survey, company.settings.lead_days, submitted))


def keep(company: Company, planned: Planned) -> None:
    """Store a plan so that its hash can be approved. Raises BadInput when it is unsafe."""
    try:
        guard(planned.plan)
    except UnsafePlan as error:
        raise BadInput(str(error)) from error
    with company.store.write() as tx:
        cycles.save_plan(tx, planned.plan.hash, planned.cycle.id, company.now, to_json(planned.plan))


def pause(company: Company, *, paused: bool, actor: str) -> None:
    """Have a running apply stop after its next items, or let the next one run to its end."""
    with company.store.write() as tx:
        people.set_setting(tx, PAUSED, "yes" if paused else "")
        reviews.note(tx, company.now, actor, "pause" if paused else "resume", "provisioning")


def is_paused(tx: Transaction) -> bool:
    """Whether somebody paused provisioning."""
    return people.setting(tx, PAUSED) == "yes"


def note_progress(company: Company, hash_: str, progress: Progress) -> bool:
    """Write down how far a plan is carried out, for the page that shows it. False when somebody paused it."""
    with company.store.write() as tx:
        people.set_setting(tx, UNDER_WAY, f"{hash_} {progress.done} {progress.failed}")
        return people.setting(tx, PAUSED) != "yes"


def progress_of(tx: Transaction, hash_: str) -> Progress:
    """How far the last run of the plan of that hash was when it wrote that down."""
    known, *figures = people.setting(tx, UNDER_WAY).split(" ")
    return Progress(*map(int, figures)) if known == hash_ else Progress()


def approved_plan(company: Company, hash_: str) -> tuple[str, Plan]:
    """The stored plan whose hash begins with *hash_*, and its cycle's id. Raises BadInput."""
    with company.store.read() as tx:
        found = cycles.find_plan(tx, hash_.lower()) if hash_ else None
    if found is None:
        raise BadInput(f"there is no one plan {hash_!r}: make one with `throughline plan` and take the hash that it prints")
    try:
        return found[0], from_json(found[1])
    except ValueError as error:
        raise BadInput(str(error)) from error


def approve(company: Company, cycle_id: str, hash_: str, actor: str) -> None:
    """Write down who wants this plan carried out."""
    with company.store.write() as tx:
        people.set_setting(tx, APPROVED, f"{hash_} {actor}")
        reviews.note(tx, company.now, actor, "approve plan", cycle_id, hash_[:16])


def approver(company: Company, hash_: str) -> str:
    """Who approved the plan of that hash in the console; "job" when nobody is known to have."""
    with company.store.read() as tx:
        known, _, actor = people.setting(tx, APPROVED).partition(" ")
    return actor if known == hash_ else "job"


def carry_out(
    company: Company,
    cycle_id: str,
    approved: Plan,
    checkpoint: Callable[[str], None] = lambda name: None,
    actor: str = "command line",
) -> Iterator[Outcome]:
    """Apply *approved* as far as it still stands, in the name of *actor*.

    Raises BadInput when somebody else writes, or the plan is unsafe.
    """
    planned = make_plan(company, cycle_id)
    try:
        yield from applying.apply(
            company.store,
            company.workspace,
            approved,
            planned.plan,
            planned.survey,
            holder=company.holder,
            now=lambda: company.now,
            new_key=lambda: f"g{new_id(5)}",
            settle_seconds=company.settle_seconds,
            sleep=company.sleep,
            checkpoint=checkpoint,
        )
    except (UnsafePlan, LeaseHeld, LeaseLost, WorkspaceError) as error:
        raise BadInput(str(error)) from error
    with company.store.write() as tx:
        reviews.note(tx, company.now, actor, "apply", cycle_id, approved.hash[:16])
