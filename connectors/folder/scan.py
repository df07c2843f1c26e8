"""One walk over the two roots: which Office files stand there, what cannot be looked at, what a crash left behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from connectors.folder.faults import fault, link_there, no_file, odd_name
from connectors.folder.paths import OFFICE_SUFFIXES, OTHER_FORMS, stem_of, suffix_of
from connectors.workspace import Failed

_ODD = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
OURS = ".throughline-"
TEMPORARY = ".tmp"
SIDECAR = ".new"


class Stat(NamedTuple):
    """What the file system tells of a file without opening it. Times in nanoseconds since 1970."""

    size: int
    modified: int
    changed: int
    inode: int


@dataclass
class Scan:
    """What stood in the roots.

    *locks* are refs of lock files of Office programs; *closed* are refs of folders that nobody looked into; *others* are
    refs of files in a form that is not read, by what they are called without their suffix.
    """

    files: dict[str, Stat] = field(default_factory=dict)
    locks: set[str] = field(default_factory=set)
    leftovers: list[Path] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)


def stat_of(found: os.stat_result) -> Stat:
    """The part of a stat result that tells one state of a file from another."""
    return Stat(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def scan(roots: Mapping[str, Path]) -> Scan:
    """Walk the roots (ref prefix to folder). Symbolic links are reported and never followed; hidden things are skipped."""
    found = Scan()
    for prefix, root in roots.items():
        waiting = [(prefix, str(root))]
        while waiting:
            waiting.extend(_look(found, *waiting.pop()))
    return found


def _look(found: Scan, ref: str, folder: str) -> Iterator[tuple[str, str]]:
    """Note what stands in one folder; yield the folders inside it."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        found.closed.append(ref)
        found.failed.append(Failed(ref, fault(ref, error)))
        return
    for entry in listed:
        if _is_hidden(entry.name):
            _note_hidden(found, ref, entry)
            continue
        if suffix_of(entry.name) in OTHER_FORMS and not _odd(ref, entry.name):
            found.others.setdefault(stem_of(f"{ref}/{entry.name}"), f"{ref}/{entry.name}")
        if entry.is_symlink():
            _note_link(found, ref, entry)
        elif entry.is_dir(follow_symlinks=False):
            if odd := _odd(ref, entry.name):
                found.failed.append(odd)
            else:
                yield f"{ref}/{entry.name}", entry.path
        elif suffix_of(entry.name) in OFFICE_SUFFIXES:
            _note_file(found, ref, entry)


def has_sidecar(folder: Path) -> bool:
    """Whether an edit in *folder* is being made right now, or was cut short."""
    return any(name.startswith(OURS) and name.endswith(SIDECAR) for name in os.listdir(folder))


def _is_hidden(name: str) -> bool:
    return name[0] == "." or name.startswith("~$")


def _note_hidden(found: Scan, ref: str, entry: os.DirEntry[str]) -> None:
    name = entry.name
    if name.startswith(("~$", ".~lock.")):
        found.locks.add(f"{ref}/{name}")
    elif name.startswith(OURS) and name.endswith((TEMPORARY, SIDECAR)):
        found.leftovers.append(Path(entry.path))


def _note_link(found: Scan, ref: str, entry: os.DirEntry[str]) -> None:
    """A link is never followed, so that nobody knows what stood behind one in the place of a folder."""
    where = f"{ref}/{_printable(entry.name)}"
    is_file = suffix_of(entry.name) in OFFICE_SUFFIXES
    if not is_file:
        found.closed.append(f"{ref}/{entry.name}")
    if is_file or entry.is_dir():
        found.failed.append(Failed(where, link_there(where)))


def _note_file(found: Scan, ref: str, entry: os.DirEntry[str]) -> None:
    if odd := _odd(ref, entry.name):
        found.failed.append(odd)
        return
    try:
        if entry.is_file(follow_symlinks=False):
            found.files[f"{ref}/{entry.name}"] = stat_of(entry.stat(follow_symlinks=False))
        else:
            found.failed.append(Failed(f"{ref}/{entry.name}", no_file(f"{ref}/{entry.name}")))
    except OSError as error:
        where = f"{ref}/{entry.name}"
        found.failed.append(Failed(where, fault(where, error)))


def _odd(ref: str, name: str) -> Failed | None:
    if not _ODD.search(name):
        return None
    where = f"{ref}/{_printable(name)}"
    return Failed(where, odd_name(where))


def _printable(name: str) -> str:
    """*name* on one line, with a code for what cannot be shown."""
    return _ODD.sub(lambda odd: odd[0].encode("unicode_escape").decode(), name)
