"""Files that are, byte for byte, what we made: nobody wrote in them, so none of them is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.workspace import Changes
from sync.pull.facts import Facts, Run
from sync.records import Artifact
from sync.store import Transaction
from sync.store.queries import artifacts, leases, ledger
from sync.store.queries.chunks import CHUNK
from templates.shapes import Kind


def note_untouched(run: Run, facts: Facts, changes: Changes) -> frozenset[str]:
    """Note that the new files in which nobody has written were looked at; returns their refs."""
    fresh = set(facts.never_read) - set(facts.dirty)
    seen = [(facts.linked_at(one.ref), one.version) for one in changes.changed if one.ref in fresh and not one.former_ref]
    same = [one for one, version in seen if one and one.version == version and _is_in_order(facts, one)]
    noted: set[str] = set()
    for start in range(0, len(same), CHUNK):
        with run.store.write() as tx:
            now = run.clock()
            leases.renew(tx, run.name, run.holder, now)
            known = list(_known(tx, same[start : start + CHUNK]))
            artifacts.add_as_made(tx, known, now)
        noted.update(one.ref for one in known)
        run.checkpoint("as made")
    return frozenset(noted)


def _is_in_order(facts: Facts, one: Artifact) -> bool:
    """Whether reading it could tell nothing but what stands in it."""
    return one.key not in facts.told and one.cycle_id in facts.cycles


def _known(tx: Transaction, some: Sequence[Artifact]) -> Iterator[Artifact]:
    """Those of *some* of which the store has all that stands in them: a sheet whose goals it lacks has to be read."""
    sheets = [one.key for one in some if one.kind is Kind.GOAL_SHEET]
    goals = {key: {goal.row_key for goal in those} for key, those in ledger.goals_of_artifacts(tx, sheets).items()}
    for key, ground in artifacts.grounds(tx, sheets).items():
        if ground and not {row[0] for row in ground.get("table", ()) if row[0]} <= goals.get(key, set()):
            sheets.remove(key)
    yield from (one for one in some if one.kind is not Kind.GOAL_SHEET or one.key in sheets)
