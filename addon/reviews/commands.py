"""`throughline draft` and `throughline release`: review drafts in which each sentence cites its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.terminal import BadInput, ends, give_json, json_option, progress, say, teaching
from sync.records import Artifact, Draft, Entry, Person, Statement
from sync.review import service
from sync.review.service import Desk, Filled, Refused, ReviewError
from sync.store import LeaseHeld
from sync.store.queries import artifacts, ledger, reviews


@click.command()
@click.argument("person", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody who works here and has a manager.")
@click.option("--self", "self_review", is_flag=True, help="The self-review draft: written by and for the person.")
@click.option("--exclude", multiple=True, metavar="ID", help="Leave this entry out, now and later (may be repeated).")
@click.option("--push", is_flag=True, help="Also write it into the manager's private review document, where that is empty.")
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
    if push and self_review:
        raise BadInput("--push goes with the manager's draft, not with --self")
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    people = (
        [company.person(person)] if person else [one for one in company.people if one.active(company.today) and one.takes_part]
    )
    if person:
        _exclude(company, desk, people[0], exclude)
    drafts, failed = make_drafts(company, desk, people, self_review=self_review)
    filled = push_drafts(company, desk, drafts) if push else []
    problems = failed | {one.draft.person_id: one.message for one in filled if one.result in ("failed", "stale", "missing")}
    sources = _Sources.load(company, drafts)
    if as_json:
        shown = [_draft(one, desk, sources) for one in drafts]
        give_json({"cycle": desk.cycle.id, "drafts": shown, "failed": _failed(problems, desk)})
    elif person and drafts:
        _say_draft(drafts[0], desk, sources)
    else:
        statements = sum(len(one.statements) for one in drafts)
        say(f"{len(drafts)} drafts, {statements} statements, {_unsupported(company)} of them unsupported.")
    if not as_json:
        for one in filled:
            say(f"{one.result}: review document of {desk.directory.name(one.draft.person_id)}{_because(one.message)}")
        for person_id, reason in failed.items():
            say(f"no draft for {desk.directory.name(person_id)}: {reason}")
    if person and not drafts:
        raise BadInput(failed[people[0].id])
    ends(len(failed) if self_review or person else len(_surprising(failed, people, company)))


def make_drafts(
    company: Company, desk: Desk, people: Sequence[Person], *, self_review: bool = False
) -> tuple[list[Draft], dict[str, str]]:
    """A draft for each of *people*; the second value says, by person id, why there is none."""
    drafts: list[Draft] = []
    failed: dict[str, str] = {}
    wanted: list[tuple[str, str]] = []
    for person in people:
        try:
            wanted.append((person.id, person.id if self_review else service.writer_for(desk, person.id, company.today)))
        except ReviewError as error:
            failed[person.id] = str(error)
    with progress("Drafting", len(wanted)) as advance:
        for made in service.make_drafts(desk, wanted, now=company.now, today=company.today):
            if isinstance(made, Draft):
                drafts.append(made)
            else:
                failed[made.person_id] = made.reason
            advance(1)
    return drafts, failed


def push_drafts(company: Company, desk: Desk, drafts: Sequence[Draft]) -> list[Filled]:
    """Write drafts into the managers' private review documents, only where those are still empty."""
    name = company.workspace.capabilities.name
    try:
        return list(
            service.fill_review_documents(desk, company.workspace, name, drafts, holder=company.holder, now=lambda: company.now)
        )
    except LeaseHeld as error:
        raise BadInput(str(error)) from error


@click.command()
@click.argument("person")
@click.option("--by", metavar="PERSON", help="Who releases it. Default: their manager, who alone may.")
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError, LeaseHeld)
def release(context: click.Context, person: str, by: str | None, cycle_id: str | None, as_json: bool) -> None:
    """Show the finished review of PERSON to its subject: a new document with fresh history, and a line in the log.

    The text is what stands in the manager's private review document now. It is checked once more; a sentence that its
    reader may not see, or whose source changed, is named and nothing is released.
    """
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    about = company.person(person)
    writer = company.person(by).id if by else service.writer_for(desk, about.id, company.today)
    name = company.workspace.capabilities.name
    result = service.release(
        desk,
        company.workspace,
        name,
        about.id,
        writer,
        holder=company.holder,
        now=lambda: company.now,
        today=company.today,
    )
    if isinstance(result, Refused):
        rows = [{"sentence": one.sentence, "reason": one.reason} for one in result.refusals]
        if as_json:
            give_json({"released": False, "refusals": rows})
        else:
            for row in rows:
                say(f"“{row['sentence']}”\n  {row['reason']}")
        raise BadInput(f"the review of {about.name} was not released: change these sentences and run this again")
    if as_json:
        give_json({"released": True, "already": result.already, "title": result.title, "ref": result.ref})
    elif result.already:
        say(f"The review of {about.name} was released before: {result.ref}")
    else:
        say(f"Released: {about.name} reads it in {result.ref}")


# ---------------------------------------------------------------- how a draft is shown


class _Sources:
    """The entries that drafts cite, and the files that those stand in."""

    def __init__(self, entries: Mapping[str, Entry], papers: Mapping[str, Artifact]) -> None:
        self.entries = entries
        self.papers = papers

    @classmethod
    def load(cls, company: Company, drafts: Iterable[Draft]) -> _Sources:
        ids = {citation.entry_id for one in drafts for statement in one.statements for citation in statement.citations}
        with company.store.read() as tx:
            entries = ledger.by_ids(tx, sorted(ids))
            return cls(entries, artifacts.by_keys(tx, sorted({entry.artifact_key for entry in entries.values()})))

    def of(self, statement: Statement) -> list[dict[str, str]]:
        """Where each cited entry stands: evidence id, artifact key, file, place, anchor."""
        found = [self.entries[citation.entry_id] for citation in statement.citations if citation.entry_id in self.entries]
        return [
            {
                "evidence": entry.id,
                "artifact": entry.artifact_key,
                "ref": self.papers[entry.artifact_key].ref if entry.artifact_key in self.papers else "",
                "place": entry.place,
                "anchor": entry.anchor,
                "happened_on": str(entry.happened_on),
            }
            for entry in found
        ]


def _draft(one: Draft, desk: Desk, sources: _Sources) -> dict[str, Any]:
    person = desk.person(one.person_id)
    return {
        "id": one.id,
        "person": person.id,
        "name": person.name,
        "email": person.email,
        "writer": one.writer_id,
        "reader": one.reader_id,
        "made_at": one.made_at.isoformat(),
        "statements": [
            {
                "section": statement.section,
                "heading": statement.heading,
                "text": statement.text,
                "kind": statement.kind.value,
                "evidence": [citation.entry_id for citation in statement.citations],
                "sources": sources.of(statement),
            }
            for statement in one.statements
        ],
        "coverage": {
            "entries": one.coverage.entries,
            "authors": one.coverage.authors,
            "kinds": one.coverage.kinds,
            "months": dict(one.coverage.months),
        },
        "gaps": [{"section": gap.section, "heading": gap.heading, "reason": gap.reason} for gap in one.gaps],
        "unused": list(one.unused),
        "for_you": list(one.for_you),
    }


def _say_draft(one: Draft, desk: Desk, sources: _Sources) -> None:
    say(f"Review draft for {desk.directory.name(one.person_id)}, to be finished by {desk.directory.name(one.writer_id)}")
    numbered: dict[str, int] = {}
    for section, statements in groupby(one.statements, key=lambda statement: statement.section):
        say(f"\n{section.upper()}")
        for heading, inside in groupby(statements, key=lambda statement: statement.heading):
            if heading:
                say(f"\n  {heading}")
            for statement in inside:
                lines = [
                    f"{source['happened_on']} · {source['ref']} · {source['place']} [{source['evidence']}]"
                    for source in sources.of(statement)
                ]
                marks = ", ".join(str(numbered.setdefault(line, len(numbered) + 1)) for line in lines)
                say(f"    {statement.text}{f' [{marks}]' if marks else ''}")
    for gap in one.gaps:
        say(f"\n  {gap.heading or gap.section.capitalize()}: {gap.reason}")
    months = ", ".join(f"{month}: {count}" for month, count in sorted(one.coverage.months.items()))
    say(f"\nCoverage: {one.coverage.entries} entries by {one.coverage.authors} people ({months or 'no month'}).")
    say(f"Not used: {len(one.unused)}. Only for you, never quoted: {len(one.for_you)}.")
    if numbered:
        say("\nSources")
    for line, number in numbered.items():
        say(f"  {number}. {line}")


def _exclude(company: Company, desk: Desk, person: Person, ids: tuple[str, ...]) -> None:
    if not ids:
        return
    writer = service.writer_for(desk, person.id, company.today)
    with company.store.write() as tx:
        known = ledger.by_ids(tx, ids)
        if wrong := [one for one in ids if one not in known or known[one].about != person.id]:
            raise BadInput(
                f"no entry about {person.name} has the id {', '.join(wrong)}: `throughline evidence {person.email}` lists them"
            )
        reviews.exclude(tx, desk.cycle.id, person.id, ids, writer, company.now)


def _failed(problems: Mapping[str, str], desk: Desk) -> list[dict[str, str]]:
    return [
        {"person": person_id, "name": desk.directory.name(person_id), "reason": reason}
        for person_id, reason in problems.items()
    ]


def _surprising(failed: Mapping[str, str], people: Sequence[Person], company: Company) -> list[str]:
    """Who should have got a draft: those with a manager. The head of a company has none and fails nobody."""
    return [person.id for person in people if person.id in failed and person.manager_at(company.today)]


def _unsupported(company: Company) -> int:
    with company.store.read() as tx:
        return reviews.draft_counts(tx)[1]


def _because(message: str) -> str:
    return f": {message}" if message else ""
