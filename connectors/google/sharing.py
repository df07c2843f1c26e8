"""Who has access: what Drive says, what is meant, and what makes them the same."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.google.client import Api, Refused
from connectors.google.files import Root
from connectors.google.layout import Grant

RANKS = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}
_FIELDS = "id,type,role,emailAddress,domain,deleted,permissionDetails(inherited,role)"
EVERYBODY = "*"
ANYBODY = "anyone with the link"


@dataclass(frozen=True)
class Permission:
    """One person's access to one file. *direct* when it was given on the file itself and not on a folder around it."""

    id: str
    target: str
    role: str
    direct: bool


@dataclass(frozen=True)
class Difference:
    """Access that is not as meant: *wanted* is None for what should not be there, *real* for what is missing."""

    wanted: Grant | None
    real: Permission | None


def differences(wanted: Mapping[str, Grant], real: Iterable[Permission], spared: Mapping[str, str]) -> list[Difference]:
    """What has to change so that *real* is exactly *wanted*.

    *spared* are targets, with their roles, that have access anyway: members of the drive, ourselves. Pure.
    """
    found: list[Difference] = []
    given = {one.target: one for one in real if one.direct}
    reached = _strongest(real, spared)
    for target, grant in sorted(wanted.items()):
        own = given.get(target)
        if own is not None and own.role != grant.role:
            found.append(Difference(grant, own))
        elif own is None and RANKS.get(reached.get(target, ""), 0) < RANKS[grant.role]:
            found.append(Difference(grant, None))
    for target, own in sorted(given.items()):
        if target not in wanted and target not in spared and own.role != "owner":
            found.append(Difference(None, own))
    return found


def _strongest(real: Iterable[Permission], spared: Mapping[str, str]) -> dict[str, str]:
    found = dict(spared)
    for one in real:
        if RANKS.get(one.role, 0) > RANKS.get(found.get(one.target, ""), 0):
            found[one.target] = one.role
    return found


class Sharing:
    """Permissions below one root. *domain* is the organisation's, for what everybody may read; *me* the account we use."""

    def __init__(self, api: Api, root: Root, domain: str, me: str) -> None:
        self._api, self.root, self._domain, self.me = api, root, domain, me
        self._lock = threading.Lock()
        self._members: dict[str, str] | None = None

    def members(self) -> dict[str, str]:
        """Who has access to everything: the members of the shared drive, or whoever the root is shared with."""
        with self._lock:
            if self._members is None:
                self._members = {one.target: one.role for one in self.of(self.root.id)}
                if self.me:
                    self._members.setdefault(self.me, "organizer")
            return self._members

    def of(self, id_: str, around: Mapping[str, str] | None = None) -> list[Permission]:
        """Everybody's access to a file. Raises Refused.

        *around* is what the folder around it gives, roles by target: in My Drive the answer need not say what is inherited.
        """
        method = self._api.drive.permissions().list
        query = {"fileId": id_, "fields": f"nextPageToken,permissions({_FIELDS})", "supportsAllDrives": True, "pageSize": 100}
        found = [one for one in self._api.listed(method, "permissions", **query) if not one.get("deleted")]
        reached = {} if self.root.is_drive or id_ == self.root.id else {**self.members(), **(around or {})}
        return [self._read(one, reached) for one in found]

    def _read(self, data: Mapping[str, Any], reached: Mapping[str, str]) -> Permission:
        kind = data.get("type")
        target = str(data.get("emailAddress") or "").lower()
        if kind == "domain":
            domain = str(data.get("domain") or "")
            target = EVERYBODY if domain == self._domain else f"everybody at {domain}"
        elif kind == "anyone":
            target = ANYBODY
        details, role = data.get("permissionDetails") or (), str(data.get("role") or "")
        direct = any(not one.get("inherited") for one in details) if details else reached.get(target) != role
        return Permission(str(data["id"]), target, role, direct)

    # ------------------------------------------------------------ changing

    def give(self, id_: str, grants: Iterable[Grant]) -> None:
        """Make grants, one call each and no mail; who is a member of the drive needs none. Raises Refused."""
        for grant in grants:
            if RANKS.get(self.members().get(grant.target, ""), 0) < RANKS[grant.role]:
                self._grant(id_, grant)

    def mend(self, id_: str, found: Iterable[Difference]) -> None:
        """Carry out *found*, one after the other: Drive takes one change of a file's sharing at a time. Raises Refused."""
        for one in found:
            if one.real is None and one.wanted is not None:
                self._grant(id_, one.wanted)
            elif one.real is not None and one.wanted is not None:
                self._change(id_, one.real, one.wanted.role)
            elif one.real is not None:
                self._take(id_, one.real)

    def _grant(self, id_: str, grant: Grant) -> None:
        """A grant made twice is still one: Drive knows it by the target."""
        if grant.target == EVERYBODY:
            if not self._domain:
                raise Refused(
                    400,
                    "noDomain",
                    "Everybody in the organisation is meant to read this, and the organisation's domain is not known: connect "
                    "again with --domain.",
                )
            body = {"type": "domain", "domain": self._domain, "role": grant.role}
        else:
            body = {"type": "user", "emailAddress": grant.target, "role": grant.role}
        mail = {} if grant.target == EVERYBODY else {"sendNotificationEmail": False}
        permissions = self._api.drive.permissions()
        try:
            self._api.get(permissions.create(fileId=id_, body=body, fields="id", supportsAllDrives=True, **mail))
        except Refused as refusal:
            if refusal.is_missing:
                raise
            raise Refused(refusal.status, refusal.reason, f"{grant.target} cannot be given access: {refusal}") from refusal

    def _change(self, id_: str, real: Permission, role: str) -> None:
        permissions = self._api.drive.permissions()
        self._api.get(
            permissions.update(fileId=id_, permissionId=real.id, body={"role": role}, fields="id", supportsAllDrives=True)
        )

    def _take(self, id_: str, real: Permission) -> None:
        try:
            self._api.get(self._api.drive.permissions().delete(fileId=id_, permissionId=real.id, supportsAllDrives=True))
        except Refused as refusal:
            if not refusal.is_missing:
                raise


def told(found: Difference) -> str:
    """What differs, as a sentence."""
    if found.real is None and found.wanted is not None:
        return f"{_who(found.wanted.target)} should have access as {found.wanted.role} and has none of that kind."
    if found.wanted is None and found.real is not None:
        return f"{_who(found.real.target)} has access as {found.real.role} and should have none here."
    assert found.real is not None
    assert found.wanted is not None
    return f"{_who(found.wanted.target)} should have access as {found.wanted.role} and has it as {found.real.role}."


def _who(target: str) -> str:
    return (
        "Everybody in the organisation" if target == EVERYBODY else target[:1].upper() + target[1:] if " " in target else target
    )
