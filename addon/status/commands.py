"""`throughline status`: where the company stands, in one look."""

from __future__ import annotations

from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.evidence.naming import spoken
from addon.setup.commands import ORGANISATION_SETTING
from addon.terminal import give_json, json_option, say
from sync.records import Finding
from sync.review.service import debts, open_desk
from sync.store.queries import artifacts, cycles, ledger, people, reviews

FAILED = frozenset({"failed", "busy", "halted"})


@click.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """People, artifacts, evidence, drafts, and what failed or needs a person."""
    company = companies.of(context)
    figures, findings = look(company)
    if as_json:
        give_json({**figures, "findings": [_row(finding) for finding in findings]})
        return
    for name, value in figures.items():
        say(f"{name.replace('_', ' '):24}{'–' if value is None else value}")
    for line in spoken(company, map(_line, findings)):
        say(line)


def look(company: Company) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The figures by name, and what needs a person."""
    company.workspace_name  # noqa: B018 - asked for before the transaction begins
    with company.store.read() as tx:
        drafts, unsupported = reviews.draft_counts(tx)
        running = cycles.running(tx, company.today)
        findings = ledger.findings(tx, company.workspace_name)
        last = ledger.last_sync(tx, company.workspace_name)
        figures = {
            "organisation": people.setting(tx, ORGANISATION_SETTING),
            "today": str(company.today),
            "cycle": running.id if running else None,
            "people": people.count(tx),
            "artifacts": artifacts.count(tx),
            "unlinked": artifacts.unlinked(tx),
            "evidence": ledger.count(tx),
            "drafts": drafts,
            "unsupported_statements": unsupported,
            "released": len(reviews.releases(tx, running.id)) if running else 0,
            "failed_items": sum(finding.kind in FAILED for finding in findings),
            "last_sync": last.isoformat(timespec="seconds") if last else None,
        }
    if running is not None:
        desk = open_desk(company.store, running.id)
        figures["noted_never_raised"] = sum(len(one.points) for one in debts(desk, today=company.today))
    return figures, findings


def _line(finding: Finding) -> str:
    """With its subject, once."""
    told = finding.message if finding.message.startswith(finding.subject) else f"{finding.subject}: {finding.message}"
    return f"{finding.kind}: {told}"


def _row(finding: Finding) -> dict[str, str]:
    return {"subject": finding.subject, "kind": finding.kind, "message": finding.message}
