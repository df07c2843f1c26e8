"""Files that are, byte for byte, what we made: nobody wrote in them, so none of them is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.workspace import Changes
from sync.pull.facts import Facts, Run
from sync.records import Artifact
from sync.store import Transaction
from sync.store.queries import artifacts, leases, ledger
from sync.store.queries.chunks import CHUNK
from templates.shapes import Kind


def note_untouched(run: Run, facts: Facts, changes: Changes) -> frozenset[str]:
    """Note that the new files in which nobody has written were looked at; returns their refs.

    A file of which either side tells no version may hold anything: it is read.
    """
    fresh = set(facts.never_read) - set(facts.dirty)
    seen = [(facts.linked_at(one.ref), one.version) for one in changes.changed if one.ref in fresh and not one.former_ref]
    same = [one for one, version in seen if one and version and one.version == version and _is_in_order(facts, one)]
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
    """Those of *some* of which the store has all that stands in them: a goal or an action that it lacks has to be read."""
    rows = {one.key: one for one in some if one.kind in (Kind.GOAL_SHEET, Kind.CHECK_IN)}
    goals = {key: {goal.row_key for goal in those} for key, those in ledger.goals_of_artifacts(tx, rows).items()}
    actions = ledger.actions_of_people(tx, sorted({one.person_id for one in rows.values()}))
    unknown = set()
    for key, ground in artifacts.grounds(tx, rows).items():
        if ground and not _goals_in(ground) <= goals.get(key, set()):
            unknown.add(key)
        if ground and not _actions_in(ground) <= {action.key for action in actions.get(rows[key].person_id, ())}:
            unknown.add(key)
    yield from (one for one in some if one.key not in unknown)


def _goals_in(ground: Mapping[str, Any]) -> set[str]:
    """The keys of the rows of a sheet, as `serial` writes it."""
    return {row[0] for row in ground.get("table", ()) if row[0]}


def _actions_in(ground: Mapping[str, Any]) -> set[str]:
    """The keys of a check-in's actions."""
    return {row[0] for part in ground.get("document", ()) if part[0] == "actions" for row in part[3] if row[0]}
