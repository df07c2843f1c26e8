"""Files: create, copy, get, list, change, delete."""

from __future__ import annotations

import re
from typing import Any

from connectors.google.emulator.calls import Call, Reply
from connectors.google.emulator.drive import contents
from connectors.google.emulator.drive.resources import IMPORTS, find, find_anywhere, show, user
from connectors.google.emulator.errors import GoogleError, Json, insufficient
from connectors.google.emulator.store import (
    DOCUMENT,
    FOLDER,
    NATIVE,
    SHEET,
    SHORTCUT,
    File,
    Permission,
    permission_id,
    rank,
    stamp,
)

#: `appProperties`: bytes of one key with its value, of one app, and of a file in all.
#: https://developers.google.com/workspace/drive/api/guides/properties
PROPERTY_BYTES, PROPERTIES_OF_AN_APP, PROPERTIES = 124, 30, 100
#: https://developers.google.com/workspace/drive/api/guides/about-shareddrives
LEVELS = 100
_SETTINGS = (
    "writersCanShare",
    "copyRequiresWriterPermission",
    "inheritedPermissionsDisabled",
    "folderColorRgb",
    "contentRestrictions",
)


# ---------------------------------------------------------------- create and copy


def create(call: Call) -> Json:
    """`files.create`, with content or without, converted if the wanted type is one of Google's."""
    parent = _parent(call, call.body.get("parents"))
    mime = str(call.body.get("mimeType") or (call.media.type if call.media else "application/octet-stream"))
    check_storage(call, parent, mime)
    file = _new(call, parent, mime)
    _set(call, file, call.body)
    if call.media is not None:
        contents.store(call.world, file, call.media)
    elif mime in (SHEET, DOCUMENT):
        contents.blank(call.world, file)
    call.world.add(file)
    return show(call, file, call.mask)


def _parent(call: Call, parents: Any) -> File:
    """The one folder that a new file goes into."""
    wanted = list(parents or ["root"])
    if len(wanted) > 1:
        raise GoogleError(400, "A file cannot have more than one parent.", "multiparentingNotSupported", "parents")
    parent = find(call, str(wanted[0]))
    if parent.mime != FOLDER:
        raise GoogleError(403, "The specified parent is not a folder.", "parentNotAFolder")
    if rank(call.world.role(parent, call.who)) < rank("writer"):
        raise insufficient()
    if call.world.is_trashed(parent):
        raise GoogleError(403, "The specified parent folder is in the trash.", "parentNotAFolder")
    if sum(1 for _ in call.world.lineage(parent)) > LEVELS:
        raise GoogleError(403, "The folder hierarchy is too deep.", "teamDriveHierarchyTooDeep")
    return parent


def check_storage(call: Call, parent: File, mime: str) -> None:
    """A service account of today has no storage of its own, except for folders."""
    if not call.who.stores and not parent.drive and parent.owner == call.who.email and mime not in (FOLDER, SHORTCUT):
        raise GoogleError(
            403,
            "Service Accounts do not have storage quota. Leverage shared drives "
            "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth delegation "
            "(http://support.google.com/a/answer/7281227) instead.",
            "storageQuotaExceeded",
        )


def _new(call: Call, parent: File, mime: str) -> File:
    world, now = call.world, call.now
    given = str(call.body.get("id") or "")
    if given and mime.startswith(NATIVE) and mime not in (FOLDER, SHORTCUT):
        raise GoogleError(400, "Generated IDs are not supported for Google Docs formats.", "invalid", "id")
    if given in world.files:
        raise GoogleError(409, "A file already exists with the provided ID.", "fileIdInUse")
    ident = given or (world.new_id(33) if mime in (FOLDER, SHORTCUT) or not mime.startswith(NATIVE) else world.new_id())
    owner = "" if parent.drive else call.who.email
    file = File(ident, "Untitled", mime, parent.id, parent.drive, owner, now, now, call.who.email, call.who.email)
    if owner:
        grant = Permission(permission_id("user", owner), "user", "owner", owner)
        file.permissions[grant.id] = grant
    return file


def copy(call: Call) -> Json:
    """`files.copy`: content and properties, never the sharing."""
    source = find(call, call.path["fileId"])
    if source.mime == FOLDER:
        raise GoogleError(403, "This file cannot be copied by the user.", "cannotCopyFile")
    if source.settings.get("copyRequiresWriterPermission") and rank(call.world.role(source, call.who)) < rank("writer"):
        raise GoogleError(403, "This file cannot be copied by the user.", "cannotCopyFile")
    parents = call.body.get("parents")
    parent = _parent(call, parents if parents else [source.parent if _may_write(call, source.parent) else "root"])
    check_storage(call, parent, source.mime)
    file = _new(call, parent, source.mime)
    file.name = f"Copy of {source.name}"
    file.description, file.properties = source.description, dict(source.properties)
    file.app_properties = {app: dict(pairs) for app, pairs in source.app_properties.items()}
    _set(call, file, {name: value for name, value in call.body.items() if value is not None})
    contents.copy(call.world, source, file)
    call.world.add(file)
    return show(call, file, call.mask)


def _may_write(call: Call, folder: str) -> bool:
    parent = call.world.files.get(folder)
    return parent is not None and rank(call.world.role(parent, call.who)) >= rank("writer")


def generate_ids(call: Call) -> Json:
    """`files.generateIds`: for folders, shortcuts and files with bytes."""
    count = call.count("count", 10, 1, 1000)
    ids = [call.world.new_id(33) for _ in range(count)]
    return {"kind": "drive#generatedIds", "space": call.text("space", "drive"), "ids": ids}


# ---------------------------------------------------------------- what is written


def _set(call: Call, file: File, body: Json) -> None:
    """Set what *body* says of *file*; what Drive does not let be written is ignored, as Drive does."""
    file.name = str(body.get("name") or file.name)
    file.description = str(body["description"] or "") if "description" in body else file.description
    file.starred = bool(body.get("starred", file.starred))
    for name in _SETTINGS:
        if name in body:
            file.settings[name] = body[name]
    if file.mime == SHORTCUT and "shortcutDetails" in body:
        target = find(call, str(body["shortcutDetails"].get("targetId", "")))
        file.settings["shortcutDetails"] = {"targetId": target.id, "targetMimeType": target.mime}
    _set_properties(call, file, body)


def _set_properties(call: Call, file: File, body: Json) -> None:
    pairs = body.get("appProperties") or {}
    for key, value in (*pairs.items(), *(body.get("properties") or {}).items()):
        if value is not None and len(f"{key}{value}".encode()) > PROPERTY_BYTES:
            raise GoogleError(
                400,
                f"The property '{key}' is too long: a key and its value may have {PROPERTY_BYTES} bytes together.",
                "propertyTooLong",
                "appProperties",
            )
    call.world.tag(file, call.who.app, pairs)
    for key, value in (body.get("properties") or {}).items():
        if value is None:
            file.properties.pop(key, None)
        else:
            file.properties[key] = value
    own = len(file.app_properties.get(call.who.app, ()))
    if own > PROPERTIES_OF_AN_APP or own + len(file.properties) > PROPERTIES:
        raise GoogleError(400, "The file has too many custom properties.", "tooManyProperties", "appProperties")


def update(call: Call) -> Json:
    """`files.update`: names, properties, place, bin, content."""
    file = find(call, call.path["fileId"], "writer")
    body = dict(call.body)
    if call.media is not None and any(each.get("readOnly") for each in file.settings.get("contentRestrictions", ())):
        raise GoogleError(403, "This file's content is locked.", "cannotModifyContentOfLockedFile")
    if "trashed" in body:
        _trash(call, file, bool(body["trashed"]))
    _move(call, file)
    if "parents" in body:
        raise GoogleError(
            403,
            "The parents field is not directly writable in update requests. "
            "Use the addParents and removeParents parameters instead.",
            "fieldNotWritable",
        )
    _set(call, file, body)
    if call.media is not None:
        contents.replace(call.world, file, call.media, str(body.get("mimeType") or ""))
    elif not file.native and body.get("mimeType"):
        file.mime = str(body["mimeType"])
    what = "parents" if call.text("addParents") else "properties"
    call.world.changed(file, call.who, content=call.media is not None, what=what)
    return show(call, file, call.mask)


def _trash(call: Call, file: File, wanted: bool) -> None:
    role = call.world.role(file, call.who)
    if rank(role) < rank("fileOrganizer" if file.drive else "owner"):
        raise insufficient()
    file.trashed = wanted
    file.settings["trashedTime"] = stamp(call.now)
    for each in call.world.subtree(file):
        if each is not file:
            call.world.changed(each)


def _move(call: Call, file: File) -> None:
    added = [each for each in re.split(r"\s*,\s*", call.text("addParents")) if each]
    if not added:
        return
    parent = _parent(call, added)
    if file.id in {each.id for each in call.world.lineage(parent)}:
        raise GoogleError(403, "A folder cannot be moved into itself.", "cyclicMembershipsNotAllowed")
    if file.drive and parent.drive != file.drive and rank(call.world.role(file, call.who)) < rank("organizer"):
        raise GoogleError(403, "The user cannot move this item out of its shared drive.", "teamDrivesParentLimit")
    before = call.world.readers(file)
    former = file.drive
    call.world.move(file, parent.id)
    if former != parent.drive:
        file.owner = "" if parent.drive else call.who.email
        file.permissions = {each.id: each for each in file.permissions.values() if each.role != "owner"}
        if file.owner:
            grant = Permission(permission_id("user", file.owner), "user", "owner", file.owner)
            file.permissions[grant.id] = grant
    gone = before - call.world.readers(file)
    if gone:
        call.world.lost(file, gone)


def delete(call: Call) -> Reply:
    """`files.delete`: for good, past the bin."""
    file = find(call, call.path["fileId"])
    if not file.parent or rank(call.world.role(file, call.who)) < rank("organizer" if file.drive else "owner"):
        raise insufficient()
    call.world.remove(file)
    return Reply(204)


def empty_trash(call: Call) -> Reply:
    """`files.emptyTrash`: everything of the caller's, or of one shared drive."""
    drive = call.text("driveId")
    doomed = [
        file
        for file in call.world.files.values()
        if file.trashed and (file.drive == drive if drive else file.owner == call.who.email)
    ]
    for file in doomed:
        if file.id in call.world.files:
            call.world.remove(file)
    return Reply(204)


# ---------------------------------------------------------------- read


def get(call: Call) -> Json | Reply:
    """`files.get`, the description or, with ``alt=media``, the bytes."""
    file = find(call, call.path["fileId"])
    if call.text("alt") != "media":
        return show(call, file, call.mask)
    if file.native:
        raise GoogleError(
            403,
            "Only files with binary content can be directly downloaded. Use Export with Docs Editors files.",
            "fileNotDownloadable",
            "alt",
        )
    return Reply(200, file.content or b"", file.mime)


def export(call: Call) -> Reply:
    """`files.export`."""
    file = find_anywhere(call, call.path["fileId"])
    return contents.export(call.world, file, call.text("mimeType"))


def about(call: Call) -> Json:
    """`about.get`; Drive insists on a mask."""
    if call.mask is None:
        raise GoogleError(400, "The 'fields' parameter is required for this method.", "required", "fields")
    formats: dict[str, list[str]] = {}
    for source, target in IMPORTS.items():
        formats.setdefault(source, []).append(target)
    return {
        "kind": "drive#about",
        "user": user(call.world, call.who.email, call.who),
        "storageQuota": {
            "limit": "16106127360" if call.who.stores else "0",
            "usage": "0",
            "usageInDrive": "0",
            "usageInDriveTrash": "0",
        },
        "importFormats": formats,
        "exportFormats": {mime: list(kinds) for mime, kinds in contents.exportable().items()},
        "maxUploadSize": "5497558138880",
        "appInstalled": True,
        "canCreateDrives": True,
        "canCreateTeamDrives": True,
    }
