"""`throughline review`: a draft beside its evidence, with the questions that its writer should ask."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from addon import company as companies
from addon.company import Company
from addon.reviews.page import chapters, page, sheet_json
from addon.terminal import BadInput, give_json, json_option, say, teaching
from connectors.folder.paths import PRIVATE, SHARED, safe_name
from sync.review import service
from sync.review.service import Desk, ReviewError
from sync.review.sheet import Line, Sheet
from sync.review.surprise import Standing


@click.command()
@click.argument("person")
@click.option("--self", "self_review", is_flag=True, help="The person's own self-review draft.")
@click.option("--as", "viewer", metavar="PERSON", help="As seen by whom. Default: its writer.")
@click.option("--html", "as_html", is_flag=True, help="Write one self-contained page for reading and printing.")
@click.option("--out", metavar="FILE", help="Where the page goes, - for standard output. Default: a file in this folder.")
@click.option("--cycle", "cycle_id", metavar="ID", help="Which cycle. Default: the running one.")
@json_option
@click.pass_context
@teaching(ReviewError)
def review(
    context: click.Context,
    person: str,
    self_review: bool,
    viewer: str | None,
    as_html: bool,
    out: str | None,
    cycle_id: str | None,
    as_json: bool,
) -> None:
    """The review draft of PERSON beside its evidence: sources, what changed, what is new to them, questions on wording.

    It shows what its writer wrote in the review document as of the last sync, too. What only the writer may see is shown
    to the writer alone. Reading a review about somebody else is noted in the audit trail.
    """
    if as_html and as_json:
        raise BadInput("give --html or --json, not both")
    if out and not as_html:
        raise BadInput("--out goes with --html")
    company = companies.of(context)
    desk = service.open_desk(company.store, company.cycle(cycle_id).id)
    about = company.person(person)
    writer = about.id if self_review else service.writer_for(desk, about.id, company.today)
    looking = company.person(viewer).id if viewer else writer
    sheet = service.read_sheet(desk, about.id, writer, looking, now=company.now, today=company.today)
    if sheet is None:
        raise BadInput(f"there is no draft yet: `throughline draft {about.name!r}{' --self' if self_review else ''}` makes one")
    if as_json:
        give_json(sheet_json(sheet, desk))
    elif as_html:
        _give_page(page(sheet, desk, looking, _locator(company)), out or f"{safe_name(f'Review of {about.name}')}.html")
    else:
        _say(sheet, desk)


def _give_page(html: str, out: str) -> None:
    """Write the page for its reader alone: it quotes what is private to two people."""
    if out == "-":
        click.echo(html)
        return
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(html)
    except OSError as error:
        raise BadInput(f"the page cannot be written to {out}: {error.strerror}") from error
    say(f"Written for you alone: {Path(out).absolute()}")


def _locator(company: Company) -> Callable[[str], str]:
    roots = {SHARED: company.settings.workspace_dir, PRIVATE: company.settings.private_dir}

    def locate(ref: str) -> str:
        place, _, rest = ref.partition("/")
        return (roots[place] / rest).absolute().as_uri() if place in roots and rest else ""

    return locate


def _say(sheet: Sheet, desk: Desk) -> None:
    say(f"Review of {desk.directory.name(sheet.draft.person_id)}, by {desk.directory.name(sheet.draft.writer_id)}")
    numbers = {line.id: [source.number for source in sheet.sources if line.id in source.lines] for line in sheet.lines}
    for chapter in chapters(sheet, desk):
        say(f"\n{chapter.title.upper()}")
        for block in chapter.blocks:
            if block.heading:
                say(f"\n  {block.heading}")
            for line in block.lines:
                _say_line(line, numbers[line.id])
        for gap in chapter.gaps:
            say(f"\n  {gap.heading or chapter.title}: {gap.reason}")
    say("\nSOURCES")
    for source in sheet.sources:
        say(f"  {source.number}. {source.where}")
    say(f"\nMonths: {', '.join(f'{one.name}: {one.quoted} of {one.noted}' for one in sheet.cover.months)} quoted.")
    for remark in sheet.cover.remarks:
        say(f"  {remark}")
    for one in sheet.cover.criteria:
        say(f"  {one.criterion.title}: {one.entries} entries{'' if one.enough else ', insufficient for a rating'}")
    for hint in sheet.whole:
        say(f"  {hint.rule}: {hint.words}. {hint.question}")
    for title, entries in (("Not used", sheet.unused), ("Never quoted", sheet.withheld), ("Only for you", sheet.for_you)):
        say(f"\n{title}: {len(entries)}")
        for found in entries:
            say(f"  [{found.entry.id}] {found.where}: {found.entry.text}")
    for point in sheet.unraised:
        say(f"\nNoted, never raised: [{point.entry.id}] {point.entry.text}")


def _say_line(line: Line, numbers: list[int]) -> None:
    marks = f" [{', '.join(map(str, numbers))}]" if numbers else ""
    say(f"    {'You wrote: ' if line.mine else 'Taken out: ' if line.dropped else ''}{line.text}{marks}")
    if line.stale:
        say(f"      ! stale: {line.stale}")
    if line.judged and line.judged.standing is Standing.NEW:
        say(f"      ! new to them [{line.subject}]: `throughline mark` it before the release")
    if line.no_example:
        say(f"      ! no example [{line.subject}]")
    for hint in line.hints:
        say(f"      ? {hint.rule} “{hint.words}”: {hint.question} [{hint.key}]")
