"""What a worker looks after all the time: channels of Drive are renewed before they end, old notices are forgotten."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from addon.company import Company
from addon.connections.sealing import sealed
from sync.jobs import Counts
from sync.store.queries import hooks

if TYPE_CHECKING:
    from connectors.google.files import Files

ADDRESS = "/hooks/drive"


def watch(company: Company) -> Counts:
    """Renew what is about to end and close what is not needed any more. Raises BadInput."""
    with company.store.write() as tx:
        forgotten = hooks.forget_deliveries(tx, company.real_now)
        known = hooks.channels(tx)
    counts = {"forgotten": forgotten}
    wanted = company.workspace_name == "google" and _is_reachable(company)
    if wanted or known:
        counts |= _channels(company, known, wanted)
    return counts


def _channels(company: Company, known: tuple[hooks.Channel, ...], wanted: bool) -> dict[str, int]:
    from connectors.google.channels import needs_successor, superseded
    from connectors.google.workspace import GoogleWorkspace

    workspace = company.workspace
    if not isinstance(workspace, GoogleWorkspace):
        return {"closed": _forgotten(company, known)}  # another platform is connected: the rest end by themselves
    now, opened = company.real_now, 0
    if wanted and needs_successor(known, now):
        _open(company, workspace.files)
        opened = 1
    over = superseded(known, now) if wanted else list(known)
    for one in over:
        _close(company, workspace.files, one)
    return {"opened": opened, "closed": len(over)}


def _open(company: Company, files: Files) -> None:
    """A new channel. It is kept before Drive knows of it: its first notice may come before the answer."""
    from connectors.google.channels import LIFE, open_channel

    now, token = company.real_now, secrets.token_urlsafe(32)
    new = hooks.Channel(str(uuid.uuid4()), sealed(company.settings, token), "", now, now + LIFE)
    with company.store.write() as tx:
        hooks.keep_channel(tx, new)
    try:
        opened = open_channel(files, new.id, token, f"{company.settings.public_url}{ADDRESS}", now)
    except BaseException:
        _forgotten(company, (new,))
        raise
    with company.store.write() as tx:
        hooks.keep_channel(tx, hooks.Channel(new.id, new.secret, opened.resource, now, opened.until))


def _close(company: Company, files: Files, one: hooks.Channel) -> None:
    from connectors.google.channels import close_channel

    if one.resource and one.until > company.real_now:
        close_channel(files, one.id, one.resource)
    _forgotten(company, (one,))


def _forgotten(company: Company, those: tuple[hooks.Channel, ...]) -> int:
    with company.store.write() as tx:
        for one in those:
            hooks.forget_channel(tx, one.id)
    return len(those)


def _is_reachable(company: Company) -> bool:
    """Whether Google can call us: by TLS, or an emulator on this machine."""
    from addon.connections.google_opening import connected

    return not company.settings.plain_http or bool(connected(company).settings.get("api"))
