"""What a pull did, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.workspace import Snapshot
from sync.pull.wording import OTHER, is_confidential
from sync.records import Artifact, Entry, EntryKind, Finding


@dataclass(frozen=True)
class Noted:
    """One entry that was written: in which file, at which place, and its id. Never its words: a report goes to anybody.

    *place* and *heading* are "" for what is private.
    """

    ref: str
    place: str
    entry_id: str
    kind: str = ""
    heading: str = ""
    """Of other notes: the heading under which it stands, "" outside of every section."""
    characters: int = 0


@dataclass(frozen=True)
class FileRead:
    """One file that was read. *copy* when it is a copy of the artifact *key*."""

    ref: str
    key: str
    modified_by: str = ""
    modified_at: datetime | None = None
    copy: bool = False


@dataclass(frozen=True)
class PullReport:
    """What changed, what was read from it, and what a person has to look at that the last sync did not say already.

    *halted* names the files whose disappearance stopped the run before it wrote anything.
    """

    changed: int = 0
    """How many refs the workspace named as new or different."""
    files: tuple[FileRead, ...] = ()
    new: tuple[Noted, ...] = ()
    superseded: tuple[Noted, ...] = ()
    withdrawn: tuple[Noted, ...] = ()
    other_notes: tuple[Noted, ...] = ()
    """Those of *new* and *superseded* that fit no known place."""
    moved: tuple[tuple[str, str], ...] = ()
    """Former and present ref."""
    unlinked: tuple[str, ...] = ()
    failed: int = 0
    """Files that could not be read, for a reason that is new."""
    still_failing: int = 0
    """Files that could not be read for the same reason as last time."""
    needs_person: tuple[Finding, ...] = ()
    halted: tuple[str, ...] = ()
    as_made: int = 0
    """New files in which nobody has written yet: they are what we made, and were not opened."""
    standing: tuple[Finding, ...] = ()
    """What was said before and still needs a person."""

    @property
    def read(self) -> int:
        """How many files were read."""
        return len(self.files)

    @property
    def quiet(self) -> bool:
        """Whether nothing is different from the last time."""
        return replace(self, still_failing=0, standing=()) == PullReport()


class Tally:
    """A report in the making."""

    def __init__(self) -> None:
        self.changed = self.failed = self.still_failing = self.as_made = 0
        self.moved: list[tuple[str, str]] = []
        self.unlinked: list[str] = []
        self.needs_person: list[Finding] = []
        self._files: list[FileRead] = []
        self._new: list[Noted] = []
        self._superseded: list[Noted] = []
        self._withdrawn: list[Noted] = []
        self._other: list[Noted] = []

    def add(self, ref: str, artifact: Artifact, read: Snapshot, entries: Iterable[Entry]) -> None:
        """Count what was read of *artifact* at *ref*, and what was written about it."""
        copy = ref != artifact.ref
        self._files.append(FileRead(ref, artifact.key, read.modified_by, read.modified_at, copy))
        for entry in entries:
            noted = _noted(ref, entry, artifact)
            if entry.withdrawn:
                self._withdrawn.append(noted)
                continue
            (self._superseded if entry.supersedes else self._new).append(noted)
            if entry.kind is EntryKind.OTHER:
                self._other.append(noted)

    def report(self, all_findings: Iterable[Finding] = ()) -> PullReport:
        """All of it; *all_findings* are those that stand now, new ones included."""
        said = set(self.needs_person)
        return PullReport(
            changed=self.changed,
            files=tuple(self._files),
            new=tuple(self._new),
            superseded=tuple(self._superseded),
            withdrawn=tuple(self._withdrawn),
            other_notes=tuple(self._other),
            moved=tuple(self.moved),
            unlinked=tuple(self.unlinked),
            failed=self.failed,
            still_failing=self.still_failing,
            needs_person=tuple(self.needs_person),
            as_made=self.as_made,
            standing=tuple(finding for finding in all_findings if finding not in said),
        )


def _noted(ref: str, entry: Entry, artifact: Artifact) -> Noted:
    """Headings, titles and names are words of people, too: of a private text a report has its size only."""
    if is_confidential(artifact, entry.visibility):
        return Noted(ref, "", entry.id, entry.kind.value, "", len(entry.text))
    _, other, heading = entry.anchor.partition(OTHER)
    return Noted(ref, entry.place, entry.id, entry.kind.value, heading if other else "", len(entry.text))
