"""`throughline connect google`: work in a shared drive from now on."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from addon import company as companies
from addon.company import WORKSPACE_SETTING, Company
from addon.terminal import BadInput, give_json, json_option, say, teaching
from connectors.workspace import WorkspaceError
from sync.store.queries import connections, people, reviews

if TYPE_CHECKING:
    from connectors.google.workspace import GoogleWorkspace

NAME = "google"
SERVICE_ACCOUNTS = ".gserviceaccount.com"
_ID = re.compile(r"[A-Za-z0-9_-]{10,}")


@click.command()
@click.option(
    "--credentials-file",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="The JSON key of a service account, or what a person's consent gave: client_id, client_secret, refresh_token.",
)
@click.option("--drive", metavar="ID", required=True, help="The shared drive, or a folder in My Drive: its id or link.")
@click.option("--domain", metavar="DOMAIN", default="", help="The organisation's domain. Default: that of the drive's members.")
@click.option(
    "--directory-admin",
    metavar="EMAIL",
    default="",
    help="An administrator in whose name the service account reads the directory, for `people import --from google`.",
)
@click.option("--quota", type=click.Choice(["on", "off"]), default="on", show_default=True, help="Off only for an emulator.")
@click.option("--api", metavar="URL", default="", help="Another address than Google's own: an emulator, for a rehearsal.")
@json_option
@click.pass_context
@teaching(WorkspaceError)
def google(
    context: click.Context,
    credentials_file: Path,
    drive: str,
    domain: str,
    directory_admin: str,
    quota: str,
    api: str,
    as_json: bool,
) -> None:
    """Work in Google Workspace from now on: check the credentials and the drive.

    Make a shared drive, of which only HR are members. In the Google Cloud console make a project, enable the Drive, Docs
    and Sheets APIs in it, make a service account with a JSON key, and add its address to the drive as a manager. The
    key is kept encrypted; the file may be deleted afterwards. Documents that stand elsewhere stay there.

    Where there are no shared drives, a person of HR signs in instead, and --drive is a folder in their My Drive.
    """
    company = companies.of(context)
    settings = {"domain": domain.lower(), "directory_admin": directory_admin.lower(), "quota": quota, "api": api.rstrip("/")}
    kept = connect_google(company, read_file(credentials_file), root_id(drive), settings)
    if as_json:
        give_json({"workspace": NAME, **{name: kept[name] for name in ("root", "is_drive", "name", "me", "domain")}})
        return
    what = "shared drive" if kept["is_drive"] else "folder"
    say(f"Connected to the {what} “{kept['name']}” as {kept['me'] or 'the person who signed in'}.")
    if not kept["domain"]:
        say("The organisation's domain is not known; documents for everybody need it: connect again with --domain.")
    say("Next: throughline doctor")


def connect_google(
    company: Company, secret: str, root: str, settings: dict[str, Any], by: str = "command line"
) -> dict[str, Any]:
    """Keep the connection if it works; what was kept. Raises WorkspaceError and BadInput."""
    from addon.connections.google_opening import open_google
    from addon.connections.sealing import sealed
    from connectors.google.client import Refused
    from connectors.google.credentials import account_of, read_credentials

    me = account_of(read_credentials(secret))
    with company.store.read() as tx:
        former = connections.get(tx, NAME)
    layout = former.layout if former and former.settings["root"] == root else ""
    known: dict[str, Any] = {**settings, "root": root, "is_drive": True, "me": me}
    _keep(company, connections.Connected(NAME, sealed(company.settings, secret), known, layout, company.now))
    workspace = open_google(company)
    try:
        known |= _named(workspace, root)
        known["domain"] = known["domain"] or _domain(workspace)
        known["me"] = me or _account(workspace)
    except (Refused, WorkspaceError, BadInput) as problem:
        _take_back(company, former)
        if isinstance(problem, BadInput):
            raise
        raise BadInput(str(problem)) from problem
    finally:
        workspace.close()
    _keep(company, connections.Connected(NAME, sealed(company.settings, secret), known, layout, company.now))
    with company.store.write() as tx:
        people.set_setting(tx, WORKSPACE_SETTING, NAME)
        reviews.note(tx, company.now, by, "connect", NAME, root)
    return known


def _keep(company: Company, one: connections.Connected) -> None:
    with company.store.write() as tx:
        connections.save(tx, one)


def _take_back(company: Company, former: connections.Connected | None) -> None:
    with company.store.write() as tx:
        connections.forget(tx, NAME)
        if former:
            connections.save(tx, former)


def _named(workspace: GoogleWorkspace, root: str) -> dict[str, Any]:
    """What stands under that id: a shared drive, or a folder in My Drive. Raises BadInput."""
    from connectors.google.client import Refused
    from connectors.google.files import Root

    api = workspace.api
    try:
        found = api.get(api.drive.drives().get(driveId=root, fields="id,name"))
        return {"is_drive": True, "name": str(found["name"])}
    except Refused as refusal:
        if not refusal.is_missing:
            raise
    folder = workspace.files.look(root)
    who = workspace.sharing.me or "the account"
    if folder is None:
        raise BadInput(f"there is no drive or folder {root}, or it is not shared with {who}: add {who} to it as a manager")
    if not folder.is_folder or folder.drive:
        inside = "a folder inside a shared drive, whose members may read it all" if folder.drive else "no folder"
        raise BadInput(f"“{folder.name}” is {inside}: give the id of a shared drive, or of a folder in My Drive")
    if who.endswith(SERVICE_ACCOUNTS):
        raise BadInput(
            f"“{folder.name}” is a folder in somebody's My Drive, where the service account {who} cannot make files: it has no "
            "storage. Give a shared drive, or connect with what a person's consent gave (authorized_user)"
        )
    workspace.files.root = workspace.sharing.root = Root(root, is_drive=False)
    return {"is_drive": False, "name": folder.name}


def _domain(workspace: GoogleWorkspace) -> str:
    """The domain of most people who have access to the root."""
    addresses = [target for target in workspace.sharing.members() if "@" in target and " " not in target]
    domains = Counter(one.rpartition("@")[2] for one in addresses if not one.endswith(SERVICE_ACCOUNTS))
    return domains.most_common(1)[0][0] if domains else ""


def _account(workspace: GoogleWorkspace) -> str:
    api = workspace.api
    return str(api.get(api.drive.about().get(fields="user(emailAddress)"))["user"]["emailAddress"]).lower()


def read_file(path: Path) -> str:
    """What stands in the credentials file. Raises BadInput without ever repeating it."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise BadInput(f"the credentials file {path} cannot be read: {why}") from error


def root_id(link: str) -> str:
    """The id in a link to a drive or folder, or the id itself. Raises BadInput."""
    last = link.strip().split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    if not _ID.fullmatch(last):
        raise BadInput(f"{link!r} is no link to a drive or folder: open it in Google Drive and copy the address")
    return last
