"""Read back what people wrote: ask the workspace what changed, read it, decide, and store it in small batches.

Nothing is decided here. No transaction is open while the workspace is read; every batch may be repeated; the cursor moves
last, so that a run that ends anywhere is made good by the next one. What could not be read is kept on a list of its own
and read again whatever the cursor says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from shlex import quote

from connectors.workspace import Changed, Changes, LooksWhereTold, Vanished
from sync.pull.batches import (
    BATCH,
    Misplaced,
    batches,
    read_recorded,
    read_strangers,
    store_copy,
    store_foreign,
    store_recorded,
)
from sync.pull.facts import Facts, PackOf, Run, load_facts
from sync.pull.moves import followed
from sync.pull.report import PullReport, Tally
from sync.pull.untouched import note_untouched
from sync.records import Artifact, ArtifactState, Finding
from sync.store import StoreError
from sync.store.queries import artifacts, leases, ledger

__all__ = ["PackOf", "PullReport", "Run", "pull"]

HALT_SHARE, HALT_COUNT = 0.2, 5
"""More than this share and at least this many of a kind disappearing in one run halts it."""


def pull(run: Run, *, accept_vanished: bool = False) -> PullReport:
    """Read everything that changed since the last pull into the store, and say what was found.

    When more than a fifth and at least five artifacts of a kind have disappeared, nothing is written and the report names
    them in `halted`, unless *accept_vanished*. Raises LeaseHeld, LeaseLost, StoreError, WorkspaceError and PackError; what
    was stored until then stays, and the next pull goes on from there.
    """
    with run.store.write() as tx:
        leases.acquire(tx, run.name, run.holder, run.clock())
    try:
        report = _pull(run, accept_vanished=accept_vanished)
    except BaseException:
        with suppress(StoreError):  # on a full disk not even this can be stored: what went wrong first is what counts
            _give_back(run)
        raise
    _give_back(run)
    return report


def _give_back(run: Run) -> None:
    with run.store.write() as tx:
        leases.give_back(tx, run.name, run.holder)


def _pull(run: Run, *, accept_vanished: bool) -> PullReport:
    facts = load_facts(run)
    linked = facts.linked
    changes = _with_unseen(run, facts, _without_faults(_look(run, facts)))
    changes = followed(changes, linked, run.workspace.akin)
    vanished = [linked[one.ref] for one in changes.vanished if one.ref in linked]
    if not accept_vanished and (names := _too_many(vanished, linked.values())):
        return PullReport(changed=len(changes.changed), halted=names, needs_person=(_halted(run.name, names),))
    tally = Tally()
    tally.changed = len(changes.changed)
    facts.faults = {one.subject: one for one in changes.failed}
    heirs = _heirs(run, vanished)
    _link(run, facts, changes, vanished, heirs, tally)
    as_made = note_untouched(run, facts, changes)
    tally.as_made = len(as_made)
    fresh = {one.ref for one in changes.changed}
    _read_and_store(run, facts, _wanted(facts, changes, heirs, as_made), fresh, tally)
    with run.store.write() as tx:
        leases.renew(tx, run.name, run.holder, run.clock())
        ledger.move_cursor(tx, run.name, changes.cursor, run.clock())
        standing = ledger.findings(tx, run.name)
    run.checkpoint("cursor")
    return tally.report(standing)


def _look(run: Run, facts: Facts) -> Changes:
    """What changed, with what must be read anyway among it where the workspace can be told of that."""
    if facts.dirty and isinstance(run.workspace, LooksWhereTold):
        return run.workspace.changes_and(facts.cursor, facts.dirty)
    return run.workspace.changes(facts.cursor)


def _without_faults(changes: Changes) -> Changes:
    """What cannot be looked at, such as a link that was put in a document's place, is not gone."""
    faulty = {one.subject for one in changes.failed}
    return replace(changes, vanished=tuple(one for one in changes.vanished if one.ref not in faulty))


def _read_and_store(run: Run, facts: Facts, refs: Sequence[str], fresh: Container[str], tally: Tally) -> None:
    """Recorded artifacts first, so that a copy is compared with its original as it stands now. *fresh* are what changed."""
    recorded = sorted((facts.by_ref[ref] for ref in refs if ref in facts.by_ref), key=_in_order)
    strangers = [ref for ref in refs if ref not in facts.by_ref]
    misplaced: list[Misplaced] = []
    done = 0
    for some in batches(recorded, BATCH):
        batch = list(read_recorded(run, facts, some))
        store_recorded(run, facts, batch, tally)
        misplaced += [one.result for one in batch if isinstance(one.result, Misplaced)]
        done += len(batch)
        run.progress(done, len(refs))
    # What stands in somebody else's place is a copy, unless its own place was taken, too: then it is a mix-up and no evidence.
    without_place = {facts.by_ref[one.subject].key for one in misplaced}
    strangers += [one.subject for one in misplaced if one.subject in fresh and one.key not in without_place]
    seen = list(read_strangers(run, facts, strangers))
    for one in seen:
        if not one.is_foreign:
            store_copy(run, facts, one, tally)
    store_foreign(run, facts, [one for one in seen if one.is_foreign], tally)
    if strangers:
        run.progress(len(refs), len(refs))


# ---------------------------------------------------------------- what moved and what is gone


def _with_unseen(run: Run, facts: Facts, changes: Changes) -> Changes:
    """*changes* with what became of documents that moved or went before any pull had seen them: no cursor knows those."""
    seen = {one.ref for one in changes.changed}
    waiting = [ref for ref in facts.never_read if facts.linked_at(ref) and ref not in seen]
    gone = {facts.by_ref[ref].key: ref for ref in sorted(set(waiting) - run.workspace.exists(waiting))}
    if not gone:
        return changes
    places: dict[str, list[str]] = {}
    for hit in run.workspace.find(sorted(gone)):
        if run.workspace.akin(hit.ref, gone[hit.key]):
            places.setdefault(hit.key, []).append(hit.ref)
    moved = {refs[0]: gone[key] for key, refs in places.items() if len(refs) == 1 and refs[0] not in facts.by_ref}
    changed = [replace(one, former_ref=moved.get(one.ref, one.former_ref)) for one in changes.changed]
    changed += [Changed(ref, former) for ref, former in moved.items() if ref not in seen]
    vanished = [Vanished(ref) for ref in gone.values() if ref not in moved.values()]
    return replace(changes, changed=tuple(changed), vanished=(*changes.vanished, *vanished))


def _too_many(vanished: Sequence[Artifact], linked: Iterable[Artifact]) -> tuple[str, ...]:
    """The refs of every kind of which too many have disappeared at once."""
    standing = Counter(one.kind for one in linked)
    gone = Counter(one.kind for one in vanished)
    halting = {kind for kind, count in gone.items() if count >= HALT_COUNT and count > HALT_SHARE * standing[kind]}
    return tuple(one.ref for one in vanished if one.kind in halting)


def _halted(name: str, refs: Sequence[str]) -> Finding:
    message = (
        f"{len(refs)} files have disappeared at once, so nothing was read and nothing was changed: {', '.join(refs)}. "
        "Bring them back, or accept that they are gone and run this again."
    )
    return Finding(name, "halted", message)


def _heirs(run: Run, vanished: Sequence[Artifact]) -> Mapping[str, list[str]]:
    """Key to the refs that carry it, for artifacts that are gone: copies, one of which may be what is left."""
    found: dict[str, list[str]] = {}
    for one in run.workspace.find(artifact.key for artifact in vanished) if vanished else ():
        found.setdefault(one.key, []).append(one.ref)
    return found


def _lost(artifact: Artifact, heirs: Sequence[str]) -> Finding:
    message = f"{artifact.ref}: {artifact.title!r} is not there any more. Its evidence stays."
    if heirs:
        message += (
            f" A copy of it stands at {', '.join(heirs)}. To go on with that one: throughline relink {artifact.key} "
            f"{quote(heirs[0])}; otherwise put the original back."
        )
    else:
        message += f" Put it back, or make it anew: throughline recreate {artifact.key}"
    return Finding(artifact.key, "unlinked", message)


def _link(
    run: Run,
    facts: Facts,
    changes: Changes,
    vanished: Sequence[Artifact],
    heirs: Mapping[str, Sequence[str]],
    tally: Tally,
) -> None:
    """Record where artifacts stand now. Nothing is forgotten: one that is gone is unlinked."""
    now = run.clock()
    moves = [
        (one.former_ref, replace(facts.by_ref[one.former_ref], ref=one.ref, state=ArtifactState.LINKED))
        for one in changes.changed
        if one.former_ref in facts.by_ref
    ]
    gone = [replace(one, state=ArtifactState.UNLINKED) for one in vanished]
    lost = [_lost(one, heirs.get(one.key, ())) for one in gone]
    left = {one.former_ref for one in changes.changed} | {one.ref for one in changes.vanished}
    forgotten = sorted(left & facts.told.keys())
    stale = [*(former for former, _ in moves), *(one.ref for one in changes.vanished)]
    if moves or gone or forgotten or set(stale) & set(facts.dirty):
        with run.store.write() as tx:
            leases.renew(tx, run.name, run.holder, now)
            artifacts.update(tx, [*(one for _, one in moves), *gone])
            for former, one in moves:
                ledger.move_snapshots(tx, one.key, former, one.ref)
            ledger.clean(tx, run.name, stale)
            ledger.replace_findings(tx, run.name, [*(one.key for one in gone), *forgotten], lost, now)
        run.checkpoint("linked")
    for former, one in moves:
        del facts.by_ref[former]
        tally.moved.append((former, one.ref))
    facts.by_ref.update({one.ref: one for one in (*gone, *(one for _, one in moves))})
    tally.unlinked.extend(one.ref for one in gone)
    tally.needs_person.extend(lost)


def _wanted(facts: Facts, changes: Changes, heirs: Mapping[str, Sequence[str]], but: Container[str]) -> list[str]:
    """What to read, each once: what changed, what could not be read before, what never was, copies that are all there is.

    *but* names what need not be read.
    """
    moved = {one.former_ref for one in changes.changed}
    gone = moved | {one.ref for one in changes.vanished}
    refs = [*(one.ref for one in changes.changed), *(one.subject for one in changes.failed), *facts.dirty, *facts.never_read]
    refs += [ref for those in heirs.values() for ref in those]
    present = {one.ref for one in changes.changed}
    return [ref for ref in dict.fromkeys(refs) if (ref in present or ref not in gone) and ref not in but]


def _in_order(artifact: Artifact) -> tuple[date, str]:
    """Older check-ins first: an action is opened before it is carried on."""
    return artifact.due or date.min, artifact.key
