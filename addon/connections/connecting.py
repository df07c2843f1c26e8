"""A connection that was asked for in the console, tried by a worker: kept if it works, else the former one stays."""

from __future__ import annotations

from typing import Any

from addon.company import Company
from addon.connections.sealing import opened, sealed
from addon.jobs.asking import ask
from addon.terminal import BadInput
from connectors.workspace import WorkspaceError
from sync.jobs import Counts, Job, Refused
from sync.store.queries import connections, hooks


def ask_for(company: Company, workspace: str, secret: str, settings: dict[str, Any], by: str) -> None:
    """Have a worker try to connect *workspace*. The secret is kept sealed until then. Raises BadInput."""
    wanted = connections.Connecting(workspace, sealed(company.settings, secret), settings, by, company.real_now)
    with company.store.write() as tx:
        connections.ask(tx, wanted)
    ask(company, Job.CONNECT, workspace)


def connect(company: Company, workspace: str) -> Counts:
    """Try what was asked for. Raises Refused with what to do."""
    with company.store.read() as tx:
        wanted = connections.asked(tx, workspace)
    if wanted is None:
        return {}
    try:
        made = _connected(company, wanted)
    except (WorkspaceError, BadInput) as error:
        raise Refused(str(error)) from error
    finally:
        with company.store.write() as tx:
            connections.settle(tx, wanted)
    with company.store.write() as tx:
        connections.note_trouble(tx, workspace, "")
        for one in hooks.channels(tx) if workspace == "google" else ():
            hooks.forget_channel(tx, one.id)  # opened by the former account: they prove nothing any more, and end by themselves
    for job in (Job.CHECK, Job.WATCH):
        ask(company, job)
    return {"databases": made}


def _connected(company: Company, wanted: connections.Connecting) -> int:
    secret, settings = opened(company.settings, wanted.secret), dict(wanted.settings)
    if wanted.workspace == "notion":
        from addon.connections.commands import connect_notion

        return len(connect_notion(company, secret, settings, by=wanted.by))
    from addon.connections.google_commands import connect_google

    connect_google(company, secret, str(settings.pop("root")), settings, by=wanted.by)
    return 0
