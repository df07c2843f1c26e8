"""Drafts into the managers' private review documents, never over what a person wrote there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.workspace import (
    Document,
    DocumentContent,
    Edit,
    Failed,
    FillSection,
    Part,
    Snapshot,
    Stale,
    Unchanged,
    Workspace,
    Written,
    as_read,
)
from sync.pull.serial import from_json, to_json
from sync.records import Artifact, ArtifactState, Draft, Entry
from sync.review.desk import Desk, lease, review_key, strayed, titles_of
from sync.review.sources import SOURCES, blocks
from sync.review.wording import SECTIONS
from sync.store.queries import artifacts, leases, ledger
from templates.shapes import DocumentShape, Kind

BATCH = 50


@dataclass(frozen=True)
class Filled:
    """What became of one review document.

    *result* is ``filled``, ``unchanged`` (a person wrote in it already), ``missing``, ``stale`` (it is being edited) or
    ``failed``.
    """

    draft: Draft
    result: str
    message: str = ""
    sections: tuple[str, ...] = ()


def fill_review_documents(
    desk: Desk,
    workspace: Workspace,
    name: str,
    drafts: Iterable[Draft],
    *,
    holder: str,
    now: Callable[[], datetime],
) -> Iterator[Filled]:
    """Write drafts into the managers' private review documents, only into sections that are still empty.

    *name* is the workspace's in the store, and its lease's; *holder* names this run. One result a draft, in order. Raises
    LeaseHeld. Self-review drafts have no such document and are ``missing``.
    """
    _, shape = desk.template(Kind.MANAGER_REVIEW)
    with lease(desk.store, name, holder, now):
        waiting = list(drafts)
        for start in range(0, len(waiting), BATCH):
            with desk.store.write() as tx:
                leases.renew(tx, name, holder, now())
            yield from _fill(desk, workspace, name, shape, waiting[start : start + BATCH])


def _fill(desk: Desk, workspace: Workspace, name: str, shape: DocumentShape, drafts: Sequence[Draft]) -> Iterator[Filled]:
    """One batch: read, decide, write, record."""
    keys = {draft.id: review_key(desk.cycle.id, draft.person_id, draft.writer_id) for draft in drafts}
    standing, grounds, entries, titles = _look_up(desk, keys, drafts)
    snapshots = _snapshots(desk, workspace, shape, standing)
    edits: dict[str, Edit] = {}
    for draft in drafts:
        snapshot = snapshots.get(keys[draft.id])
        if isinstance(snapshot, Snapshot) and (open_sections := _standing_sections(snapshot)):
            filled = blocks(draft, entries, titles, desk.voice(desk.person(draft.person_id)))
            changes = tuple(FillSection(key, inside) for key, inside in filled.items() if key in open_sections)
            if changes:
                edits[draft.id] = Edit(snapshot.ref, snapshot.version, shape, changes)
    # The ground comes first: stopped after the write, the program's own sentences must not read like somebody's.
    grown = {one: (standing[keys[one]], _grown(grounds[keys[one]], edit)) for one, edit in edits.items()}
    with desk.store.write() as tx:
        artifacts.record(tx, name, list(grown.values()))
    results = dict(zip(edits, workspace.write(list(edits.values())), strict=True))
    written = {one: result.version for one, result in results.items() if isinstance(result, Written)}
    with desk.store.write() as tx:
        artifacts.update(tx, [_after(grown[one][0], edits[one], version) for one, version in written.items()])
    for draft in drafts:
        yield _filled(draft, snapshots.get(keys[draft.id]), results.get(draft.id), edits.get(draft.id))


def _after(artifact: Artifact, edit: Edit, version: str) -> Artifact:
    """Of *version* now; where somebody had written before, that version does not hold our words alone."""
    return replace(artifact, version=version if artifact.version == edit.version else "")


def _snapshots(
    desk: Desk, workspace: Workspace, shape: DocumentShape, standing: Mapping[str, Artifact]
) -> dict[str, Snapshot | Failed]:
    """What stands in the documents; one that everybody can read is left alone."""
    lost = {key: Failed(one.ref, why) for key, one in standing.items() if (why := strayed(desk, one))}
    there = {key: one for key, one in standing.items() if key not in lost}
    return {**lost, **dict(zip(there, workspace.read([(one.ref, shape) for one in there.values()]), strict=True))}


def _look_up(
    desk: Desk, keys: Mapping[str, str], drafts: Sequence[Draft]
) -> tuple[dict[str, Artifact], Mapping[str, Mapping[str, object]], Mapping[str, Entry], Mapping[str, str]]:
    """The documents that stand, their grounds, the entries that the drafts cite, and titles of what those stand in."""
    cited = {citation.entry_id for draft in drafts for statement in draft.statements for citation in statement.citations}
    with desk.store.read() as tx:
        recorded = artifacts.by_keys(tx, keys.values())
        standing = {key: one for key, one in recorded.items() if one.state is ArtifactState.LINKED and one.ref}
        entries = ledger.by_ids(tx, cited)
        return standing, artifacts.grounds(tx, standing), entries, titles_of(tx, entries.values())


def _standing_sections(snapshot: Snapshot) -> set[str]:
    """The sections that are in the document, when nobody wrote in those that a draft fills; otherwise none.

    All or nothing: beside sentences of another draft, the numbers of the sources would point to the wrong lines.
    """
    parts = snapshot.content.parts if isinstance(snapshot.content, Document) else ()
    written = {part.section for part in parts if _has_text(part)}
    return set() if written & {*SECTIONS, SOURCES} else {part.section for part in parts}


def _has_text(part: Part) -> bool:
    return any(text.strip() for text in part.paragraphs) or any(
        cell.text.strip() for row in part.rows for cell in row.cells.values()
    )


def _filled(
    draft: Draft, snapshot: Snapshot | Failed | None, result: Written | Unchanged | Stale | Failed | None, edit: Edit | None
) -> Filled:
    match snapshot, result:
        case None, _:
            return Filled(draft, "missing", "there is no review document for it; `throughline plan` shows when one is made")
        case (Failed(reason=reason), _) | (_, Failed(reason=reason)):
            return Filled(draft, "failed", reason)
        case _, Written():
            changes = edit.changes if edit else ()
            return Filled(draft, "filled", sections=tuple(one.section for one in changes if isinstance(one, FillSection)))
        case _, Stale():
            return Filled(draft, "stale", "somebody is writing in the document just now; run this again")
    return Filled(draft, "unchanged", "somebody wrote in the document already; it was left as it is")


def _grown(ground: Mapping[str, object], edit: Edit) -> dict[str, object]:
    """The artifact's ground with what *edit* writes: it is ours, and no evidence when it is read back."""
    assert isinstance(edit.shape, DocumentShape)
    content = DocumentContent(edit.shape, {one.section: one.blocks for one in edit.changes if isinstance(one, FillSection)})
    before, added = from_json(ground), as_read(content)
    assert isinstance(before, Document)
    assert isinstance(added, Document)
    known = {(part.section, text) for part in before.parts for text in part.paragraphs}
    new = {
        part.section: tuple(text for text in part.paragraphs if (part.section, text) not in known)
        for part in added.parts
        if part.paragraphs
    }
    parts = tuple(replace(part, paragraphs=(*part.paragraphs, *new.pop(part.section, ()))) for part in before.parts)
    rest = tuple(part for part in added.parts if part.section in new)
    return to_json(replace(before, parts=(*parts, *rest)))
