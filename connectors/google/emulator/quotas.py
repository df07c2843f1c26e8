"""Google's quotas as data, and what each call costs.

Sheets: https://developers.google.com/workspace/sheets/api/limits, Docs: https://developers.google.com/workspace/docs/api/limits,
Drive (units since May 2026): https://developers.google.com/workspace/drive/api/guides/limits, directory:
https://developers.google.com/workspace/admin/directory/v1/limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.emulator.app import Charge
from connectors.emulator.windows import FixedWindow

#: Every quota below is per minute.
MINUTE = 60.0


@dataclass(frozen=True)
class Quota:
    """At most *units* a minute of *metric*, for each user or for the whole project."""

    service: str
    metric: str
    per_user: bool
    units: float

    @property
    def name(self) -> str:
        """Google's words for the limit."""
        return f"{self.metric} per minute" + (" per user" if self.per_user else "")

    @property
    def reason(self) -> str:
        """Where a window says which quota it is."""
        return f"{self.service}/{self.name}"


QUOTAS = (
    Quota("sheets", "Read requests", True, 60),
    Quota("sheets", "Read requests", False, 300),
    Quota("sheets", "Write requests", True, 60),
    Quota("sheets", "Write requests", False, 300),
    Quota("docs", "Read requests", True, 300),
    Quota("docs", "Read requests", False, 3_000),
    Quota("docs", "Write requests", True, 60),
    Quota("docs", "Write requests", False, 600),
    Quota("drive", "Queries", True, 325_000),
    Quota("drive", "Queries", False, 1_000_000),
    Quota("admin", "Queries", True, 2_400),
)
BY_REASON = {quota.reason: quota for quota in QUOTAS}

#: Drive's units.
READ, EDIT, LIST, DOWNLOAD = 5, 50, 100, 200
_DRIVE = {
    "drive.files.list": LIST,
    "drive.changes.list": LIST,
    "drive.permissions.list": LIST,
    "drive.drives.list": LIST,
    "drive.comments.list": LIST,
    "drive.replies.list": LIST,
    "drive.revisions.list": LIST,
    "drive.files.export": DOWNLOAD,
    "drive.files.download": DOWNLOAD,
    "drive.files.generateIds": READ,
    "drive.about.get": READ,
    "drive.changes.getStartPageToken": READ,
}
_SHEETS_READS = ("get", "batchGet", "getByDataFilter", "batchGetByDataFilter", "search")


def cost(operation: str, downloads: bool = False) -> tuple[str, str, float]:
    """Service, metric and units of one call; *downloads* says that bytes are asked for with ``alt=media``."""
    service, _, rest = operation.partition(".")
    action = rest.rpartition(".")[2]
    if service in ("sheets", "docs"):
        return service, "Read requests" if action in _SHEETS_READS else "Write requests", 1
    if service == "directory":
        return "admin", "Queries", 1
    if service != "drive":
        return "", "", 0
    if downloads:
        return "drive", "Queries", DOWNLOAD
    return "drive", "Queries", _DRIVE.get(operation, READ if action == "get" else EDIT)


class Quotas:
    """The windows of every quota. Without them (*enforced* false) nothing is refused."""

    def __init__(self, enforced: bool) -> None:
        self.enforced = enforced
        self._windows = {quota: FixedWindow(quota.units, MINUTE, quota.reason) for quota in QUOTAS}

    def charges(self, operation: str, user: str, project: str, downloads: bool = False) -> Sequence[Charge]:
        """What the call takes from which windows."""
        service, metric, units = cost(operation, downloads)
        if not self.enforced or not units:
            return ()
        return [
            Charge(window, user if quota.per_user else project, units)
            for quota, window in self._windows.items()
            if (quota.service, quota.metric) == (service, metric)
        ]
