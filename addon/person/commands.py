"""`throughline person`: everything about one person handed over or erased, their reminders and their calendar."""

from __future__ import annotations

import os
from pathlib import Path

import click

from addon import company as companies
from addon.company import Company
from addon.person import erasing as erasures
from addon.person.export import FORMS, gather
from addon.reminders.links import calendar_address
from addon.terminal import BadInput, ends, give_json, json_option, say
from connectors.workspace import Failed
from sync.records import Person
from sync.store.queries import erasing, letters, people, reviews


@click.group()
def person() -> None:
    """One person's own data, reminders and calendar."""


@person.command()
@click.argument("who", metavar="PERSON")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder. Default: here."
)
@json_option
@click.pass_context
def export(context: click.Context, who: str, folder: Path, as_json: bool) -> None:
    """Everything about PERSON as JSON and as a page to read.

    The words of what others gave anonymously are suppressed. What managers and authors keep private has a part of its own:
    read it before you hand it over.
    """
    company = companies.of(context)
    whom = company.person(who)
    found = gather(company, whom)
    with company.store.write() as tx:
        organisation = people.setting(tx, "organisation")
        reviews.note(tx, company.now, "command line", "export", whom.id)
    texts = {folder / f"throughline-{whom.id}.{form.ending}": form.write(found, organisation) for form in FORMS.values()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise BadInput(f"nothing can be written into {folder}: {error.strerror}") from error
    if as_json:
        give_json({"person": whom.id, "files": [str(path) for path in texts]})
    else:
        say("\n".join(str(path) for path in texts))


@person.command()
@click.argument("who", metavar="PERSON")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@click.option("--trash", is_flag=True, help="Also move their documents into the workspace's own bin.")
@json_option
@click.pass_context
def erase(context: click.Context, who: str, yes: bool, trash: bool, as_json: bool) -> None:
    """Erase PERSON, who left: every entry, snapshot, draft, goal, mail and name, beyond recall.

    What is left is an opaque id and the day. What others wrote about others stays. The database's files are rewritten, so
    that no deleted words lie in them. Backups and documents are yours: the documents that still stand are listed.
    """
    company = companies.of(context)
    whom = company.person(who)
    if reason := erasures.why_not(company, whom):
        raise BadInput(reason)
    if not yes and not click.confirm(f"Erase everything about {whom.name} <{whom.email}>? This cannot be taken back"):
        raise BadInput("nothing was erased")
    with company.store.read() as tx:
        refs, copies = [ref for _, _, ref in erasing.papers(tx, whom.id)], erasing.copies(tx, whom.id)
    failed = _to_the_bin(company, refs) if trash else []
    done = erasures.erase(company, [whom], erasures.ASKED, "command line")
    left = sorted(company.workspace.exists([*refs, *copies]))
    if as_json:
        give_json({"person": whom.id, "rows": {name: count for name, count in done.items() if count}, "documents_left": left})
    else:
        say(f"Erased: {sum(done.values())} rows. What is left is the id {whom.id} and the day.")
        for line in (*(f"not moved to the bin: {one.reason}" for one in failed), *(f"still stands: {ref}" for ref in left)):
            say(line)
        if left:
            say("These are yours to remove; --trash does so with all but copies. Until then a sync names them by their paths.")
        say("Backups made before today still hold this person: let them go when their time comes.")
    ends(len(failed))


def _to_the_bin(company: Company, refs: list[str]) -> list[Failed]:
    there = sorted(company.workspace.exists(refs))
    return [one for one in company.workspace.trash(there) if isinstance(one, Failed)]


@person.command()
@click.option("--dry-run", is_flag=True, help="Say who would be erased; erase nobody.")
@json_option
@click.pass_context
def retain(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Erase everybody who left longer ago than `retention_months`. A worker does this every night."""
    company = companies.of(context)
    if not company.settings.retention_months:
        raise BadInput("retention_months is not set: nobody is erased by time")
    those = erasures.overdue(company)
    if not dry_run and those:
        erasures.erase(company, those, erasures.KEPT_LONG_ENOUGH, "command line")
    if as_json:
        give_json({"people": [one.id for one in those], "erased": not dry_run})
        return
    for one in those:
        say(f"{one.name}, who left on {one.end}" if dry_run else one.id)
    say(f"{len(those)} {'would be' if dry_run else 'were'} erased.")


@person.command()
@click.argument("who", metavar="PERSON")
@click.argument("wanted", type=click.Choice(["on", "off"]))
@json_option
@click.pass_context
def reminders(context: click.Context, who: str, wanted: str, as_json: bool) -> None:
    """Whether PERSON gets reminders by mail: on or off. It lasts, whatever list of people comes later."""
    company = companies.of(context)
    whom = company.person(who)
    with company.store.write() as tx:
        letters.want(tx, whom.id, wanted == "on")
        reviews.note(tx, company.now, "command line", f"reminders {wanted}", whom.id)
    if as_json:
        give_json({"person": whom.id, "reminders": wanted == "on"})
    else:
        say(f"{whom.name} gets {'reminders' if wanted == 'on' else 'no reminders'} from now on.")


@person.command()
@click.argument("who", metavar="PERSON")
@click.option("--new", is_flag=True, help="A new secret: the addresses that PERSON had before end.")
@json_option
@click.pass_context
def calendar(context: click.Context, who: str, new: bool, as_json: bool) -> None:
    """The secret address of PERSON's calendar feed, to subscribe to in any calendar program."""
    company = companies.of(context)
    address = _address(company, company.person(who), new)
    if as_json:
        give_json({"address": address})
    else:
        say(address)


def _address(company: Company, whom: Person, new: bool) -> str:
    with company.store.write() as tx:
        generation = letters.renew(tx, whom.id) if new else letters.generation(tx, whom.id)
        if new:
            reviews.note(tx, company.now, "command line", "calendar renewed", whom.id)
    return calendar_address(company.settings, whom.id, generation)
