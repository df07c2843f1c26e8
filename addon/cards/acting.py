"""What was asked for on a card, written into its document by a worker; the card tells what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from addon.company import Company
from addon.evidence.commands import run_sync
from connectors.workspace import Change, Document, Edit, Snapshot, Stale, Table, Unchanged, WorkspaceError, Written
from sync.access import Action, Paper, Viewer, can
from sync.document_edits import DocumentEdit, EditKind, EditResult
from sync.edit_changes import NotWritten, new_value, tick
from sync.jobs import Counts
from sync.records import ActionItem, Artifact, ArtifactState
from sync.review.desk import lease
from sync.store.queries import artifacts, document_edits, ledger
from templates.shapes import DocumentShape, Kind, TableShape

TRIES = 3
"""How often it is tried on a document in which somebody types."""
LOOKED_INTO = 4
"""In how many check-ins an action is looked for, the newest first."""
BUSY = "somebody works in it just now: try again in a while"


def write(company: Company, edit_id: str) -> Counts:
    """Write it, keep what became of it, and read the document back."""
    with company.store.read() as tx:
        wanted = document_edits.get(tx, edit_id)
    if wanted is None or wanted.result is not EditResult.WAITING:
        return {}
    try:
        artifact = _written(company, wanted)
        done = replace(wanted, result=EditResult.DONE)
    except NotWritten as problem:
        artifact = None
        done = replace(wanted, result=EditResult.MOVED if problem.moved else EditResult.FAILED, message=str(problem))
    except WorkspaceError as error:
        artifact = None
        done = replace(wanted, result=EditResult.FAILED, message=str(error))
    with company.store.write() as tx:
        document_edits.settle(tx, replace(done, ended_at=company.real_now))
    if artifact is not None:
        run_sync(company)
    return {done.result.value: 1}


def _written(company: Company, wanted: DocumentEdit) -> Artifact | None:
    """The document that was written, None when it says so already. Raises NotWritten, LeaseHeld, WorkspaceError."""
    kind = Kind.CHECK_IN if wanted.kind is EditKind.TICK else Kind.GOAL_SHEET
    viewer = Viewer(wanted.by, company.directory)
    if not can(viewer, Action.WRITE, Paper(kind, wanted.person_id), company.today):
        raise NotWritten("it is not yours to change any more")
    workspace = company.workspace
    with lease(company.store, workspace.capabilities.name, company.holder, lambda: company.now):
        for artifact in _papers(company, wanted):
            outcome = _tried(company, wanted, artifact)
            if outcome is None:
                continue
            if isinstance(outcome, Written):
                with company.store.write() as tx:
                    artifacts.update(tx, [replace(artifact, version="")])
                return artifact
            return None
    raise NotWritten("it stands in no document any more: look there", moved=True)


def _papers(company: Company, wanted: DocumentEdit) -> Sequence[Artifact]:
    """Where to look, in this order: where it was asked for, the newest check-ins, where the action was first written."""
    with company.store.read() as tx:
        own = artifacts.of_person(tx, wanted.person_id)
        action = _action(ledger.actions(tx, _cycle_of(own, wanted), wanted.person_id), wanted)
    linked = {one.key: one for one in own if one.state is ArtifactState.LINKED}
    if wanted.kind is EditKind.VALUE:
        return [one for key, one in linked.items() if key == wanted.artifact_key]
    newest = sorted((one for one in linked.values() if one.kind is Kind.CHECK_IN and one.due), key=lambda one: str(one.due))
    keys = [wanted.artifact_key, *(one.key for one in reversed(newest[-LOOKED_INTO:])), action.origin_key if action else ""]
    return [linked[key] for key in dict.fromkeys(keys) if key in linked]


def _cycle_of(own: Iterable[Artifact], wanted: DocumentEdit) -> str:
    return next((one.cycle_id for one in own if one.key == wanted.artifact_key), "")


def _action(actions: Iterable[ActionItem], wanted: DocumentEdit) -> ActionItem | None:
    return next((one for one in actions if one.key == wanted.subject), None)


def _tried(company: Company, wanted: DocumentEdit, artifact: Artifact) -> Written | Unchanged | None:
    """What came of it; None when what is to be changed does not stand in this document. Raises NotWritten."""
    template = company.pack(company.cycle(artifact.cycle_id)).templates.get(artifact.kind)
    if template is None or not isinstance(template.shape, TableShape | DocumentShape):
        raise NotWritten("the templates of this cycle have no such document")
    for _ in range(TRIES):
        read = next(iter(company.workspace.read([(artifact.ref, template.shape)])))
        if not isinstance(read, Snapshot):
            raise NotWritten(f"the document cannot be read: {read.reason}")
        changes = _changes(company, wanted, artifact, read, template.shape)
        if changes is None:
            return None
        if not changes:
            return Unchanged(read.ref, read.version)
        result = next(iter(company.workspace.write([Edit(read.ref, read.version, template.shape, changes)])))
        if isinstance(result, Written | Unchanged):
            return result
        if not isinstance(result, Stale):
            raise NotWritten(BUSY if result.busy else result.reason)
    raise NotWritten(BUSY, moved=True)


def _changes(
    company: Company, wanted: DocumentEdit, artifact: Artifact, read: Snapshot, shape: TableShape | DocumentShape
) -> tuple[Change, ...] | None:
    with company.store.read() as tx:
        action = _action(ledger.actions(tx, artifact.cycle_id, wanted.person_id), wanted)
        goals = ledger.goals_of_artifacts(tx, [artifact.key]).get(artifact.key, [])
    if wanted.kind is EditKind.TICK:
        if not isinstance(read.content, Document) or action is None:
            return None
        return tick(read.content, action.key, action.text)
    goal = next((one for one in goals if one.id == wanted.subject), None)
    if goal is None or wanted.value is None or not isinstance(read.content, Table) or not isinstance(shape, TableShape):
        return None
    return new_value(read.content, shape, goal.row_key, goal.title, wanted.value, wanted.was, company.today)
