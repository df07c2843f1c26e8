"""Append imported goals to goal sheets that already stand, each exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.workspace import AppendRows, Document, Edit, Failed, NewRow, Snapshot, Stale, Table, TableContent, as_read
from sync.provision.contents import goal_rows
from sync.provision.plan import Update, person_of
from sync.provision.run import Outcome, Run, failed, finding
from sync.pull.serial import from_json, to_json
from sync.records import Artifact
from sync.store.queries import artifacts, ledger
from templates.shapes import Kind, TableShape


@dataclass(frozen=True)
class _Sheet:
    """A goal sheet as read, and the rows that its new goals make."""

    step: Update
    snapshot: Snapshot
    rows: tuple[NewRow, ...]
    version: str

    @property
    def lacking(self) -> tuple[NewRow, ...]:
        """The rows to append. There are none when an earlier run was stopped after writing them."""
        return _without(self.rows, self.snapshot.content)


def append_goals(run: Run, steps: Sequence[Update]) -> Iterator[Outcome]:
    """Write the goals of *steps* below those that people have; a sheet that moved on meanwhile is left for the next run."""
    shape = run.shape(Kind.GOAL_SHEET)
    if not isinstance(shape, TableShape):
        raise TypeError("the pack has no goal sheet, so the plan cannot have asked for goals to be added to one")
    problems: dict[str, Outcome] = {}
    sheets = list(_written(run, shape, list(_read(run, shape, steps, problems)), problems))
    with run.writing("recording-goals") as tx:
        known = artifacts.by_keys(tx, [sheet.step.key for sheet in sheets])
        grounds = artifacts.grounds(tx, known)
        artifacts.record(tx, run.name, [_with_rows(known, grounds, shape, sheet) for sheet in sheets])
        ledger.mark_written(tx, {sheet.step.key: sheet.step.goals for sheet in sheets})
        run.clear(tx, [sheet.step.key for sheet in sheets])
        run.note(tx, [finding(problem) for problem in problems.values()])
    yield from problems.values()
    yield from (Outcome(sheet.step.key, "updated", sheet.step.reason, sheet.snapshot.ref) for sheet in sheets)


def _read(run: Run, shape: TableShape, steps: Sequence[Update], problems: dict[str, Outcome]) -> Iterator[_Sheet]:
    known = run.known(steps)
    steps = [step for step in steps if step.key in known]
    for step, result in zip(steps, run.workspace.read((known[step.key].ref, shape) for step in steps), strict=True):
        if isinstance(result, Failed):
            problems[step.key] = failed(step.key, result)
        else:
            yield _Sheet(step, result, _rows(run, shape, step), result.version)


def _rows(run: Run, shape: TableShape, step: Update) -> tuple[NewRow, ...]:
    goals = run.seen.unwritten.get(person_of(step.key), ())
    return goal_rows(shape, [goal for goal in goals if goal.id in step.goals])


def _without(rows: tuple[NewRow, ...], content: Table | Document) -> tuple[NewRow, ...]:
    """Those of *rows* whose key is not in *content* yet."""
    there = {row.key for row in content.rows} if isinstance(content, Table) else set()
    return tuple(row for row in rows if row.key not in there)


def _written(run: Run, shape: TableShape, sheets: Sequence[_Sheet], problems: dict[str, Outcome]) -> Iterator[_Sheet]:
    """The *sheets* that hold all their goals now."""
    yield from (sheet for sheet in sheets if not sheet.lacking)
    lacking = [sheet for sheet in sheets if sheet.lacking]
    edits = (Edit(one.snapshot.ref, one.snapshot.version, shape, (AppendRows(one.lacking),)) for one in lacking)
    for sheet, result in zip(lacking, run.workspace.write(edits), strict=True):
        run.checkpoint("appended")
        key = sheet.step.key
        if isinstance(result, Failed):
            problems[key] = failed(key, result)
        elif isinstance(result, Stale):
            problems[key] = Outcome(key, "busy", "somebody changed the sheet just now; run this again", result.ref)
        else:
            yield replace(sheet, version=result.version)


def _with_rows(
    known: Mapping[str, Artifact], grounds: Mapping[str, Any], shape: TableShape, sheet: _Sheet
) -> tuple[Artifact, Any]:
    """The artifact and its ground with the new rows, so that nobody takes them for something a person typed."""
    key = sheet.step.key
    ground = from_json(grounds[key])
    added = as_read(TableContent(shape, _without(sheet.rows, ground)))
    if isinstance(ground, Table) and isinstance(added, Table):
        ground = replace(ground, rows=ground.rows + added.rows)
    version = sheet.version if known[key].version == sheet.snapshot.version else ""  # else people have written in it, too
    return replace(known[key], version=version), to_json(ground)
