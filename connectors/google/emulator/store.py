"""What the emulated Workspace holds: people, shared drives, files with their permissions, and the log of changes."""

from __future__ import annotations

import random
import string
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from connectors.emulator.clock import Clock
from connectors.google.emulator.errors import Json

FOLDER = "application/vnd.google-apps.folder"
SHEET = "application/vnd.google-apps.spreadsheet"
DOCUMENT = "application/vnd.google-apps.document"
SHORTCUT = "application/vnd.google-apps.shortcut"
#: Made in Google's own editors; they have no bytes to download.
NATIVE = "application/vnd.google-apps."

#: Roles from the weakest to the strongest.
ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
_RANK = {role: rank for rank, role in enumerate(ROLES, 1)}


def rank(role: str) -> int:
    """How much *role* may; 0 for none."""
    return _RANK.get(role, 0)


@dataclass(frozen=True)
class Principal:
    """Who calls.

    *app* is the cloud project of the client, to which `appProperties` are private; *stores* says whether files in My Drive
    can be theirs.
    """

    email: str
    app: str = "project"
    service_account: bool = False
    scopes: tuple[str, ...] = ()
    stores: bool = True

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.email.rpartition("@")[2]


@dataclass
class Permission:
    """One grant. *target* is an e-mail address, a domain, or "" for anyone."""

    id: str
    type: str
    role: str
    target: str = ""
    expires: str = ""
    discoverable: bool = False
    pending_owner: bool = False

    def admits(self, who: Principal, groups: dict[str, set[str]]) -> bool:
        """Whether this grant is for *who*."""
        if self.type == "user":
            return self.target == who.email
        if self.type == "group":
            return who.email in groups.get(self.target, ())
        return self.type == "anyone" or self.target == who.domain


@dataclass
class Drive:
    """A shared drive."""

    id: str
    name: str
    created: datetime
    members: dict[str, Permission] = field(default_factory=dict)
    restrictions: Json = field(default_factory=dict)
    hidden: bool = False
    settings: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Revision:
    """That the content of a file was set: when, by whom, and how many bytes it had then."""

    at: datetime
    by: str
    size: int


@dataclass
class File:
    """A file, folder or shortcut. *parent* is a folder's id, or a shared drive's."""

    id: str
    name: str
    mime: str
    parent: str
    drive: str
    owner: str
    created: datetime
    modified: datetime
    creator: str = ""
    modifier: str = ""
    trashed: bool = False
    starred: bool = False
    description: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    app_properties: dict[str, dict[str, str]] = field(default_factory=dict)
    permissions: dict[str, Permission] = field(default_factory=dict)
    settings: Json = field(default_factory=dict)
    version: int = 1
    content: bytes | None = None
    content_type: str = ""
    history: list[Revision] = field(default_factory=list)
    shared_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def revisions(self) -> int:
        """How often its content was set."""
        return len(self.history)

    @property
    def native(self) -> bool:
        """Whether it was made in one of Google's editors, or is a folder or shortcut."""
        return self.mime.startswith(NATIVE)


@dataclass(frozen=True)
class Entry:
    """One line of the log of changes. *lost* are the people who could see the file until then, *what* is what changed."""

    number: int
    kind: str
    id: str
    drive: str
    at: datetime
    removed: bool = False
    lost: frozenset[str] = frozenset()
    what: str = ""


class World:
    """Everything. Not safe between threads: the emulator answers one call at a time."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self.clock = clock
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.files: dict[str, File] = {}
        self.drives: dict[str, Drive] = {}
        self.groups: dict[str, set[str]] = {}
        self.people: dict[str, Json] = {}
        self.roots: dict[str, str] = {}
        self.children: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.tagged: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        self.log: list[Entry] = []
        self.latest: dict[str, int] = {}
        self.spreadsheets: dict[str, Any] = {}
        self.documents: dict[str, Any] = {}
        self.comments: defaultdict[str, dict[str, Json]] = defaultdict(dict)
        self.channels: dict[str, Any] = {}
        self.uploads: dict[str, Any] = {}
        self.mail: list[Json] = []

    # ------------------------------------------------------------ names and numbers

    def new_id(self, length: int = 44, first: str = "1") -> str:
        """An id as Drive makes them."""
        letters = string.ascii_letters + string.digits + "-_"
        return first + "".join(self._random.choices(letters, k=length - len(first)))

    def number(self, below: int) -> int:
        """A number, the same in every run that does the same."""
        return self._random.randrange(below)

    def root(self, email: str) -> str:
        """The id of My Drive of *email*."""
        if email not in self.roots:
            ident = "0A" + blake2b(email.encode(), digest_size=12).hexdigest()[:17]
            self.roots[email] = ident
            owner = Permission(permission_id("user", email), "user", "owner", email)
            self._top(ident, "My Drive", "", email).permissions[owner.id] = owner
        return self.roots[email]

    def add_drive(self, drive: Drive) -> None:
        """Open a shared drive. Its top is a folder with the drive's own id."""
        self.drives[drive.id] = drive
        self._top(drive.id, drive.name, drive.id, "")
        self.drive_changed(drive)

    def _top(self, ident: str, name: str, drive: str, owner: str) -> File:
        now = self.clock.now()
        self.files[ident] = File(ident, name, FOLDER, "", drive, owner, now, now)
        return self.files[ident]

    # ------------------------------------------------------------ files

    def add(self, file: File) -> None:
        """Put *file* where it says it is."""
        self.files[file.id] = file
        self.children[file.parent][file.id] = None
        for app, pairs in file.app_properties.items():
            for key, value in pairs.items():
                self.tagged[(app, key, value)][file.id] = None
        self._revised(file)
        self.changed(file)

    def tag(self, file: File, app: str, pairs: dict[str, str | None]) -> None:
        """Set `appProperties` of *app*; None takes one away."""
        held = file.app_properties.setdefault(app, {})
        for key, value in pairs.items():
            former = held.pop(key, None)
            if former is not None:
                self.tagged[(app, key, former)].pop(file.id, None)
            if value is not None:
                held[key] = value
                self.tagged[(app, key, value)][file.id] = None

    def move(self, file: File, parent: str) -> None:
        """Put *file* into another folder, which may stand in another drive."""
        self.children[file.parent].pop(file.id, None)
        file.parent = parent
        self.children[parent][file.id] = None
        for each in self.subtree(file):
            each.drive = self.files[parent].drive

    def remove(self, file: File) -> None:
        """Delete *file* for good, with all that is inside."""
        for each in list(self.subtree(file)):
            lost = self.readers(each)
            self.children[each.parent].pop(each.id, None)
            for app, pairs in each.app_properties.items():
                for key, value in pairs.items():
                    self.tagged[(app, key, value)].pop(each.id, None)
            self.files.pop(each.id, None)
            self.spreadsheets.pop(each.id, None)
            self.documents.pop(each.id, None)
            self._log("file", each.id, each.drive, removed=True, lost=lost)

    def subtree(self, file: File) -> Iterator[File]:
        """*file* and everything inside it."""
        yield file
        for child in list(self.children.get(file.id, ())):
            yield from self.subtree(self.files[child])

    def is_trashed(self, file: File) -> bool:
        """Whether *file* or a folder above it is in the bin."""
        return any(each.trashed for each in self.lineage(file))

    def lineage(self, file: File) -> Iterator[File]:
        """*file* and the folders above it."""
        yield file
        while file.parent in self.files:
            file = self.files[file.parent]
            yield file

    # ------------------------------------------------------------ who may what

    def role(self, file: File, who: Principal) -> str:
        """The strongest role that *who* has on *file*: its own grants, those of folders above, membership of the drive."""
        best, limited = "", False
        for each in self.lineage(file):
            if not limited:
                best = self._stronger(best, each.permissions, who)
            limited = limited or bool(each.settings.get("inheritedPermissionsDisabled"))
        drive = self.drives.get(file.drive)
        if drive is not None:
            member = self._stronger("", drive.members, who)
            if not limited or member == "organizer":
                best = max(best, member, key=rank)
        return best

    def _stronger(self, best: str, permissions: dict[str, Permission], who: Principal) -> str:
        for permission in permissions.values():
            if rank(permission.role) > rank(best) and self._valid(permission) and permission.admits(who, self.groups):
                best = permission.role
        return best

    def _valid(self, permission: Permission) -> bool:
        return not permission.expires or permission.expires > stamp(self.clock.now())

    def drive_role(self, drive: Drive, who: Principal) -> str:
        """The role of *who* as a member of *drive*."""
        return self._stronger("", drive.members, who)

    def readers(self, file: File) -> frozenset[str]:
        """The e-mail addresses that some grant names, wherever it stands."""
        found = {permission.target for each in self.lineage(file) for permission in each.permissions.values()}
        if file.drive in self.drives:
            found |= {permission.target for permission in self.drives[file.drive].members.values()}
        return frozenset(found)

    # ------------------------------------------------------------ the log of changes

    def changed(self, file: File, who: Principal | None = None, content: bool = False, what: str = "properties") -> None:
        """Note that *file* is not what it was, and *what* of it. *content* means that its modification date moves, too."""
        file.version += 1
        if who is not None:
            file.modifier = who.email
            file.modified = self.clock.now()
        if content:
            self._revised(file)
        self._log("file", file.id, file.drive, what="content" if content else what)

    def _revised(self, file: File) -> None:
        file.history.append(Revision(file.modified, file.modifier or file.owner, len(file.content or b"")))

    def lost(self, file: File, emails: frozenset[str]) -> None:
        """Note that *emails* cannot see *file* any more."""
        file.version += 1
        self._log("file", file.id, file.drive, lost=emails, what="permissions")

    def drive_changed(self, drive: Drive, removed: bool = False) -> None:
        """Note that the shared drive itself is not what it was."""
        self._log("drive", drive.id, drive.id, removed=removed)

    def _log(
        self,
        kind: str,
        ident: str,
        drive: str,
        removed: bool = False,
        lost: frozenset[str] = frozenset(),
        what: str = "",
    ) -> None:
        entry = Entry(len(self.log), kind, ident, drive, self.clock.now(), removed, lost, what)
        self.log.append(entry)
        self.latest[ident] = entry.number


def stamp(moment: datetime) -> str:
    """As Drive writes times: milliseconds and Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def permission_id(kind: str, target: str) -> str:
    """The id of a grant: the same for one account on every file."""
    if kind == "anyone":
        return "anyoneWithLink"
    digest = int.from_bytes(blake2b(f"{kind}:{target}".encode(), digest_size=8).digest(), "big")
    return f"{digest:020d}"[:20] + ("k" if kind == "domain" else "")
