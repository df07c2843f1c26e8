"""Channels on which Drive tells that something changed, of the whole root at once. They end, and nobody but us renews them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from connectors.google.client import Refused
from connectors.google.files import Files

LIFE = timedelta(days=7)
"""How long we ask for: what Drive gives at most for a log of changes. What it answers counts."""
OVERLAP = timedelta(days=1)
"""How long before its end a channel gets a successor; for one that lives shorter, a third of its life."""


class Living(Protocol):
    """A channel as far as its renewal is concerned."""

    @property
    def id(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...
    @property
    def heard_at(self) -> datetime | None: ...


Channel = TypeVar("Channel", bound=Living)


@dataclass(frozen=True)
class Opened:
    """What Drive answered: what the channel tells of, and until when."""

    resource: str
    until: datetime


def needs_successor(channels: Iterable[Living], now: datetime) -> bool:
    """Whether no channel lives long enough to wait until the next look. Pure."""
    return not any(one.until - min(OVERLAP, (one.until - one.made_at) / 3) > now for one in channels)


def superseded(channels: Iterable[Channel], now: datetime) -> list[Channel]:
    """Those that can be closed: they have ended, or a later one has proven that notices of it arrive. Pure."""
    known = list(channels)
    proven = max((one.made_at for one in known if one.heard_at and one.until > now), default=None)
    return [one for one in known if one.until <= now or (proven is not None and one.made_at < proven)]


def open_channel(files: Files, id_: str, token: str, address: str, now: datetime) -> Opened:
    """From now on Drive tells *address* of every change below the root. Raises Refused and WorkspaceError."""
    body = {
        "id": id_,
        "type": "web_hook",
        "address": address,
        "token": token,
        "expiration": str(int((now + LIFE).timestamp() * 1000)),
    }
    query: dict[str, Any] = {"supportsAllDrives": True, "includeItemsFromAllDrives": True, "includeRemoved": True}
    query |= {"driveId": files.root.id} if files.root.is_drive else {}
    request = files.api.drive.changes().watch(body=body, pageToken=files.now(), **query)
    answer = files.api.get(request)  # a second channel of the same id is refused: nothing is made twice
    return Opened(str(answer["resourceId"]), datetime.fromtimestamp(int(answer["expiration"]) / 1000, UTC))


def close_channel(files: Files, id_: str, resource: str) -> None:
    """Drive tells nothing on this channel any more; nothing happens where it has ended by itself. Raises WorkspaceError."""
    try:
        files.api.get(files.api.drive.channels().stop(body={"id": id_, "resourceId": resource}))
    except Refused as refusal:
        if not refusal.is_missing:
            raise
