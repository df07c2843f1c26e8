"""`throughline init`: a home folder, a database, the organisation and its first admin. `throughline key`: a fresh key."""

from __future__ import annotations

import json
from pathlib import Path

import click

from addon import company as companies
from addon.disk import make_home, why_not_written
from addon.keys import new_key
from addon.settings import FILE, PREFIX, Settings, SettingsError, environment, load
from addon.terminal import BadInput, give_json, json_option, say
from sync.records import Person
from sync.store.queries import people, reviews

ADMIN_SETTING = "first_admin"
ORGANISATION_SETTING = "organisation"

STARTING_SETTINGS = """\
# Settings of this installation. Every line is optional; the values shown are what holds without it.
# A variable THROUGHLINE_<NAME> wins over this file. Folders may be relative to this one.

# workspace_dir = "workspace"   # company, working and reviews folders: the one you share
# private_dir = "private"       # managers' private folders: never inside the one above
# lead_days = 7                 # how many days ahead a check-in is provisioned
# database_url = "postgresql://name:password@host/throughline"   # else a file beside this one
# base_url = "https://throughline.example.com"                   # where people open the console
# smtp_url = "smtp://name:password@mail.example.com:587"         # the mail server that sends reminders
# mail_from = "Throughline <reminders@example.com>"              # as whom
# retention_months = 24         # how long after their last day leavers are erased; never without it
"""


@click.command()
@click.option("--organisation", prompt="Organisation", help="The company's name.")
@click.option("--admin-name", prompt="First admin, full name", help="Who administers this installation.")
@click.option("--admin-email", prompt="First admin, e-mail", help="Their e-mail address.")
@click.option("--workspace-dir", metavar="DIR", help="The folder to share: company, working and reviews. Default: workspace.")
@click.option("--private-dir", metavar="DIR", help="The second root: managers' private folders. Default: private.")
@json_option
@click.pass_context
def init(
    context: click.Context,
    organisation: str,
    admin_name: str,
    admin_email: str,
    workspace_dir: str | None,
    private_dir: str | None,
    as_json: bool,
) -> None:
    """Set up a home folder: database, settings, the organisation and its first admin.

    Asks for what is not given as an option. An existing company is never overwritten.
    """
    # Imported here: the settings' names are used by pages that need no reader of people.
    from connectors.people.csv_cells import is_email

    company = companies.of(context)
    settings = company.settings
    if chosen := {name: str(Path(path).absolute()) for name, path in _given(workspace_dir, private_dir).items()}:
        if reasons := [reason for folder in chosen.values() if (reason := why_not_written(Path(folder)))]:
            raise BadInput(f"{'; '.join(reasons)}: make it and give it to this user, or choose another folder")
        settings = _with_folders(settings, chosen)
    email = admin_email.strip().lower()
    if not is_email(email):
        raise BadInput(f"{admin_email!r} is not an e-mail address: expected one such as ada@example.org")
    if not organisation.strip() or not admin_name.strip():
        raise BadInput("the organisation and the admin need a name")
    admin = Person(companies.new_id(), admin_name.strip(), email, access="admin", takes_part=False)
    found(settings, organisation.strip(), admin, company.operator)
    if as_json:
        give_json({"home": str(settings.home), "organisation": organisation.strip(), "admin": admin.email})
        return
    say(f"{organisation.strip()} lives in {settings.home} (database and {FILE}).")
    say(f"Documents go to {settings.workspace_dir}, managers' private ones to {settings.private_dir}.")
    say("Next: throughline people import PEOPLE.csv")


def _given(workspace_dir: str | None, private_dir: str | None) -> dict[str, str]:
    return {name: path for name, path in (("workspace_dir", workspace_dir), ("private_dir", private_dir)) if path}


def _with_folders(settings: Settings, chosen: dict[str, str]) -> Settings:
    """Write the chosen folders into a new settings file and read it back. Raises BadInput when they lie in one another."""
    path = settings.home / FILE
    if path.exists():
        raise BadInput(f"{path} exists already: change {' and '.join(chosen)} there")
    configured = {f"{PREFIX}{name.upper()}": folder for name, folder in chosen.items()}
    try:
        load(settings.home, {**environment(), **configured})
    except SettingsError as error:
        raise BadInput(str(error)) from error
    make_home(settings)
    path.touch(mode=0o600)
    lines = "".join(f"{name} = {json.dumps(folder, ensure_ascii=False)}\n" for name, folder in chosen.items())
    path.write_text(f"{STARTING_SETTINGS}\n{lines}", "utf-8")
    return load(settings.home, environment())


def found(settings: Settings, organisation: str, admin: Person, operator: str = "") -> None:
    """Write the database, the settings file and the first admin; *operator* is who types, for the audit trail.

    Raises BadInput when a company is there already.
    """
    store = companies.open_store(settings)
    store.operator = operator
    with store.write() as tx:
        if existing := people.setting(tx, ORGANISATION_SETTING):
            raise BadInput(f"{existing} already lives in {settings.home}: give another --home to start a second company")
        people.set_setting(tx, ORGANISATION_SETTING, organisation)
        people.set_setting(tx, ADMIN_SETTING, admin.id)
        people.save(tx, [admin])
        reviews.note(tx, companies.Company(settings).now, admin.id, "init", organisation)
    store.close()
    _offer_settings(settings.home / FILE)


def _offer_settings(path: Path) -> None:
    """A file to fill in, unless there is one; where none can be written, the settings come from elsewhere anyway."""
    if path.exists() or why_not_written(path.parent):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(STARTING_SETTINGS, "utf-8")


@click.command()
@json_option
def key(as_json: bool) -> None:
    """Print a fresh key for THROUGHLINE_KEY. Nothing is stored: keep it where the machine keeps its secrets."""
    if as_json:
        give_json({"key": new_key()})
    else:
        say(new_key())
