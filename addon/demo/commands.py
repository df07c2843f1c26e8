"""`throughline demo`: a fictional company's half-year, and the console to look at it and to go on."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from addon import company as companies
from addon import settings as configuration
from addon.company import Company
from addon.demo.cast import FEWEST, MOST
from addon.terminal import BadInput, ends, give_json, json_option, say

if TYPE_CHECKING:
    from addon.demo.places import Place

DEFAULT_HOME = Path("var/demo")


@click.command()
@click.option("--people", "count", type=int, default=50, show_default=True, help=f"How many work there: {FEWEST} to {MOST}.")
@click.option(
    "--workspace",
    type=click.Choice(["folder", "notion", "google"]),
    default="folder",
    show_default=True,
    help="Where people work: real Office files, or Notion or Google, for which an emulator is started.",
)
@click.option("--no-serve", is_flag=True, help="End when the report is printed; open no console.")
@json_option
@click.pass_context
def demo(context: click.Context, count: int, workspace: str, no_serve: bool, as_json: bool) -> None:
    """A fictional company's half-year, from nothing to reviews, in a home of its own.

    People, goals and a cycle go in; goal sheets, check-ins and review documents come out. Month by month people write in
    these files, edited by hand as Word, Excel and LibreOffice do it, and a sync reads it back. Then everybody gets a
    review draft, and one review is finished and released. Everything goes through the same code as the real commands. The
    console opens at the end, seen by HR, with a switcher to anybody else and a worker that does what its buttons ask for.

    The home is var/demo unless --home or THROUGHLINE_HOME says otherwise. An earlier demo there is built anew; any other
    company is refused.
    """
    from addon.demo.home import prepare
    from addon.demo.run import play
    from addon.demo.serving import serve_console

    if not FEWEST <= count <= MOST:
        raise BadInput(f"--people {count}: a demo has from {FEWEST} to {MOST} people")
    place = _place(workspace)
    try:
        company, report = play(prepare(own_company(context).settings), count, place)
        with closing(company):
            if as_json:
                give_json(asdict(report))
            else:
                _say(report)
            if not no_serve:
                serve_console(company)
    finally:
        place.close()
    ends(len(report.failed))


def _place(workspace: str) -> Place:
    if workspace == "notion":
        from addon.demo.notion_place import NotionPlace

        return NotionPlace()
    if workspace == "google":
        from addon.demo.google_place import GooglePlace

        return GooglePlace()
    from addon.demo.places import FolderPlace

    return FolderPlace()


def own_company(context: click.Context) -> Company:
    """The company that the command line means; the demo's own home when it names none."""
    given = context.find_root().params.get("home") or configuration.environment().get(f"{configuration.PREFIX}HOME")
    return companies.of(context) if given else Company(companies.load_settings(str(DEFAULT_HOME)))


# ---------------------------------------------------------------- the report


def _say(report: object) -> None:
    from addon.demo.run import Report

    assert isinstance(report, Report)
    say(f"{report.organisation}: {report.people} people in {report.teams} teams, {report.goals} goals imported.")
    for month in report.months:
        made, edits = f"{month.documents:>5} documents made", f"{month.edits:>5} edits by people"
        say(f"  {month.name:<9} {made} {edits} {month.entries:>5} entries read")
    say(
        f"Drafts: {report.drafts} by managers, {report.self_drafts} for self reviews; {report.statements} statements, "
        f"{report.unsupported} of them unsupported. {report.filled} put into managers' private documents."
    )
    if "file" in report.released:
        say(f"Released: the review of {report.released['person']}, by {report.released['by']}.")
    say(f"Failed items: {len(report.failed)}. It took {report.seconds} s; in the story it is {report.today}.")
    for line in report.failed:
        say(f"  {line}")
    for line in report.told:
        say(line)
    say("\nWhat to open:")
    for name, path in report.open.items():
        say(f"  {name:<21} {_near(path)}")
    say("\nWhat to try:")
    for command in _commands(report.home, report.someone, offline=bool(report.told)):
        say(f"  {command}")


def _commands(home: str, someone: str, *, offline: bool) -> Iterator[str]:
    """What works when the demo has ended; where its workspace was emulated, only what needs none."""
    begin = f"throughline --home {shlex.quote(_near(home))}"
    for rest in (f'evidence "{someone}"', f'draft "{someone}" --json', "status", *(() if offline else ("plan",))):
        yield f"{begin} {rest}"


def _near(path: str) -> str:
    """*path* from here, when it lies below."""
    return os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else path
