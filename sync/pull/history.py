"""The history of one document: each reading of it, and what was new, edited or taken out then. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.records import Entry, Save


@dataclass(frozen=True)
class Moment:
    """What one reading brought. *save* is None when it was not the document itself that was read: a copy, an import."""

    at: datetime
    save: Save | None
    new: tuple[Entry, ...] = ()
    edited: tuple[Entry, ...] = ()
    """Each supersedes an earlier one."""
    withdrawn: tuple[Entry, ...] = ()
    """Each says that the one it supersedes was taken out."""


def moments(saves: Iterable[Save], entries: Iterable[Entry]) -> tuple[Moment, ...]:
    """The readings in their order, entries beside the reading that brought them."""
    read = {save.taken_at: save for save in saves}
    written: dict[datetime, list[Entry]] = {at: [] for at in read}
    for entry in entries:
        written.setdefault(entry.recorded_at, []).append(entry)
    return tuple(_moment(at, read.get(at), written[at]) for at in sorted(written))


def _moment(at: datetime, save: Save | None, entries: Sequence[Entry]) -> Moment:
    return Moment(
        at,
        save,
        new=tuple(one for one in entries if not one.supersedes),
        edited=tuple(one for one in entries if one.supersedes and not one.withdrawn),
        withdrawn=tuple(one for one in entries if one.withdrawn),
    )


def chain(entries: Iterable[Entry], entry_id: str) -> tuple[Entry, ...]:
    """The entry, what it came from and what became of it, oldest first; empty when it is not among *entries*."""
    known = {entry.id: entry for entry in entries}
    later: dict[str, list[str]] = {}
    for entry in known.values():
        later.setdefault(entry.supersedes, []).append(entry.id)
    found: dict[str, Entry] = {}
    waiting = [entry_id]
    while waiting:
        one = known.get(waiting.pop())
        if one is not None and one.id not in found:
            found[one.id] = one
            waiting += [*([one.supersedes] if one.supersedes else []), *later.get(one.id, [])]
    return tuple(sorted(found.values(), key=lambda entry: (entry.recorded_at, entry.withdrawn)))


def readable(entries: Iterable[Entry], seen: Iterable[Entry]) -> tuple[Entry, ...]:
    """Those of *entries* that are among those *seen*; that a text was taken out may know who may know the text."""
    ids = {entry.id for entry in seen if not entry.withdrawn}
    return tuple(entry for entry in entries if (entry.supersedes if entry.withdrawn else entry.id) in ids)
