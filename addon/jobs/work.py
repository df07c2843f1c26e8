"""What each job does to the company. Each may be cut short anywhere and done again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from addon.company import Company
from addon.terminal import BadInput
from connectors.workspace import WorkspaceError
from sync.jobs import Counts, Doing, Job, Refused, Wait
from sync.provision.plan import Create, Plan
from sync.records import Cycle
from sync.store import LeaseHeld
from sync.store.queries import artifacts, connections, cycles
from templates.shapes import Kind


def doings(company: Company) -> Mapping[Job, Doing]:
    """The jobs of *company* by name."""
    return {job: _in_its_words(company, work) for job, work in WORK.items()}


def _in_its_words(company: Company, work: Callable[[Company, str], Counts]) -> Doing:
    def do(argument: str) -> Counts:
        try:
            return work(company, argument)
        except LeaseHeld as error:
            raise Wait(str(error)) from error
        except (BadInput, WorkspaceError) as error:
            if isinstance(error.__cause__, LeaseHeld):
                raise Wait(str(error)) from error
            _note_trouble(company, error)
            raise Refused(str(error)) from error

    return do


def _note_trouble(company: Company, error: Exception) -> None:
    """Keep what HR has to mend before the connection works again, for their pages to say."""
    cause = error if isinstance(error, WorkspaceError) else error.__cause__
    if isinstance(cause, WorkspaceError) and cause.trouble:
        with company.store.write() as tx:
            connections.note_trouble(tx, company.workspace_name, cause.trouble)


def plan(company: Company, cycle_id: str) -> Counts:
    """Draw up the plan of a cycle and keep it, so that somebody can approve it."""
    from addon.provisioning.planning import keep, make_plan

    planned = make_plan(company, cycle_id or None)
    keep(company, planned)
    return {verb: count for verb, count in planned.plan.counts().items() if count}


def apply(company: Company, hash_: str) -> Counts:
    """Carry out the approved plan of that hash, until it is done or somebody pauses it."""
    from addon.provisioning.planning import approved_plan, approver, carry_out
    from addon.provisioning.watching import Watch

    cycle_id, approved = approved_plan(company, hash_)
    counts: Counter[str] = Counter()
    watch = Watch(company, approved)
    try:
        for outcome in carry_out(company, cycle_id, approved, watch.checkpoint, approver(company, approved.hash)):
            counts[outcome.result] += 1
            watch.come_by(outcome)
    finally:
        if counts:
            watch.tell()
    return counts


def due(company: Company, _argument: str) -> Counts:
    """Make the check-ins that have come near, and show anonymous answers whose day has come.

    Everything else in the plan waits for somebody to approve it.
    """
    from addon.feedback.showing import show_due_answers
    from addon.provisioning.planning import carry_out, make_plan

    show_due_answers(company)
    with company.store.read() as tx:
        cycle = cycles.running(tx, company.today)
        begun = cycle is not None and artifacts.has_any(tx, cycle.id)
    if cycle is None or not begun or not _lasts(cycle, company):
        return {}
    planned = make_plan(company, cycle.id)
    near = tuple(step for step in planned.plan.steps if isinstance(step, Create) and step.wanted.kind is Kind.CHECK_IN)
    approved: Plan = replace(planned.plan, steps=near)
    if not near:
        return {}
    # It is not kept: the plan that HR looks at stays the one that HR had drawn up.
    return Counter(outcome.result for outcome in carry_out(company, cycle.id, approved, actor="job"))


def _lasts(cycle: Cycle, company: Company) -> bool:
    return not cycle.locked and cycle.start <= company.today <= cycle.end


def sync(company: Company, _argument: str) -> Counts:
    """Read back what people wrote."""
    from addon.evidence.commands import run_sync
    from addon.homes.glancing import refresh as refresh_homes

    report = run_sync(company)
    with company.store.write() as tx:
        connections.note_trouble(tx, company.workspace_name, "")
    if report.halted:
        raise Refused(
            f"{len(report.halted)} files have disappeared at once: `throughline status` names them, and "
            "`throughline sync --accept-vanished` goes on without them"
        )
    counts = {"changed": report.changed, "read": len(report.files), "new": len(report.new)}
    counts |= {"superseded": len(report.superseded), "failed": report.failed + report.still_failing}
    return counts | refresh_homes(company)


def draft(company: Company, argument: str) -> Counts:
    """A review draft for everybody who works here and has a manager; or one person's self review, into their document."""
    from addon.reviews.drafting import draft_own, in_batches, make_drafts
    from sync.review import service

    cycle_id, _, person_id = argument.partition("/")
    if person_id:
        return draft_own(company, cycle_id, person_id)
    desk = service.open_desk(company.store, company.cycle(cycle_id or None).id)
    people = [one for one in company.people if one.active(company.today) and one.takes_part]
    made = undrafted = 0
    for some in in_batches(people):
        drafts, failed = make_drafts(company, desk, some)
        made, undrafted = made + len(drafts), undrafted + len(failed)
    return {"drafts": made, "undrafted": undrafted}


def push(company: Company, which: str) -> Counts:
    """Bring one writer's document up to their draft."""
    from addon.reviews.acting import push as do_push

    return do_push(company, which)


def write(company: Company, which: str) -> Counts:
    """Put one sentence of a writer's own into their document."""
    from addon.reviews.acting import write as do_write

    return do_write(company, which)


def release(company: Company, which: str) -> Counts:
    """Show one finished review to its subject, unless a sentence stands in the way."""
    from addon.reviews.acting import release as do_release

    return do_release(company, which)


def edit(company: Company, edit_id: str) -> Counts:
    """Write into a document what somebody asked for beside it."""
    from addon.cards.acting import write as do_edit

    return do_edit(company, edit_id)


def remind(company: Company, _argument: str) -> Counts:
    """Send the digests of this hour; nothing where no mail server is set."""
    from addon.reminders.sending import send, waiting

    return send(company, waiting(company)) if company.settings.smtp_url else {}


def erase(company: Company, person_id: str) -> Counts:
    """Erase the person of that id; nothing when that was done before."""
    from addon.person import erasing

    whom = next((one for one in company.people if one.id == person_id), None)
    if whom is None:
        return {}
    if reason := erasing.why_not(company, whom):
        raise Refused(reason)
    return {"rows": sum(erasing.erase(company, [whom], erasing.ASKED, "job").values())}


def retain(company: Company, _argument: str) -> Counts:
    """Erase those who left longer ago than anything is kept."""
    from addon.person import erasing

    those = erasing.overdue(company)
    if those:
        erasing.erase(company, those, erasing.KEPT_LONG_ENOUGH, "job")
    return {"people": len(those)}


def audit(company: Company, _argument: str) -> Counts:
    """Look who has access who should not, and keep it for HR to see."""
    from addon.drift.checking import check

    drifts = check(company)
    return {"open": sum(one.certain for one in drifts), "unsure": sum(not one.certain for one in drifts)}


def watch(company: Company, _argument: str) -> Counts:
    """Renew the platform's channels before they end."""
    from addon.hooks.watching import watch as do_watch

    return do_watch(company)


def connect(company: Company, workspace: str) -> Counts:
    """Try a connection that was asked for in the console."""
    from addon.connections.connecting import connect as do_connect

    return do_connect(company, workspace)


def check(company: Company, _argument: str) -> Counts:
    """Look whether the connection may do what it must, and keep it for HR to see."""
    from addon.connections.checkup import check as do_check

    return do_check(company)


WORK: Mapping[Job, Callable[[Company, str], Counts]] = {
    Job.PLAN: plan,
    Job.APPLY: apply,
    Job.DUE: due,
    Job.SYNC: sync,
    Job.DRAFT: draft,
    Job.PUSH: push,
    Job.WRITE: write,
    Job.RELEASE: release,
    Job.EDIT: edit,
    Job.REMIND: remind,
    Job.ERASE: erase,
    Job.RETAIN: retain,
    Job.AUDIT: audit,
    Job.WATCH: watch,
    Job.CONNECT: connect,
    Job.CHECK: check,
}
