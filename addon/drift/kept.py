"""What the last look at access found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sync.records import Finding
from sync.store import Transaction
from sync.store.queries import ledger, people

OPEN, UNSURE = "open", "unsure"
"""Somebody surely has access who should not; or the workspace cannot tell."""


def keep(tx: Transaction, workspace: str, new: Sequence[Finding], now: datetime) -> None:
    """*new* in place of what was found before, and when that was."""
    shelf = _shelf(workspace)
    people.set_setting(tx, _clock(workspace), now.isoformat())
    before = {one.subject for one in ledger.findings(tx, shelf)}
    ledger.replace_findings(tx, shelf, before, new, now)


def looked_at(tx: Transaction, workspace: str) -> datetime | None:
    """When somebody or a worker last looked, whoever asked for it; None for never."""
    told = people.setting(tx, _clock(workspace))
    return datetime.fromisoformat(told) if told else None


def found(tx: Transaction, workspace: str) -> tuple[Finding, ...]:
    """What the last look found, what is surely open first."""
    return tuple(sorted(ledger.findings(tx, _shelf(workspace)), key=lambda one: (one.kind != OPEN, one.subject)))


def _shelf(workspace: str) -> str:
    """Findings about access keep apart from those of a sync, which forgets its own as they are mended."""
    return f"{workspace}/access"


def _clock(workspace: str) -> str:
    return f"access-looked-at-{workspace}"
