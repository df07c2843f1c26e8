"""What a pull did, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sync.pull.wording import OTHER
from sync.records import Entry, Finding


@dataclass(frozen=True)
class Noted:
    """One entry that was written: in which file, at which place, and its id."""

    ref: str
    place: str
    entry_id: str


@dataclass(frozen=True)
class PullReport:
    """What changed, what was read from it, and what a person has to look at.

    *halted* names the files whose disappearance stopped the run before it wrote anything.
    """

    changed: int = 0
    """How many refs the workspace named as new or different."""
    read: int = 0
    new: tuple[Noted, ...] = ()
    superseded: tuple[Noted, ...] = ()
    withdrawn: tuple[Noted, ...] = ()
    other_notes: tuple[Noted, ...] = ()
    """Those of *new* and *superseded* that fit no known place."""
    moved: tuple[tuple[str, str], ...] = ()
    """Former and present ref."""
    unlinked: tuple[str, ...] = ()
    failed: int = 0
    needs_person: tuple[Finding, ...] = ()
    halted: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nothing was found and nothing is to be done."""
        return self == PullReport()


class Tally:
    """A report in the making."""

    def __init__(self) -> None:
        self.changed = self.read = self.failed = 0
        self.moved: list[tuple[str, str]] = []
        self.unlinked: list[str] = []
        self.needs_person: list[Finding] = []
        self._new: list[Noted] = []
        self._superseded: list[Noted] = []
        self._withdrawn: list[Noted] = []
        self._other: list[Noted] = []

    def add(self, ref: str, entries: Iterable[Entry]) -> None:
        """Count what was written about the artifact at *ref*."""
        for entry in entries:
            noted = Noted(ref, entry.place, entry.id)
            if entry.withdrawn:
                self._withdrawn.append(noted)
                continue
            (self._superseded if entry.supersedes else self._new).append(noted)
            if OTHER in entry.anchor:
                self._other.append(noted)

    def report(self) -> PullReport:
        """All of it."""
        return PullReport(
            changed=self.changed,
            read=self.read,
            new=tuple(self._new),
            superseded=tuple(self._superseded),
            withdrawn=tuple(self._withdrawn),
            other_notes=tuple(self._other),
            moved=tuple(self.moved),
            unlinked=tuple(self.unlinked),
            failed=self.failed,
            needs_person=tuple(self.needs_person),
        )
