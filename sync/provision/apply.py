"""Do what a plan says: the only writer of new artifacts.

Every remote create is preceded by an intent and followed by its outcome, in batches. Killed anywhere and run again,
it converges to exactly one artifact per key: what the stopped run made is found by its key and adopted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from connectors.workspace import (
    Adopted,
    Created,
    Failed,
    Grants,
    NewItem,
    Workspace,
    WorkspaceError,
    as_read,
)
from sync.provision.contents import Content
from sync.provision.goal_rows import append_goals
from sync.provision.plan import Adopt, Create, Plan, Share, Step, Unchanged, Unlink, Update, ground, guard
from sync.provision.resume import BATCH, Pending, finish, resume
from sync.provision.run import Made, Outcome, Run, failed, finding
from sync.provision.survey import Survey
from sync.provision.wanted import home_of
from sync.pull.serial import to_json
from sync.records import Artifact, ArtifactState, Finding
from sync.store.database import Store
from sync.store.queries import artifacts, leases, ledger

_Step = TypeVar("_Step", bound=Step)
_Made = Created | Adopted | Failed
SETTLE_SECONDS = 5.0


def apply(
    store: Store,
    workspace: Workspace,
    approved: Plan,
    fresh: Plan,
    seen: Survey,
    *,
    holder: str,
    now: Callable[[], datetime],
    new_key: Callable[[], str],
    settle_seconds: float = SETTLE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
    checkpoint: Callable[[str], None] = lambda name: None,
) -> Iterator[Outcome]:
    """Do the steps of *approved* that the *fresh* plan, drawn up from *seen* just now, still has; skip and name the others.

    *holder* names this run to others who want to write; *new_key* makes row keys for imported goals. *checkpoint* is
    called with a name before and after everything that is written. Raises UnsafePlan before anything is done,
    LeaseHeld or LeaseLost when somebody else writes, WorkspaceError when the workspace fails as a whole; what was done
    until then is recorded.
    """
    guard(fresh)
    with store.write() as tx:
        leases.acquire(tx, fresh.workspace, holder, now())
    try:
        keyed = seen.with_row_keys(new_key)
        run = Run(store, workspace, keyed, fresh.workspace, holder, now, checkpoint)
        yield from _all_steps(run, approved, fresh, settle_seconds, sleep)
    finally:
        with store.write() as tx:
            leases.give_back(tx, fresh.workspace, holder)


def agree(approved: Plan, fresh: Plan) -> tuple[tuple[Step, ...], tuple[Outcome, ...]]:
    """The approved steps that still stand on the same ground, and what became of the others."""
    now = {(step.key, type(step)): step for step in fresh.steps}
    instead = {step.key: step for step in reversed(fresh.steps)}
    agreed: list[Step] = []
    moved: list[Outcome] = []
    for step in approved.writing:
        same = now.get((step.key, type(step)))
        if same is not None and ground(same) == ground(step):
            agreed.append(same)
        else:
            moved.append(_moved(step, instead.get(step.key)))
    return tuple(agreed), tuple(moved)


def _moved(step: Step, instead: Step | None) -> Outcome:
    if isinstance(instead, Unchanged) and instead.ref:
        return Outcome(step.key, "unchanged", f"{step.title}: already done", instead.ref)
    verb = type(step).__name__.lower()
    found = f"{type(instead).__name__.lower()} ({instead.reason})" if instead else "nothing asks for it"
    return Outcome(step.key, "skipped", f"{step.title}: the plan said {verb}, now: {found}. Make a new plan.")


def _all_steps(
    run: Run, approved: Plan, fresh: Plan, settle_seconds: float, sleep: Callable[[float], None]
) -> Iterator[Outcome]:
    _keep_row_keys(run)
    finished = set()
    for outcome in resume(run, {step.key for step in _only(fresh.steps, Create)}, settle_seconds, sleep):
        finished.add(outcome.key)
        yield outcome
    agreed, moved = agree(approved, fresh)
    yield from (outcome for outcome in moved if outcome.key not in finished)
    steps = [step for step in agreed if step.key not in finished or isinstance(step, Share | Update)]
    steps += [late for step in _only(agreed, Create) if step.key in finished for late in _late_goals(run, step)]
    for batch in run.batches(_only(steps, Create), BATCH):
        yield from _create(run, batch)
    yield from _adopt(run, _only(steps, Adopt))
    for batch in run.batches(_only(steps, Unlink), BATCH):
        yield from _unlink(run, batch)
    for batch in run.batches(_only(steps, Share), BATCH):
        yield from _share(run, batch)
    for batch in run.batches(_only(steps, Update), BATCH):
        yield from append_goals(run, batch)


def _late_goals(run: Run, step: Create) -> list[Update]:
    """What a stopped run made may lack goals that the approved create would have held."""
    goals = run.unwritten_in(step.wanted)
    return [Update(step.key, step.title, "imported after it was made", "", goals)] if goals else []


def _only(steps: Sequence[Step], verb: type[_Step]) -> list[_Step]:
    return [step for step in steps if isinstance(step, verb)]


def _keep_row_keys(run: Run) -> None:
    """Goals keep the row key that they are about to be written with: a second try must not write them twice."""
    waiting = [goal for goals in run.seen.unwritten.values() for goal in goals]
    if waiting:
        with run.writing("row-keys") as tx:
            ledger.save_goals(tx, waiting)


# ---------------------------------------------------------------- create


def _create(run: Run, steps: Sequence[Create]) -> Iterator[Outcome]:
    contents = {step.key: run.seen.content(step.wanted) for step in steps}
    bodies = {step.key: run.body(step.wanted, contents[step.key]) for step in steps}
    with run.writing("intents") as tx:
        already = artifacts.by_keys(tx, bodies)
        begun = {key: body for key, body in bodies.items() if key not in already}
        artifacts.begin(tx, run.name, begun, run.now())
    yield from (Outcome(key, "unchanged", "somebody else had just made it", one.ref) for key, one in already.items())
    todo = {step.key: step for step in steps if step.key in begun}
    results, broken = _stream(run, [_item(run, step, contents[key]) for key, step in todo.items()])
    with run.writing("recording-created") as tx:
        done = [result for result in results if not isinstance(result, Failed)]
        run.record(tx, [_made(todo[one.key], one, begun[one.key]["ground"], begun[one.key]["goals"]) for one in done])
        artifacts.settle(tx, [result.key for result in done])
        run.note(tx, [finding(_outcome(result)) for result in results if isinstance(result, Failed)])
    yield from map(_outcome, results)
    if broken is not None:
        raise broken


def _stream(run: Run, items: Sequence[NewItem]) -> tuple[list[_Made], WorkspaceError | None]:
    """Results as far as they came: what was made before the workspace failed is recorded all the same."""
    results: list[_Made] = []
    try:
        for result in run.workspace.create(items):
            run.checkpoint("created")
            results.append(result)
    except WorkspaceError as error:
        return results, error
    return results, None


def _item(run: Run, step: Create, content: Content) -> NewItem:
    one = step.wanted
    person = run.seen.directory.get(one.person_id)
    return NewItem(one.key, one.kind.value, one.title, one.home, content, one.grants, person.email if person else "")


def _made(step: Create, result: Created | Adopted, content: object, goals: Sequence[str]) -> Made:
    version = result.version if isinstance(result, Created) else ""  # in what stood there already people may have written
    return Made(step.wanted, result.ref, version, content, tuple(goals))


def _outcome(result: _Made) -> Outcome:
    match result:
        case Created(key, ref, _):
            return Outcome(key, "created", ref=ref)
        case Adopted(key, ref, _):
            return Outcome(key, "adopted", "it already stood in its place", ref)
        case Failed(key):
            return failed(key, result)


# ---------------------------------------------------------------- adopt, unlink, share


def _adopt(run: Run, steps: Sequence[Adopt]) -> Iterator[Outcome]:
    back = [step for step in steps if step.wanted is None]
    for batch in run.batches(back, BATCH):
        yield from _link_again(run, batch)
    yield from finish(run, {step.key: _pending(run, step) for step in steps if step.wanted is not None})


def _link_again(run: Run, steps: Sequence[Adopt]) -> Iterator[Outcome]:
    with run.writing("linking-again") as tx:
        known = artifacts.by_keys(tx, [step.key for step in steps])
        artifacts.update(
            tx,
            [replace(known[step.key], ref=step.refs[0], state=ArtifactState.LINKED) for step in steps if step.key in known],
        )
        run.clear(tx, [step.key for step in steps])
    yield from (Outcome(step.key, "adopted", step.reason, step.refs[0]) for step in steps)


def _pending(run: Run, step: Adopt) -> Pending:
    """Found without an intent of ours: what we would have put in it is the best guess of what was."""
    assert step.wanted is not None
    content = to_json(as_read(run.seen.content(step.wanted)))
    return Pending(step.wanted, step.refs, content, run.unwritten_in(step.wanted), ours=False)


def _unlink(run: Run, steps: Sequence[Unlink]) -> Iterator[Outcome]:
    with run.writing("unlinking") as tx:
        known = artifacts.by_keys(tx, [step.key for step in steps])
        artifacts.update(tx, [replace(one, state=ArtifactState.UNLINKED) for one in known.values()])
        run.note(tx, [Finding(step.key, "unlinked", f"{step.title}: {step.reason}") for step in steps])
    yield from (Outcome(step.key, "unlinked", step.reason, step.ref) for step in steps)


def _share(run: Run, steps: Sequence[Share]) -> Iterator[Outcome]:
    known = run.known(steps)
    steps = [step for step in steps if step.key in known]
    grants = {known[step.key].ref: replace(step.grants, home=home_of(known[step.key])) for step in steps}
    results = []
    for result in run.workspace.share(grants):
        run.checkpoint("shared")
        results.append(result)
    pairs = list(zip(steps, results, strict=True))
    with run.writing("recording-shared") as tx:
        done = [(step, result) for step, result in pairs if not isinstance(result, Failed)]
        artifacts.update(tx, [_granted(known[step.key], step.grants, result.version) for step, result in done])
        run.note(tx, [finding(failed(step.key, result)) for step, result in pairs if isinstance(result, Failed)])
    for step, result in pairs:
        yield failed(step.key, result) if isinstance(result, Failed) else Outcome(step.key, "shared", step.reason, step.ref)


def _granted(artifact: Artifact, grants: Grants, version: str) -> Artifact:
    """With the new access; a version that sharing changed is not known to hold our words alone.

    A platform that need not read to share tells no version: then the known one stays.
    """
    known = artifact.version if version in ("", artifact.version) else ""
    return replace(artifact, writers=grants.writers, readers=grants.readers, version=known)
