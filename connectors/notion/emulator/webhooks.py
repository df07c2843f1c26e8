"""Change notices: aggregated, signed and delivered as Notion does. https://developers.notion.com/reference/webhooks.

A subscription begins with a ``verification_token`` to its address; every notice after that is signed with it:
``X-Notion-Signature: sha256=<HMAC-SHA256 of the body>``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.emulator.deliveries import Deliveries, Notice
from connectors.emulator.faults import BadFault
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.ids import fine
from connectors.notion.emulator.store import Store

VERSION = "2026-03-11"
#: Seconds before each further attempt: eight in all, the last about a day after the first.
PAUSES = (1.0, 10.0, 60.0, 600.0, 3600.0, 14_400.0, 64_800.0)
#: How long events of one kind about one thing are gathered, in seconds, unless the subscription says otherwise.
GATHERED = 1.0
_NOT_GATHERED = ("page.locked", "page.unlocked", "comment.created", "comment.updated", "comment.deleted")
_KEYS = {"url", "verification_token", "event_types", "gather_seconds", "public"}


@dataclass(frozen=True)
class Subscription:
    """Who is told. *types* is empty for everything."""

    id: str
    url: str
    token: str
    types: frozenset[str] = frozenset()
    gather: float = GATHERED
    public: bool = False

    def wants(self, event: Event) -> bool:
        """Whether this kind of event is subscribed."""
        return not self.types or event.type in self.types


@dataclass
class _Gathered:
    """Events of one kind about one thing, not told yet."""

    event: Event
    authors: list[str]
    data: dict[str, Any]
    told_at: float
    id: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class Webhooks:
    """The subscriptions of a workspace and what they are still to be told."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._subscriptions: list[Subscription] = []
        self._gathering: dict[tuple[str, str, str], _Gathered] = {}
        self._deliveries: Deliveries | None = None

    def subscribe(self, order: Mapping[str, Any], deliveries: Deliveries) -> dict[str, Any]:
        """Begin a subscription as ``POST /_emulator/hooks`` orders it. Raises `BadFault`."""
        unknown = set(order) - _KEYS
        if unknown or not str(order.get("url", "")).startswith(("http://", "https://")):
            raise BadFault(f"A subscription has the keys {', '.join(sorted(_KEYS))}; url is an http address.")
        with self._store.lock:
            new = Subscription(
                self._store.ids.random(),
                str(order["url"]),
                str(order.get("verification_token") or self._store.ids.token("secret_")),
                frozenset(order.get("event_types") or ()),
                float(order.get("gather_seconds", GATHERED)),
                bool(order.get("public", False)),
            )
        self._subscriptions.append(new)
        self._deliveries = deliveries
        body = json.dumps({"verification_token": new.token}).encode()
        deliveries.add(Notice(new.url, lambda attempt: (signed(new.token, body), body), "verification", PAUSES))
        return {"id": new.id, "url": new.url, "verification_token": new.token}

    def hear(self, event: Event) -> None:
        """Gather *event* for everybody who wants to know."""
        for subscription in self._subscriptions:
            if subscription.wants(event) and self._deliveries is not None:
                self._gather(subscription, event, self._deliveries)

    def _gather(self, subscription: Subscription, event: Event, deliveries: Deliveries) -> None:
        key = (subscription.id, event.type, event.entity_id)
        with self._lock:
            waiting = self._gathering.get(key)
            if waiting is not None:
                _join(waiting, event)
                return
            gathered = _Gathered(event, [event.author], dict(event.data), 0.0, self._store.ids.random())
            if event.type in _NOT_GATHERED:
                key = (subscription.id, event.type, gathered.id)
            self._gathering[key] = gathered
        delay = 0.0 if event.type in _NOT_GATHERED else subscription.gather
        deliveries.add(
            Notice(subscription.url, lambda attempt: self._built(subscription, key, gathered, attempt), event.type, PAUSES),
            delay,
        )

    def _built(
        self, subscription: Subscription, key: tuple[str, str, str], gathered: _Gathered, attempt: int
    ) -> tuple[Mapping[str, str], bytes]:
        """The notice as it is sent; from the first attempt on, nothing more is gathered into it."""
        with self._lock:
            if self._gathering.get(key) is gathered:
                del self._gathering[key]
                gathered.extra["timestamp"] = fine(self._store.clock.now()).replace("+00:00", "Z")
        body = json.dumps(self._payload(subscription, gathered, attempt), ensure_ascii=False).encode()
        return signed(subscription.token, body), body

    def _payload(self, subscription: Subscription, gathered: _Gathered, attempt: int) -> dict[str, Any]:
        event, workspace = gathered.event, self._store.workspace
        users = self._store.users
        authors = [
            {"id": user_id, "type": users[user_id].type if user_id in users else "person"} for user_id in gathered.authors
        ]
        accessible = {"accessible_by": [{"id": self._store.bot.id, "type": "bot"}]} if subscription.public else {}
        return {
            "id": gathered.id,
            "timestamp": gathered.extra["timestamp"],
            "workspace_id": workspace.id,
            "workspace_name": workspace.name,
            "subscription_id": subscription.id,
            "integration_id": workspace.integration_id,
            "type": event.type,
            "authors": authors,
            **accessible,
            "attempt_number": attempt,
            "api_version": VERSION,
            "entity": {"id": event.entity_id, "type": event.entity_type},
            "data": {"parent": dict(event.parent), **gathered.data},
        }


def signed(token: str, body: bytes) -> dict[str, str]:
    """The headers of a notice."""
    signature = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Notion-Signature": f"sha256={signature}",
        "User-Agent": "notion-api",
    }


def _join(waiting: _Gathered, event: Event) -> None:
    """Add what *event* tells to what waits."""
    if event.author not in waiting.authors:
        waiting.authors.append(event.author)
    for key, value in event.data.items():
        known = waiting.data.get(key)
        if isinstance(known, list) and isinstance(value, list):
            waiting.data[key] = [*known, *(each for each in value if each not in known)]
        else:
            waiting.data[key] = value
