"""The channels on which Drive tells of changes: https://developers.google.com/workspace/drive/api/guides/push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from connectors.google.emulator.calls import Call, Reply
from connectors.google.emulator.drive.changes import drive_of, page_token
from connectors.google.emulator.drive.resources import find
from connectors.google.emulator.errors import GoogleError, Json, invalid
from connectors.google.emulator.store import Entry, Principal, World

#: How long a channel lives at most, and if nobody says: reports from the field, for files and for changes.
FILE_LIFE, CHANGE_LIFE, DEFAULT_LIFE = timedelta(days=1), timedelta(days=7), timedelta(hours=1)
#: Where a rehearsal listens, which has no certificate.
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Channel:
    """Where notices of one log, or of one file, are sent. *present* is whether the file was outside of the bin at last."""

    id: str
    resource: str
    uri: str
    address: str
    token: str
    expires: datetime
    who: Principal
    drive: str = ""
    file: str = ""
    present: bool = True
    seen: int = 0
    messages: int = 0


def watch_changes(call: Call) -> Json:
    """`changes.watch`."""
    drive, token = drive_of(call), page_token(call)
    uri = f"{call.base}/drive/v3/changes?alt=json&pageToken={token}" + (f"&driveId={drive}" if drive else "")
    return _open(call, f"changes:{drive or call.who.email}", uri, CHANGE_LIFE, drive=drive)


def watch_file(call: Call) -> Json:
    """`files.watch`."""
    file = find(call, call.path["fileId"])
    return _open(call, f"file:{file.id}", f"{call.base}/drive/v3/files/{file.id}?alt=json", FILE_LIFE, file=file.id)


def _open(call: Call, name: str, uri: str, life: timedelta, drive: str = "", file: str = "") -> Json:
    world, body = call.world, call.body
    _check(body)
    _expire(world)
    ident = str(body["id"])
    if ident in world.channels:
        raise GoogleError(400, f"Channel id {ident} not unique", "channelIdNotUnique")
    channel = Channel(
        id=ident,
        resource=blake2b(name.encode(), digest_size=13).hexdigest()[:27],
        uri=uri,
        address=str(body["address"]),
        token=str(body.get("token") or ""),
        expires=min(_wanted(call), call.now + life),
        who=call.who,
        drive=drive,
        file=file,
        present=not (file and world.is_trashed(world.files[file])),
        seen=len(world.log),
    )
    world.channels[ident] = channel
    return _shown(channel)


def _check(body: Json) -> None:
    """400 for a channel that cannot be opened."""
    ident, address = str(body.get("id") or ""), str(body.get("address") or "")
    if not 1 <= len(ident) <= 64:
        raise GoogleError(400, "Channel id must be 1 to 64 characters.", "channelIdInvalid", "entity.resource.id", "other")
    if body.get("type") not in ("web_hook", "webhook"):
        raise GoogleError(400, "Unknown channel type.", "channelUnknown", "entity.resource", "other")
    if len(str(body.get("token") or "")) > 256:
        raise GoogleError(400, "Channel token must be at most 256 characters.", "channelTokenInvalid")
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        raise GoogleError(
            400, f"WebHook callback must be HTTPS: {address}", "push.webhookUrlNotHttps", "entity.resource", "other"
        )


def _wanted(call: Call) -> datetime:
    """When the caller wants the channel to end: a moment in milliseconds, or seconds as the parameter `ttl`."""
    moment, seconds = call.body.get("expiration"), (call.body.get("params") or {}).get("ttl")
    try:
        if moment:
            until = datetime.fromtimestamp(int(moment) / 1000, UTC)
        else:
            until = call.now + (timedelta(seconds=int(seconds)) if seconds else DEFAULT_LIFE)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise invalid("entity.resource", f"Invalid value for: {moment or seconds} is no time", "other") from error
    if until <= call.now:
        raise invalid("entity.resource", "The channel would have expired already.", "other")
    return until


def _shown(channel: Channel) -> Json:
    shown: Json = {"kind": "api#channel", "id": channel.id, "resourceId": channel.resource, "resourceUri": channel.uri}
    if channel.token:
        shown["token"] = channel.token
    shown["expiration"] = str(int(channel.expires.timestamp() * 1000))
    return shown


def stop(call: Call) -> Reply:
    """`channels.stop`."""
    _expire(call.world)
    channel = call.world.channels.get(str(call.body.get("id") or ""))
    known = channel and (channel.resource, channel.who.email) == (call.body.get("resourceId"), call.who.email)
    if channel is None or not known:
        raise GoogleError(404, f"Channel '{call.body.get('id')}' not found for project '{call.who.app}'", "notFound")
    del call.world.channels[channel.id]
    return Reply(204)


def _expire(world: World) -> None:
    """Forget the channels whose time is over; nobody is told."""
    now = world.clock.now()
    world.channels = {ident: channel for ident, channel in world.channels.items() if channel.expires > now}


# ---------------------------------------------------------------- messages


@dataclass(frozen=True)
class Message:
    """One notice to send. *state* is Google's word for what happened."""

    channel: Channel
    number: int
    state: str
    changed: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell everything."""
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
    _expire(world)
    for channel in world.channels.values():
        if not channel.messages:
            found.append(_next(channel, "sync"))
        fresh = [entry for entry in world.log[channel.seen :] if _heard(world, channel, entry)]
        channel.seen = len(world.log)
        if fresh:
            found.append(_told(world, channel, fresh))
    return found


def _heard(world: World, channel: Channel, entry: Entry) -> bool:
    if channel.file:
        return entry.id == channel.file
    if channel.drive:
        return entry.drive == channel.drive
    file = world.files.get(entry.id)
    return channel.who.email in entry.lost or (file is not None and bool(world.role(file, channel.who)))


def _told(world: World, channel: Channel, entries: Sequence[Entry]) -> Message:
    if not channel.file:
        return _next(channel, "change")
    file = world.files.get(channel.file)
    if file is None or not world.role(file, channel.who):
        return _next(channel, "remove")
    before, channel.present = channel.present, not world.is_trashed(file)
    if before != channel.present:
        return _next(channel, "untrash" if channel.present else "trash")
    return _next(channel, "update", ",".join(sorted({entry.what for entry in entries if entry.what})))


def _next(channel: Channel, state: str, changed: str = "") -> Message:
    channel.messages += 1
    return Message(channel, channel.messages, state, changed)
