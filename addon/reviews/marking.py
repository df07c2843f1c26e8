"""`throughline mark` and `throughline unraised`: what a writer decides about points of a review, and what was never raised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from addon import company as companies
from addon.terminal import BadInput, give_json, json_option, say, teaching
from sync.access import Viewer, relation
from sync.decisions import DecisionKind
from sync.records import Entry
from sync.review import service
from sync.review.service import Debt, Desk, ReviewError
from sync.schedule import review_window
from sync.store.queries import reviews


@click.command()
@click.argument("person")
@click.argument("point")
@click.option("--discussed", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="New, and discussed on this day.")
@click.option("--later", is_flag=True, help="Moved to the next period: it is left out of the review.")
@click.option("--raised-in", metavar="ID", help="It rests on, or was raised in, the entry with this id.")
@click.option("--settled", is_flag=True, help="A private note that need not be raised.")
@click.option("--dismiss", is_flag=True, help="POINT is a language hint that is answered.")
@click.option("--undo", is_flag=True, help="Take that decision back.")
@click.option("--by", metavar="PERSON", help="Who decides: the writer of the review. Default: their manager.")
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError)
def mark(
    context: click.Context,
    person: str,
    point: str,
    discussed: datetime | None,
    later: bool,
    raised_in: str | None,
    settled: bool,
    dismiss: bool,
    undo: bool,
    by: str | None,
    cycle_id: str | None,
    as_json: bool,
) -> None:
    """Decide about a POINT of the review of PERSON: an id that `throughline review` or `throughline unraised` shows.

    A growth point that is new to the person is marked before a release, as discussed on a day or moved to the next period.
    """
    chosen = {
        DecisionKind.DISCUSSED: discussed is not None,
        DecisionKind.LATER: later,
        DecisionKind.LINK: raised_in is not None,
        DecisionKind.SETTLED: settled,
        DecisionKind.DISMISSED: dismiss,
    }
    kinds = [kind for kind, given in chosen.items() if given]
    if len(kinds) != 1:
        raise BadInput("give exactly one of --discussed DAY, --later, --raised-in ID, --settled, --dismiss")
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    about = company.person(person)
    writer = company.person(by).id if by else service.writer_for(desk, about.id, company.today)
    day: date | None = discussed.date() if discussed else None
    one = service.decide(
        desk, about.id, writer, kinds[0], point, now=company.now, today=company.today, other=raised_in or "", day=day, undo=undo
    )
    if as_json:
        shown = {"kind": one.kind.value, "point": one.subject, "other": one.other, "day": one.day, "undone": undo}
        give_json({"person": about.id, "by": writer, **shown})
    else:
        say(f"{'Taken back' if undo else 'Kept'}: {one.kind}{f' on {day}' if day else ''}, {point}.")


@click.command()
@click.option("--manager", metavar="PERSON", help="Only what this manager noted. With it the notes themselves are shown.")
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError)
def unraised(context: click.Context, manager: str | None, cycle_id: str | None, as_json: bool) -> None:
    """Points that managers noted privately and never raised, from four weeks before the review.

    Without --manager only counts are shown; with it the notes, for that manager's eyes, and a line in the audit trail.
    """
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    mine = company.person(manager).id if manager else ""
    found = list(service.debts(desk, today=company.today, manager_id=mine))
    if mine:
        with company.store.write() as tx:
            for one in found:
                seen_as = relation(Viewer(mine, desk.directory), one.person.id, company.today)
                reviews.note(tx, company.now, mine, "read-unraised", f"{desk.cycle.id}/{one.person.id}", f"as {seen_as}")
    if as_json:
        give_json({"cycle": desk.cycle.id, "unraised": [_row(one, in_full=bool(mine)) for one in found]})
        return
    for one in found:
        _say(desk, one, in_full=bool(mine))
    opens = review_window(desk.cycle)[0]
    waiting = f"; the list opens on {opens}" if company.today < opens else ""
    say(f"{sum(len(one.points) for one in found)} points noted, never raised, about {len(found)} people{waiting}.")


def _say(desk: Desk, one: Debt, *, in_full: bool) -> None:
    say(f"{one.person.name}, by {desk.directory.name(one.manager_id)}: {len(one.points)} noted, never raised")
    for point in one.points if in_full else ():
        say(f"  {point.entry.happened_on}  [{point.entry.id}]  {point.entry.text}")
        for entry in point.suggestions:
            say(f"    perhaps raised on {entry.happened_on} [{entry.id}]: {entry.text}")


def _row(one: Debt, *, in_full: bool) -> dict[str, Any]:
    points = [{**_entry(point.entry), "perhaps_in": [_entry(entry) for entry in point.suggestions]} for point in one.points]
    return {"person": one.person.id, "manager": one.manager_id, "count": len(points), **({"points": points} if in_full else {})}


def _entry(entry: Entry) -> dict[str, str]:
    return {"id": entry.id, "happened_on": str(entry.happened_on), "text": entry.text}
