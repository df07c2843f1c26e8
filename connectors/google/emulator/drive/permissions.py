"""Who may see and change a file, or is a member of a shared drive."""

from __future__ import annotations

from connectors.google.emulator.calls import Call, Reply
from connectors.google.emulator.drive.resources import find, grants, permission_resource
from connectors.google.emulator.errors import GoogleError, Json, insufficient, invalid
from connectors.google.emulator.fields import parse, select
from connectors.google.emulator.store import FOLDER, File, Permission, permission_id, rank, stamp

#: What is shown without a mask.
_ONE = parse("kind,id,type,role")
_MANY = parse("kind,nextPageToken,permissions(kind,id,type,role)")
_TYPES = ("user", "group", "domain", "anyone")


def _held(call: Call, file: File) -> dict[str, Permission]:
    """Where grants on *file* are kept: with the file, or with the shared drive whose top it is."""
    return call.world.drives[file.id].members if file.id in call.world.drives else file.permissions


def _shares(call: Call, file: File) -> None:
    """403 unless the caller may share *file*."""
    role = rank(call.world.role(file, call.who))
    if file.id in call.world.drives:
        need = "organizer"
    elif file.drive and file.mime == FOLDER:
        need = "fileOrganizer"
    else:
        need = "writer" if file.settings.get("writersCanShare", True) else "owner"
    if role < rank(need):
        raise insufficient()


def create(call: Call) -> Json:
    """`permissions.create`. Mail is sent to users and groups unless the caller says not to."""
    file = find(call, call.path["fileId"])
    _shares(call, file)
    permission = _wanted(call, file)
    held = _held(call, file)
    known = held.get(permission.id)
    if known is not None and known.role == "owner" and permission.role != "owner":
        return _shown(call, file, known)
    if permission.role == "owner":
        _hand_over(call, file, permission)
    held[permission.id] = permission
    if permission.type == "user":
        file.shared_at.setdefault(permission.target, call.now)
    _notify(call, file, permission)
    _note(call, file)
    return _shown(call, file, permission)


def _wanted(call: Call, file: File) -> Permission:
    """The grant that the body describes. Raises `GoogleError` if it cannot be made."""
    kind, role = str(call.body.get("type") or ""), str(call.body.get("role") or "")
    _known("type", kind, kind in _TYPES)
    _role_fits(call, file, kind, role)
    target = str(call.body.get("domain" if kind == "domain" else "emailAddress") or "").lower()
    if kind != "anyone" and not target:
        raise GoogleError(
            400,
            f"The permission is missing the {'domain' if kind == 'domain' else 'emailAddress'} field.",
            "invalid",
            "permission.domain" if kind == "domain" else "permission.emailAddress",
            "other",
        )
    if kind in ("user", "group") and "@" not in target:
        raise GoogleError(400, "The specified emailAddress is invalid or not applicable.", "invalidSharingRequest")
    _within_the_drive(call, file, kind, target)
    return Permission(
        permission_id(kind, target),
        kind,
        role,
        "" if kind == "anyone" else target,
        expires=str(call.body.get("expirationTime") or ""),
        discoverable=bool(call.body.get("allowFileDiscovery")),
        pending_owner=bool(call.body.get("pendingOwner")),
    )


def _known(field: str, given: str, known: bool) -> None:
    """400 for a field of a grant that is missing or says what Drive does not know."""
    if not given:
        raise GoogleError(400, f"The permission {field} field is required.", "required", f"permission.{field}", "other")
    if not known:
        raise GoogleError(400, f"Invalid value for: {given} is not a valid value", "invalid", f"permission.{field}", "other")


def _role_fits(call: Call, file: File, kind: str, role: str) -> None:
    _known("role", role, bool(rank(role)))
    if file.drive and role == "owner":
        raise GoogleError(403, "Files in shared drives have no owner.", "ownerOnTeamDriveItemNotSupported")
    if not file.drive and role in ("organizer", "fileOrganizer"):
        raise GoogleError(403, f"The role {role} is only valid for shared drives.", "organizerOnNonTeamDriveNotSupported")
    if file.drive and role == "organizer" and file.id not in call.world.drives:
        raise GoogleError(
            403, "The organizer role is only valid for members of a shared drive.", "organizerOnNonTeamDriveItemNotSupported"
        )
    if kind in ("domain", "anyone") and rank(role) > rank("writer"):
        raise invalid("permission.role", f"The role {role} cannot be given to {kind}.", "other")


def _within_the_drive(call: Call, file: File, kind: str, target: str) -> None:
    """403 where the settings of the shared drive forbid the grant."""
    drive = call.world.drives.get(file.drive)
    if drive is None or file.id in call.world.drives:
        return
    if drive.restrictions.get("driveMembersOnly") and permission_id(kind, target) not in drive.members:
        raise GoogleError(
            403,
            "This shared drive allows only its members to have access.",
            "teamDriveTeamMembersOnlyRestriction",
        )
    outside = kind == "anyone" or (target.rpartition("@")[2] != call.who.domain and not call.who.service_account)
    if drive.restrictions.get("domainUsersOnly") and outside:
        raise GoogleError(
            403, "This shared drive allows access only inside its organisation.", "teamDriveDomainUsersOnlyRestriction"
        )


def _hand_over(call: Call, file: File, permission: Permission) -> None:
    if not call.flag("transferOwnership"):
        raise GoogleError(
            403,
            "The transferOwnership parameter must be enabled when the permission role is 'owner'.",
            "forbidden",
            "transferOwnership",
        )
    if file.owner != call.who.email:
        raise insufficient()
    file.permissions[permission_id("user", file.owner)].role = "writer"
    file.owner = permission.target


def _notify(call: Call, file: File, permission: Permission) -> None:
    """Keep the mail that Drive would send."""
    if permission.type in ("user", "group") and call.flag("sendNotificationEmail", True):
        message = call.text("emailMessage")
        call.world.mail.append(
            {"to": permission.target, "file": file.id, "role": permission.role, "message": message, "at": stamp(call.now)}
        )


def _note(call: Call, file: File) -> None:
    if file.id in call.world.drives:
        call.world.drive_changed(call.world.drives[file.id])
    else:
        call.world.changed(file, what="permissions")


def _shown(call: Call, file: File, permission: Permission, inherited: str = "") -> Json:
    shown: Json = select(permission_resource(call.world, permission, file, inherited), call.mask or _ONE)
    return shown


def listed(call: Call) -> Json:
    """`permissions.list`: on a shared drive with what is inherited."""
    file = find(call, call.path["fileId"])
    _reads_sharing(call, file)
    found = grants(call.world, file)
    size = (
        call.count("pageSize", 100 if file.drive else len(found) or 1, 1, 100)
        if call.text("pageSize") or file.drive
        else len(found)
    )
    token = call.text("pageToken")
    if token and not token.isdigit():
        raise invalid("pageToken")
    start = int(token or 0)
    shown: Json = {"kind": "drive#permissionList"}
    if start + size < len(found):
        shown["nextPageToken"] = str(start + size)
    shown["permissions"] = [
        permission_resource(call.world, permission, file, inherited) for permission, inherited in found[start : start + size]
    ]
    chosen: Json = select(shown, call.mask or _MANY)
    return chosen


def _reads_sharing(call: Call, file: File) -> None:
    need = "reader" if file.drive else "writer"
    if rank(call.world.role(file, call.who)) < rank(need):
        raise insufficient()


def _found(call: Call, file: File) -> tuple[Permission, str]:
    ident = call.path["permissionId"]
    for permission, inherited in grants(call.world, file):
        if permission.id == ident:
            return permission, inherited
    raise GoogleError(404, f"Permission not found: {ident}.", "notFound", "permissionId")


def get(call: Call) -> Json:
    """`permissions.get`."""
    file = find(call, call.path["fileId"])
    _reads_sharing(call, file)
    permission, inherited = _found(call, file)
    return _shown(call, file, permission, inherited)


def update(call: Call) -> Json:
    """`permissions.update`: another role or end date."""
    file = find(call, call.path["fileId"])
    _shares(call, file)
    permission, inherited = _found(call, file)
    if inherited and permission.id not in _held(call, file):
        permission = Permission(permission.id, permission.type, permission.role, permission.target)
        _held(call, file)[permission.id] = permission
    role = str(call.body.get("role") or permission.role)
    _role_fits(call, file, permission.type, role)
    if role == "owner" and permission.role != "owner":
        _hand_over(call, file, permission)
    permission.role = role
    if call.flag("removeExpiration"):
        permission.expires = ""
    elif call.body.get("expirationTime"):
        permission.expires = str(call.body["expirationTime"])
    _note(call, file)
    return _shown(call, file, permission)


def delete(call: Call) -> Reply:
    """`permissions.delete`. What is inherited has to be taken away where it was given."""
    file = find(call, call.path["fileId"])
    permission, inherited = _found(call, file)
    own = permission.type == "user" and permission.target == call.who.email
    if not own:
        _shares(call, file)
    held = _held(call, file)
    if permission.id not in held:
        raise GoogleError(403, "Cannot remove an inherited permission.", "cannotDeletePermission", inherited)
    if permission.role == "owner":
        raise GoogleError(403, "The owner of a file cannot be removed.", "cannotRemoveOwner")
    before = call.world.readers(file)
    del held[permission.id]
    _note(call, file)
    gone = before - call.world.readers(file)
    if gone and file.id not in call.world.drives:
        call.world.lost(file, gone)
    return Reply(204)
