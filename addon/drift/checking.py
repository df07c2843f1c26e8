"""Compare who should have access with who has, and keep what was found until the next look."""

from __future__ import annotations

from addon.company import Company
from addon.drift import kept
from connectors.workspace import Drift, Grants
from sync.provision.wanted import home_of
from sync.records import ArtifactState, Finding
from sync.store.queries import artifacts


def check(company: Company) -> tuple[Drift, ...]:
    """What is not as intended, as far as the workspace can tell; kept for HR's page."""
    drifts = tuple(company.workspace.audit(intended(company)))
    findings = [Finding(one.ref, kept.OPEN if one.certain else kept.UNSURE, one.reason) for one in drifts]
    with company.store.write() as tx:
        kept.keep(tx, company.workspace.capabilities.name, findings, company.real_now)
    return drifts


def intended(company: Company) -> dict[str, Grants]:
    """Who should have access to each document that stands where it was recorded, by ref."""
    with company.store.read() as tx:
        known = artifacts.all_artifacts(tx, company.workspace.capabilities.name)
    return {one.ref: Grants(one.writers, one.readers, home_of(one)) for one in known if one.state is ArtifactState.LINKED}
