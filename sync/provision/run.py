"""One run of apply: what it works with, and how it writes down what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.workspace import Failed, Workspace, as_read
from sync.provision.contents import Content
from sync.provision.steps import Step, wanted_json
from sync.provision.survey import Survey
from sync.provision.wanted import Wanted
from sync.pull.serial import to_json
from sync.records import Artifact, Finding
from sync.store import Store, Transaction
from sync.store.queries import artifacts, leases, ledger
from templates.shapes import DocumentShape, Kind, TableShape

BATCH_BEGINS = "batch"
"""The checkpoint at which everything before is done, recorded and told, and nothing after it has begun."""
ITEM_DONE = frozenset({"created", "shared", "appended"})
"""The checkpoints that are come by once for each item of a batch."""


@dataclass(frozen=True)
class Outcome:
    """What became of one step.

    *result* is ``created``, ``adopted``, ``updated``, ``shared``, ``unlinked``, ``skipped``, ``failed``, ``busy``,
    ``trashed`` (an empty twin) or ``twin`` (one that somebody typed in).
    """

    key: str
    result: str
    message: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Made:
    """An artifact that now stands at *ref*, with what was provisioned in it and the imported goals among it."""

    wanted: Wanted
    ref: str
    version: str
    ground: Any
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """What every part of apply works with."""

    store: Store
    workspace: Workspace
    seen: Survey
    name: str
    """Of the workspace in the store, and of its lease."""
    holder: str
    now: Callable[[], datetime]
    checkpoint: Callable[[str], None]

    @contextmanager
    def writing(self, point: str) -> Iterator[Transaction]:
        """A transaction that prolongs the lease, between the checkpoints ``before-`` and ``after-`` *point*."""
        self.checkpoint(f"before-{point}")
        with self.store.write() as tx:
            leases.renew(tx, self.name, self.holder, self.now())
            yield tx
        self.checkpoint(f"after-{point}")

    def batches(self, items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
        """*items* in order, *size* at a time, with a good moment to stop before each: see `BATCH_BEGINS`."""
        for start in range(0, len(items), size):
            self.checkpoint(BATCH_BEGINS)
            yield items[start : start + size]

    def known(self, steps: Sequence[Step]) -> dict[str, Artifact]:
        """The artifacts of *steps* as they are recorded now: an earlier step may have found them in another place."""
        with self.store.read() as tx:
            return artifacts.by_keys(tx, [step.key for step in steps])

    def shape(self, kind: Kind) -> TableShape | DocumentShape | None:
        """What the pack knows of a kind."""
        template = self.seen.pack.templates.get(kind)
        return template.shape if template else None

    def unwritten_in(self, one: Wanted) -> tuple[str, ...]:
        """The ids of the imported goals that are written when *one* is made."""
        waiting = self.seen.unwritten.get(one.person_id, ()) if one.kind is Kind.GOAL_SHEET else ()
        return tuple(goal.id for goal in waiting)

    def body(self, one: Wanted, content: Content) -> dict[str, Any]:
        """What an intent keeps, so that a later run can finish it."""
        return {"wanted": wanted_json(one), "ground": to_json(as_read(content)), "goals": list(self.unwritten_in(one))}

    def record(self, tx: Transaction, made: Sequence[Made]) -> None:
        """Write down artifacts that stand now, with their goals; whatever was found about them before is past."""
        artifacts.record(tx, self.name, [(_artifact(one), one.ground) for one in made])
        ledger.mark_written(tx, {one.wanted.key: one.goals for one in made if one.goals})
        self.clear(tx, [one.wanted.key for one in made])

    def clear(self, tx: Transaction, keys: Iterable[str]) -> None:
        """Forget what was found about artifacts that are in order now."""
        ledger.replace_findings(tx, self.name, keys, (), self.now())

    def note(self, tx: Transaction, findings: Sequence[Finding]) -> None:
        """Leave a note for people."""
        ledger.replace_findings(tx, self.name, [finding.subject for finding in findings], findings, self.now())


def failed(key: str, failure: Failed) -> Outcome:
    """The outcome of an item that the workspace could not do."""
    return Outcome(key, "busy" if failure.busy else "failed", failure.reason)


def finding(outcome: Outcome) -> Finding:
    """A failed outcome as a note for people."""
    return Finding(outcome.key, outcome.result, outcome.message)


def _artifact(made: Made) -> Artifact:
    one = made.wanted
    return Artifact(
        key=one.key,
        kind=one.kind,
        cycle_id=one.key.split("/")[0],
        person_id=one.person_id,
        other_id=one.other_id,
        due=one.due,
        place=one.home.place,
        title=one.title,
        ref=made.ref,
        version=made.version,
        writers=one.grants.writers,
        readers=one.grants.readers,
    )
