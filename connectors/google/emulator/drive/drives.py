"""Shared drives."""

from __future__ import annotations

from connectors.google.emulator.calls import Call, Reply
from connectors.google.emulator.errors import GoogleError, Json, insufficient, invalid
from connectors.google.emulator.fields import below, parse, select
from connectors.google.emulator.store import Drive, Permission, permission_id, rank, stamp

_ONE = parse("kind,id,name")
_RESTRICTIONS = (
    "adminManagedRestrictions",
    "copyRequiresWriterPermission",
    "domainUsersOnly",
    "driveMembersOnly",
    "sharingFoldersRequiresOrganizerPermission",
)


def _find(call: Call, need: str = "reader") -> Drive:
    drive = call.world.drives.get(call.path["driveId"])
    role = call.world.drive_role(drive, call.who) if drive else ""
    if drive is None or (not role and not call.flag("useDomainAdminAccess")):
        raise GoogleError(404, f"Shared drive not found: {call.path['driveId']}", "notFound", "driveId")
    if rank(role) < rank(need) and not call.flag("useDomainAdminAccess"):
        raise insufficient()
    return drive


def resource(call: Call, drive: Drive) -> Json:
    """A shared drive with every field."""
    role = rank(call.world.drive_role(drive, call.who))
    organizer, writes = role >= rank("organizer"), role >= rank("writer")
    return {
        "kind": "drive#drive",
        "id": drive.id,
        "name": drive.name,
        "colorRgb": "#0f9d58",
        "createdTime": stamp(drive.created),
        "hidden": drive.hidden,
        "orgUnitId": "03ph8a2z1",
        "restrictions": {name: bool(drive.restrictions.get(name)) for name in _RESTRICTIONS},
        "capabilities": {
            "canAddChildren": writes,
            "canComment": role >= rank("commenter"),
            "canCopy": True,
            "canDeleteDrive": organizer,
            "canDownload": True,
            "canEdit": writes,
            "canListChildren": True,
            "canManageMembers": organizer,
            "canReadRevisions": writes,
            "canRename": writes,
            "canRenameDrive": organizer,
            "canShare": writes,
            "canTrashChildren": role >= rank("fileOrganizer"),
            "canDeleteChildren": organizer,
            "canChangeDriveMembersOnlyRestriction": organizer,
            "canChangeDomainUsersOnlyRestriction": organizer,
            "canChangeCopyRequiresWriterPermissionRestriction": organizer,
            "canChangeSharingFoldersRequiresOrganizerPermissionRestriction": organizer,
            "canResetDriveRestrictions": organizer,
            "canChangeDriveBackground": organizer,
        },
    }


def create(call: Call) -> Json:
    """`drives.create`: once for each *requestId*."""
    request_id = call.text("requestId")
    if not request_id:
        raise GoogleError(400, "Required parameter: requestId", "required", "requestId")
    if not call.body.get("name"):
        raise invalid("name", "The name of a shared drive is required.", "other")
    if any(drive.settings.get("requestId") == request_id for drive in call.world.drives.values()):
        raise GoogleError(409, "A shared drive was already created with this requestId.", "conflict", "requestId")
    drive = Drive(call.world.new_id(19, "0A"), str(call.body["name"]), call.now)
    owner = Permission(permission_id("user", call.who.email), "user", "organizer", call.who.email)
    drive.members[owner.id] = owner
    drive.settings["requestId"] = request_id
    drive.restrictions = dict(call.body.get("restrictions") or {})
    call.world.add_drive(drive)
    chosen: Json = select(resource(call, drive), call.mask or _ONE)
    return chosen


def get(call: Call) -> Json:
    """`drives.get`."""
    chosen: Json = select(resource(call, _find(call)), call.mask or _ONE)
    return chosen


def update(call: Call) -> Json:
    """`drives.update`: name and restrictions."""
    drive = _find(call, "organizer")
    drive.name = str(call.body.get("name") or drive.name)
    call.world.files[drive.id].name = drive.name
    drive.restrictions |= call.body.get("restrictions") or {}
    call.world.drive_changed(drive)
    chosen: Json = select(resource(call, drive), call.mask or _ONE)
    return chosen


def listed(call: Call) -> Json:
    """`drives.list`: those of which the caller is a member."""
    everything = call.flag("useDomainAdminAccess")
    found = [drive for drive in call.world.drives.values() if everything or call.world.drive_role(drive, call.who)]
    size = call.count("pageSize", 10, 1, 100)
    token = call.text("pageToken")
    if token and not token.isdigit():
        raise invalid("pageToken")
    start = int(token or 0)
    shown: Json = {"kind": "drive#driveList"}
    if start + size < len(found):
        shown["nextPageToken"] = str(start + size)
    inner = below(call.mask, "drives") or None
    chosen = inner if call.mask else _ONE
    shown["drives"] = [select(resource(call, drive), chosen) for drive in found[start : start + size]]
    return shown


def delete(call: Call) -> Reply:
    """`drives.delete`: only when nothing is left in it."""
    drive = _find(call, "organizer")
    inside = [file for file in call.world.files.values() if file.drive == drive.id and file.id != drive.id]
    if any(not call.world.is_trashed(file) for file in inside) and not call.flag("allowItemDeletion"):
        raise GoogleError(403, "The shared drive still has items in it.", "teamDriveNotEmpty")
    for file in inside:
        if file.id in call.world.files:
            call.world.remove(file)
    del call.world.drives[drive.id], call.world.files[drive.id]
    call.world.drive_changed(drive, removed=True)
    return Reply(204)


def hide(call: Call) -> Json:
    """`drives.hide`."""
    return _hidden(call, True)


def unhide(call: Call) -> Json:
    """`drives.unhide`."""
    return _hidden(call, False)


def _hidden(call: Call, wanted: bool) -> Json:
    drive = _find(call)
    drive.hidden = wanted
    chosen: Json = select(resource(call, drive), call.mask or _ONE)
    return chosen
