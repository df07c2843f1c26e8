"""How the connection stands, for HR's pages: what is connected, what is in its way, what was found, who tells of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from addon.company import Company
from addon.connections import checkup
from addon.connections.sealing import opened
from addon.connections.troubles import Mending, mending
from addon.hooks.heeding import EXPECTED
from addon.terminal import BadInput
from sync.jobs import Job, Record
from sync.records import Finding
from sync.store.queries import connections, hooks, jobs, people

NAMES = {"notion": "Notion", "google": "Google Workspace", "folder": "a folder of Office files"}


@dataclass(frozen=True)
class Token:
    """A secret of a hook as the page shows it: the words only while HR has to take them elsewhere."""

    id: str
    made_at: datetime
    words: str = ""


@dataclass(frozen=True)
class Standing:
    """Everything that the page of connections shows."""

    workspace: str
    connected: connections.Connected | None
    mending: Mending | None
    checks: tuple[Finding, ...]
    checking: Record | None
    connecting: Record | None
    offered: tuple[Token, ...]
    trusted: tuple[Token, ...]
    buttons: tuple[Token, ...]
    expected_until: datetime | None
    channel: hooks.Channel | None
    last_heard: datetime | None
    workers: int

    @property
    def name(self) -> str:
        """The workspace as people call it."""
        return NAMES.get(self.workspace, self.workspace)


def standing(company: Company, workspace: str) -> Standing:
    """How things stand now."""
    with company.store.read() as tx:
        found = connections.get(tx, workspace)
        last = jobs.last_of(tx, [Job.CONNECT, Job.CHECK])
        secrets = hooks.secrets_of(tx, hooks.NOTION, hooks.BUTTON)
        channels = hooks.channels(tx)
        until = people.setting(tx, EXPECTED)
        checks, heard, workers = checkup.kept(tx, workspace), hooks.last_heard(tx), len(jobs.slots(tx))
    subscribed = [one for one in secrets if one.hook == hooks.NOTION]
    expected = datetime.fromisoformat(until) if until else None
    return Standing(
        workspace=workspace,
        connected=found,
        mending=mending(workspace, found.trouble, bool(found.settings.get("signed_in"))) if found else None,
        checks=checks,
        checking=last.get(Job.CHECK),
        connecting=last.get(Job.CONNECT),
        offered=tuple(Token(one.id, one.made_at, _words(company, one.secret)) for one in subscribed if not one.trusted),
        trusted=tuple(Token(one.id, one.made_at) for one in subscribed if one.trusted),
        buttons=tuple(Token(one.id, one.made_at) for one in secrets if one.hook == hooks.BUTTON),
        expected_until=expected if expected and expected > company.real_now else None,
        channel=channels[0] if channels else None,
        last_heard=heard,
        workers=workers,
    )


def trouble_of(company: Company, workspace: str) -> Mending | None:
    """What stands in the way of the connection, for HR's overview."""
    with company.store.read() as tx:
        found = connections.get(tx, workspace)
    return mending(workspace, found.trouble, bool(found.settings.get("signed_in"))) if found else None


def _words(company: Company, secret: bytes) -> str:
    try:
        return opened(company.settings, secret)
    except BadInput:
        return ""
