"""`throughline cycle`: a dated period with a rhythm, a frozen pack and a review moment."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import click

from addon import company as companies
from addon.packs.commands import find
from addon.terminal import BadInput, give_json, json_option, say, table, teaching
from sync.records import CadenceRule, Cycle
from sync.store.queries import cycles, reviews
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
    company = companies.of(context)
    loaded = find(pack)
    new = Cycle(
        id=cycle_id,
        label=label or cycle_id,
        start=start.date(),
        end=end.date(),
        review_on=review_on.date() if review_on else end.date() - timedelta(days=14),
        opened_on=max(start.date(), company.today) if company.today <= end.date() else start.date(),
        pack_name=loaded.name,
        pack_version=loaded.version,
        cadences=(CadenceRule("company", "", cadence or loaded.cadence, start.date()),),
    )
    _sensible(new)
    with company.store.write() as tx:
        if cycles.get(tx, cycle_id):
            raise BadInput(f"the cycle {cycle_id} exists already: choose another id, or look with `throughline cycle list`")
        cycles.create(tx, new, loaded.sources)
        reviews.note(tx, company.now, "command line", "cycle create", cycle_id, f"pack {loaded.name} {loaded.version}")
    if as_json:
        give_json(_row(new))
        return
    say(f"{new.label}: {new.start} to {new.end}, {new.cadences[0].cadence} check-ins, review on {new.review_on}.")
    say(f"It keeps pack {loaded.name} at version {loaded.version}. Next: throughline plan")


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
    if team and team not in {person.team for person in company.people}:
        raise BadInput(
            f"nobody is in a team {team!r}; there are: {', '.join(sorted({p.team for p in company.people if p.team}))}"
        )
    scope, value = ("team", team) if team else ("person", company.person(person_words).id) if person_words else ("company", "")
    begins = max(since.date() if since else company.today, changed.start)
    rule = CadenceRule(scope, value, cadence, begins)
    with company.store.write() as tx:
        cycles.add_cadence(tx, changed.id, rule)
        reviews.note(tx, company.now, "command line", "cadence", changed.id, f"{scope} {value} {cadence} from {begins}")
    whom = f"the team {team}" if team else person_words or "everybody"
    if as_json:
        give_json({"cycle": changed.id, "scope": scope, "value": value, "cadence": cadence, "since": str(begins)})
    else:
        say(f"{cadence} check-ins for {whom} from the first period that begins on or after {begins}. Next: throughline plan")


def _sensible(new: Cycle) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,38}", new.id):
        raise BadInput(f"{new.id!r} cannot be an id: use lower-case letters, digits and hyphens, such as 2026-h1")
    if not new.start < new.end:
        raise BadInput(f"the cycle must end after it starts: it runs from {new.start} to {new.end}")
    if (new.end - new.start).days > 400:
        raise BadInput(f"a cycle is at most 400 days long; {new.start} to {new.end} is {(new.end - new.start).days}")
    latest: date = new.end + timedelta(days=60)
    if not new.start < new.review_on <= latest:
        raise BadInput(f"the review must lie inside the cycle or within 60 days after it, not on {new.review_on}")


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
    }
