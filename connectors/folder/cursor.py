"""What a cursor of the folder workspace holds, and what differs between two states. Pure.

A state is kept per ref: the file's stat, its hash and the key it carries. A file is believed unchanged without reading
it when its stat is the same and its time lies well before the last look: clocks of file systems are coarse.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.folder.paths import akin
from connectors.folder.scan import Stat
from connectors.workspace import Changed, Vanished, WorkspaceError

OVERLAP = 2_000_000_000
"""Nanoseconds before a look in which a file may have changed again without its stat showing it."""
_FORMAT = 1
_Sign = Callable[["Known"], Hashable]


class Known(NamedTuple):
    """A file as it was last seen."""

    stat: Stat
    hash: str
    key: str


@dataclass(frozen=True)
class State:
    """All files as they were *at* a time, in nanoseconds since 1970."""

    at: int = 0
    files: Mapping[str, Known] = field(default_factory=dict)


def is_settled(known: Known | None, stat: Stat, at: int) -> bool:
    """Whether a file with this *stat* is surely what it was when it was *known* in a look *at* that time."""
    return known is not None and known.stat == stat and max(stat.modified, stat.changed) < at - OVERLAP


def pack(state: State) -> str:
    """The cursor that holds *state*, its files grouped by folder."""
    folders: dict[str, dict[str, list[int | str]]] = {}
    for ref, known in state.files.items():
        folder, _, name = ref.rpartition("/")
        folders.setdefault(folder, {})[name] = [*known.stat, known.hash, known.key]
    text = json.dumps([_FORMAT, state.at, folders], separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode()


def unpack(cursor: str) -> State:
    """The state in *cursor*; an empty one for "". Raises WorkspaceError when it is none of ours."""
    if not cursor:
        return State()
    try:
        version, at, folders = json.loads(zlib.decompress(base64.b64decode(cursor, validate=True)))
        if version != _FORMAT:
            raise ValueError(version)
        files = {
            f"{folder}/{name}": Known(Stat(*values[:4]), values[4], values[5])
            for folder, names in folders.items()
            for name, values in names.items()
        }
        return State(at, files)
    except (ValueError, TypeError, IndexError, AttributeError, binascii.Error, zlib.error) as error:
        raise WorkspaceError(
            "The cursor of the folder is damaged or of another version of this program; clear it, and everything is read once."
        ) from error


def difference(before: Mapping[str, Known], now: Mapping[str, Known]) -> tuple[tuple[Changed, ...], tuple[Vanished, ...]]:
    """What changed, moved and vanished between two states, each in the order of refs."""
    gone = {ref: known for ref, known in before.items() if ref not in now}
    new = {ref: known for ref, known in now.items() if ref not in before}
    moved = _moves(gone, new)
    edited = (ref for ref, known in now.items() if ref in before and before[ref].hash != known.hash)
    changed = tuple(Changed(ref, moved.get(ref, ""), now[ref].key, now[ref].hash) for ref in sorted([*new, *edited]))
    return changed, tuple(Vanished(ref) for ref in sorted(set(gone) - set(moved.values())))


def _moves(gone: Mapping[str, Known], new: Mapping[str, Known]) -> dict[str, str]:
    """New ref to former ref. The surest sign first; an inode alone is none, for file systems give it out again at once.

    What turns up in another place or in another's folder is a copy, whatever is gone elsewhere.
    """
    signs: tuple[_Sign, ...] = (
        lambda known: (known.stat.inode, known.hash),
        lambda known: (known.stat.inode, known.key) if known.key else None,
        lambda known: known.hash,
        lambda known: known.key or None,
    )
    moved: dict[str, str] = {}
    for sign in signs:
        taken = set(moved.values())
        left = {ref: known for ref, known in gone.items() if ref not in taken}
        arrived = {ref: known for ref, known in new.items() if ref not in moved}
        former, latter = _unique(left, sign), _unique(arrived, sign)
        both = ((latter[value], former[value]) for value in former.keys() & latter.keys())
        moved |= {ref: old for ref, old in both if akin(ref, old)}
    return moved


def _unique(states: Mapping[str, Known], sign: _Sign) -> dict[Hashable, str]:
    """Sign to ref, for the signs that exactly one of *states* gives."""
    seen: dict[Hashable, list[str]] = {}
    for ref, known in states.items():
        if (value := sign(known)) is not None:
            seen.setdefault(value, []).append(ref)
    return {value: refs[0] for value, refs in seen.items() if len(refs) == 1}
