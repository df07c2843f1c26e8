"""Where things stand in the drive, and what each file says of itself. Pure.

Four kinds of folders stand below the root, and none of them is shared with anybody but HR: in them are the folders of
single people, each shared directly with those whom it is for. What a self review holds is nobody's but its writer's until
it is submitted, and a shared drive cannot narrow inside a folder what the folder grants: so it stands in a folder apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.workspace import Grants, Home, NewItem
from templates.shapes import Kind, Place

FOLDER = "application/vnd.google-apps.folder"
SHEET = "application/vnd.google-apps.spreadsheet"
DOCUMENT = "application/vnd.google-apps.document"
SHORTCUT = "application/vnd.google-apps.shortcut"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

OWN_AREA = "self-reviews"
AREAS: Mapping[str, str] = {
    Place.COMPANY: "Company",
    Place.WORKING: "Working",
    Place.REVIEWS: "Reviews",
    Place.PRIVATE: "Private",
    OWN_AREA: "Self reviews",
}
"""The folders below the root and what people see as their names."""
OWNED = frozenset({Place.PRIVATE, OWN_AREA})
"""Areas in which each folder is one writer's own, and holds papers about several people or periods."""
STANDING = frozenset({Kind.GOAL_SHEET})
"""Kinds whose grants are those of the working folder that they stand in: the person and the present manager write."""

KEY, KIND, ROOT, ABOUT, OWN, FOLDER_KEY = "tl", "tlKind", "tlRoot", "tlAbout", "tlOwn", "tlFolder"
"""Names of our `appProperties`. Only the app that wrote them sees them."""
_ROOM = 100
"""Bytes of a value: a name and its value have 124 together (Drive, custom file properties)."""


# ---------------------------------------------------------------- what a file says of itself


def split(name: str, text: str) -> dict[str, str]:
    """*text* in as many properties as it needs: ``tl``, ``tl1``, ``tl2``."""
    data, found = text.encode(), dict[str, str]()
    while data:
        piece = data[:_ROOM].decode("utf-8", "ignore")
        found[f"{name}{len(found) or ''}"] = piece
        data = data[len(piece.encode()) :]
    return found


def joined(name: str, properties: Mapping[str, str]) -> str:
    """What `split` took apart; "" when there is none of it."""
    text, number = properties.get(name, ""), 1
    while f"{name}{number}" in properties:
        text += properties[f"{name}{number}"]
        number += 1
    return text


def properties_of(item: NewItem, root: str, own: Iterable[str]) -> dict[str, str]:
    """The `appProperties` of a new artifact. *own* are digests of what this program itself wrote at its top."""
    known = split(KEY, item.key) | {KIND: item.kind, ROOT: root} | split(OWN, " ".join(own))
    return known | (split(ABOUT, item.about) if item.about else {})


# ---------------------------------------------------------------- folders


@dataclass(frozen=True)
class Spot:
    """A folder: its *key*, by which it is found again, its *name*, and the key of the one around it ("" for the root)."""

    key: str
    name: str
    parent: str


@dataclass(frozen=True)
class Way:
    """The folders down to an artifact. *home* is the key of the one that is shared."""

    spots: tuple[Spot, ...]
    home: str

    @property
    def last(self) -> str:
        """The key of the folder in which it stands."""
        return self.spots[-1].key


def area_of(home: Home, kind: str) -> str:
    """Below which of `AREAS` an artifact of *kind* stands."""
    return OWN_AREA if kind == Kind.SELF_REVIEW else home.place


def way_to(home: Home, kind: str) -> Way:
    """The folders in which an artifact of *kind* stands."""
    area = area_of(home, kind)
    spots = [Spot(f"area/{area}", AREAS[area], "")]
    if home.owner_id:
        spots.append(Spot(f"home/{area}/{home.owner_id}", f"{home.owner_name} - {home.owner_id}", spots[-1].key))
    shared = spots[-1].key
    for name in home.inner:
        inside = hashlib.sha256(f"{spots[-1].key}/{name}".encode()).hexdigest()[:40]
        spots.append(Spot(f"in/{inside}", name, spots[-1].key))
    return Way(tuple(spots), shared)


# ---------------------------------------------------------------- who may do what


@dataclass(frozen=True, order=True)
class Grant:
    """Access of one *target*: an e-mail address, or ``*`` for the whole organisation. *role* is Drive's word."""

    target: str
    role: str


def wanted_by(grants: Grants, place: str) -> dict[str, Grant]:
    """What *grants* mean in *place*, by target: who reads a released review may comment on it."""
    reading = "commenter" if place == Place.REVIEWS else "reader"
    found = {email: Grant(email, reading) for email in grants.readers}
    return found | {email: Grant(email, "writer") for email in grants.writers}


def at_home(area: str, kind: str, grants: Grants, about: str) -> dict[str, Grant]:
    """Those of an artifact's grants that its person's folder gives, so that nobody is granted each file."""
    wanted = wanted_by(grants, area)
    if area in OWNED:
        return {email: wanted[email] for email in grants.writers}
    if area == Place.REVIEWS and about in wanted:
        return {about: wanted[about]}
    return wanted
