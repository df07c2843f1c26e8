"""How a file is found for a caller, and how it is shown: only the fields that were asked for are made."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from typing import Any

from connectors.google.emulator.calls import Call
from connectors.google.emulator.errors import GoogleError, Json, denied, entity_not_found, file_not_found, insufficient
from connectors.google.emulator.fields import Mask, below, parse, select
from connectors.google.emulator.store import (
    DOCUMENT,
    FOLDER,
    SHEET,
    File,
    Permission,
    Principal,
    World,
    permission_id,
    rank,
    stamp,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: What each editor can export: https://developers.google.com/workspace/drive/api/guides/ref-export-formats.
EXPORTS = {
    SHEET: (
        "application/x-vnd.oasis.opendocument.spreadsheet",
        "text/tab-separated-values",
        "application/pdf",
        XLSX,
        "text/csv",
        "application/zip",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    DOCUMENT: (
        "application/rtf",
        "application/vnd.oasis.opendocument.text",
        "text/html",
        "application/pdf",
        "text/x-markdown",
        "text/markdown",
        "application/epub+zip",
        "application/zip",
        DOCX,
        "text/plain",
    ),
}
#: What can be converted on arrival, and into what.
IMPORTS = {
    XLSX: SHEET,
    "text/csv": SHEET,
    "text/tab-separated-values": SHEET,
    DOCX: DOCUMENT,
    "text/markdown": DOCUMENT,
    "text/x-markdown": DOCUMENT,
    "text/html": DOCUMENT,
    "text/plain": DOCUMENT,
}
_EDITORS = {SHEET: "spreadsheets", DOCUMENT: "document"}


def find(call: Call, file_id: str, need: str = "reader") -> File:
    """The file *file_id* if the caller may see it. Raises 404 if not, 403 if the caller's role is less than *need*.

    What stands in a shared drive is not found unless the caller says that it knows shared drives.
    """
    file = find_anywhere(call, file_id, need)
    if file.drive and not call.flag("supportsAllDrives", call.flag("supportsTeamDrives")):
        raise file_not_found(file_id)
    return file


def find_anywhere(call: Call, file_id: str, need: str = "reader") -> File:
    """The same for methods that have no `supportsAllDrives`."""
    world = call.world
    file = world.files.get(world.root(call.who.email) if file_id == "root" else file_id)
    role = world.role(file, call.who) if file else ""
    if file is None or not role:
        raise file_not_found(file_id)
    if rank(role) < rank(need):
        raise insufficient()
    return file


def editable(call: Call, file_id: str, mime: str, need: str) -> File:
    """The same for Sheets and Docs, which tell what is missing from what is forbidden and refuse files of another kind."""
    world = call.world
    file = world.files.get(file_id)
    if file is None:
        raise entity_not_found()
    role = world.role(file, call.who)
    if rank(role) < rank(need):
        raise denied()
    if file.mime != mime:
        raise GoogleError(400, "This operation is not supported for this document", "failedPrecondition")
    return file


def own_properties(file: File, who: Principal) -> dict[str, str]:
    """The `appProperties` that this caller's project wrote."""
    return dict(file.app_properties.get(who.app, {}))


def user(world: World, email: str, who: Principal) -> Json:
    """An account as Drive shows it."""
    name = world.people.get(email, {}).get("name", {}).get("fullName") or email
    return {
        "kind": "drive#user",
        "displayName": name,
        "me": email == who.email,
        "permissionId": permission_id("user", email),
        "emailAddress": email,
    }


def web_link(file: File) -> str:
    """Where a person opens it."""
    if file.mime == FOLDER:
        return f"https://drive.google.com/drive/folders/{file.id}"
    if file.mime in _EDITORS:
        return f"https://docs.google.com/{_EDITORS[file.mime]}/d/{file.id}/edit?usp=drivesdk"
    return f"https://drive.google.com/file/d/{file.id}/view?usp=drivesdk"


def export_links(file: File) -> Json | None:
    """Where each kind of export is fetched; None for what is exported in no other kind."""
    short = {
        XLSX: "xlsx",
        DOCX: "docx",
        "text/csv": "csv",
        "text/tab-separated-values": "tsv",
        "text/x-markdown": "md",
        "text/html": "html",
        "application/zip": "zip",
        "application/epub+zip": "epub",
        "application/vnd.oasis.opendocument.spreadsheet": "ods",
        "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
        "application/vnd.oasis.opendocument.text": "odt",
        "text/plain": "txt",
        "text/markdown": "md",
        "application/pdf": "pdf",
    }
    kinds = EXPORTS.get(file.mime)
    if not kinds:
        return None
    base = f"https://docs.google.com/{_EDITORS[file.mime]}/export?id={file.id}&exportFormat="
    return {kind: base + short.get(kind, kind.rpartition("/")[2]) for kind in kinds}


def capabilities(world: World, file: File, who: Principal) -> Json:
    """What the caller may do."""
    role = world.role(file, who)
    writes = rank(role) >= rank("writer")
    manages = rank(role) >= rank("fileOrganizer")
    locked = any(each.get("readOnly") for each in file.settings.get("contentRestrictions", ()))
    shares = writes if file.settings.get("writersCanShare", True) else role == "owner"
    copies = rank(role) >= rank("reader") and (writes or not file.settings.get("copyRequiresWriterPermission"))
    return {
        "canEdit": writes and not locked,
        "canModifyContent": writes and not locked,
        "canComment": rank(role) >= rank("commenter"),
        "canShare": manages if file.drive and file.mime == FOLDER else shares,
        "canCopy": copies and file.mime != FOLDER,
        "canDownload": copies,
        "canAddChildren": writes and file.mime == FOLDER,
        "canListChildren": file.mime == FOLDER,
        "canRename": writes,
        "canTrash": manages if file.drive else role == "owner",
        "canUntrash": manages if file.drive else role == "owner",
        "canDelete": role == "organizer" if file.drive else role == "owner",
        "canMoveItemWithinDrive": manages if file.drive else writes,
        "canReadRevisions": writes,
    }


def permission_resource(world: World, permission: Permission, file: File | None = None, inherited: str = "") -> Json:
    """A grant as Drive shows it; on a shared drive with where it comes from."""
    shown: Json = {
        "kind": "drive#permission",
        "id": permission.id,
        "type": permission.type,
        "role": permission.role,
    }
    if permission.type in ("user", "group"):
        name = world.people.get(permission.target, {}).get("name", {}).get("fullName")
        shown |= {"emailAddress": permission.target, "displayName": name or permission.target, "deleted": False}
        shown |= {"pendingOwner": permission.pending_owner}
        if permission.expires:
            shown["expirationTime"] = permission.expires
    elif permission.type == "domain":
        shown |= {"domain": permission.target, "displayName": permission.target}
    if permission.type in ("domain", "anyone"):
        shown["allowFileDiscovery"] = permission.discoverable
    if file is not None and file.drive:
        detail: Json = {"permissionType": "member" if inherited == file.drive else "file", "role": permission.role}
        detail["inherited"] = bool(inherited)
        if inherited:
            detail["inheritedFrom"] = inherited
        shown["permissionDetails"] = [detail]
    return shown


def grants(world: World, file: File) -> list[tuple[Permission, str]]:
    """The grants that hold on *file*, each with the id of the folder or drive that it comes from ("" for its own)."""
    found: dict[str, tuple[Permission, str]] = {}
    limited = False
    for each in world.lineage(file):
        own = each.id == file.id
        if not limited:
            for permission in each.permissions.values():
                known = found.get(permission.id)
                if known is None or rank(permission.role) > rank(known[0].role):
                    found[permission.id] = (permission, "" if own else each.id)
        limited = limited or bool(each.settings.get("inheritedPermissionsDisabled"))
    if file.drive in world.drives:
        for member in world.drives[file.drive].members.values():
            known = found.get(member.id)
            if (known is None or rank(member.role) > rank(known[0].role)) and (not limited or member.role == "organizer"):
                found[member.id] = (member, file.drive)
    return list(found.values())


_Maker = Callable[[World, File, Principal], Any]


def _when(test: bool, value: Any) -> Any:
    return value if test else None


#: Field to how it is made; None leaves it out.
_FIELDS: dict[str, _Maker] = {
    "kind": lambda w, f, p: "drive#file",
    "id": lambda w, f, p: f.id,
    "name": lambda w, f, p: f.name,
    "mimeType": lambda w, f, p: f.mime,
    "description": lambda w, f, p: f.description or None,
    "starred": lambda w, f, p: f.starred,
    "trashed": lambda w, f, p: w.is_trashed(f),
    "explicitlyTrashed": lambda w, f, p: f.trashed,
    "trashedTime": lambda w, f, p: _when(f.trashed, f.settings.get("trashedTime")),
    "parents": lambda w, f, p: [f.parent] if f.parent in w.files and w.role(w.files[f.parent], p) else None,
    "properties": lambda w, f, p: dict(f.properties) or None,
    "appProperties": lambda w, f, p: own_properties(f, p) or None,
    "spaces": lambda w, f, p: ["drive"],
    "version": lambda w, f, p: str(f.version),
    "webViewLink": lambda w, f, p: web_link(f),
    "webContentLink": lambda w, f, p: _when(not f.native, f"https://drive.google.com/uc?id={f.id}&export=download"),
    "iconLink": lambda w, f, p: f"https://drive-thirdparty.googleusercontent.com/16/type/{f.mime}",
    "hasThumbnail": lambda w, f, p: False,
    "thumbnailVersion": lambda w, f, p: "0",
    "viewedByMe": lambda w, f, p: f.owner == p.email,
    "createdTime": lambda w, f, p: stamp(f.created),
    "modifiedTime": lambda w, f, p: stamp(f.modified),
    "modifiedByMe": lambda w, f, p: f.modifier == p.email,
    "modifiedByMeTime": lambda w, f, p: _when(f.modifier == p.email, stamp(f.modified)),
    "sharedWithMeTime": lambda w, f, p: _when(p.email in f.shared_at, stamp(f.shared_at.get(p.email, f.created))),
    "driveId": lambda w, f, p: f.drive or None,
    "teamDriveId": lambda w, f, p: f.drive or None,
    "owners": lambda w, f, p: _when(not f.drive, [user(w, f.owner, p)]),
    "ownedByMe": lambda w, f, p: _when(not f.drive, f.owner == p.email),
    "lastModifyingUser": lambda w, f, p: user(w, f.modifier, p) if f.modifier else None,
    "sharingUser": lambda w, f, p: None,
    "shared": lambda w, f, p: len(grants(w, f)) > 1,
    "capabilities": capabilities,
    "viewersCanCopyContent": lambda w, f, p: not f.settings.get("copyRequiresWriterPermission", False),
    "copyRequiresWriterPermission": lambda w, f, p: bool(f.settings.get("copyRequiresWriterPermission", False)),
    "writersCanShare": lambda w, f, p: bool(f.settings.get("writersCanShare", True)),
    "inheritedPermissionsDisabled": lambda w, f, p: _when(
        f.mime == FOLDER, bool(f.settings.get("inheritedPermissionsDisabled", False))
    ),
    "contentRestrictions": lambda w, f, p: f.settings.get("contentRestrictions"),
    "folderColorRgb": lambda w, f, p: f.settings.get("folderColorRgb", "#8f8f8f") if f.mime == FOLDER else None,
    "shortcutDetails": lambda w, f, p: f.settings.get("shortcutDetails"),
    "permissionIds": lambda w, f, p: [permission.id for permission, _ in grants(w, f)],
    "permissions": lambda w, f, p: _when(
        not f.drive and rank(w.role(f, p)) >= rank("writer"),
        [permission_resource(w, permission) for permission, _ in grants(w, f)],
    ),
    "hasAugmentedPermissions": lambda w, f, p: _when(bool(f.drive), bool(f.permissions)),
    "originalFilename": lambda w, f, p: _when(not f.native, f.name),
    "fullFileExtension": lambda w, f, p: _when(not f.native and "." in f.name, f.name.partition(".")[2]),
    "fileExtension": lambda w, f, p: _when(not f.native and "." in f.name, f.name.rpartition(".")[2]),
    "md5Checksum": lambda w, f, p: None if f.native else md5(f.content or b"", usedforsecurity=False).hexdigest(),
    "size": lambda w, f, p: None if f.mime == FOLDER else str(len(f.content or b"")) if not f.native else "1024",
    "quotaBytesUsed": lambda w, f, p: str(len(f.content or b"")) if not f.native else "0",
    "headRevisionId": lambda w, f, p: _when(not f.native, str(f.revisions)),
    "exportLinks": lambda w, f, p: export_links(f),
    "isAppAuthorized": lambda w, f, p: True,
}
#: What is shown when no mask says otherwise.
DEFAULT = parse("kind,id,name,mimeType,teamDriveId,driveId")


def show(call: Call, file: File, mask: Mask | None) -> Json:
    """*file* with the fields of *mask*; with Drive's few if there is none."""
    chosen = mask or DEFAULT
    names = _FIELDS if "*" in chosen else chosen
    shown: Json = {}
    for name in _FIELDS:
        if name in names:
            value = _FIELDS[name](call.world, file, call.who)
            if value is not None:
                shown[name] = select(value, below(chosen, name))
    return shown
