"""`throughline init`: a home folder, a database, the organisation and its first admin."""

from __future__ import annotations

import click

from addon import company as companies
from addon.settings import FILE, Settings
from addon.terminal import BadInput, give_json, json_option, say
from connectors.people.csv_cells import is_email
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
"""


@click.command()
@click.option("--organisation", prompt="Organisation", help="The company's name.")
@click.option("--admin-name", prompt="First admin, full name", help="Who administers this installation.")
@click.option("--admin-email", prompt="First admin, e-mail", help="Their e-mail address.")
@json_option
@click.pass_context
def init(context: click.Context, organisation: str, admin_name: str, admin_email: str, as_json: bool) -> None:
    """Set up a home folder: database, settings, the organisation and its first admin.

    Asks for what is not given as an option. An existing company is never overwritten.
    """
    settings = companies.of(context).settings
    email = admin_email.strip().lower()
    if not is_email(email):
        raise BadInput(f"{admin_email!r} is not an e-mail address: expected one such as ada@example.org")
    if not organisation.strip() or not admin_name.strip():
        raise BadInput("the organisation and the admin need a name")
    admin = Person(companies.new_id(), admin_name.strip(), email, access="admin", takes_part=False)
    found(settings, organisation.strip(), admin)
    if as_json:
        give_json({"home": str(settings.home), "organisation": organisation.strip(), "admin": admin.email})
        return
    say(f"{organisation.strip()} lives in {settings.home} (database and {FILE}).")
    say(f"Documents go to {settings.workspace_dir}, managers' private ones to {settings.private_dir}.")
    say("Next: throughline people import PEOPLE.csv")


def found(settings: Settings, organisation: str, admin: Person) -> None:
    """Write the database, the settings file and the first admin. Raises BadInput when a company is there already."""
    store = companies.open_store(settings)
    with store.write() as tx:
        if existing := people.setting(tx, ORGANISATION_SETTING):
            raise BadInput(f"{existing} already lives in {settings.home}: give another --home to start a second company")
        people.set_setting(tx, ORGANISATION_SETTING, organisation)
        people.set_setting(tx, ADMIN_SETTING, admin.id)
        people.save(tx, [admin])
        reviews.note(tx, companies.Company(settings).now, admin.id, "init", organisation)
    store.close()
    path = settings.home / FILE
    if not path.exists():
        path.write_text(STARTING_SETTINGS, "utf-8")
