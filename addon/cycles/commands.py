"""`throughline cycle`: a dated period with a rhythm, a frozen pack and a review moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from addon import company as companies
from addon.cycles.keeping import Wanted, change_rhythm, create, lock, reopen
from addon.terminal import BadInput, give_json, json_option, say, table, teaching
from sync.records import CadenceRule, Cycle
from sync.store.queries import cycles
from templates.loader import PackError
from templates.meanings import CADENCES

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def cycle() -> None:
    """Cycles: periods with check-ins, goals and a review at the end."""


@cycle.command("create")
@click.argument("cycle_id", metavar="ID")
@click.option("--start", type=DAY, required=True, help="First day, such as 2026-01-01.")
@click.option("--end", type=DAY, required=True, help="Last day.")
@click.option("--pack", default="standard", show_default=True, help="A built-in pack or a folder with your own.")
@click.option("--cadence", type=click.Choice(CADENCES), help="How often check-ins are held. Default: what the pack says.")
@click.option("--review-on", type=DAY, help="The day of the review. Default: 14 days before the end.")
@click.option("--label", help="What people read in titles. Default: the id.")
@json_option
@click.pass_context
@teaching(PackError)
def create_cycle(
    context: click.Context,
    cycle_id: str,
    start: datetime,
    end: datetime,
    pack: str,
    cadence: str | None,
    review_on: datetime | None,
    label: str | None,
    as_json: bool,
) -> None:
    """Create the cycle ID (such as 2026-h1).

    It freezes the template pack as it is now: changing the pack later takes effect with the next cycle. Documents are
    provisioned for dates from today on, never for the past.
    """
    wanted = Wanted(
        cycle_id, start.date(), end.date(), pack, cadence or "", review_on.date() if review_on else None, label or ""
    )
    new = create(companies.of(context), wanted, "command line")
    if as_json:
        give_json(_row(new))
        return
    say(f"{new.label}: {new.start} to {new.end}, {new.cadences[0].cadence} check-ins, review on {new.review_on}.")
    say(f"It keeps pack {new.pack_name} at version {new.pack_version}. Next: throughline plan")


@cycle.command("list")
@json_option
@click.pass_context
def list_cycles(context: click.Context, as_json: bool) -> None:
    """Every cycle with its rhythm and its pack."""
    with companies.of(context).store.read() as tx:
        rows = [_row(one) for one in cycles.all_cycles(tx)]
    if as_json:
        give_json({"cycles": rows})
    elif rows:
        table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        say("There is no cycle yet: throughline cycle create")


@cycle.command("cadence")
@click.argument("cycle_id", metavar="ID")
@click.argument("cadence", type=click.Choice(CADENCES))
@click.option("--team", help="Only for this team.")
@click.option("--person", "person_words", help="Only for this person (id, e-mail or name).")
@click.option("--since", type=DAY, help="From the first period that begins on or after this day. Default: today.")
@json_option
@click.pass_context
def change_cadence(
    context: click.Context,
    cycle_id: str,
    cadence: str,
    team: str | None,
    person_words: str | None,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Hold check-ins in the cycle ID more or less often, from the next period on.

    The period that runs now keeps its check-in. A person's rule goes before a team's, a team's before the company's.
    """
    company = companies.of(context)
    changed = company.cycle(cycle_id)
    if team and person_words:
        raise BadInput("give --team or --person, not both")
    scope, value = ("team", team) if team else ("person", company.person(person_words).id) if person_words else ("company", "")
    rule = CadenceRule(scope, value, cadence, since.date() if since else company.today)
    begins = change_rhythm(company, changed, rule, "command line").since
    whom = f"the team {team}" if team else person_words or "everybody"
    if as_json:
        give_json({"cycle": changed.id, "scope": scope, "value": value, "cadence": cadence, "since": str(begins)})
    else:
        say(f"{cadence} check-ins for {whom} from the first period that begins on or after {begins}. Next: throughline plan")


@cycle.command("lock")
@click.argument("cycle_id", metavar="ID")
@click.option("--reason", required=True, help="Why, for the audit log.")
@json_option
@click.pass_context
def lock_cycle(context: click.Context, cycle_id: str, reason: str, as_json: bool) -> None:
    """Close the cycle ID: nothing is provisioned, drafted or released in it any more. What stands is read on."""
    company = companies.of(context)
    lock(company, company.cycle(cycle_id), reason, "command line")
    _said(as_json, cycle_id, locked=True)


@cycle.command("reopen")
@click.argument("cycle_id", metavar="ID")
@click.option("--reason", required=True, help="Why, for the audit log.")
@json_option
@click.pass_context
def reopen_cycle(context: click.Context, cycle_id: str, reason: str, as_json: bool) -> None:
    """Open the cycle ID again."""
    company = companies.of(context)
    reopen(company, company.cycle(cycle_id), reason, "command line")
    _said(as_json, cycle_id, locked=False)


def _said(as_json: bool, cycle_id: str, *, locked: bool) -> None:
    if as_json:
        give_json({"cycle": cycle_id, "locked": locked})
    else:
        say(f"{cycle_id} is {'locked' if locked else 'open again'}.")


def _row(one: Cycle) -> dict[str, Any]:
    rules = ", ".join(f"{r.cadence} ({r.scope}{f' {r.value}' if r.value else ''} since {r.since})" for r in one.cadences)
    return {
        "id": one.id,
        "label": one.label,
        "start": str(one.start),
        "end": str(one.end),
        "review_on": str(one.review_on),
        "pack": f"{one.pack_name} {one.pack_version}",
        "cadence": rules,
        "locked": one.locked,
    }
