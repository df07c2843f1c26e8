"""`throughline relink` and `throughline confirm`: what a person decides about documents that a sync had questions about."""

from __future__ import annotations

from dataclasses import replace

import click

from addon import company as companies
from addon.company import Company
from addon.evidence.which import artifact_of, ref_of
from addon.terminal import BadInput, give_json, json_option, say, teaching
from connectors.workspace import Failed, WorkspaceError
from sync.records import Artifact, ArtifactState
from sync.store import LeaseHeld
from sync.store.queries import artifacts, leases, ledger, reviews

STATES = frozenset({"failed", "busy", "copy", "twin", "unlinked"})
"""Findings that describe what is so; they end when it is mended, not when somebody has seen them."""


@click.command()
@click.argument("key")
@click.argument("file")
@json_option
@click.pass_context
@teaching(LeaseHeld, WorkspaceError)
def relink(context: click.Context, key: str, file: str, as_json: bool) -> None:
    """Go on with FILE, a ref or a path, as the document KEY whose own file is gone.

    Only a file that carries the key can be taken, and only when nothing stands where the document was recorded. The next
    sync reads it; what it said while it was a copy stays in the ledger.
    """
    company = companies.of(context)
    ref = ref_of(company, file)
    artifact = _checked(company, key, ref)
    name = company.workspace.capabilities.name
    with company.store.write() as tx:
        leases.acquire(tx, name, company.holder, company.now)
        artifacts.update(tx, [replace(artifact, ref=ref, state=ArtifactState.LINKED)])
        ledger.move_snapshots(tx, key, artifact.ref, ref)
        ledger.mark_dirty(tx, name, [ref])
        ledger.replace_findings(tx, name, [key, ref], (), company.now)
        reviews.note(tx, company.now, "command line", "relink", key, f"from {artifact.ref} to {ref}")
        leases.give_back(tx, name, company.holder)
    if as_json:
        give_json({"key": key, "from": artifact.ref, "to": ref})
    else:
        say(f"{key} goes on at {ref}. Next: throughline sync")


def _checked(company: Company, key: str, ref: str) -> Artifact:
    """The artifact *key*, which may be taken on to *ref*. Raises BadInput when it may not, with the reason."""
    with company.store.read() as tx:
        artifact = artifacts.get(tx, key)
        there = artifacts.by_refs(tx, company.workspace.capabilities.name, [ref]).get(ref)
    if artifact is None:
        raise BadInput(f"no artifact has the key {key!r}: `throughline plan --json` lists them")
    if artifact.ref in company.workspace.exists([artifact.ref]):
        raise BadInput(f"{key} stands at {artifact.ref}: only a document whose own file is gone can go on with another one")
    if there is not None and there.key != key and there.state is ArtifactState.LINKED:
        raise BadInput(f"{ref} is another document already, {there.key}")
    (seen,) = company.workspace.read([(ref, None)])
    if isinstance(seen, Failed):
        raise BadInput(f"{ref} cannot be taken: {seen.reason}")
    if seen.key != key:
        carries = f"carries the key {seen.key}" if seen.key else "carries no key"
        raise BadInput(f"{ref} {carries}, so it is no copy of {key}: only a file with the document's own key can be taken")
    return artifact


@click.command()
@click.argument("document")
@json_option
@click.pass_context
def confirm(context: click.Context, document: str, as_json: bool) -> None:
    """Take the questions about DOCUMENT (key, ref or path) off the list: seen, and as it should be.

    What describes a state (a copy, a file that is gone or cannot be read) stays until it is mended.
    """
    company = companies.of(context)
    name = company.workspace.capabilities.name
    with company.store.write() as tx:
        artifact = artifact_of(tx, company, document)
        subject = artifact.key if artifact else ref_of(company, document)
        found = [finding for finding in ledger.findings(tx, name) if finding.subject == subject]
        seen = [finding for finding in found if finding.kind not in STATES]
        if not seen:
            left = "; ".join(finding.message for finding in found)
            raise BadInput(f"nothing about {document} can be confirmed{f': {left}' if left else ''}")
        ledger.replace_findings(tx, name, [subject], [one for one in found if one.kind in STATES], company.now)
        kinds = ", ".join(sorted(finding.kind for finding in seen))
        reviews.note(tx, company.now, "command line", "confirm", subject, kinds)
    if as_json:
        give_json({"subject": subject, "confirmed": [finding.kind for finding in seen]})
    else:
        say(f"Confirmed for {subject}: {kinds}.")
