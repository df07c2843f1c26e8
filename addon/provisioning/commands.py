"""`throughline plan`, `apply`, `recreate`, `audit`: what stands in the workspace, and making it so."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.drift.checking import check, intended
from addon.evidence.naming import spoken
from addon.provisioning.planning import approved_plan, carry_out, keep, make_plan
from addon.terminal import BadInput, ends, give_json, json_option, progress, say, teaching
from connectors.workspace import Drift, WorkspaceError
from sync.provision.plan import render, to_json
from sync.provision.resume import make_anew
from sync.provision.run import Outcome
from sync.store.queries import artifacts, reviews

FAILED = frozenset({"failed", "busy", "twin"})


@click.command()
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
def plan(context: click.Context, cycle_id: str | None, as_json: bool) -> None:
    """What would be made, adopted, updated or unlinked, per person with reasons. Nothing is written.

    The plan has a hash; `throughline apply --plan HASH` does exactly what it says, and nothing that came later.
    """
    company = companies.of(context)
    planned = make_plan(company, cycle_id)
    keep(company, planned)
    if as_json:
        give_json({"cycle": planned.cycle.id, **to_json(planned.plan)})
        return
    names = {person.id: person.name for person in company.people}
    say(render(planned.plan, names))
    for why in planned.survey.capabilities.withheld.values():
        say(f"Held back: {why}")
    if absent := ", ".join(sorted(planned.survey.strangers)):
        say(f"Not in the workspace yet, or as guests only: {absent}. The first apply after they joined includes them.")
    if planned.plan.writing:
        say(f"Nothing has been written. To do this: throughline apply --plan {planned.plan.hash[:8]}")


@click.command()
@click.option("--plan", "hash_", metavar="HASH", required=True, help="The plan's hash; the first 8 digits are enough.")
@json_option
@click.pass_context
def apply(context: click.Context, hash_: str, as_json: bool) -> None:
    """Do exactly what a plan says.

    Each item is looked at again first; what moved since the plan was made is skipped and named. Stopped at any moment
    and run again, it ends with exactly one document for each.
    """
    company = companies.of(context)
    cycle_id, approved = approved_plan(company, hash_)
    outcomes: list[Outcome] = []
    with progress("Applying", len(approved.writing)) as advance:
        for outcome in carry_out(company, cycle_id, approved):
            outcomes.append(outcome)
            advance(1)
    counts = Counter(outcome.result for outcome in outcomes)
    failed = sum(counts[result] for result in FAILED)
    if as_json:
        give_json({"cycle": cycle_id, "counts": dict(counts), "items": [_row(outcome) for outcome in outcomes]})
    else:
        for outcome in outcomes:
            if outcome.result not in ("created", "updated"):
                say(f"{outcome.result}: {outcome.key}{f': {outcome.message}' if outcome.message else ''}")
        say(", ".join(f"{count} {result}" for result, count in sorted(counts.items())) or "There was nothing to do.")
        if failed:
            say("Some items failed; mend what they say, then: throughline plan")
    ends(failed)


@click.command()
@click.argument("key")
@json_option
@click.pass_context
def recreate(context: click.Context, key: str, as_json: bool) -> None:
    """Let the next plan make the artifact KEY anew, after its document was deleted on purpose.

    Only an artifact that is gone can be made anew; its evidence stays in the ledger.
    """
    company = companies.of(context)
    with company.store.read() as tx:
        artifact = artifacts.get(tx, key)
    if artifact is None:
        raise BadInput(f"no artifact has the key {key!r}: `throughline plan --json` lists them")
    if artifact.ref in company.workspace.exists([artifact.ref]):
        raise BadInput(f"{key} stands at {artifact.ref}: only what is gone can be made anew")
    with company.store.write() as tx:
        make_anew(tx, company.workspace.capabilities.name, artifact, company.now)
        reviews.note(tx, company.now, "command line", "recreate", key)
    if as_json:
        give_json({"key": key, "forgotten": True})
    else:
        say(f"{key} will be made anew by the next plan.")


@click.command()
@click.option(
    "--mend",
    is_flag=True,
    help="Also make it as it should be, where the workspace lets us: Google does. What was moved is only told.",
)
@json_option
@click.pass_context
@teaching(WorkspaceError)
def audit(context: click.Context, mend: bool, as_json: bool) -> None:
    """Compare who should have access with who has, as far as the workspace can tell."""
    company = companies.of(context)
    if mend:
        _mend(company, as_json)
        return
    drifts = check(company)
    rows = [{"ref": drift.ref, "reason": drift.reason, "certain": drift.certain} for drift in drifts]
    if as_json:
        give_json({"drift": rows})
    else:
        lines = (f"{one.ref}: {one.reason}{'' if one.certain else ' (for certain it cannot be told)'}" for one in drifts)
        for line in spoken(company, lines):
            say(line)
        say(f"{len(drifts)} to look at." if drifts else "Access is as it should be, as far as can be told.")
    ends(sum(drift.certain for drift in drifts))


def _mend(company: Company, as_json: bool) -> None:
    """Make access as intended and say what was done. Raises BadInput where the workspace cannot share."""
    mending = getattr(company.workspace, "mend", None)
    if mending is None:
        raise BadInput(f"the {company.workspace_name} cannot be shared from here: mend by hand what `throughline audit` names")
    found: list[Drift] = list(mending(intended(company)))
    left = [one for one in found if not one.certain]
    with company.store.write() as tx:
        for one in found:
            if one.certain:
                reviews.note(tx, company.now, "command line", "mend access", one.ref, one.reason)
    if as_json:
        give_json({"mended": [_drift(one) for one in found if one.certain], "left": [_drift(one) for one in left]})
    else:
        for line in spoken(company, (f"{'mended' if one.certain else 'NOT mended'}: {one.ref}: {one.reason}" for one in found)):
            say(line)
        say(f"{len(found) - len(left)} mended, {len(left)} not." if found else "Access is as it should be; nothing to mend.")
    ends(len(left))


def _drift(one: Drift) -> dict[str, Any]:
    return {"ref": one.ref, "reason": one.reason}


def _row(outcome: Outcome) -> dict[str, Any]:
    return {"key": outcome.key, "result": outcome.result, "message": outcome.message, "ref": outcome.ref}
