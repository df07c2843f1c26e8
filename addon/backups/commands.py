"""`throughline backup` and `throughline restore`: the whole database as one file, and back."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import click

from addon import company as companies
from addon.company import Company, has_ended
from addon.terminal import BadInput, give_json, json_option, say
from sync.store import Store
from sync.store.archive import ArchiveError, save
from sync.store.archive import restore as put_back
from sync.store.queries import jobs, people, reviews

SILENCE = timedelta(seconds=60)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@click.pass_context
def backup(context: click.Context, file: Path, as_json: bool) -> None:
    """Save the whole database as one FILE, while everything goes on.

    It can be restored into an SQLite file or a PostgreSQL server, wherever it came from. It holds what people wrote, so
    keep it as safe as the database. The installation's key and the documents themselves are not in it: keep both apart.
    """
    company = companies.of(context)
    if file.exists():
        raise BadInput(f"{file} exists already: give a backup a name of its own")
    waiting = file.with_name(f".{file.name}.part")
    try:
        with open(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as into:
            contents = save(company.store, into, company.real_now)
            into.flush()
            os.fsync(into.fileno())
        waiting.replace(file)
    except OSError as error:
        raise BadInput(f"the backup cannot be written to {file}: {error.strerror}") from error
    finally:
        waiting.unlink(missing_ok=True)
    with company.store.write() as tx:
        reviews.note(tx, company.now, "command line", "backup", contents.revision, f"{contents.total} rows")
    if as_json:
        give_json({"file": str(file), "rows": contents.total, "revision": contents.revision, "made_at": contents.made_at})
    else:
        say(f"{file}: {contents.total} rows. The key ({company.settings.home / 'key'}) and the documents are kept apart.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@json_option
@click.pass_context
def restore(context: click.Context, file: Path, replace: bool, as_json: bool) -> None:
    """Put a backup back, all of it or nothing.

    Every line is checked against its hash before anything is changed. A database that holds a company is left alone,
    unless --replace: then who was erased since the backup stays erased. Every session and sign-in link ends. Stop
    `throughline serve` and every worker first; afterwards `throughline sync` reads what people wrote since the backup.
    """
    company = companies.of(context)
    store = companies.open_store(company.settings)
    store.operator = company.operator
    try:
        _nobody_works(company, store)
        with file.open("rb") as archive:
            done = put_back(store, archive, company.real_now, replace=replace)
        contents = done.contents
        with store.write() as tx:
            reviews.note(tx, company.now, "command line", "restore", contents.revision, contents.made_at)
        with store.read() as tx:
            name = people.setting(tx, "organisation")
    except ArchiveError as error:
        raise BadInput(f"{file}: {error}") from error
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    finally:
        store.close()
    if as_json:
        told = {"sessions_ended": done.sessions_ended, "erased_again": done.erased_again}
        give_json({"organisation": name, "rows": contents.total, "made_at": contents.made_at, **told})
    else:
        say(f"{name} is back as of {contents.made_at[:16].replace('T', ' ')} UTC: {contents.total} rows.")
        if done.erased_again:
            say(f"Erased again, as they had been since the backup: {done.erased_again}.")
        say("Every session and sign-in link has ended: everybody signs in anew, and unused links must be made again.")
        say("Next: throughline sync")


def _nobody_works(company: Company, store: Store) -> None:
    """Raises BadInput while a worker would write into what is being replaced."""
    with store.read() as tx:
        working = [one for one in jobs.slots(tx) if not has_ended(one.process) and not one.silent(company.real_now, SILENCE)]
    if working:
        raise BadInput(f"a worker is running, as {working[0].process}: stop it, and `throughline serve`, before a restore")
