"""Show a finished review to its subject: what the command and the worker do, apart from how they tell it."""

from __future__ import annotations

from addon.company import Company
from addon.evidence.commands import run_sync
from addon.terminal import BadInput
from sync.records import Person
from sync.review import service
from sync.review.service import Desk, Refused, Released
from sync.store.queries import ledger


def release_review(company: Company, desk: Desk, about: Person, writer_id: str, correction: str = "") -> Released | Refused:
    """Sync, then release: the last word of every source must be in the ledger, where it can be hidden or found stale.

    Raises BadInput when that word is not known, ReviewError when *writer_id* may not release, LeaseHeld.
    """
    report = run_sync(company)
    if report.halted:
        raise BadInput(
            f"{len(report.halted)} documents have disappeared at once: run `throughline sync` and look before a release"
        )
    name = company.workspace.capabilities.name
    with company.store.read() as tx:
        unread = [one for one in ledger.findings(tx, name) if one.kind in ("failed", "busy") and f"/{about.id}/" in one.subject]
    if unread:
        raise BadInput(
            f"a document about {about.name} cannot be read right now, so its last word is not known: {unread[0].message}"
        )
    return service.release(
        desk,
        company.workspace,
        name,
        about.id,
        writer_id,
        holder=company.holder,
        now=lambda: company.now,
        today=company.today,
        correction=correction.strip(),
    )
