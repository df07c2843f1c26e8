"""People, the goals they already have, leave and feedback pairs, from CSV files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.people import importing
from addon.terminal import BadInput, give_json, json_option, say, table, teaching
from connectors.people.csv_file import PairRow, read_goals, read_leave, read_pairs, read_people
from connectors.people.csv_reading import ReadFile, RowProblem
from connectors.workspace import WorkspaceError

CSV = click.Path(path_type=Path)


@click.group()
def people() -> None:
    """Who works here, and who reports to whom."""


@people.command("import")
@click.argument("file", type=CSV, required=False)
@click.option("--from", "source", type=click.Choice(["google"]), help="Instead of a FILE: the directory of Google Workspace.")
@click.option("--accept", metavar="HASH", help="Carry out the proposal of that hash (the first 8 digits are enough).")
@json_option
@click.pass_context
@teaching(WorkspaceError)
def import_people(context: click.Context, file: Path | None, source: str | None, accept: str | None, as_json: bool) -> None:
    """Import FILE, a CSV of the whole company, or the directory that --from names.

    Columns: name, email; optional: id, manager_email, team, role, location, work_mode (office, hybrid, remote), start,
    end, timezone, access (none, hr, leadership, admin). Comma, semicolon or tab; UTF-8. One bad row and nothing is
    imported: every problem is named with its line.

    From Google come name, address, manager, department or organisational unit, title and employee id; who is suspended
    there counts as having left. That needs `throughline connect google --directory-admin`.

    The first import is carried out. A later one proposes joiners, leavers, moves and renames and changes nothing until
    you run it again with --accept HASH.
    """
    company = companies.of(context)
    if (file is None) == (source is None):
        raise BadInput("give either a FILE or --from google")
    read = _read(file, read_people, as_json) if file is not None else _from_google(company, as_json)
    result = importing.import_people(company, read.rows, accept)
    if as_json:
        give_json(result.as_json())
        return
    for note in read.notes:
        say(f"note: {note}")
    for change in result.proposal.changes:
        say(change.describe())
    counts = ", ".join(f"{count} {kind}" for kind, count in result.proposal.counts().items() if count) or "no change"
    if result.done:
        say(f"Imported: {counts}. {result.people} people are known.")
    else:
        say(f"Proposed: {counts}. Nothing has changed yet; to carry this out:")
        given = file if file is not None else f"--from {source}"
        say(f"  throughline people import {given} --accept {result.proposal.hash[:8]}")


@people.command("list")
@json_option
@click.pass_context
def list_people(context: click.Context, as_json: bool) -> None:
    """Everybody the directory knows."""
    company = companies.of(context)
    everyone = company.people
    names = {person.id: person.name for person in everyone}
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "role": person.role,
            "team": person.team,
            "manager": names.get(person.manager_at(company.today), ""),
            "access": person.access,
            "active": person.active(company.today),
        }
        for person in everyone
    ]
    if as_json:
        give_json({"people": rows})
        return
    table(list(rows[0]) if rows else ["people"], [list(row.values()) for row in rows])


@click.group()
def goals() -> None:
    """Goals that a company already has."""


@goals.command("import")
@click.argument("file", type=CSV)
@click.option("--cycle", "cycle_id", metavar="ID", help="The cycle they belong to. Default: the running one.")
@json_option
@click.pass_context
def import_goals(context: click.Context, file: Path, cycle_id: str | None, as_json: bool) -> None:
    """Import FILE, a CSV with one goal a row.

    Columns: email, goal; optional: measure, unit, start, target, now, due, weight, status, category, commitment,
    objective, parent, comment. The next plan writes them into the goal sheets: into new ones as they are made, into
    existing ones below what people wrote. A goal that the person already has under the same title is left alone.
    """
    company = companies.of(context)
    cycle = company.cycle(cycle_id)
    read = _read(file, read_goals, as_json, lambda rows: importing.goal_problems(company, rows, cycle))
    added, known = importing.import_goals(company, read.rows, cycle, file.name)
    _done(
        as_json, {"added": added, "already_known": known}, f"{added} goals added, {known} already known. Next: throughline plan"
    )


@click.group()
def leave() -> None:
    """Days on which nobody expects a check-in."""


@leave.command("import")
@click.argument("file", type=CSV)
@json_option
@click.pass_context
def import_leave(context: click.Context, file: Path, as_json: bool) -> None:
    """Import FILE, a CSV with the columns email, from, to (both days included)."""
    company = companies.of(context)
    read = _read(
        file,
        read_leave,
        as_json,
        lambda rows: importing.address_problems(company, [(row.line, "email", row.email) for row in rows]),
    )
    added = importing.import_leave(company, read.rows)
    _done(as_json, {"added": added}, f"{added} new periods of leave.")


@click.group()
def peers() -> None:
    """Who is asked for feedback about whom."""


@peers.command("import")
@click.argument("file", type=CSV)
@click.option("--cycle", "cycle_id", metavar="ID", help="The cycle they belong to. Default: the running one.")
@json_option
@click.pass_context
def import_peers(context: click.Context, file: Path, cycle_id: str | None, as_json: bool) -> None:
    """Import FILE, a CSV with the columns giver_email, person_email.

    Each giver gets one signed feedback document about the person when the review window opens. It is read by the
    person's manager and HR; the template pack says whether the person reads it too. Who is asked for an answer without a
    name is refused: no signed text by the same hand stands beside one.
    """
    company = companies.of(context)
    cycle = company.cycle(cycle_id)
    read = _read(
        file,
        read_pairs,
        as_json,
        lambda rows: [
            *importing.address_problems(company, _asked(rows)),
            *importing.pair_problems(company, rows, cycle),
        ],
    )
    pairs = importing.import_pairs(company, read.rows, cycle)
    _done(as_json, {"pairs": pairs}, f"{pairs} feedback pairs. Next: throughline plan")


def _asked(rows: Sequence[PairRow]) -> Iterator[tuple[int, str, str]]:
    for row in rows:
        yield row.line, "giver_email", row.giver_email
        yield row.line, "person_email", row.person_email


def _nothing_else(_rows: Sequence[Any]) -> list[RowProblem]:
    return []


def _read(
    file: Path, reader: Any, as_json: bool, doubts: Callable[[Sequence[Any]], list[RowProblem]] = _nothing_else
) -> ReadFile[Any]:
    """The rows of *file*. With problems, those of *doubts* included: all are printed and the command ends with exit code 2."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    read: ReadFile[Any] = reader(data, file.name)
    return _sound(read, file.name, as_json, doubts(read.rows))


def _from_google(company: Company, as_json: bool) -> ReadFile[Any]:
    """The people in Google's directory. Raises BadInput when it cannot be read or something is wrong with it."""
    from addon.people.from_google import everybody
    from connectors.google.client import Refused
    from connectors.people.google_directory import SOURCE, people_in

    try:
        users = everybody(company)
    except Refused as refusal:
        raise BadInput(f"the directory cannot be read: {refusal} (`throughline doctor` says what to do)") from refusal
    return _sound(people_in(users), SOURCE, as_json)


def _sound(read: ReadFile[Any], name: str, as_json: bool, doubts: Iterable[RowProblem] = ()) -> ReadFile[Any]:
    """*read* when nothing is wrong with it. Raises BadInput after naming every problem."""
    problems = sorted((*read.problems, *doubts), key=lambda problem: problem.line)
    if not problems:
        return read
    if as_json:
        give_json({"problems": [{"line": p.line, "column": p.column, "message": p.message} for p in problems]})
    else:
        for problem in problems:
            say(problem.describe(name))
    raise BadInput(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in {name}: nothing was imported")


def _done(as_json: bool, result: dict[str, Any], sentence: str) -> None:
    if as_json:
        give_json(result)
    else:
        say(sentence)
