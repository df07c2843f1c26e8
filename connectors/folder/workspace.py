"""A folder of Office files as a workspace: goal sheets are workbooks, everything else documents.

Two roots that never lie inside one another: the shared one (company, working and reviews folders) and the private one of
managers. A version is the SHA-256 of the file, so that equal versions are equal bytes.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from connectors.folder.absent import kept_aside, not_gone
from connectors.folder.audit import audit
from connectors.folder.codecs import EditRefused, Mismatch, build, edited, fragment, key_in
from connectors.folder.cursor import Known, State, difference, is_settled, pack, unpack
from connectors.folder.faults import fault
from connectors.folder.folders import Folders, Refused, separate_roots
from connectors.folder.paths import OFFICE_SUFFIXES, PRIVATE, akin, file_name, lock_names, parts_of, suffix_of
from connectors.folder.reading import read_all
from connectors.folder.recovery import recover
from connectors.folder.scan import Scan, Stat, scan
from connectors.folder.writing import Checkpoint, Disk, Staged, read_bytes, version_of
from connectors.office.package import BrokenFile
from connectors.workspace import (
    Adopted,
    Capabilities,
    Changes,
    Created,
    Drift,
    Edit,
    Failed,
    Found,
    Grants,
    NewItem,
    Snapshot,
    Stale,
    Trashed,
    Unchanged,
    WorkspaceError,
    Written,
)
from templates.shapes import DocumentShape, TableShape

BATCH = 50
"""Artifacts that are made durable, and reported, together."""
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class _Begun:
    """An artifact whose file is complete but has not got its name yet."""

    item: NewItem
    ref: str
    version: str
    staged: Staged


class FolderWorkspace:
    """Office files below *root* and, for managers alone, below *private*.

    Raises WorkspaceError when one of them lies inside the other. *fsync* off is for rehearsals: quick, and nothing is sure
    to outlive a power failure. *checkpoint* is told the name of every step that a crash could come after.
    """

    def __init__(self, root: Path, private: Path, *, fsync: bool = True, checkpoint: Checkpoint = lambda step: None) -> None:
        self._roots = separate_roots(root, private)
        self._disk = Disk(fsync, checkpoint)
        self._keys: dict[str, tuple[Stat, str]] = {}
        self._is_ready = False

    @property
    def capabilities(self) -> Capabilities:
        """It cannot share: folders are shared where they are kept. It audits what mode bits tell."""
        return Capabilities(can_share=False, can_audit=True, name="folder")

    # ------------------------------------------------------------ making

    def prepare(self) -> tuple[Failed, ...]:
        """Make the roots and places, and settle what a crash left behind; returns what could not be settled.

        Called by itself before the first new file. Raises WorkspaceError when the folders cannot be made.
        """
        try:
            folders = self._folders()
            folders.prepare()
            self._sync_folders(folders)
        except (OSError, Refused) as error:
            raise WorkspaceError(f"The folder workspace cannot be set up: {error}.") from error
        self._is_ready = True
        return tuple(self._settled_scan().failed)

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        """Make artifacts; see `Workspace.create`. What is reported as created is durable."""
        self._make_ready()
        folders = self._folders()
        for batch in _batches(items, BATCH):
            begun = [self._begin(item, folders) for item in batch]
            staged = [each.staged for each in begun if isinstance(each, _Begun)]
            unsafe = self._disk.sync(each.temporary for each in staged)
            results = [self._end(each, unsafe) if isinstance(each, _Begun) else each for each in begun]
            self._sync_folders(folders)
            yield from results

    def _begin(self, item: NewItem, folders: Folders) -> _Begun | Adopted | Failed:
        """Write the file under a temporary name, unless something stands in its place."""
        try:
            ref = f"{folders.home(item.home)}/{file_name(item)}"
            path = folders.locate(ref)
            if os.path.lexists(path):
                return self._adopt(item, ref, path)
            data = build(item)
            staged = self._disk.stage(path, data, 0o600 if ref.startswith(f"{PRIVATE}/") else 0o666)
        except OSError as error:
            return Failed(item.key, fault(item.title, error))
        except (BrokenFile, Refused) as error:
            return Failed(item.key, str(error))
        folders.touched.add(path.parent)
        return _Begun(item, ref, version_of(data), staged)

    def _end(self, begun: _Begun, unsafe: Mapping[Path, OSError]) -> Created | Adopted | Failed:
        """Give the file its name, now that its content is safe."""
        item, staged = begun.item, begun.staged
        try:
            if staged.temporary in unsafe:
                staged.temporary.unlink(missing_ok=True)
                raise unsafe[staged.temporary]
            self._disk.publish(staged)
        except FileExistsError:
            return self._adopt(item, begun.ref, staged.path)
        except OSError as error:
            return Failed(item.key, fault(item.title, error))
        return Created(item.key, begun.ref, begun.version)

    def _adopt(self, item: NewItem, ref: str, path: Path) -> Adopted | Failed:
        try:
            data = read_bytes(path)
        except OSError as error:
            return Failed(item.key, fault(ref, error))
        if key_in(data) == item.key:
            return Adopted(item.key, ref, version_of(data))
        return Failed(item.key, f"Something else already stands at {ref}. Rename it or move it away, then run again.")

    # ------------------------------------------------------------ looking

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        """Every file that carries one of *keys*; see `Workspace.find`. Opens only files that it did not know yet."""
        wanted = set(keys)
        for ref, stat in self._scan().files.items():
            if (key := self._key_of(ref, stat)) in wanted:
                yield Found(key, ref)

    def _key_of(self, ref: str, stat: Stat) -> str:
        known = self._keys.get(ref)
        if known is None or known[0] != stat:
            try:
                known = (stat, key_in(read_bytes(self._path(ref))))
            except OSError:
                return ""
            self._keys[ref] = known
        return known[1]

    def exists(self, refs: Iterable[str]) -> set[str]:
        """Those of *refs* at which something stands. Raises WorkspaceError when a root of theirs is not there.

        A folder that a fault named is no such place: it holds documents and is none.
        """
        refs = [ref for ref in refs if suffix_of(ref) in OFFICE_SUFFIXES]
        if refs:
            self._must_stand()
        return {ref for ref in refs if parts_of(ref) and os.path.lexists(self._path(ref))}

    def akin(self, ref: str, former: str) -> bool:
        """Whether a document may have moved from *former* to *ref*. See `Workspace.akin`."""
        return akin(ref, former)

    def address(self, ref: str, seen_from: str, place: str = "") -> str:
        """A relative path, so that it holds wherever both roots are kept side by side. See `Workspace.address`."""
        if not parts_of(ref) or not parts_of(seen_from):
            return ""
        try:
            path = os.path.relpath(self._path(ref), os.path.dirname(self._path(seen_from)))
        except ValueError:  # they are on two drives
            return Path(self._path(ref)).as_uri() + fragment(ref, place)
        return quote(path.replace(os.sep, "/")) + fragment(ref, place)

    def read(self, refs: Iterable[tuple[str, TableShape | DocumentShape | None]]) -> Iterator[Snapshot | Failed]:
        """Read files, also those that somebody has open. See `Workspace.read`."""
        return read_all(refs, self._roots)

    def changes(self, cursor: str) -> Changes:
        """What differs from the state that *cursor* holds; see `Workspace.changes`. Settles what a crash left behind.

        Raises WorkspaceError when a root is not there: an unplugged disk is no reason to believe that all is gone.
        """
        self._must_stand()
        before, at = unpack(cursor), time.time_ns()
        found = self._settled_scan()
        now, faults = self._look(before, found)
        kept, held = kept_aside(before, found)
        now.update(kept)
        changed, vanished = difference(before.files, now)
        hidden, told = not_gone(vanished, found)
        now.update({ref: before.files[ref] for ref in hidden})
        vanished = tuple(one for one in vanished if one.ref not in hidden)
        same = not changed and not vanished and all(before.files.get(ref) is known for ref, known in now.items())
        following = cursor if same and cursor else pack(State(at, now))
        return Changes(changed, vanished, (*found.failed, *faults, *held, *told), following)

    def _look(self, before: State, found: Scan) -> tuple[dict[str, Known], list[Failed]]:
        """The files as they are now, opening only those that may have changed."""
        now: dict[str, Known] = {}
        faults = []
        for ref, stat in found.files.items():
            known = before.files.get(ref)
            if known is not None and is_settled(known, stat, before.at):
                now[ref] = known
                continue
            try:
                now[ref] = self._known(ref, stat, known)
            except FileNotFoundError:
                continue
            except OSError as error:
                faults.append(Failed(ref, fault(ref, error)))
                if known is not None:
                    now[ref] = known
        return now, faults

    def _known(self, ref: str, stat: Stat, before: Known | None) -> Known:
        data = read_bytes(self._path(ref))
        version = version_of(data)
        key = before.key if before is not None and before.hash == version else key_in(data)
        self._keys[ref] = (stat, key)
        return Known(stat, version, key)

    # ------------------------------------------------------------ editing

    def write(self, edits: Iterable[Edit]) -> Iterator[Written | Unchanged | Stale | Failed]:
        """Make targeted edits in place, each wholly or not at all. A file that is open elsewhere is `Failed`, busy."""
        self._settle()
        folders = self._folders()
        for edit in edits:
            try:
                yield self._write(edit, folders.locate(edit.ref))
            except OSError as error:
                yield Failed(edit.ref, fault(edit.ref, error))
            except (BrokenFile, Mismatch, Refused, EditRefused) as error:
                yield Failed(edit.ref, f"{edit.ref}: {error}")

    def _write(self, edit: Edit, path: Path) -> Written | Unchanged | Stale | Failed:
        if busy := _busy(edit.ref, path):
            return busy
        old = read_bytes(path)
        version = version_of(old)
        if version != edit.version:
            return Stale(edit.ref, version)
        new = edited(edit, old)
        if new == old:
            return Unchanged(edit.ref, version)
        if self._disk.replace_in_place(path, old, new, lambda: _busy(edit.ref, path) is None):
            return Written(edit.ref, version_of(new))
        return _busy(edit.ref, path) or Stale(edit.ref, version_of(read_bytes(path)))

    # ------------------------------------------------------------ sharing and the bin

    def share(self, grants: Mapping[str, Grants]) -> Iterator[Unchanged | Written | Failed]:
        """Nothing to do: whoever keeps the folders shares them. `Unchanged` without a version for each ref."""
        return (Unchanged(ref, "") for ref in grants)

    def audit(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Folders and files that more people can read than should. Names of people are unknown here: *grants* is not used."""
        self._must_stand()
        return audit(self._roots)

    def trash(self, refs: Iterable[str]) -> Iterator[Trashed | Failed]:
        """Move files into the hidden bin of their own root, where somebody can take them out again."""
        self._settle()
        folders = self._folders()
        for ref in refs:
            try:
                yield self._discard(ref, folders)
            except OSError as error:
                yield Failed(ref, fault(ref, error))
            except Refused as error:
                yield Failed(ref, str(error))

    def _discard(self, ref: str, folders: Folders) -> Trashed | Failed:
        path = folders.locate(ref)
        path.lstat()
        if busy := _busy(ref, path):
            return busy
        self._disk.move(path, folders.bin_for(ref, _unique()))
        return Trashed(ref)

    # ------------------------------------------------------------ the ground

    def _folders(self) -> Folders:
        return Folders(self._roots, self._disk.checkpoint)

    def _sync_folders(self, folders: Folders) -> None:
        """Make the names of new files durable: only then may they be reported."""
        for folder, error in self._disk.sync(folders.touched).items():
            raise WorkspaceError(
                f"New files in {folder} would not outlive a power failure: {error}.", permanent=False
            ) from error
        self._disk.checkpoint("create: folders safe")
        folders.touched.clear()

    def _path(self, ref: str) -> str:
        root, _, rest = ref.partition("/")
        return f"{self._roots[root]}/{rest}" if root in self._roots else ""

    def _make_ready(self) -> None:
        """Once, before the first new file."""
        if not self._is_ready:
            self.prepare()

    def _settle(self) -> None:
        """Once, before the first edit of files that must be there already."""
        self._must_stand()
        if not self._is_ready:
            self._settled_scan()
            self._is_ready = True

    def _must_stand(self) -> None:
        for root in self._roots.values():
            if not root.is_dir():
                raise WorkspaceError(
                    f"The folder {root} is not there. Connect the disk or share that holds it, then run again.", permanent=False
                )

    def _scan(self) -> Scan:
        return scan(self._roots)

    def _settled_scan(self) -> Scan:
        """A scan after what a crash left behind is settled; what could not be is among its failures."""
        found = self._scan()
        if not found.leftovers:
            return found
        faults = recover(self._disk, found.leftovers, self._by_inode(found), self._in_bin)
        settled = self._scan()
        settled.failed.extend(faults)
        return settled

    def _by_inode(self, found: Scan) -> Callable[[int], Path | None]:
        refs = {stat.inode: ref for ref, stat in found.files.items()}
        return lambda inode: Path(self._path(refs[inode])) if inode in refs else None

    def _in_bin(self, folder: Path, name: str) -> Path:
        prefix, root = next((prefix, root) for prefix, root in self._roots.items() if folder.is_relative_to(root))
        return self._folders().bin_for("/".join((prefix, *folder.relative_to(root).parts, name)), _unique())


def _unique() -> str:
    return secrets.token_hex(6)


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def _busy(ref: str, path: Path) -> Failed | None:
    for lock in lock_names(path.name):
        if os.path.lexists(path.parent / lock):
            why = f"{ref} is open elsewhere. Close it there, or delete {lock} beside it when nobody has it open."
            return Failed(ref, why, busy=True)
    return None
