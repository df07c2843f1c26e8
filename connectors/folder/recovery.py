"""After a crash: unfinished new files are dropped, edits that were cut short are completed, people's files are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from connectors.folder.faults import MAX_FILE, fault
from connectors.folder.scan import SIDECAR
from connectors.folder.writing import Disk, Intent, is_torn, read_bytes
from connectors.office.package import BrokenFile, open_package
from connectors.workspace import Failed

ByInode = Callable[[int], Path | None]
Keep = Callable[[Path, str], Path]


def recover(disk: Disk, leftovers: Iterable[Path], by_inode: ByInode, keep: Keep) -> list[Failed]:
    """Settle what a crash left behind; returns what could not be settled now.

    *by_inode* finds an Office file that was moved since; *keep* gives a place in the bin for a file beside that path.
    """
    failed = []
    for leftover in leftovers:
        try:
            if leftover.name.endswith(SIDECAR):
                _settle(disk, leftover, by_inode, keep)
            leftover.unlink(missing_ok=True)
            disk.checkpoint("recover: done")
        except OSError as error:
            failed.append(Failed(leftover.name, fault(str(leftover), error)))
    return failed


def _settle(disk: Disk, sidecar: Path, by_inode: ByInode, keep: Keep) -> None:
    intent = Intent.unpack(read_bytes(sidecar, limit=3 * MAX_FILE))
    if intent is None:  # the sidecar itself was cut short: the target was not touched yet
        return
    states = [(path, _content(path)) for path in _candidates(sidecar.parent / intent.name, by_inode(intent.inode))]
    torn = next((path for path, data in states if data is not None and is_torn(data, intent.old, intent.new)), None)
    if torn is not None:
        disk.checkpoint("recover: torn")
        disk.finish(torn, intent.new)
    elif not any(data is not None and _is_whole(data) for _, data in states):
        _keep_copy(disk, keep(sidecar.parent, intent.name), intent.new)


def _candidates(path: Path, moved: Path | None) -> list[Path]:
    return [path] if moved is None or moved == path else [path, moved]


def _content(path: Path) -> bytes | None:
    try:
        return read_bytes(path)
    except FileNotFoundError:
        return None


def _is_whole(data: bytes) -> bool:
    try:
        package = open_package(data)
        return all(package.part(name) is not None for name in package.names())
    except BrokenFile:
        return False


def _keep_copy(disk: Disk, path: Path, data: bytes) -> None:
    """The file is gone or broken by something else: what stood in it lies in the bin."""
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.put_new(path, data, 0o600)
