"""`files.list`: what is searched, who finds it, in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectors.google.emulator.calls import Call
from connectors.google.emulator.drive.query import compile_query
from connectors.google.emulator.drive.resources import show
from connectors.google.emulator.errors import GoogleError, Json, invalid
from connectors.google.emulator.fields import Mask, below, parse
from connectors.google.emulator.store import (
    FOLDER,
    File,
)

_LIST = parse("kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType,teamDriveId,driveId)")


def listed(call: Call) -> Json:
    """`files.list`."""
    pool = _pool(call, compile_query(call.text("q"), call.world, call.who))
    size = call.count("pageSize", 100, 1, 1000)
    start = _page_start(call.text("pageToken"))
    ordered = _ordered(call, pool)
    mask = call.mask or _LIST
    shown: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(ordered):
        shown["nextPageToken"] = f"~!!~{start + size}"
    shown["files"] = [_row(call, file, below(mask, "files")) for file in ordered[start : start + size]]
    return shown


def _row(call: Call, file: File, mask: Mask | None) -> Json:
    """One file of a list. ``files`` alone, as ``files(*)``, means every field."""
    return {} if mask is None else show(call, file, mask or {"*": {}})


def _page_start(token: str) -> int:
    if not token:
        return 0
    if not re.fullmatch(r"~!!~\d+", token):
        raise invalid("pageToken")
    return int(token[4:])


def _pool(call: Call, search: Any) -> list[File]:
    """What is searched, and found."""
    world, corpora, drive = call.world, call.text("corpora", "user"), call.text("driveId") or call.text("teamDriveId")
    shared = call.flag("includeItemsFromAllDrives", call.flag("includeTeamDriveItems"))
    if drive and drive not in world.drives:
        raise GoogleError(404, f"Shared drive not found: {drive}", "notFound", "driveId")
    if bool(drive) != (corpora in ("drive", "teamDrive")) and not (drive and not call.text("corpora")):
        raise invalid("corpora", "The driveId parameter must be specified if and only if corpora is set to drive.")
    if (drive or corpora == "allDrives") and not (shared and call.flag("supportsAllDrives", call.flag("supportsTeamDrives"))):
        raise GoogleError(
            403,
            "The includeItemsFromAllDrives and supportsAllDrives parameters must be true to search shared drives.",
            "teamDrivesIncludeItemsRequired",
        )
    if shared and not call.flag("supportsAllDrives", call.flag("supportsTeamDrives")):
        raise GoogleError(403, "includeItemsFromAllDrives requires supportsAllDrives.", "teamDrivesSupportRequired")
    among: Iterable[File] = (
        world.files.values() if search.among is None else (world.files[ident] for ident in search.among if ident in world.files)
    )
    as_of = call.as_of
    return [
        file
        for file in among
        if file.parent
        and (file.drive == drive if drive else shared or not file.drive)
        and (not call.stale or file.created <= as_of)
        and search.test(file)
        and visible(call, file)
    ]


def visible(call: Call, file: File) -> bool:
    """Whether a search of the caller finds *file*: links and domains alone do not make it found."""
    if file.owner == call.who.email:
        return True
    return any(
        permission.target == call.who.email
        or (permission.type == "group" and permission.admits(call.who, call.world.groups))
        or (permission.discoverable and permission.admits(call.who, call.world.groups))
        for each in call.world.lineage(file)
        for permission in each.permissions.values()
    ) or (file.drive in call.world.drives and bool(call.world.role(file, call.who)))


def _ordered(call: Call, pool: list[File]) -> list[File]:
    keys: dict[str, Any] = {
        "createdTime": lambda file: file.created,
        "folder": lambda file: file.mime != FOLDER,
        "modifiedByMeTime": lambda file: file.modified,
        "modifiedTime": lambda file: file.modified,
        "name": lambda file: file.name.lower(),
        "name_natural": lambda file: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", file.name.lower())],
        "quotaBytesUsed": lambda file: len(file.content or b""),
        "recency": lambda file: file.modified,
        "sharedWithMeTime": lambda file: file.shared_at.get(call.who.email, file.created),
        "starred": lambda file: not file.starred,
        "viewedByMeTime": lambda file: file.modified,
    }
    ordered = list(pool)
    wanted = call.text("orderBy") or "modifiedTime desc"
    for term in reversed([each.strip() for each in wanted.split(",")]):
        name, _, direction = term.partition(" ")
        if name not in keys or direction not in ("", "desc"):
            raise invalid("orderBy")
        ordered.sort(key=keys[name], reverse=direction == "desc")
    return ordered
