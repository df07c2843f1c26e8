"""Google's quotas as data: what each kind of call costs, and how many units a minute there are.

Drive (units since May 2026): https://developers.google.com/workspace/drive/api/guides/limits; Sheets and Docs: the limits
pages of each; Directory: https://developers.google.com/workspace/admin/directory/v1/limits. A service account is one user.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.limiter import Rule, Window, for_keys

MINUTE = 60.0
MARGIN = 0.5
"""Seconds by which our window is longer than Google's: a call takes a little more or less time to arrive."""


@dataclass(frozen=True)
class Quota:
    """What one identity and one Cloud project may use in a minute of one kind of call."""

    name: str
    per_user: int
    per_project: int

    @property
    def key(self) -> str:
        """The limiter's key."""
        return f"google/{self.name}"

    @property
    def windows(self) -> tuple[Window, ...]:
        """Both limits as windows; processes that share the key share one identity."""
        return Window(self.per_user, MINUTE + MARGIN), Window(self.per_project, MINUTE + MARGIN)


DRIVE = Quota("drive", 325_000, 1_000_000)
SHEETS_READ = Quota("sheets/read", 60, 300)
SHEETS_WRITE = Quota("sheets/write", 60, 300)
DOCS_READ = Quota("docs/read", 300, 3_000)
DOCS_WRITE = Quota("docs/write", 60, 600)
DIRECTORY = Quota("directory", 2_400, 2_400)
QUOTAS = (DRIVE, SHEETS_READ, SHEETS_WRITE, DOCS_READ, DOCS_WRITE, DIRECTORY)

GET, EDIT, LIST, DOWNLOAD = 5, 50, 100, 200
"""Units of Drive: a read of one thing, a change, a list, an export."""
_DRIVE: Mapping[str, int] = {
    "drive.files.list": LIST,
    "drive.changes.list": LIST,
    "drive.permissions.list": LIST,
    "drive.drives.list": LIST,
    "drive.files.export": DOWNLOAD,
    "drive.about.get": GET,
    "drive.changes.getStartPageToken": GET,
    "drive.files.get": GET,
    "drive.drives.get": GET,
    "drive.permissions.get": GET,
}


def cost_of(operation: str) -> tuple[Quota | None, int]:
    """The quota that a method such as ``drive.files.list`` uses, and its units. None for sign-in."""
    service, _, rest = operation.partition(".")
    if service == "drive":
        return DRIVE, _DRIVE.get(operation, EDIT)
    if service == "docs":
        return (DOCS_READ if rest.endswith(".get") else DOCS_WRITE), 1
    if service == "sheets":
        return (SHEETS_READ if rest.rpartition(".")[2] in ("get", "batchGet") else SHEETS_WRITE), 1
    if service == "directory":
        return DIRECTORY, 1
    return None, 0


def rule(enforced: bool = True) -> Rule:
    """The windows of each key, for a limiter. Without *enforced* (an emulator without quotas) there are none."""
    return for_keys((quota.key, quota.windows if enforced else ()) for quota in QUOTAS)
