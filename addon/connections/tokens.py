"""The tokens of a connection to Notion: one that stays, or a pair of which each refresh makes a new one.

The old pair is worth nothing after a refresh, so two processes must not both try: whoever refreshes holds a lease, the others
wait for what it stored, and a pair is only stored in the place of the one that it was made from.
"""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

from addon.company import Company
from addon.connections.sealing import opened, sealed
from addon.settings import Settings
from connectors.workspace import Trouble, WorkspaceError
from sync.store import LeaseHeld
from sync.store.queries import connections, leases

if TYPE_CHECKING:
    from connectors.notion.oauth import Client, Pair

LEASE = "notion/token"
PAUSE_SECONDS, PATIENCE_SECONDS = 0.1, 60.0
_one_at_a_time = threading.Lock()
"""A lease tells processes apart, not threads."""


def packed(pair: Pair) -> str:
    """*pair* as one secret."""
    return json.dumps({"access_token": pair.access, "refresh_token": pair.refresh}) if pair.refresh else pair.access


def unpacked(secret: str) -> Pair:
    """What `packed` was given; a token that stays is one alone."""
    from connectors.notion.oauth import Pair

    if not secret.startswith("{"):
        return Pair(secret)
    data = json.loads(secret)
    return Pair(str(data["access_token"]), str(data["refresh_token"]))


def public_connection(settings: Settings) -> Client:
    """The public connection that the company has registered."""
    from connectors.notion.oauth import Client

    return Client(settings.notion_client_id, settings.notion_client_secret, settings.notion_api)


def renewed(company: Company, stale: str) -> str:
    """Another access token in place of *stale*, which Notion refused. Raises WorkspaceError, with what HR can do."""
    end = time.monotonic() + PATIENCE_SECONDS
    with _one_at_a_time:
        while time.monotonic() < end:
            if (token := _tried(company, stale)) is not None:
                return token
            time.sleep(PAUSE_SECONDS)
    raise WorkspaceError("Another process has been refreshing Notion's token for long. Try again later.", permanent=False)


def _tried(company: Company, stale: str) -> str | None:
    """The token that another process stored meanwhile, or a fresh one; None while somebody else fetches it."""
    with company.store.write() as tx:
        found = connections.get(tx, "notion")
        pair = unpacked(opened(company.settings, found.secret)) if found else None
        if found is None or pair is None or (pair.access == stale and not pair.refresh):
            raise WorkspaceError("Notion does not accept the token any more: connect Notion again.", trouble=Trouble.SIGNED_OUT)
        if pair.access != stale:
            return pair.access
        try:
            leases.acquire(tx, LEASE, company.holder, company.real_now, minutes=1)
        except LeaseHeld:
            return None
    try:
        return _refreshed(company, found, pair)
    finally:
        with company.store.write() as tx:
            leases.give_back(tx, LEASE, company.holder)


def _refreshed(company: Company, found: connections.Connected, pair: Pair) -> str | None:
    """The new pair's token, stored in the place of the old pair; None when somebody has connected anew meanwhile."""
    from connectors.notion.oauth import refreshed

    new = refreshed(public_connection(company.settings), pair.refresh)
    with company.store.write() as tx:
        kept = connections.swap_secret(tx, "notion", found.secret, sealed(company.settings, packed(new)))
    return new.access if kept else None
