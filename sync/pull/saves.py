"""What two saves of one document tell about each other: an older version put back, or words that another's save lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from connectors.workspace import Snapshot
from sync.pull.intents import Context, Intents, Known
from sync.records import Artifact, Entry, Finding, Save


def with_saves(
    intents: Intents,
    artifact: Artifact,
    read: Snapshot,
    digest: Callable[[], str],
    saves: Sequence[Save],
    known: Known,
    context: Context,
) -> Intents:
    """*intents* with what the earlier *saves*, oldest first, tell about this one. *digest* is what it holds as a Save does."""
    gone = tuple(entry for entry in intents.entries if entry.withdrawn)
    edited = sum(bool(entry.supersedes) and not entry.withdrawn for entry in intents.entries)
    if not saves or not (gone or edited):
        return intents
    found = _went_back(artifact, read, digest(), saves, len(gone), edited) or _overwritten(
        artifact, read, saves[-1], gone, known, context
    )
    return replace(intents, findings=(*intents.findings, found)) if found else intents


def _went_back(
    artifact: Artifact, read: Snapshot, digest: str, saves: Sequence[Save], gone: int, edited: int
) -> Finding | None:
    """The content equals one that stood here before the last save."""
    older = next((save for save in reversed(saves[:-1]) if _is_same(save, read, digest)), None)
    if older is None or _is_same(saves[-1], read, digest):
        return None
    message = (
        f"{read.ref}: went back to the version of {_when(older)}; {gone} of its texts were taken out, {edited} read as they "
        f"did then. Nothing is lost: throughline history {artifact.key}. If an older file was put here by mistake, put the "
        f"newer one back; if it was meant: throughline confirm {artifact.key}"
    )
    return Finding(artifact.key, "went-back", message)


def _is_same(save: Save, read: Snapshot, digest: str) -> bool:
    return save.content == digest or save.version == read.version


def _overwritten(
    artifact: Artifact, read: Snapshot, last: Save, gone: Sequence[Entry], known: Known, context: Context
) -> Finding | None:
    """Words that stood here after somebody's save, and that the next save, by somebody else, does not have."""
    before, now = last.modified_by.strip(), read.modified_by.strip()
    if not before or not now or before.casefold() == now.casefold():
        return None
    editor = context.people.get(now.casefold(), "")
    if editor and editor == context.people.get(before.casefold()):
        return None
    authors = {entry.id: entry.by for entry in known.entries}
    lost = sum(not editor or authors.get(entry.supersedes, "") != editor for entry in gone)
    if not lost:
        return None
    message = (
        f"{read.ref}: {lost} text{'s' if lost != 1 else ''} that stood there when {before} had saved ({_when(last)}) "
        f"{'are' if lost != 1 else 'is'} not in what {now} saved. Perhaps one save overwrote the other. Nothing is lost: "
        f"throughline history {artifact.key}. Type back what is missing; if it was meant: throughline confirm {artifact.key}"
    )
    return Finding(artifact.key, "text-gone", message)


def _when(save: Save) -> str:
    return f"{save.modified_at or save.taken_at:%Y-%m-%d %H:%M}"
