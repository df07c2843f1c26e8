"""Who can read the folders, as far as this computer can tell: mode bits, and where they are not the whole truth."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from connectors.folder.faults import reason
from connectors.folder.paths import PRIVATE, SHARED, place_ref
from connectors.workspace import Drift
from templates.shapes import Place

_GROUP, _OTHERS = stat.S_IXGRP, stat.S_IXOTH
_SYNCED_NAMES = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "nextcloud",
    "owncloud",
    "icloud drive",
    "mobile documents",
)
_SYNC_MARKS = (
    ".dropbox",
    ".dropbox.cache",
    ".stfolder",
    ".nextcloudsync.log",
    ".owncloudsync.log",
    ".tmp.drivedownload",
    ".sync",
)
_FOREIGN = {
    "cifs",
    "smb3",
    "smbfs",
    "nfs",
    "nfs4",
    "9p",
    "vfat",
    "exfat",
    "ntfs",
    "ntfs3",
    "drvfs",
    "virtiofs",
    "ceph",
    "glusterfs",
}
_ACLS = ("system.posix_acl_access", "system.posix_acl_default", "system.nfs4_acl", "system.richacl")


def audit(roots: Mapping[str, Path]) -> Iterator[Drift]:
    """Everything in *roots* (ref prefix to folder) that more people can read than should."""
    yield from (drift for prefix, root in roots.items() for drift in _of_the_system(prefix, root))
    yield from _synced(roots[PRIVATE])
    if os.name == "posix":
        yield from _private(roots[PRIVATE])
        for place in (Place.WORKING, Place.REVIEWS):
            yield from _open_to_all(place_ref(place), roots[SHARED])


# ---------------------------------------------------------------- where mode bits are not the whole truth


def _of_the_system(ref: str, root: Path) -> Iterator[Drift]:
    if os.name != "posix":
        yield Drift(ref, f"{root}: this system keeps access in lists that this program cannot read. Check it there.", False)
        return
    kind = mount_kind(root, _mounts())
    if kind in _FOREIGN or kind.startswith("fuse"):
        yield Drift(
            ref, f"{root} stands on a mounted file system ({kind}): its server decides who reads. Check it there.", False
        )


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(errors="replace")
    except OSError:
        return ""


def mount_kind(path: Path, mounts: str) -> str:
    """The type of the file system that holds *path*, by the lines of a table of mounts; "" when it does not tell."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            point = Path(fields[1].replace("\\040", " "))
            if len(point.parts) >= best and path.is_relative_to(point):
                best, kind = len(point.parts), fields[2]
    return kind


def _synced(root: Path) -> Iterator[Drift]:
    for folder in (root, *root.parents):
        if folder.name.lower().startswith(_SYNCED_NAMES) or any((folder / mark).exists() for mark in _SYNC_MARKS):
            yield Drift(
                PRIVATE,
                f"The private folder {root} seems to lie in a folder that is synchronised ({folder}): whoever shares that "
                "one may read it. Choose a private folder that stays on this computer.",
                certain=False,
            )
            return


# ---------------------------------------------------------------- mode bits


def _private(root: Path) -> Iterator[Drift]:
    """What group or others can reach and read below *root*; a closed folder closes what lies inside it."""
    waiting = [(PRIVATE, root, stat.S_IRWXG | stat.S_IRWXO)]
    while waiting:
        ref, folder, reach = waiting.pop()
        try:
            mode = folder.stat(follow_symlinks=False).st_mode
            if who := _who(mode & reach):
                yield Drift(
                    ref, f"{folder} is private, but its mode lets {who} open it. Close it with: chmod go-rwx '{folder}'"
                )
            if _has_acl(folder):
                yield Drift(
                    ref, f"{folder} has an access list beside its mode bits. Look with: getfacl '{folder}'", certain=False
                )
            reach &= _passed_on(mode)
            with os.scandir(folder) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{ref}/{entry.name}", Path(entry.path), reach))
                    elif reach and entry.is_file(follow_symlinks=False):
                        yield from _private_file(f"{ref}/{entry.name}", entry, reach)
        except OSError as error:
            yield Drift(ref, f"{folder} cannot be looked at ({reason(error)}), so nobody can say who reads it.", certain=False)


def _private_file(ref: str, entry: os.DirEntry[str], reach: int) -> Iterator[Drift]:
    if who := _who(entry.stat(follow_symlinks=False).st_mode & reach & ~(_GROUP | _OTHERS)):
        yield Drift(
            ref, f"{entry.path} is private, but its mode lets {who} open it. Close it with: chmod go-rwx '{entry.path}'"
        )


def _who(mode: int) -> str:
    group, others = bool(mode & stat.S_IRWXG), bool(mode & stat.S_IRWXO)
    return {(True, True): "its group and everybody else", (True, False): "its group", (False, True): "everybody else"}.get(
        (group, others), ""
    )


def _passed_on(mode: int) -> int:
    """The classes of people who can go into a folder of that *mode*."""
    return (stat.S_IRWXG if mode & _GROUP else 0) | (stat.S_IRWXO if mode & _OTHERS else 0)


def _has_acl(folder: Path) -> bool:
    try:
        return hasattr(os, "listxattr") and any(name in _ACLS for name in os.listxattr(folder))
    except OSError:
        return False


def _open_to_all(ref: str, root: Path) -> Iterator[Drift]:
    """Folders of persons that every account of this computer can open, and those that a group can: who is in it, HR knows."""
    place = root / ref.split("/", 1)[1]
    try:
        reach = _passed_on(root.stat().st_mode) & _passed_on(place.stat().st_mode)
        with os.scandir(place) as entries:
            folders = sorted((entry for entry in entries if entry.is_dir(follow_symlinks=False)), key=lambda entry: entry.name)
        grouped = []
        for entry in folders:
            mode = entry.stat(follow_symlinks=False).st_mode & reach
            if mode & stat.S_IRWXO:
                reads = (
                    f"{entry.path} can be opened by every account of this computer. Close it with: chmod o-rwx '{entry.path}'"
                )
                yield Drift(f"{ref}/{entry.name}", reads)
            elif mode & stat.S_IRWXG:
                grouped.append(entry.name)
        if grouped:
            named = ", ".join(grouped[:3]) + (f" and {len(grouped) - 3} more" if len(grouped) > 3 else "")
            reads = f"{place} has folders that their group can open ({named}). See that only those are in it who may."
            yield Drift(ref, reads, certain=False)
    except OSError as error:
        yield Drift(ref, f"{place} cannot be looked at ({reason(error)}), so nobody can say who reads it.", certain=False)
