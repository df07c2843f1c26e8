"""What the doctor finds, kept for HR's page: looked at by a worker, because the platform is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from addon.company import Company
from sync.jobs import Counts
from sync.records import Finding
from sync.store import Transaction
from sync.store.queries import connections, ledger

if TYPE_CHECKING:
    from addon.connections.checking import Check

GOOD, TO_DO, WRONG = "good", "to-do", "wrong"
_KINDS = {True: GOOD, None: TO_DO, False: WRONG}
_ORDER = (WRONG, TO_DO, GOOD)


def checks(company: Company, live: bool = False) -> Iterator[Check]:
    """Everything that is looked at in the connected workspace. Raises WorkspaceError and BadInput."""
    from addon.connections.checking import folder_checks, notion_checks
    from connectors.notion.workspace import NotionWorkspace

    if company.workspace_name == "folder":
        yield from folder_checks(company)
    elif isinstance(company.workspace, NotionWorkspace):
        yield from notion_checks(company, company.workspace)
    else:
        from addon.connections.google_checking import google_checks

        yield from google_checks(company, live)


def check(company: Company) -> Counts:
    """Look, and keep what was found in place of what was found before. Raises WorkspaceError and BadInput."""
    found = list(checks(company))
    workspace = company.workspace_name
    trouble = next((one.trouble for one in found if one.trouble), "")
    with company.store.write() as tx:
        _keep(tx, workspace, [Finding(one.what, _KINDS[one.ok], one.says) for one in found], company.real_now)
        connections.note_trouble(tx, workspace, trouble)
    kinds = [_KINDS[one.ok] for one in found]
    return {kind: kinds.count(kind) for kind in _ORDER if kind in kinds}


def kept(tx: Transaction, workspace: str) -> tuple[Finding, ...]:
    """What the last look found, what is wrong first."""
    return tuple(sorted(ledger.findings(tx, _shelf(workspace)), key=lambda one: _ORDER.index(one.kind)))


def _keep(tx: Transaction, workspace: str, new: Sequence[Finding], now: datetime) -> None:
    before = {one.subject for one in ledger.findings(tx, _shelf(workspace))}
    ledger.replace_findings(tx, _shelf(workspace), before, new, now)


def _shelf(workspace: str) -> str:
    """Findings about the connection keep apart from those of a sync."""
    return f"{workspace}/connection"
