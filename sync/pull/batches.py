"""Read artifacts and store what was decided about them, a batch at a time. No transaction is open while reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from posixpath import dirname
from typing import TypeVar

from connectors.workspace import Document, Failed, Snapshot, Table
from sync.pull.copies import lying
from sync.pull.facts import Facts, Run, Shape, as_made, context_of, shape_of, varies
from sync.pull.foreign import misplaced, strangers
from sync.pull.intents import Intents, Known
from sync.pull.news import news
from sync.pull.reconcile import reconcile, reconcile_copy
from sync.pull.report import Tally
from sync.pull.saves import with_saves
from sync.pull.serial import from_json, to_json
from sync.records import ActionItem, Artifact, ArtifactState, Entry, Finding, Goal, Save
from sync.store import Transaction
from sync.store.queries import artifacts, leases, ledger
from templates.shapes import Kind

BATCH = 50

Item = TypeVar("Item")


@dataclass(frozen=True)
class Misplaced(Failed):
    """At an artifact's place stands something that carries another *key*: its words are not this artifact's."""

    key: str = ""


@dataclass(frozen=True)
class TakenAway(Snapshot):
    """Something of nobody's that could not be read, and that is there no more: nothing is left to say about it."""


@dataclass(frozen=True)
class Reading:
    """An artifact with what was read of it, and what went wrong."""

    ref: str
    artifact: Artifact | None
    shape: Shape | None
    result: Snapshot | Failed

    @property
    def subject(self) -> str:
        """What findings about it are filed under: the artifact's key, a copy's or a stranger's ref."""
        return self.artifact.key if self.artifact and self.artifact.ref == self.ref else self.ref

    @property
    def is_foreign(self) -> bool:
        """Whether it is a file of somebody's own, or of another program or house: it could be read and is none of ours."""
        return self.artifact is None and isinstance(self.result, Snapshot)

    @property
    def again(self) -> bool:
        """Whether the next pull is to read it whatever the cursor says."""
        return isinstance(self.result, Failed)

    @property
    def failure(self) -> Finding | None:
        """What a person should know when it could not be read."""
        if not isinstance(self.result, Failed):
            return None
        reason = self.result.reason if self.result.reason.startswith(self.ref) else f"{self.ref}: {self.result.reason}"
        waits = not isinstance(self.result, Misplaced)  # it is not waiting that mends a mix-up
        message = reason + (" It is read again in the next sync." if waits else "")
        return Finding(self.subject, "busy" if self.result.busy else "failed", message)


def read_recorded(run: Run, facts: Facts, wanted: Sequence[Artifact]) -> Iterator[Reading]:
    """Read recorded artifacts, each with the shape that it was made with."""
    shapes, by_key = _shapes(run, facts, wanted), facts.by_key()
    results = run.workspace.read((one.ref, shapes[one.key]) for one in wanted)
    for one, result in zip(wanted, results, strict=True):
        shape = shapes[one.key]
        if shape is None:
            reason = f"The pack of the cycle {one.cycle_id!r} has no {one.kind.value}; bring the cycle and its pack back."
            result = Failed(one.ref, reason)
        elif isinstance(result, Snapshot) and result.key not in ("", one.key):
            result = Misplaced(one.ref, misplaced(one, result.key, by_key.get(result.key)), key=result.key)
        yield Reading(one.ref, one, shape, _best_told(facts, one.ref, result))


def _shapes(run: Run, facts: Facts, wanted: Sequence[Artifact]) -> dict[str, Shape | None]:
    """By key: what the cycle's pack says, without the sections that were not made in this very document."""
    shapes = {one.key: shape_of(run, facts, one) for one in wanted}
    varying = [key for key, shape in shapes.items() if shape is not None and varies(shape)]
    equal: dict[Shape | None, Shape | None] = {}
    for some in batches(varying, BATCH):
        with run.store.read() as tx:
            grounds = artifacts.grounds(tx, some)
        for key, data in grounds.items():
            shape = as_made(shapes[key], from_json(data)) if data else shapes[key]
            shapes[key] = equal.setdefault(shape, shape)
    return shapes


def read_strangers(run: Run, facts: Facts, refs: Sequence[str]) -> Iterator[Reading]:
    """What stands where no artifact of its key is recorded: copies, and files that are none of ours."""
    by_key = facts.by_key()
    results = list(run.workspace.read((ref, None) for ref in refs)) if refs else []
    over = set(refs) - run.workspace.exists(refs) - facts.faults.keys()
    for ref, seen in zip(refs, results, strict=True):
        original = by_key.get(seen.key) if isinstance(seen, Snapshot) else None
        shape = _shapes(run, facts, [original])[original.key] if original else None
        if isinstance(seen, Failed) and ref in over:  # it was taken away: a trouble no more
            yield Reading(ref, None, None, TakenAway(ref, "", "", Document(())))
        elif isinstance(seen, Failed):
            yield Reading(ref, None, None, _best_told(facts, ref, seen))
        elif original is not None and shape is not None:
            yield Reading(ref, original, shape, next(iter(run.workspace.read([(ref, shape)]))))
        elif ref not in facts.by_ref:
            yield Reading(ref, None, None, seen)


def _best_told(facts: Facts, ref: str, result: Snapshot | Failed) -> Snapshot | Failed:
    """What cannot be read, in the words of the look that already knew why."""
    return facts.faults.get(ref, result) if isinstance(result, Failed) and not isinstance(result, Misplaced) else result


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


# ---------------------------------------------------------------- deciding


@dataclass(frozen=True)
class _Decided:
    """What is to be stored about one artifact or copy."""

    reading: Reading
    snapshot: Snapshot
    artifact: Artifact
    intents: Intents


@dataclass
class _Loaded:
    """What the store has about a batch."""

    saves: Mapping[str, tuple[Save, ...]]
    grounds: Mapping[str, Table | Document]
    previous: Mapping[str, Table | Document]
    entries: Mapping[str, list[Entry]]
    goals: Mapping[str, list[Goal]]
    actions: dict[str, dict[str, ActionItem]]
    """By person, then by action key; kept current from one artifact to the next."""

    def known(self, artifact: Artifact) -> Known:
        """What is known of one artifact."""
        return Known(
            tuple(self.entries.get(artifact.key, ())),
            tuple(self.goals.get(artifact.key, ())),
            tuple(self.actions.get(artifact.person_id, {}).values()),
        )

    def after(self, artifact: Artifact, intents: Intents) -> None:
        """The actions as this artifact left them."""
        self.actions.setdefault(artifact.person_id, {}).update((action.key, action) for action in intents.actions)


def _load(run: Run, batch: Sequence[Reading]) -> _Loaded:
    read = [one.artifact for one in batch if one.artifact and isinstance(one.result, Snapshot)]
    keys = list(dict.fromkeys(one.key for one in read))
    people_met = {one.person_id for one in read if one.kind is Kind.CHECK_IN}
    with run.store.read() as tx:
        actions = ledger.actions_of_people(tx, sorted(people_met))
        return _Loaded(
            saves=artifacts.saves(tx, keys),
            grounds={key: from_json(data) for key, data in artifacts.grounds(tx, keys).items() if data},
            previous={key: from_json(data) for key, data in artifacts.last_snapshots(tx, keys).items()},
            entries=ledger.of_artifacts(tx, keys),
            goals=ledger.goals_of_artifacts(tx, keys),
            actions={person: {one.key: one for one in own} for person, own in actions.items()},
        )


def store_recorded(run: Run, facts: Facts, batch: Sequence[Reading], tally: Tally) -> None:
    """Decide what the artifacts of *batch* say, in order, and store it all at once."""
    loaded, now = _load(run, batch), run.clock()
    decided = []
    for one in batch:
        if isinstance(one.result, Failed) or one.artifact is None or one.shape is None:
            continue
        ground, previous = loaded.grounds.get(one.artifact.key, Document(())), loaded.previous.get(one.artifact.key)
        context, known = context_of(run, facts, one.artifact, now), loaded.known(one.artifact)
        intents = reconcile(one.artifact, one.shape, ground, previous, one.result, known, context)
        saves = loaded.saves.get(one.artifact.key, ())
        intents = with_saves(intents, one.artifact, one.result, partial(_digest, one.result), saves, known, context)
        loaded.after(one.artifact, intents)
        artifact = replace(one.artifact, version=one.result.version, state=ArtifactState.LINKED)
        decided.append(_Decided(one, one.result, artifact, intents))
    with run.store.write() as tx:
        _save(tx, run, facts, batch, decided, now)
        artifacts.update(tx, [each.artifact for each in decided if each.artifact != each.reading.artifact])
        artifacts.add_snapshots(tx, [_taken(each) for each in decided], now)
    facts.by_ref.update({each.artifact.ref: each.artifact for each in decided})
    _count(facts, batch, decided, tally)
    run.checkpoint("batch")


def _digest(read: Snapshot) -> str:
    return artifacts.digest_of(to_json(read.content))


def store_copy(run: Run, facts: Facts, one: Reading, tally: Tally) -> None:
    """Decide what a copy says beyond its original, and store it. One at a time, for two copies may say the same."""
    loaded, now = _load(run, [one]), run.clock()
    decided = []
    if isinstance(one.result, Snapshot) and one.artifact is not None and one.shape is not None:
        key, context = one.artifact.key, context_of(run, facts, one.artifact, now)
        ground, original = loaded.grounds.get(key, Document(())), loaded.previous.get(key)
        where = lying(one.ref, one.artifact, context.manager_id, _neighbours(facts, one.ref))
        known = loaded.known(one.artifact)
        intents = reconcile_copy(one.artifact, one.shape, ground, original, one.result, known, context, where)
        decided = [_Decided(one, one.result, one.artifact, intents)]
    with run.store.write() as tx:
        _save(tx, run, facts, [one], decided, now)
    _count(facts, [one], decided, tally)
    run.checkpoint("batch")


def store_foreign(run: Run, facts: Facts, seen: Sequence[Reading], tally: Tally) -> None:
    """Note the files that are none of ours, so that each is named once."""
    if not seen:
        return
    keys = {one.ref: one.result.key for one in seen if isinstance(one.result, Snapshot)}
    with run.store.write() as tx:
        standing = {one.ref: keys[one.ref] for one in seen if one.ref in keys and not isinstance(one.result, TakenAway)}
        found = strangers(standing, artifacts.open_intents(tx, run.name))
        leases.renew(tx, run.name, run.holder, run.clock())
        ledger.clean(tx, run.name, set(keys) & set(facts.dirty))
        if found or keys.keys() & facts.told.keys():
            ledger.replace_findings(tx, run.name, keys, found, run.clock())
    tally.needs_person.extend(_news(facts, found))
    run.checkpoint("foreign")


def _neighbours(facts: Facts, ref: str) -> Iterator[Artifact]:
    """The recorded artifacts in the folder of *ref*."""
    folder = dirname(ref)
    return (one for standing, one in facts.linked.items() if dirname(standing) == folder)


# ---------------------------------------------------------------- storing


def _save(
    tx: Transaction, run: Run, facts: Facts, batch: Sequence[Reading], decided: Sequence[_Decided], now: datetime
) -> None:
    leases.renew(tx, run.name, run.holder, now)
    ledger.append(tx, [entry for one in decided for entry in one.intents.entries])
    ledger.save_goals(tx, [goal for one in decided for goal in one.intents.goals])
    ledger.add_goal_values(tx, [value for one in decided for value in one.intents.values])
    ledger.save_actions(tx, list({action.key: action for one in decided for action in one.intents.actions}.values()))
    again = [one.ref for one in batch if one.again]
    ledger.mark_dirty(tx, run.name, again)
    ledger.clean(tx, run.name, {one.ref for one in batch} & set(facts.dirty) - set(again))
    found = _findings(batch, decided)
    mended = {subject for one in batch for subject in (one.subject, one.ref)} & facts.told.keys()
    if found or mended:
        ledger.replace_findings(tx, run.name, {*mended, *(finding.subject for finding in found)}, found, now)


def _findings(batch: Sequence[Reading], decided: Sequence[_Decided]) -> list[Finding]:
    return [
        *(one.failure for one in batch if one.failure is not None),
        *(finding for one in decided for finding in one.intents.findings),
    ]


def _taken(one: _Decided) -> artifacts.Taken:
    seen = one.snapshot
    return artifacts.Taken(one.artifact.key, seen.ref, seen.version, to_json(seen.content), seen.modified_by, seen.modified_at)


def _count(facts: Facts, batch: Sequence[Reading], decided: Sequence[_Decided], tally: Tally) -> None:
    """What was read, and those findings that the last sync did not have."""
    for one in decided:
        tally.add(one.reading.ref, one.artifact, one.snapshot, one.intents.entries)
    fresh = list(_news(facts, _findings(batch, decided)))
    failures = [one.failure for one in batch if one.failure is not None]
    tally.failed += sum(failure in fresh for failure in failures)
    tally.still_failing += sum(failure not in fresh for failure in failures)
    tally.needs_person.extend(fresh)


def _news(facts: Facts, found: Iterable[Finding]) -> Iterator[Finding]:
    """Those of *found* that the last sync did not say."""
    found = list(found)
    return news(found, (told for subject in {one.subject for one in found} for told in facts.told.get(subject, ())))
