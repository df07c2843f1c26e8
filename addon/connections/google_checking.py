"""What `throughline doctor` looks at in Google Workspace."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from addon.company import Company
from addon.connections.checking import MOST_APART, Check
from addon.connections.google_opening import connected
from connectors.google.client import Api, Refused
from connectors.google.quotas import QUOTAS
from connectors.google.workspace import GoogleWorkspace
from connectors.workspace import WorkspaceError
from sync.store.limiter import StoreLimiter

NOBODYS = "1throughlineDoctorAsksForNothing"
"""An id under which nothing stands: an API that answers 404 to it may be used."""
ENABLE = "enable it in the Google Cloud console (APIs and services → Library)"
UNITS_A_PERSON = 15 * 50
"""Drive's units for one person at the start of a cycle: some five folders, three grants, five files."""


def google_checks(company: Company, live: bool = False) -> Iterator[Check]:
    """One thing after the other; what the first failure makes pointless is left out."""
    workspace = company.workspace
    assert isinstance(workspace, GoogleWorkspace)
    try:
        about = workspace.api.get(workspace.api.drive.about().get(fields="user(emailAddress,displayName)"))
    except (Refused, WorkspaceError) as problem:
        yield Check("sign-in", False, _what_to_do("Drive", problem), getattr(problem, "trouble", None) or "")
        return
    yield Check("sign-in", True, str(about["user"].get("emailAddress") or about["user"].get("displayName")))
    yield from _scopes(workspace.api)
    yield from _drive(workspace) if workspace.root.is_drive else _folder(workspace)
    yield _domain(company)
    yield _clock(workspace.api)
    yield from _quotas(company, workspace)
    yield from _directory(company)
    if live:
        from addon.connections.google_live import live_checks

        yield from live_checks(workspace)


# ---------------------------------------------------------------- what the account may do


def _scopes(api: Api) -> Iterator[Check]:
    probes = {
        "Docs": api.docs.documents().get(documentId=NOBODYS, fields="documentId"),
        "Drive": api.drive.files().get(fileId=NOBODYS, fields="id", supportsAllDrives=True),
    }
    for name, request in probes.items():
        yield _probed(name, lambda request=request: api.get(request))
    yield _probed("Sheets", lambda: api.read_cells(NOBODYS, ["A1"]))


def _probed(name: str, ask: Any) -> Check:
    try:
        ask()
    except Refused as refusal:
        if not refusal.is_missing:
            return Check(f"{name} API", False, _what_to_do(name, refusal))
    except WorkspaceError as problem:
        return Check(f"{name} API", False, str(problem), problem.trouble or "")
    return Check(f"{name} API", True, "enabled, and the scopes reach")


def _what_to_do(name: str, problem: Exception) -> str:
    reason = getattr(problem, "reason", "")
    if reason in ("accessNotConfigured", "SERVICE_DISABLED"):
        return f"the {name} API is not enabled in this project: {ENABLE}"
    if "scope" in str(problem).lower():
        return f"{problem} Let the account consent to the scopes drive, documents and spreadsheets"
    return str(problem)


# ---------------------------------------------------------------- the drive


def _drive(workspace: GoogleWorkspace) -> Iterator[Check]:
    api = workspace.api
    try:
        drive = api.get(api.drive.drives().get(driveId=workspace.root.id, fields="name,restrictions,capabilities"))
    except Refused as refusal:
        who = workspace.sharing.me or "the account"
        told = f"it cannot be seen: add {who} to it as a manager" if refusal.is_missing else str(refusal)
        yield Check("shared drive", False, told)
        return
    can, rules = drive.get("capabilities") or {}, drive.get("restrictions") or {}
    yield Check("shared drive", True, str(drive.get("name")))
    yield _membership(workspace, can)
    yield from _settings(rules, can)
    yield _members(workspace, "Members")


def _members(workspace: GoogleWorkspace, who: str) -> Check:
    members = workspace.sharing.members()
    others = sorted(f"{target} ({role})" for target, role in members.items() if target != workspace.sharing.me)
    return Check(
        "members",
        None,
        f"{', '.join(others) or 'nobody else'}. {who} may open every folder, managers' private ones included: let them be HR "
        "alone, and say so to managers",
    )


def _membership(workspace: GoogleWorkspace, can: dict[str, Any]) -> Check:
    missing = [
        words
        for name, words in (
            ("canAddChildren", "add files"),
            ("canEdit", "edit"),
            ("canShare", "share"),
            ("canTrashChildren", "move files to the bin"),
        )
        if not can.get(name, True)
    ]
    if missing:
        who = workspace.sharing.me or "The account"
        return Check("membership", False, f"{who} may not {', '.join(missing)}: make it a manager of the shared drive")
    return Check("membership", True, "it may add, edit, share and bin files")


def _settings(rules: dict[str, Any], can: dict[str, Any]) -> Iterator[Check]:
    where = "in Drive: the drive's name → Shared drive settings"
    if rules.get("driveMembersOnly"):
        yield Check(
            "who may be given access",
            False,
            f"only members: nobody could be given a folder. Allow people who aren’t members {where}",
        )
    elif not rules.get("domainUsersOnly"):
        yield Check(
            "who may be given access", None, f"people outside of the organisation, too. Unless you need that, forbid it {where}"
        )
    else:
        yield Check("who may be given access", True, "people of the organisation")
    if rules.get("sharingFoldersRequiresOrganizerPermission") and not can.get("canManageMembers"):
        yield Check(
            "who may share folders", False, f"managers only, and the account is none: make it a manager, or change it {where}"
        )
    else:
        yield Check("who may share folders", True, "this account may")
    if rules.get("copyRequiresWriterPermission"):
        yield Check("who may download", True, "editors only; a released review can be read and commented on, not downloaded")
    else:
        yield Check(
            "who may download", None, f"readers, too: a released review can be downloaded and copied. To forbid it: {where}"
        )


def _folder(workspace: GoogleWorkspace) -> Iterator[Check]:
    file = workspace.files.look(workspace.root.id)
    if file is None or file.trashed or not file.can_edit:
        yield Check("folder", False, "it is gone, in the bin, or may not be edited: bring it back, or connect another one")
        return
    yield Check("folder", True, file.name)
    yield Check(
        "owner",
        None,
        f"everything belongs to {file.owner or 'the person who signed in'}: with that account it is deleted, too. "
        "A shared drive belongs to the organisation",
    )
    yield Check("who may share", True, "only the owner: editors cannot pass folders and documents on")
    yield _members(workspace, "Who has access to this folder")


def _domain(company: Company) -> Check:
    domain = str(connected(company).settings.get("domain") or "")
    if not domain:
        return Check("domain", False, "not known, so nothing can be shown to everybody: connect again with --domain")
    return Check("domain", True, f"“everybody” means {domain}")


# ---------------------------------------------------------------- time and quotas


def _clock(api: Api) -> Check:
    try:
        theirs = parsedate_to_datetime(api.transport.server_date)
    except ValueError:
        return Check("clock", None, "Google did not say what time it is")
    apart = abs((api.clock.now() - theirs).total_seconds())
    if apart > MOST_APART:
        return Check("clock", False, f"this machine and Google are {apart:.0f} s apart: set the clock, or sign-in fails")
    return Check("clock", True, f"{apart:.0f} s apart")


def _quotas(company: Company, workspace: GoogleWorkspace) -> Iterator[Check]:
    if connected(company).settings.get("quota") == "off":
        yield Check("quotas", None, "off: only for an emulator")
        return
    limiter = StoreLimiter(company.store, lambda key: (), workspace.api.clock)
    count = sum(person.takes_part for person in company.people)
    for quota in QUOTAS:
        used = limiter.used(quota.key, 60.0)
        says = f"{used:,.0f} of {quota.per_user:,} a minute are in use"
        if quota.name == "drive":
            minutes = count * UNITS_A_PERSON / quota.per_user
            says += f"; to provision {count:,} people takes about {max(minutes, 0.1):.1f} minutes"
        yield Check(f"quota {quota.name}", used < quota.per_user, says)


def _directory(company: Company) -> Iterator[Check]:
    admin = str(connected(company).settings.get("directory_admin") or "")
    if not admin:
        yield Check("directory", None, "people come as a CSV; for `people import --from google` connect with --directory-admin")
        return
    from addon.people.from_google import everybody

    try:
        everybody(company, most=1)
    except (Refused, WorkspaceError) as problem:
        yield Check(
            "directory",
            False,
            f"{problem} Let the service account act for {admin}: Admin console → Security → API controls → Domain-wide "
            "delegation: the scope admin.directory.user.readonly",
        )
    else:
        yield Check("directory", True, f"read in the name of {admin}")
