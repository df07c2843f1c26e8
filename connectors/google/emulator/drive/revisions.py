"""Revisions: that a file had them, when, and by whom. Their old content is not kept."""

from __future__ import annotations

from connectors.google.emulator.calls import Call
from connectors.google.emulator.drive.resources import export_links, find_anywhere, user
from connectors.google.emulator.errors import GoogleError, Json
from connectors.google.emulator.store import FOLDER, File, stamp


def listed(call: Call) -> Json:
    """`revisions.list`, the oldest first."""
    file = _file(call)
    size = call.count("pageSize", 200, 1, 1000)
    start = int(call.text("pageToken") or 0) if call.text("pageToken", "0").isdigit() else 0
    numbers = range(start + 1, min(start + size, len(file.history)) + 1)
    shown = [_shown(call, file, number) for number in numbers]
    if call.mask is None:
        shown = [_few(each) for each in shown]
    found: Json = {"kind": "drive#revisionList", "revisions": shown}
    if start + size < len(file.history):
        found["nextPageToken"] = str(start + size)
    return found


def get(call: Call) -> Json:
    """`revisions.get`."""
    file, wanted = _file(call), call.path["revisionId"]
    number = {"head": len(file.history)}.get(wanted) or (int(wanted) if wanted.isdigit() else 0)
    if not 1 <= number <= len(file.history):
        raise GoogleError(404, f"Revision not found: {wanted}.", "notFound", "revisionId")
    shown = _shown(call, file, number)
    return shown if call.mask else _few(shown)


def _file(call: Call) -> File:
    """The file, if the caller may see what it said before."""
    file = find_anywhere(call, call.path["fileId"])
    role = call.world.role(file, call.who)
    if role in ("reader", "commenter"):
        why = "The user does not have sufficient permissions for this file."
        raise GoogleError(403, why, "insufficientFilePermissions")
    if file.mime == FOLDER:
        raise GoogleError(403, "The file does not support revisions.", "revisionsNotSupported")
    return file


def _shown(call: Call, file: File, number: int) -> Json:
    revision = file.history[number - 1]
    shown: Json = {
        "kind": "drive#revision",
        "id": str(number),
        "mimeType": file.mime,
        "modifiedTime": stamp(revision.at),
        "lastModifyingUser": user(call.world, revision.by, call.who),
    }
    if file.native:
        return shown | {"published": False, "exportLinks": export_links(file)}
    return shown | {"keepForever": False, "originalFilename": file.name, "size": str(revision.size)}


def _few(shown: Json) -> Json:
    """What Drive shows unless a mask asks for more."""
    wanted = ("id", "mimeType", "kind", "modifiedTime")
    return {name: shown[name] for name in wanted}
