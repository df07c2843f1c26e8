"""`throughline draft` and `throughline release`: review drafts in which each sentence cites its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.evidence.naming import spoken
from addon.reviews.drafting import in_batches, make_drafts, note_read, push_drafts
from addon.reviews.releasing import release_review
from addon.reviews.showing import Sources, draft_json, failed_json, say_draft
from addon.terminal import BadInput, NotDone, ends, give_json, json_option, progress, say, teaching
from sync.records import Draft, Person
from sync.review import service
from sync.review.service import Desk, Filled, Refused, ReviewError
from sync.store import LeaseHeld
from sync.store.queries import ledger, reviews


@click.command()
@click.argument("person", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody of this cycle; who gets no draft is named, with the reason.")
@click.option("--self", "self_review", is_flag=True, help="The self-review draft: written by and for the person.")
@click.option("--exclude", multiple=True, metavar="ID", help="Leave this entry out, now and later (may be repeated).")
@click.option("--push", is_flag=True, help="Also bring the writer's own document up to it; only untouched sentences change.")
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError)
def draft(
    context: click.Context,
    person: str | None,
    everybody: bool,
    self_review: bool,
    exclude: tuple[str, ...],
    push: bool,
    cycle_id: str | None,
    as_json: bool,
) -> None:
    """Draft the review of PERSON, or of --all.

    A statement is a quotation, a figure recomputed from synced values, or a fixed connective; the first two cite their
    evidence. The draft uses only what both its writer (the manager) and its reader (the person) may see. There is never
    a rating in it.
    """
    if bool(person) == everybody:
        raise BadInput("name one PERSON, or give --all")
    if exclude and not person:
        raise BadInput("--exclude goes with one PERSON")
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    people = [company.person(person)] if person else _of_the_cycle(company, desk)
    if person:
        _exclude(company, desk, people[0], exclude, self_review=self_review)
    tally = _Tally()
    with progress("Drafting", len(people)) as advance:
        for some in in_batches(people):
            drafts, failed = make_drafts(company, desk, some, self_review=self_review)
            filled = push_drafts(company, desk, drafts) if push else []
            tally.add(drafts, failed, filled)
            if as_json or person:
                note_read(company, drafts)
                tally.keep(drafts, Sources.load(company, drafts), desk)
            advance(len(some))
    if as_json:
        give_json({"cycle": desk.cycle.id, "drafts": tally.shown, "failed": failed_json(tally.failed | tally.unfilled, desk)})
    elif person and tally.last:
        say_draft(*tally.last)
    else:
        say(f"{tally.drafts} drafts, {tally.statements} statements, {_unsupported(company)} of them unsupported.")
    if not as_json:
        for one in tally.filled:
            say(f"{one.result}: review document of {desk.directory.name(one.draft.person_id)}{_because(one.message)}")
        for person_id, reason in tally.failed.items():
            say(f"no draft for {desk.directory.name(person_id)}: {reason}")
    if person and not tally.drafts:
        raise BadInput(tally.failed[people[0].id])
    # A leaver, and the head of a company who has no manager, get no draft and fail nobody.
    expected = {one.id for one in people if one.active(company.today) and (self_review or one.manager_at(company.today))}
    ends(len(expected & tally.failed.keys()) + len(tally.unfilled))


@dataclass
class _Tally:
    """What became of everybody's drafts; the drafts themselves are kept only when they are to be shown."""

    drafts: int = 0
    statements: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    last: tuple[Draft, Desk, Sources] | None = None

    def add(self, drafts: Sequence[Draft], failed: Mapping[str, str], filled: Sequence[Filled]) -> None:
        """Count a batch."""
        self.drafts += len(drafts)
        self.statements += sum(len(one.statements) for one in drafts)
        self.failed.update(failed)
        self.filled.extend(filled)

    def keep(self, drafts: Sequence[Draft], sources: Sources, desk: Desk) -> None:
        """Remember how a batch is shown."""
        self.shown += [draft_json(one, desk, sources) for one in drafts]
        self.last = (drafts[-1], desk, sources) if drafts else self.last

    @property
    def unfilled(self) -> dict[str, str]:
        """Who has a draft that could not be put into their document, and why."""
        return {one.draft.person_id: one.message for one in self.filled if one.result in ("failed", "stale", "missing")}


@click.command()
@click.argument("person")
@click.option("--by", metavar="PERSON", help="Who releases it. Default: their manager, who alone may.")
@click.option("--correction", metavar="REASON", default="", help="Show a corrected version, and say why; the former one stays.")
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError, LeaseHeld)
def release(context: click.Context, person: str, by: str | None, correction: str, cycle_id: str | None, as_json: bool) -> None:
    """Show the finished review of PERSON to its subject: a new document with fresh history, and a line in the log.

    The text is what stands in the manager's private review document now. It is checked once more; a sentence that its
    reader may not see, or whose source changed, is named and nothing is released.
    """
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    about = company.person(person)
    writer = company.person(by).id if by else service.writer_for(desk, about.id, company.today)
    result = release_review(company, desk, about, writer, correction)
    if isinstance(result, Refused):
        rows = [{"sentence": one.sentence, "reason": one.reason} for one in result.refusals]
        if as_json:
            give_json({"released": False, "refusals": rows})
        else:
            for row in rows:
                where = f"“{row['sentence']}”" if row["sentence"] else "The review as a whole"
                say(f"{where}\n  {row['reason']}")
        raise NotDone(f"the review of {about.name} was not released: change these sentences and run this again")
    if as_json:
        shown = {"already": result.already, "version": result.release.version, "title": result.title, "ref": result.ref}
        give_json({"released": True, **shown})
        return
    (ref,) = spoken(company, [result.ref])
    if result.already and correction:
        say(f"Nothing was changed since the review of {about.name} was released: {ref}")
    elif result.already:
        say(
            f"The review of {about.name} was released before: {ref}. What was changed in the draft since is not shown; "
            "`--correction REASON` shows it as a new version."
        )
    else:
        say(f"Released: {about.name} reads it in {ref}")


# ---------------------------------------------------------------- details


def _exclude(company: Company, desk: Desk, person: Person, ids: tuple[str, ...], *, self_review: bool) -> None:
    if not ids:
        return
    writer = person.id if self_review else service.writer_for(desk, person.id, company.today)
    with company.store.write() as tx:
        known = ledger.by_ids(tx, ids)
        if wrong := [one for one in ids if one not in known or known[one].about != person.id]:
            raise BadInput(
                f"no entry about {person.name} has the id {', '.join(wrong)}: `throughline evidence {person.email}` lists them"
            )
        reviews.exclude(tx, desk.cycle.id, person.id, ids, writer, company.now)


def _of_the_cycle(company: Company, desk: Desk) -> list[Person]:
    """Everybody who worked here during the cycle, those who left since included: they are named as getting no draft."""
    days = (desk.cycle.start, min(desk.cycle.end, max(company.today, desk.cycle.start)))
    return [
        one
        for one in company.people
        if one.takes_part and (one.start is None or one.start <= days[1]) and (one.end is None or days[0] <= one.end)
    ]


def _unsupported(company: Company) -> int:
    with company.store.read() as tx:
        return reviews.draft_counts(tx)[1]


def _because(message: str) -> str:
    return f": {message}" if message else ""
