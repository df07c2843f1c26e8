"""`throughline connect`, `doctor` and `confirm-access`: another place to work, and whether it is set up as it must be."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from addon import company as companies
from addon.company import WORKSPACE_SETTING, Company
from addon.connections.google_commands import google
from addon.connections.rules import DATABASES, confirmable, kind_called
from addon.terminal import BadInput, ends, give_json, json_option, say, teaching
from connectors.workspace import WorkspaceError
from sync.store.queries import connections, glances, people, reviews

_ID = re.compile(r"([0-9a-f]{32})$")
PLANS = ("free", "plus", "business", "enterprise", "off")


@click.group()
def connect() -> None:
    """Connect the workspace in which the company works."""


@connect.command()
@click.option(
    "--token-file", metavar="FILE", required=True, type=click.Path(path_type=Path), help="A file with nothing but the token."
)
@click.option("--parent", metavar="URL", required=True, help="The page below which everything is made: its link in Notion.")
@click.option(
    "--plan",
    type=click.Choice(PLANS),
    default="business",
    show_default=True,
    help="The workspace's plan, which Notion does not tell: it sets how many calls are made a minute (free and plus 180, "
    "business and enterprise 600; off only for an emulator without limits).",
)
@click.option(
    "--comments",
    is_flag=True,
    help="Also read the comments on documents, as evidence: one more call for each document that changed. Comments in the "
    "margin of a line are not read.",
)
@click.option("--api", metavar="URL", default="", help="Another address than Notion's own: an emulator, for a rehearsal.")
@json_option
@click.pass_context
@teaching(WorkspaceError)
def notion(context: click.Context, token_file: Path, parent: str, plan: str, comments: bool, api: str, as_json: bool) -> None:
    """Work in Notion from now on: check token and page, and make the empty databases.

    Make an internal connection in Notion (Settings → Connections → Develop or manage connections), let it read, update
    and insert content and read users with e-mail addresses (and comments, for --comments), and add it to an empty page
    (••• → Connections). The token is kept encrypted; the file may be deleted afterwards. Documents that stand in the folder
    stay there.
    """
    company = companies.of(context)
    stated = context.get_parameter_source("plan") is not ParameterSource.DEFAULT
    settings = {"parent": page_id(parent), "plan": plan, "plan_stated": stated, "comments": comments}
    settings |= {"api": api.rstrip("/")} if api else {}
    made = connect_notion(company, read_token(token_file), settings)
    if as_json:
        give_json({"workspace": "notion", "parent": settings["parent"], "plan": plan, "databases": made})
        return
    say(f"Connected. {len(made)} databases stand below the page: {', '.join(made)}.")
    say("Next: throughline doctor, which says what access rule to set on each of them.")


connect.add_command(google)


@click.command()
@click.option("--live", is_flag=True, help="Google: also make a sheet and a document, try everything on them, and bin them.")
@json_option
@click.pass_context
@teaching(WorkspaceError)
def doctor(context: click.Context, live: bool, as_json: bool) -> None:
    """Check the workspace: what the connection may do, and what HR still has to set, each with what to do.

    Notion: token, plan, parent page, capabilities, clock, access rules. Google: sign-in, scopes, membership, settings of the
    drive, clock, quota head-room.
    """
    from addon.connections.checkup import checks

    company = companies.of(context)
    if live and company.workspace_name != "google":
        raise BadInput("--live is for Google: connect it first with `throughline connect google`")
    found = list(checks(company, live))
    if as_json:
        rows = [{"what": one.what, "ok": one.ok, "says": one.says} for one in found]
        give_json({"workspace": company.workspace_name, "checks": rows})
    else:
        for one in found:
            say(f"{'ok   ' if one.ok else 'to do' if one.ok is None else 'WRONG'}  {one.what}: {one.says}")
    ends(sum(one.ok is False for one in found))


@click.command("confirm-access")
@click.argument("database")
@click.option("--by", metavar="NAME", help="Who has checked it. Default: the name of this account.")
@json_option
@click.pass_context
def confirm_access(context: click.Context, database: str, by: str | None, as_json: bool) -> None:
    """Record that the access rule of DATABASE is set, so that its documents are made.

    DATABASE is a kind such as manager-notes, or the database's first name such as "Manager notes". Without this, reviews,
    feedback and manager notes are not made in Notion: its API does not tell who can open them.
    """
    company = companies.of(context)
    kind = kind_called(database)
    if not kind:
        raise BadInput(f"{database!r} needs no confirmation; these do: {', '.join(confirmable())}")
    who = by or getpass.getuser()
    with company.store.write() as tx:
        connections.confirm(tx, "notion", connections.Confirmation(kind, who, company.now))
        reviews.note(tx, company.now, who, "confirm-access", kind)
    if as_json:
        give_json({"kind": kind, "by": who, "at": company.now.isoformat(timespec="seconds")})
    else:
        say(f"Noted: {who} has checked the access rule of {kind}. The next plan makes what was held back.")


# ---------------------------------------------------------------- what the commands share


def connect_notion(
    company: Company, token: str, settings: dict[str, Any], databases: Iterable[str] = DATABASES, by: str = "command line"
) -> list[str]:
    """Keep the connection and make its databases; the names of these. Raises WorkspaceError and BadInput.

    A connection that does not work is not kept. Connecting the same page again keeps what is remembered of it.
    """
    from addon.connections.opening import open_notion
    from addon.connections.sealing import sealed
    from connectors.notion.client import Refused
    from connectors.notion.layout import title_of

    with company.store.read() as tx:
        former = connections.get(tx, "notion")
    layout = former.layout if former and former.settings["parent"] == settings["parent"] else ""
    one = connections.Connected("notion", sealed(company.settings, token), settings, layout, company.now)
    with company.store.write() as tx:
        connections.save(tx, one)
        if not layout:
            glances.forget(tx)
    workspace = open_notion(company)
    try:
        bot = str(workspace.api.get("users/me")["id"])
        workspace.api.get(f"pages/{settings['parent']}")
        if settings.get("comments"):
            workspace.api.get("comments", {"block_id": settings["parent"]})
        workspace.prepare(databases)
    except (Refused, WorkspaceError) as problem:
        _take_back(company, former)
        if isinstance(problem, Refused) and problem.is_missing:
            raise BadInput(
                "the page is not there, or not shared with the connection: open it in Notion, add the connection (••• → "
                "Connections), then run this again"
            ) from problem
        raise BadInput(str(problem)) from problem
    finally:
        workspace.close()
    with company.store.write() as tx:
        connections.save_settings(tx, "notion", settings | {"bot": bot})
        people.set_setting(tx, WORKSPACE_SETTING, "notion")
        reviews.note(tx, company.now, by, "connect", "notion", str(settings["parent"]))
    return [title_of(key) for key in databases]


def _take_back(company: Company, former: connections.Connected | None) -> None:
    with company.store.write() as tx:
        connections.forget(tx, "notion")
        if former:
            connections.save(tx, former)


def read_token(path: Path) -> str:
    """The token in a file. Raises BadInput without ever repeating what stands there."""
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"the token file {path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}"
        ) from error
    if not token or len(token.split()) != 1:
        raise BadInput(f"the token file {path} must hold the token and nothing else")
    return token


def page_id(link: str) -> str:
    """The page's id in a link to it, or in the id itself. Raises BadInput."""
    last = link.strip().split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    found = _ID.search(last.replace("-", "").lower())
    if found is None:
        raise BadInput(f"{link!r} is no link to a page: copy it in Notion with ••• → Copy link")
    digits = found[1]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
