"""Bytes onto a disk so that no crash tears a file: new files appear whole, edits in place can always be finished.

An edit keeps the file itself (its inode, permissions, links to it), as programs that have a folder in sync expect. It is
preceded by a *sidecar*, a complete record of the old and the new bytes beside the target; `recover` finishes what a
crash interrupted. Every step tells `checkpoint` its name, so that tests can stop there.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from connectors.folder.faults import MAX_FILE, NoFile
from connectors.folder.scan import OURS, SIDECAR, TEMPORARY

Checkpoint = Callable[[str], None]
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_EDIT = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_FLUSH = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)  # Windows flushes only what is open for writing
_AT_ONCE = 16
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def version_of(data: bytes) -> str:
    """The version of a file with these bytes: their SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: str | Path, limit: int = MAX_FILE) -> bytes:
    """A file's bytes. Never waits for a pipe, and never reads on and on while a file grows.

    Raises OSError, also for a symbolic link, NoFile, and EFBIG for more than *limit* bytes.
    """
    handle = _open_to_read(path)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise NoFile(errno.EINVAL, "no file", str(path))
        with os.fdopen(os.dup(handle), "rb") as file:
            data = file.read(min(found.st_size, limit) + 1)
            if found.st_size < len(data) <= limit:  # it has grown meanwhile
                data += file.read(limit + 1 - len(data))
    finally:
        os.close(handle)
    if len(data) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def _open_to_read(path: str | Path) -> int:
    try:
        return os.open(path, _READ | getattr(os, "O_NONBLOCK", 0))
    except BlockingIOError:  # a file server's lease on a true file: the system asks for it back while this waits
        return os.open(path, _READ)


@dataclass(frozen=True)
class Staged:
    """A new file that is complete under a temporary name."""

    temporary: Path
    path: Path


@dataclass(frozen=True)
class Disk:
    """How carefully to write. Without *fsync* a power failure may lose or tear what was written last."""

    fsync: bool
    checkpoint: Checkpoint

    def sync(self, paths: Iterable[Path]) -> dict[Path, OSError]:
        """Make files, and the names in folders, durable; returns what could not be. At once: file systems commit in groups."""
        if not self.fsync:
            return {}
        waiting = list(paths)
        with ThreadPoolExecutor(min(_AT_ONCE, len(waiting) or 1)) as pool:
            results = zip(waiting, pool.map(_synced, waiting), strict=True)
            return {path: error for path, error in results if error is not None}

    def stage(self, path: Path, data: bytes, mode: int) -> Staged:
        """Write *data* beside *path*, whole but not yet durable and not yet seen by anybody."""
        temporary = path.parent / f"{OURS}{secrets.token_hex(8)}{TEMPORARY}"
        try:
            self._write_whole(temporary, data, mode, "create")
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        return Staged(temporary, path)

    def publish(self, staged: Staged) -> None:
        """Give a staged file its name. Raises FileExistsError when something stands there; the staged file is gone then."""
        try:
            _name_without_clobbering(staged.temporary, staged.path)
            self.checkpoint("create: named")
        except OSError:
            staged.temporary.unlink(missing_ok=True)
            raise
        staged.temporary.unlink(missing_ok=True)
        self.checkpoint("create: done")

    def put_new(self, path: Path, data: bytes, mode: int) -> None:
        """Make one durable file. Raises FileExistsError when something stands there, OSError."""
        staged = self.stage(path, data, mode)
        for error in self.sync([staged.temporary]).values():
            staged.temporary.unlink(missing_ok=True)
            raise error
        self.publish(staged)
        self.sync([path.parent])

    def _write_whole(self, path: Path, data: bytes, mode: int, verb: str) -> None:
        self.checkpoint(f"{verb}: begin")
        with os.fdopen(os.open(path, _NEW, mode), "wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            self.checkpoint(f"{verb}: half of the safe copy")
            file.write(data[len(data) // 2 :])
        self.checkpoint(f"{verb}: safe copy")

    def replace_in_place(self, path: Path, old: bytes, new: bytes, is_free: Callable[[], bool]) -> bool:
        """Turn *old* into *new* inside the same file. False, and nothing done, when somebody else came first.

        *is_free* is asked last, when all is ready. Raises OSError; the target is whole then, or `recover` makes it so.
        """
        handle = os.open(path, _EDIT)
        try:
            sidecar = self._put_sidecar(path, os.fstat(handle).st_ino, old, new)
            if not (_all_of(handle) == old and _is_at(handle, path) and is_free()):
                sidecar.unlink(missing_ok=True)
                return False
            self._overwrite_or_restore(handle, old, new, sidecar)
            kept = _is_at(handle, path)
        finally:
            os.close(handle)
        sidecar.unlink(missing_ok=True)
        self.checkpoint("write: done")
        return kept

    def _put_sidecar(self, path: Path, inode: int, old: bytes, new: bytes) -> Path:
        sidecar = path.parent / f"{OURS}{secrets.token_hex(8)}{SIDECAR}"
        try:
            self._write_whole(sidecar, Intent(path.name, inode, old, new).pack(), 0o600, "write")
            for error in self.sync([sidecar, path.parent]).values():
                raise error
        except OSError:
            sidecar.unlink(missing_ok=True)
            raise
        self.checkpoint("write: ready")
        return sidecar

    def _overwrite_or_restore(self, handle: int, old: bytes, new: bytes, sidecar: Path) -> None:
        """A disk that is full may take the first half only; the old bytes have their room already."""
        try:
            self._overwrite(handle, new)
        except OSError:
            self._overwrite(handle, old)
            sidecar.unlink(missing_ok=True)
            raise

    def _overwrite(self, handle: int, new: bytes) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        _write_all(handle, new[: len(new) // 2])
        self.checkpoint("write: half")
        _write_all(handle, new[len(new) // 2 :])
        self.checkpoint("write: not yet cut")
        os.ftruncate(handle, len(new))
        if self.fsync:
            os.fsync(handle)
        self.checkpoint("write: whole")

    def finish(self, path: Path, new: bytes) -> None:
        """Complete a torn write."""
        handle = os.open(path, _EDIT)
        try:
            self._overwrite(handle, new)
        finally:
            os.close(handle)

    def move(self, path: Path, target: Path) -> None:
        """Move a file into a folder that is made for it. Raises FileExistsError when that folder is there already."""
        target.parent.mkdir(parents=True)
        self.checkpoint("trash: begin")
        os.rename(path, target)
        self.checkpoint("trash: moved")
        self.sync([target.parent, path.parent])


def _synced(path: Path) -> OSError | None:
    is_folder = path.is_dir()
    if is_folder and os.name != "posix":
        return None
    try:
        handle = os.open(path, os.O_RDONLY if is_folder else _FLUSH)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        # Some network file systems have nothing to sync in a folder and say so.
        return None if is_folder and error.errno in (errno.EINVAL, errno.ENOTSUP, errno.EBADF) else error
    return None


def _name_without_clobbering(temporary: Path, path: Path) -> None:
    """Give the file its name, failing when the name is taken. Systems without hard links: look, then rename."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(temporary, path)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _all_of(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.dup(handle), "rb") as file:
        return file.read()


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one at *path*: programs that save by renaming put another one there."""
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(path))
    except FileNotFoundError:
        return False


# ---------------------------------------------------------------- what a sidecar records


@dataclass(frozen=True)
class Intent:
    """An edit about to be made in place: to the file *name*, which has this *inode*, from *old* bytes to *new* ones."""

    name: str
    inode: int
    old: bytes
    new: bytes

    def pack(self) -> bytes:
        """The sidecar's bytes: one line of JSON, the old bytes, the new ones."""
        facts = {"name": self.name, "inode": self.inode, "old": len(self.old), "hash": version_of(self.old + self.new)}
        return json.dumps(facts).encode() + b"\n" + self.old + self.new

    @staticmethod
    def unpack(data: bytes) -> Intent | None:
        """The intent in a sidecar; None when the sidecar itself was never finished."""
        head, _, body = data.partition(b"\n")
        try:
            facts = json.loads(head)
            if facts["hash"] != version_of(body):
                return None
            return Intent(str(facts["name"]), int(facts["inode"]), body[: facts["old"]], body[facts["old"] :])
        except (ValueError, KeyError, TypeError):
            return None


def is_torn(now: bytes, old: bytes, new: bytes) -> bool:
    """Whether *now* is what an interrupted write of *new* over *old* leaves: each byte old or new, zero where neither is.

    Whole old or new content is not torn, and neither is anything that a person or another program saved.
    """
    if now in (old, new) or not min(len(old), len(new)) <= len(now) <= max(len(old), len(new)):
        return False
    return all(is_ in (was, will) for is_, was, will in zip_longest(now, old[: len(now)], new[: len(now)], fillvalue=0))
