"""Drafts into the documents of those who write the reviews, never over what a person wrote there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.workspace import (
    Document,
    Edit,
    Failed,
    FillSection,
    ReplaceCells,
    SetCells,
    Snapshot,
    Stale,
    Unchanged,
    Workspace,
    Written,
)
from sync.pull.serial import from_json, to_json
from sync.records import Artifact, ArtifactState, Draft, Entry
from sync.review.desk import PLACES, Desk, draft_key, lease, require_open, strayed
from sync.review.revising import Paper, Revision, certain, revise
from sync.review.sources import standing_for
from sync.store.queries import artifacts, leases, ledger, reviews
from templates.shapes import DocumentShape, Kind

BATCH = 50


@dataclass(frozen=True)
class Filled:
    """What became of one review document.

    *result* is ``filled``, ``revised`` (sentences of an earlier draft were changed), ``unchanged`` (it says what the draft
    says), ``missing``, ``stale`` (it is being edited) or ``failed``.
    """

    draft: Draft
    result: str
    message: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Batch:
    """What is known of the documents that some drafts go into, by key or by entry id."""

    keys: Mapping[str, str]
    standing: Mapping[str, Artifact]
    grounds: Mapping[str, Mapping[str, object]]
    entries: Mapping[str, Entry]
    titles: Mapping[str, str]
    refs: Mapping[str, str]
    """Where the artifacts stand that hold what is cited."""
    former: Mapping[str, tuple[Draft, ...]]
    lineage: Mapping[str, tuple[Entry, ...]]


def fill_review_documents(
    desk: Desk,
    workspace: Workspace,
    name: str,
    drafts: Iterable[Draft],
    *,
    holder: str,
    now: Callable[[], datetime],
) -> Iterator[Filled]:
    """Bring the writers' private review documents up to their drafts: only the program's own untouched sentences change.

    A manager's draft goes into their review document, a person's own into their self review. *name* is the workspace's in
    the store, and its lease's; *holder* names this run. One result a draft, in order. Raises LeaseHeld, and ReviewError when
    the cycle is locked.
    """
    require_open(desk)
    shapes = {kind: desk.template(kind)[1] for kind in PLACES}
    with lease(desk.store, name, holder, now):
        waiting = list(drafts)
        for start in range(0, len(waiting), BATCH):
            with desk.store.write() as tx:
                leases.renew(tx, name, holder, now())
            yield from _fill(desk, workspace, name, shapes, waiting[start : start + BATCH])


def _fill(
    desk: Desk, workspace: Workspace, name: str, shapes: Mapping[Kind, DocumentShape], drafts: Sequence[Draft]
) -> Iterator[Filled]:
    """One batch: read, decide, write, record."""
    batch = _look_up(desk, drafts)
    snapshots = _snapshots(desk, workspace, shapes, batch.standing)
    revisions: dict[str, Revision] = {}
    edits: dict[str, Edit] = {}
    for draft in drafts:
        snapshot = snapshots.get(batch.keys[draft.id])
        if isinstance(snapshot, Snapshot) and isinstance(snapshot.content, Document):
            shape = shapes[_kind(draft)]
            revisions[draft.id] = _revision(desk, workspace, draft, snapshot.content, shape, batch)
            if revisions[draft.id].changes:
                edits[draft.id] = Edit(snapshot.ref, snapshot.version, shape, revisions[draft.id].changes)
    # The ground comes first: stopped after the write, the program's own sentences must not read like somebody's.
    standing = {one: batch.standing[batch.keys[one]] for one in edits}
    with desk.store.write() as tx:
        artifacts.record(tx, name, [(paper, to_json(revisions[one].before)) for one, paper in standing.items()])
    results = dict(zip(edits, workspace.write(list(edits.values())), strict=True))
    written = {one: result.version for one, result in results.items() if isinstance(result, Written)}
    made = [(_after(standing[one], edits[one], to), to_json(revisions[one].ground)) for one, to in written.items()]
    left = [(paper, dict(batch.grounds[paper.key])) for one, paper in standing.items() if one not in written]
    with desk.store.write() as tx:
        artifacts.record(tx, name, made + left)
    for draft in drafts:
        yield _filled(draft, snapshots.get(batch.keys[draft.id]), results.get(draft.id), revisions.get(draft.id))


def _revision(
    desk: Desk, workspace: Workspace, draft: Draft, document: Document, shape: DocumentShape, batch: _Batch
) -> Revision:
    ground = from_json(batch.grounds[batch.keys[draft.id]])
    written = certain(ground, document) if isinstance(ground, Document) else Document(())
    paper = Paper(document, written, shape, PLACES[_kind(draft)])
    voice = desk.voice(desk.person(draft.person_id))
    targets = _targets(workspace, batch, batch.standing[batch.keys[draft.id]].ref)
    return revise(draft, paper, batch.entries, batch.titles, voice, batch.former.get(draft.id, ()), batch.lineage, targets)


def _targets(workspace: Workspace, batch: _Batch, seen_from: str) -> dict[str, str]:
    """Where the sources stand, by entry id, for links in the document at *seen_from*."""
    return {
        one: workspace.address(ref, seen_from, entry.place if entry.anchor.startswith("row:") else entry.anchor)
        for one, entry in standing_for(batch.entries.values()).items()
        if (ref := batch.refs.get(entry.artifact_key))
    }


def _after(artifact: Artifact, edit: Edit, version: str) -> Artifact:
    """Of *version* now; where somebody had written before, that version does not hold our words alone."""
    return replace(artifact, version=version if artifact.version == edit.version else "")


def _kind(draft: Draft) -> Kind:
    return Kind.SELF_REVIEW if draft.writer_id == draft.person_id else Kind.MANAGER_REVIEW


def _snapshots(
    desk: Desk, workspace: Workspace, shapes: Mapping[Kind, DocumentShape], standing: Mapping[str, Artifact]
) -> dict[str, Snapshot | Failed]:
    """What stands in the documents; a private one that others can read is left alone."""
    lost = {key: Failed(one.ref, why) for key, one in standing.items() if (why := strayed(desk, one))}
    there = {key: one for key, one in standing.items() if key not in lost}
    read = workspace.read([(one.ref, shapes[one.kind]) for one in there.values()])
    return {**lost, **dict(zip(there, read, strict=True))}


def _look_up(desk: Desk, drafts: Sequence[Draft]) -> _Batch:
    """The documents that stand, their grounds, what the drafts cite, and the drafts that were written there before."""
    keys = {one.id: draft_key(desk.cycle.id, one.person_id, one.writer_id) for one in drafts}
    cited = {citation.entry_id for draft in drafts for statement in draft.statements for citation in statement.citations}
    with desk.store.read() as tx:
        recorded = artifacts.by_keys(tx, keys.values())
        standing = {key: one for key, one in recorded.items() if one.state is ArtifactState.LINKED and one.ref}
        entries = ledger.by_ids(tx, cited)
        lineage = ledger.lineage(tx, list(entries.values()))
        former = {
            one.id: reviews.drafts_between(tx, desk.cycle.id, one.person_id, one.writer_id, one.reader_id)
            for one in drafts
            if keys[one.id] in standing
        }
        grounds = artifacts.grounds(tx, standing)
        cited_in = artifacts.by_keys(tx, sorted({entry.artifact_key for entry in entries.values()}))
    titles = {key: one.title for key, one in cited_in.items()}
    refs = {key: one.ref for key, one in cited_in.items() if one.state is ArtifactState.LINKED}
    return _Batch(keys, standing, grounds, entries, titles, refs, former, lineage)


def _filled(
    draft: Draft,
    snapshot: Snapshot | Failed | None,
    result: Written | Unchanged | Stale | Failed | None,
    revision: Revision | None,
) -> Filled:
    match snapshot, result:
        case None, _:
            return Filled(draft, "missing", "there is no review document for it; `throughline plan` shows when one is made")
        case (Failed(reason=reason), _) | (_, Failed(reason=reason)):
            return Filled(draft, "failed", reason)
        case _, Stale():
            return Filled(draft, "stale", "somebody is writing in the document just now; run this again")
    if revision is None:
        return Filled(draft, "failed", "what stands in its place is no document; put the review document back where it was")
    lost = (
        f"the headings {', '.join(f'“{one}”' for one in revision.missing)} are gone; put them back" if revision.missing else ""
    )
    if not isinstance(result, Written):
        return Filled(draft, "unchanged", lost)
    sections = tuple(dict.fromkeys(one.section for one in revision.changes if not isinstance(one, SetCells | ReplaceCells)))
    if not revision.removed and all(isinstance(one, FillSection) for one in revision.changes):
        return Filled(draft, "filled", lost, sections)
    said = f"{_sentences(revision.added)} added, {_sentences(revision.removed)} taken out"
    return Filled(draft, "revised", f"{said}; {lost}" if lost else said, sections)


def _sentences(count: int) -> str:
    return f"{count} {'line' if count == 1 else 'lines'}"
