"""Notices of Drive's channels, verified and read. Pure.

A notice is not signed and says nothing but that something changed: what proves it is a channel that we opened, with the
token and the resource that belong to it. https://developers.google.com/workspace/drive/api/guides/push
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.hooks import Event, Heard, Refusal, equal, header

CHANNEL, TOKEN, RESOURCE = "X-Goog-Channel-ID", "X-Goog-Channel-Token", "X-Goog-Resource-ID"
STATE, NUMBER = "X-Goog-Resource-State", "X-Goog-Message-Number"
BEGUN = "sync"
TELLING = frozenset({"add", "remove", "update", "trash", "untrash", "change"})
"""States after which there is something to read."""
_LONGEST_NUMBER = 24
_NOBODY = "a channel that nobody opened"


@dataclass(frozen=True)
class Channel:
    """What proves a notice of one channel. *resource* is "" as long as Drive has not named it."""

    token: str
    resource: str = ""


@dataclass(frozen=True)
class Known:
    """The channels that we opened, by id."""

    channels: Mapping[str, Channel] = field(default_factory=dict)


def heard(raw: bytes, headers: Mapping[str, str], known: Known) -> Heard:
    """What a notice says."""
    id_, state = header(headers, CHANNEL), header(headers, STATE)
    channel = known.channels.get(id_, Channel(_NOBODY, _NOBODY))
    token = equal(header(headers, TOKEN), channel.token)
    resource = equal(header(headers, RESOURCE), channel.resource) or (not channel.resource and state == BEGUN)
    if not (token and resource) or id_ not in known.channels:
        return Refusal.FORGED
    number = header(headers, NUMBER)
    if not _reads(raw) or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        return Refusal.BROKEN
    return Event(f"drive:{id_}:{number}", matters=state in TELLING)


def _reads(raw: bytes) -> bool:
    """Whether the body is what Drive sends: nothing, or a line of JSON."""
    try:
        return not raw.strip() or isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False
