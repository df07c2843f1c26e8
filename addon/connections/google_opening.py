"""The connected Google workspace, opened: its credentials unsealed, its quotas shared with every other process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from addon.company import Company
from addon.connections.opening import StoreKeeper
from addon.connections.sealing import opened
from addon.terminal import BadInput
from connectors.google.client import Api
from connectors.google.credentials import SCOPES, credentials, read_credentials
from connectors.google.files import Root
from connectors.google.quotas import rule
from connectors.google.transport import Transport
from connectors.google.workspace import CONCURRENCY, NAME, SETTLE, GoogleWorkspace
from connectors.limiter import Clock, SystemClock
from sync.store.limiter import StoreLimiter
from sync.store.queries import connections

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from requests.adapters import HTTPAdapter

Adapter = Callable[[], "HTTPAdapter"]


def connected(company: Company) -> connections.Connected:
    """The connection to Google. Raises BadInput when there is none."""
    with company.store.read() as tx:
        found = connections.get(tx, NAME)
    if found is None:
        raise BadInput("Google is not connected yet: throughline connect google --credentials-file FILE --drive ID")
    return found


def open_api(
    company: Company,
    scopes: tuple[str, ...] = SCOPES,
    subject: str = "",
    clock: Clock | None = None,
    adapter: Adapter | None = None,
    signed: Credentials | None = None,
) -> Api:
    """Calls in the name of the connected account, or of *subject*. Raises BadInput and WorkspaceError.

    *clock*, *adapter* and *signed* replace the machine's clock, the network and the sign-in, for rehearsals.
    """
    found, clock = connected(company), clock or SystemClock()
    settings = found.settings
    limiter = StoreLimiter(company.store, rule(settings.get("quota", "on") == "on"), clock)
    known = signed or credentials(read_credentials(opened(company.settings, found.secret)), scopes, subject)
    return Api(Transport(known, str(settings.get("api") or ""), adapter=adapter), limiter, clock)


def open_google(
    company: Company, clock: Clock | None = None, adapter: Adapter | None = None, signed: Credentials | None = None
) -> GoogleWorkspace:
    """The workspace. Raises BadInput and WorkspaceError."""
    settings: dict[str, Any] = dict(connected(company).settings)
    return GoogleWorkspace(
        open_api(company, clock=clock, adapter=adapter, signed=signed),
        Root(str(settings["root"]), bool(settings["is_drive"])),
        domain=str(settings.get("domain") or ""),
        me=str(settings.get("me") or ""),
        keeper=StoreKeeper(company.store, NAME),
        concurrency=int(settings.get("concurrency", CONCURRENCY)),
        settle=float(settings.get("settle", SETTLE)),
    )
