"""The connected Notion workspace, opened: its token unsealed, its quota shared with every other process."""

from __future__ import annotations

from functools import partial

import httpx

from addon.company import Company
from addon.connections.sealing import opened
from addon.connections.tokens import renewed, unpacked
from addon.terminal import BadInput
from connectors.limiter import Clock, Limiter, SystemClock, always
from connectors.notion.client import BASE_URL, PLANS, Api
from connectors.notion.workspace import CONCURRENCY, NAME, SETTLE, NotionWorkspace
from sync.store import Store
from sync.store.limiter import StoreLimiter
from sync.store.queries import connections


class StoreKeeper:
    """Keeps in the database what the connector remembers."""

    def __init__(self, store: Store, workspace: str = NAME) -> None:
        self._store, self._workspace = store, workspace

    def load(self) -> str:
        """What was saved last."""
        with self._store.read() as tx:
            found = connections.get(tx, self._workspace)
        return found.layout if found else ""

    def save(self, text: str) -> None:
        """Keep *text*."""
        with self._store.write() as tx:
            connections.save_layout(tx, self._workspace, text)


def connected(company: Company) -> connections.Connected:
    """The connection to Notion. Raises BadInput when there is none."""
    with company.store.read() as tx:
        found = connections.get(tx, NAME)
    if found is None:
        raise BadInput("Notion is not connected yet: throughline connect notion --token-file FILE --parent URL")
    return found


def confirmed(company: Company) -> frozenset[str]:
    """The kinds whose access rule somebody has confirmed."""
    with company.store.read() as tx:
        return frozenset(one.kind for one in connections.confirmations(tx, NAME))


def open_notion(
    company: Company, clock: Clock | None = None, http: httpx.Client | None = None, limiter: Limiter | None = None
) -> NotionWorkspace:
    """The workspace. *clock*, *http* and *limiter* replace what a machine and its database have. Raises BadInput."""
    found, clock = connected(company), clock or SystemClock()
    limiter = limiter or StoreLimiter(company.store, always(*PLANS[str(found.settings["plan"])]), clock)
    pair = unpacked(opened(company.settings, found.secret))
    renew = partial(renewed, company) if pair.refresh else None
    api = Api(pair.access, limiter, clock, base_url=str(found.settings.get("api") or BASE_URL), http=http, renew=renew)
    return NotionWorkspace(
        api,
        str(found.settings["parent"]),
        keeper=StoreKeeper(company.store),
        confirmed=lambda: confirmed(company),
        concurrency=int(found.settings.get("concurrency", CONCURRENCY)),
        settle=float(found.settings.get("settle", SETTLE)),
        comments=bool(found.settings.get("comments")),
    )
