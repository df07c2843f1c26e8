"""Drive v2 as far as gspread's `import_csv` needs it: new content for a file, answered with the file as v2 shows it."""

from __future__ import annotations

from base64 import b64encode

from connectors.google.emulator.calls import Call, Reply, not_implemented
from connectors.google.emulator.drive import contents
from connectors.google.emulator.drive.resources import capabilities, export_links, find, grants, user, web_link
from connectors.google.emulator.errors import Json
from connectors.google.emulator.store import File, stamp

_API = "https://www.googleapis.com/drive/v2/files"


def upload(call: Call) -> Reply:
    """`files.update` of Drive v2 with new content."""
    file = find(call, call.path["fileId"], "writer")
    if call.media is None:
        raise not_implemented("Drive v2 beyond uploads")
    contents.replace(call.world, file, call.media, file.mime if call.flag("convert") else "")
    call.world.changed(file, call.who, content=True)
    shown = resource(call, file)
    return Reply(200, shown, headers={"ETag": shown["etag"]})


def resource(call: Call, file: File) -> Json:
    """*file* as Drive v2 shows it, with every field that an export, an owner or a parent adds."""
    may = capabilities(call.world, file, call.who)
    shown: Json = {
        "kind": "drive#file",
        "userPermission": _own_permission(call, file),
        "selfLink": f"{_API}/{file.id}",
        "ownerNames": [_person(call, file.owner)["displayName"]],
        "lastModifyingUserName": _person(call, file.modifier)["displayName"],
        "editable": may["canEdit"],
        "writersCanShare": bool(file.settings.get("writersCanShare", True)),
        "mimeType": file.mime,
        "exportLinks": export_links(file),
        "parents": [_parent(call, file)],
        "thumbnailLink": f"https://docs.google.com/feeds/vt?gd=true&id={file.id}&v={file.revisions}&sz=s220",
        "appDataContents": False,
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{file.mime}",
        "shared": len(grants(call.world, file)) > 1,
        "lastModifyingUser": _person(call, file.modifier),
        "owners": [_person(call, file.owner)],
        "copyable": may["canCopy"],
        "etag": _etag(file),
        "alternateLink": web_link(file),
        "embedLink": web_link(file).replace("/edit?usp=drivesdk", "/htmlembed"),
        "fileSize": str(len(file.content or b"")) if not file.native else "1024",
        "copyRequiresWriterPermission": bool(file.settings.get("copyRequiresWriterPermission", False)),
        "spaces": ["drive"],
        "id": file.id,
        "title": file.name,
        "labels": _labels(file),
        "explicitlyTrashed": file.trashed,
        "quotaBytesUsed": str(len(file.content or b"")) if not file.native else "1024",
        "version": str(file.version),
        "capabilities": {"canEdit": may["canEdit"], "canCopy": may["canCopy"]},
    }
    shown |= _dates(file)
    if file.drive:
        shown = {name: value for name, value in shown.items() if name not in ("owners", "ownerNames")}
        shown |= {"driveId": file.drive, "teamDriveId": file.drive}
    return {name: value for name, value in shown.items() if value is not None}


def _own_permission(call: Call, file: File) -> Json:
    return {
        "id": "me",
        "type": "user",
        "role": "owner" if file.owner == call.who.email else "writer",
        "kind": "drive#permission",
        "selfLink": f"{_API}/{file.id}/permissions/me",
        "etag": _etag(file),
        "pendingOwner": False,
    }


def _parent(call: Call, file: File) -> Json:
    return {
        "selfLink": f"{_API}/{file.id}/parents/{file.parent}",
        "id": file.parent,
        "isRoot": file.parent in call.world.roots.values(),
        "kind": "drive#parentReference",
        "parentLink": f"{_API}/{file.parent}",
    }


def _person(call: Call, email: str) -> Json:
    shown = user(call.world, email, call.who)
    shown["isAuthenticatedUser"] = shown.pop("me")
    return shown | {"picture": {"url": "https://lh3.googleusercontent.com/a/default-user=s64"}}


def _labels(file: File) -> Json:
    return {"viewed": True, "restricted": False, "starred": file.starred, "hidden": False, "trashed": file.trashed}


def _dates(file: File) -> Json:
    modified = stamp(file.modified)
    return {
        "createdDate": stamp(file.created),
        "modifiedDate": modified,
        "modifiedByMeDate": modified,
        "lastViewedByMeDate": modified,
        "markedViewedByMeDate": "1970-01-01T00:00:00.000Z",
    }


def _etag(file: File) -> str:
    return '"' + b64encode(f"{file.modified.timestamp():.3f}".replace(".", "").encode()).decode().rstrip("=") + '"'
