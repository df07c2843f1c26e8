"""The log of changes, and the channels on which Drive tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.google.emulator.calls import Call, Reply
from connectors.google.emulator.drive import drives
from connectors.google.emulator.drive.listing import visible
from connectors.google.emulator.drive.resources import find, show
from connectors.google.emulator.errors import GoogleError, Json, invalid
from connectors.google.emulator.fields import Mask, below, parse, select
from connectors.google.emulator.store import Entry, Principal, World, stamp

_LIST = parse(
    "kind,nextPageToken,newStartPageToken,"
    "changes(kind,type,changeType,time,removed,fileId,driveId,file(kind,id,name,mimeType,teamDriveId,driveId))"
)
#: How long a channel lives at most, and if nobody says: reports from the field, for files and for changes.
FILE_LIFE, CHANGE_LIFE, DEFAULT_LIFE = timedelta(days=1), timedelta(days=7), timedelta(hours=1)


@dataclass
class Channel:
    """Where notices of one log, or of one file, are sent."""

    id: str
    resource: str
    uri: str
    address: str
    token: str
    expires: datetime
    who: Principal
    drive: str = ""
    file: str = ""
    seen: int = 0
    messages: int = 0


def start_page_token(call: Call) -> Json:
    """`changes.getStartPageToken`: where the log ends now."""
    _drive(call)
    return {"kind": "drive#startPageToken", "startPageToken": str(len(call.world.log) + 1)}


def _drive(call: Call) -> str:
    """The shared drive whose log is meant; "" for the caller's own."""
    drive = call.text("driveId") or call.text("teamDriveId")
    if not drive:
        return ""
    if drive not in call.world.drives or not call.world.drive_role(call.world.drives[drive], call.who):
        raise GoogleError(404, f"Shared drive not found: {drive}", "notFound", "driveId")
    if not call.flag("supportsAllDrives", call.flag("supportsTeamDrives")):
        raise GoogleError(403, "supportsAllDrives must be true for a shared drive.", "teamDrivesSupportRequired")
    return drive


def listed(call: Call) -> Json:
    """`changes.list`: one entry for each file that is not what it was at *pageToken*, oldest first."""
    token = call.text("pageToken")
    if not token:
        raise GoogleError(400, "Required parameter: pageToken", "required", "pageToken")
    if not token.isdigit() or not 1 <= int(token) <= len(call.world.log) + 1:
        raise invalid("pageToken")
    drive = _drive(call)
    size = call.count("pageSize", 100, 1, 1000)
    found, position = _entries(call, int(token) - 1, drive, size)
    end = _end(call)
    mask = call.mask or _LIST
    shown: Json = {"kind": "drive#changeList"}
    if position < end:
        shown["nextPageToken"] = str(position + 1)
    else:
        shown["newStartPageToken"] = str(max(position, int(token) - 1) + 1)
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


# ---------------------------------------------------------------- channels


def watch_changes(call: Call) -> Json:
    """`changes.watch`."""
    drive = _drive(call)
    if not call.text("pageToken"):
        raise GoogleError(400, "Required parameter: pageToken", "required", "pageToken")
    name = f"changes:{drive or call.who.email}"
    uri = f"{call.base}/drive/v3/changes?alt=json&pageToken={call.text('pageToken')}"
    uri += f"&driveId={drive}" if drive else ""
    return _open(call, name, uri, CHANGE_LIFE, drive=drive)


def watch_file(call: Call) -> Json:
    """`files.watch`."""
    file = find(call, call.path["fileId"])
    return _open(call, f"file:{file.id}", f"{call.base}/drive/v3/files/{file.id}?alt=json", FILE_LIFE, file=file.id)


def _open(call: Call, name: str, uri: str, life: timedelta, drive: str = "", file: str = "") -> Json:
    world, body = call.world, call.body
    ident, address = str(body.get("id") or ""), str(body.get("address") or "")
    if not ident or len(ident) > 64:
        raise GoogleError(400, "Channel id must be 1 to 64 characters.", "channelIdInvalid", "entity.resource.id", "other")
    if body.get("type") not in ("web_hook", "webhook"):
        raise GoogleError(400, "Unknown channel type.", "channelUnknown", "entity.resource", "other")
    if len(str(body.get("token") or "")) > 256:
        raise GoogleError(400, "Channel token must be at most 256 characters.", "channelTokenInvalid")
    if not (address.startswith(("https://", "http://127.0.0.1", "http://localhost"))):
        raise GoogleError(
            400, f"WebHook callback must be HTTPS: {address}", "push.webhookUrlNotHttps", "entity.resource", "other"
        )
    if ident in world.channels:
        raise GoogleError(400, f"Channel id {ident} not unique", "channelIdNotUnique")
    wanted = body.get("expiration")
    until = datetime.fromtimestamp(int(wanted) / 1000, UTC) if wanted else call.now + DEFAULT_LIFE
    channel = Channel(
        id=ident,
        resource=world.new_id(27, ""),
        uri=uri,
        address=address,
        token=str(body.get("token") or ""),
        expires=min(until, call.now + life),
        who=call.who,
        drive=drive,
        file=file,
        seen=len(world.log),
    )
    world.channels[ident] = channel
    return _shown(channel)


def _shown(channel: Channel) -> Json:
    shown: Json = {"kind": "api#channel", "id": channel.id, "resourceId": channel.resource, "resourceUri": channel.uri}
    if channel.token:
        shown["token"] = channel.token
    shown["expiration"] = str(int(channel.expires.timestamp() * 1000))
    return shown


def stop(call: Call) -> Reply:
    """`channels.stop`."""
    channel = call.world.channels.get(str(call.body.get("id") or ""))
    if channel is None or channel.resource != call.body.get("resourceId") or channel.who.email != call.who.email:
        raise GoogleError(404, f"Channel '{call.body.get('id')}' not found for project", "notFound")
    del call.world.channels[channel.id]
    return Reply(204)


@dataclass(frozen=True)
class Message:
    """One notice to send. *state* is Google's word for what happened."""

    channel: Channel
    number: int
    state: str
    changed: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell everything: https://developers.google.com/workspace/drive/api/guides/push."""
        channel = self.channel
        found = {
            "Content-Type": "application/json; utf-8",
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Channel-Expiration": channel.expires.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "X-Goog-Resource-ID": channel.resource,
            "X-Goog-Resource-URI": channel.uri,
            "X-Goog-Resource-State": self.state,
            "X-Goog-Message-Number": str(self.number),
            "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        }
        if channel.token:
            found["X-Goog-Channel-Token"] = channel.token
        if self.changed:
            found["X-Goog-Changed"] = self.changed
        return found

    @property
    def body(self) -> bytes:
        """Empty, but for changes a line that says so."""
        return b'{\n "kind": "drive#changes"\n}\n' if self.state == "change" else b""


def messages(world: World) -> list[Message]:
    """What has to be told since the last time: the first message of a new channel, then one for each batch of changes."""
    found = []
    now = world.clock.now()
    for channel in list(world.channels.values()):
        if channel.expires <= now:
            del world.channels[channel.id]
            continue
        if not channel.messages:
            found.append(_next(channel, "sync"))
        fresh = [entry for entry in world.log[channel.seen :] if _heard(world, channel, entry)]
        channel.seen = len(world.log)
        if fresh:
            found.append(_told(world, channel, fresh[-1]))
    return found


def _heard(world: World, channel: Channel, entry: Entry) -> bool:
    if channel.file:
        return entry.id == channel.file
    if channel.drive:
        return entry.drive == channel.drive
    file = world.files.get(entry.id)
    return channel.who.email in entry.lost or (file is not None and bool(world.role(file, channel.who)))


def _told(world: World, channel: Channel, entry: Entry) -> Message:
    if not channel.file:
        return _next(channel, "change")
    file = world.files.get(entry.id)
    if file is None:
        return _next(channel, "remove")
    return _next(channel, "trash" if file.trashed else "update", "" if file.trashed else "content,properties")


def _next(channel: Channel, state: str, changed: str = "") -> Message:
    channel.messages += 1
    return Message(channel, channel.messages, state, changed)
