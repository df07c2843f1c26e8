"""What `throughline doctor` looks at: whether the connection may do what it must, and what HR still has to set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from addon.company import Company
from addon.connections.opening import connected
from addon.connections.rules import DATABASES, confirmable, rule_for
from connectors.notion.client import VERSION, Api, Refused
from connectors.notion.layout import kind_of, title_of
from connectors.notion.workspace import NAME, NotionWorkspace
from connectors.workspace import Trouble, WorkspaceError
from sync.store.queries import connections

FREE_UPLOAD = 5 * 1024 * 1024
"""Bytes of one upload on the Free plan; every other plan allows more (Notion help centre, 2026)."""
MOST_APART = 60.0
"""Seconds between our clock and Notion's that the overlap of two looks bears easily."""
WITH_RULES = ("business", "enterprise")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. *ok* is None for what only a person can tell."""

    what: str
    ok: bool | None
    says: str
    trouble: str = ""
    """What of it stands in the way of the whole connection; see `connectors.workspace.Trouble`."""


def folder_checks(company: Company) -> Iterator[Check]:
    """The two roots of the folder of Office files."""
    for what, root in (("shared folder", company.settings.workspace_dir), ("private folder", company.settings.private_dir)):
        there = root.is_dir()
        told = f"{root} is not there: the first apply makes it; if it was there before, connect the disk or share that holds it"
        yield Check(what, True if there else None, str(root) if there else told)


def notion_checks(company: Company, workspace: NotionWorkspace) -> Iterator[Check]:
    """The connection to Notion, one thing after the other; what the first failure makes pointless is left out."""
    api, settings = workspace.api, connected(company).settings
    try:
        me = api.get("users/me")
    except (Refused, WorkspaceError) as problem:
        yield Check("token", False, str(problem), problem.trouble or "")
        return
    bot = me.get("bot") or {}
    yield Check("token", True, f"{me.get('name') or 'the connection'} in {bot.get('workspace_name') or 'the workspace'}")
    yield Check("version", True, f"Notion answers to version {VERSION}")
    yield _plan(str(settings["plan"]), bool(settings.get("plan_stated")), bot)
    yield _parent(api, str(settings["parent"]))
    yield from _capabilities(api, workspace, str(settings["parent"]))
    yield _comments(api, str(settings["parent"]), bool(settings.get("comments")))
    yield _clock(api)
    yield from _rules(company)


def _plan(plan: str, stated: bool, bot: dict[str, object]) -> Check:
    """What Notion tells of the plan is how large an upload may be: that sets Free apart, and nothing else."""
    if plan == "off":
        return Check("plan", None, "off: calls are not limited, which only an emulator allows")
    limits = bot.get("workspace_limits")
    upload = limits.get("max_file_upload_size_in_bytes") if isinstance(limits, dict) else None
    again = "connect again with --plan"
    if plan != "free" and upload == FREE_UPLOAD:
        return Check("plan", False, f"{plan} was stated, but Notion says that this workspace is on Free: {again} free")
    if plan == "free" and upload not in (None, FREE_UPLOAD):
        return Check(
            "plan", False, f"free was stated, but Notion says that this workspace is paid for: {again} plus or business"
        )
    if not stated:
        told = "Notion tells Free from paid plans, but not Plus from Business: look in Notion under Settings → Billing, then"
        return Check("plan", None, f"{plan} is assumed, because nobody stated it. {told} {again} plus, business or enterprise")
    if plan not in WITH_RULES:
        return Check("plan", None, f"{plan}: page-level access rules need Business or Enterprise; without them confirm nothing")
    return Check("plan", True, f"{plan}, as stated when it was connected (Notion itself does not tell Plus from Business)")


def _parent(api: Api, parent: str) -> Check:
    try:
        page = api.get(f"pages/{parent}")
    except Refused as refusal:
        told = "share it with the connection (••• → Connections)" if refusal.is_missing else str(refusal)
        return Check("parent page", False, f"it cannot be read: {told}", Trouble.PLACE if refusal.is_missing else "")
    if page.get("in_trash"):
        return Check("parent page", False, "it is in the trash: restore it", Trouble.PLACE)
    return Check("parent page", True, str(page.get("url") or page["id"]))


def _capabilities(api: Api, workspace: NotionWorkspace, parent: str) -> Iterator[Check]:
    """Probes that change nothing: a page is told that it is not in the trash, and given no children."""
    probes: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
        ("read content", f"blocks/{parent}/children", None),
        ("update content", f"pages/{parent}", {"in_trash": False}),
        ("insert content", f"blocks/{parent}/children", {"children": []}),
    )
    for what, path, body in probes:
        yield _allowed(api, f"capability: {what}", path, body)
    try:
        workspace.members.ids(["nobody@throughline.invalid"])
    except WorkspaceError as problem:
        yield Check("capability: e-mail addresses", False, str(problem), problem.trouble or "")
    else:
        yield Check("capability: e-mail addresses", True, "members are known by their addresses")


def _allowed(api: Api, what: str, path: str, body: dict[str, Any] | None) -> Check:
    try:
        if body is None:
            api.get(path, {"page_size": 1})
        else:
            api.change(path, body)
    except Refused as refusal:
        if refusal.status == 403 or refusal.is_missing:
            told = f"{refusal} Turn it on in Notion's settings of the connection."
            return Check(what, False, told, refusal.trouble or "")
    return Check(what, True, "granted")


def _comments(api: Api, parent: str, wanted: bool) -> Check:
    if not wanted:
        told = "comments in Notion are not read: what belongs into a review stands in the page itself. Connect again with"
        return Check("comments", True, f"{told} --comments to read those on documents, at one more call for each that changed")
    may = _allowed(api, "comments", f"comments?block_id={parent}", None)
    told = "those on documents are read; those in the margin of a line and on goals are not"
    return Check("comments", True, told) if may.ok else may


def _clock(api: Api) -> Check:
    try:
        theirs = parsedate_to_datetime(api.server_date)
    except ValueError:
        return Check("clock", None, "Notion did not say what time it is")
    apart = abs((api.clock.now() - theirs).total_seconds())
    if apart > MOST_APART:
        return Check("clock", False, f"this machine and Notion are {apart:.0f} s apart: set the clock, or changes are missed")
    return Check("clock", True, f"{apart:.0f} s apart")


def _rules(company: Company) -> Iterator[Check]:
    with company.store.read() as tx:
        confirmed = {one.kind: one for one in connections.confirmations(tx, NAME)}
    for database in DATABASES:
        kind, title = kind_of(database), title_of(database)
        said = confirmed.get(kind)
        if said:
            yield Check(f"access: {title}", True, f"confirmed by {said.by} on {said.at:%Y-%m-%d}. {rule_for(database)}")
        elif kind in confirmable():
            then = f"Then: throughline confirm-access {kind}. Until then nothing of this kind is made."
            yield Check(f"access: {title}", None, f"{rule_for(database)} {then}")
        else:
            yield Check(f"access: {title}", None, rule_for(database))
