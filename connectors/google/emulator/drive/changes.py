"""The log of changes."""

from __future__ import annotations

from connectors.google.emulator.calls import Call
from connectors.google.emulator.drive import drives
from connectors.google.emulator.drive.listing import visible
from connectors.google.emulator.drive.resources import show
from connectors.google.emulator.errors import GoogleError, Json, invalid
from connectors.google.emulator.fields import Mask, below, parse, select
from connectors.google.emulator.store import Entry, stamp

_LIST = parse(
    "kind,nextPageToken,newStartPageToken,"
    "changes(kind,type,changeType,time,removed,fileId,driveId,file(kind,id,name,mimeType,teamDriveId,driveId))"
)


def start_page_token(call: Call) -> Json:
    """`changes.getStartPageToken`: where the log ends now."""
    drive_of(call)
    return {"kind": "drive#startPageToken", "startPageToken": str(len(call.world.log) + 1)}


def drive_of(call: Call) -> str:
    """The shared drive whose log is meant; "" for the caller's own."""
    drive = call.text("driveId") or call.text("teamDriveId")
    if not drive:
        return ""
    if drive not in call.world.drives or not call.world.drive_role(call.world.drives[drive], call.who):
        raise GoogleError(404, f"Shared drive not found: {drive}", "notFound", "driveId")
    if not call.flag("supportsAllDrives", call.flag("supportsTeamDrives")):
        raise GoogleError(403, "supportsAllDrives must be true for a shared drive.", "teamDrivesSupportRequired")
    return drive


def page_token(call: Call) -> int:
    """Where in the log the caller is. Raises 400."""
    token = call.text("pageToken")
    if not token:
        raise GoogleError(400, "Required parameter: pageToken", "required", "pageToken")
    if not token.isdigit() or not 1 <= int(token) <= len(call.world.log) + 1:
        raise invalid("pageToken")
    return int(token)


def listed(call: Call) -> Json:
    """`changes.list`: one entry for each file that is not what it was at *pageToken*, oldest first."""
    token, drive = page_token(call), drive_of(call)
    size = call.count("pageSize", 100, 1, 1000)
    found, position = _entries(call, token - 1, drive, size)
    end = _end(call)
    mask = call.mask or _LIST
    shown: Json = {"kind": "drive#changeList"}
    if position < end:
        shown["nextPageToken"] = str(position + 1)
    else:
        shown["newStartPageToken"] = str(max(position, token - 1) + 1)
    shown["changes"] = [_change(call, entry, below(mask, "changes") or {}) for entry in found]
    chosen: Json = select(shown, mask)
    return chosen


def _end(call: Call) -> int:
    """How much of the log is known yet: all of it, unless reads are stale."""
    log, end = call.world.log, len(call.world.log)
    while call.stale and end and log[end - 1].at > call.as_of:
        end -= 1
    return end


def _entries(call: Call, start: int, drive: str, size: int) -> tuple[list[Entry], int]:
    """Up to *size* entries from *start*, and where the next page begins."""
    world, position = call.world, start
    found: list[Entry] = []
    end = _end(call)
    removed = call.flag("includeRemoved", True)
    while position < end and len(found) < size:
        entry = world.log[position]
        position += 1
        latest = world.latest[entry.id] == entry.number or world.latest[entry.id] >= end
        if latest and _concerns(call, entry, drive) and (removed or not _gone(call, entry)):
            found.append(entry)
    return found, position


def _gone(call: Call, entry: Entry) -> bool:
    file = call.world.files.get(entry.id)
    return entry.removed or file is None or not call.world.role(file, call.who)


def _concerns(call: Call, entry: Entry, drive: str) -> bool:
    """Whether the entry stands in the log that is read."""
    if drive:
        return entry.drive == drive
    shared = call.flag("includeItemsFromAllDrives", call.flag("includeTeamDriveItems"))
    if entry.drive and not shared:
        return False
    if call.who.email in entry.lost:
        return True
    file = call.world.files.get(entry.id)
    return file is not None and (entry.kind == "drive" or (bool(file.parent) and visible(call, file)))


def _change(call: Call, entry: Entry, mask: Mask) -> Json:
    shown: Json = {"kind": "drive#change", "changeType": entry.kind, "time": stamp(entry.at)}
    shown |= {"type": entry.kind, "removed": _gone(call, entry)}
    if entry.kind == "drive":
        shown |= {"driveId": entry.id, "teamDriveId": entry.id}
        if not shown["removed"] and entry.id in call.world.drives:
            shown["drive"] = drives.resource(call, call.world.drives[entry.id])
        return shown
    shown["fileId"] = entry.id
    wanted = below(mask, "file")
    if not shown["removed"] and wanted is not None:
        shown["file"] = show(call, call.world.files[entry.id], wanted)
    return shown
