"""`throughline stale`: sentences of drafts whose sources changed since."""

from __future__ import annotations

from typing import Any

import click

from addon import company as companies
from addon.reviews.drafting import note_read
from addon.terminal import ends, give_json, json_option, progress, say, teaching
from sync.records import Draft
from sync.review import service
from sync.review.guard import Violation
from sync.review.service import Desk, ReviewError
from sync.store.queries import reviews


@click.command()
@click.argument("person", required=False)
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError)
def stale(context: click.Context, person: str | None, cycle_id: str | None, as_json: bool) -> None:
    """Drafts whose sources changed since they were made: how many sentences, and for one PERSON which, and why.

    Draft again to mend them; what is stale is never released. Exit code 1 when something is stale.
    """
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    about = company.person(person).id if person else None
    with company.store.read() as tx:
        drafts = reviews.drafts(tx, desk.cycle.id, about)
    found: list[tuple[Draft, tuple[Violation, ...]]] = []
    with progress("Comparing", len(drafts)) as advance:
        for one in service.stale_statements(desk, drafts, today=company.today):
            found.append(one)
            advance(1)
    if about:
        note_read(company, drafts)
    changed = [(draft, violations) for draft, violations in found if violations]
    if as_json:
        give_json({"drafts": len(drafts), "stale": [_row(desk, *one, in_full=bool(about)) for one in changed]})
    else:
        for draft, violations in changed:
            _say(desk, draft, violations, in_full=bool(about))
        say(f"{sum(len(one) for _, one in changed)} stale sentences in {len(changed)} of {len(drafts)} drafts.")
    ends(len(changed))


def _say(desk: Desk, draft: Draft, violations: tuple[Violation, ...], *, in_full: bool) -> None:
    kind = "self review" if draft.writer_id == draft.person_id else "review"
    say(f"{desk.directory.name(draft.person_id)}, {kind} by {desk.directory.name(draft.writer_id)}: {len(violations)} stale")
    for violation in violations if in_full else ():
        say(f"  {violation.statement.text}\n    {violation.reason}")


def _row(desk: Desk, draft: Draft, violations: tuple[Violation, ...], *, in_full: bool) -> dict[str, Any]:
    rows = [{"text": one.statement.text, "section": one.statement.section, "reason": one.reason} for one in violations]
    whole = {"statements": rows} if in_full else {}
    names = {"name": desk.directory.name(draft.person_id), "writer": draft.writer_id}
    return {"draft": draft.id, "person": draft.person_id, **names, "count": len(rows), **whole}
