"""What a world begins with: people, groups, shared drives, service accounts.

A seed is a mapping, as YAML or JSON in a file::

    domain: example.com
    people:
      - {email: ada@example.com, name: Ada Brandt, manager: hr@example.com, unit: /Engineering, title: Engineer}
    groups: {team@example.com: [ada@example.com]}
    drives:
      - {id: 0AGoals, name: Goals, members: {hr@example.com: organizer}, restrictions: {domainUsersOnly: true}}
    service_accounts:
      - {email: app@project.iam.gserviceaccount.com, public_key: "-----BEGIN PUBLIC KEY-----…", storage: false}
    anonymous: false

A service account that the seed does not name signs in with any key and counts as one of those from before Google stopped
giving them storage: it may have files of its own, as the one had with which gspread's exchanges were recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from connectors.google.emulator.errors import Json
from connectors.google.emulator.sheets.book import Book
from connectors.google.emulator.store import SHEET, Drive, File, Permission, World, permission_id, rank

#: Who calls with a token that the emulator did not give out itself.
ANYBODY = "developer@example.com"
SERVICE_ACCOUNT = "throughline@throughline-emulator.iam.gserviceaccount.com"
DRIVE = "0AThroughlineSharedPVA"
#: A spreadsheet of somebody else, so that clients can see a refusal. gspread's suite expects one under this id, as there
#: is one on the real service.
PRIVATE = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"

DEFAULT: Json = {
    "domain": "example.com",
    "people": [
        {"email": "hr@example.com", "name": "Hanna Roth", "unit": "/People", "title": "Head of People", "admin": True},
        {"email": ANYBODY, "name": "Dev Loper", "manager": "hr@example.com", "unit": "/Engineering", "admin": True},
    ],
    "drives": [
        {
            "id": DRIVE,
            "name": "Throughline",
            "members": {"hr@example.com": "organizer", ANYBODY: "organizer", SERVICE_ACCOUNT: "organizer"},
        }
    ],
}


class BadSeed(Exception):
    """A seed that cannot be understood: a sentence that names the place."""


def read_seed(path: Path) -> Json:
    """The seed in a file. Raises `BadSeed`."""
    try:
        seed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadSeed(f"{path} cannot be read: {error}") from error
    if not isinstance(seed, dict):
        raise BadSeed(f"{path} is no mapping. It should begin with keys such as people: and drives:.")
    unknown = set(seed) - {"domain", "people", "groups", "drives", "service_accounts", "anonymous"}
    if unknown:
        raise BadSeed(f"{path} has the key {min(unknown)}, which a seed does not have.")
    return seed


def plant(world: World, seed: Mapping[str, Any]) -> None:
    """Fill *world*. Raises `BadSeed`."""
    for number, person in enumerate(seed.get("people") or (), 1):
        _person(world, number, person)
    for group, members in (seed.get("groups") or {}).items():
        world.groups[str(group).lower()] = {str(member).lower() for member in members}
    for given in seed.get("drives") or ():
        _drive(world, given)
    used_before(world, ANYBODY)
    _spreadsheet(world, PRIVATE, "Not yours", "somebody-else@example.org")


def _person(world: World, number: int, person: Mapping[str, Any]) -> None:
    email = str(person.get("email") or "").lower()
    if "@" not in email:
        raise BadSeed(f"people: entry {number} has no e-mail address.")
    first, _, last = str(person.get("name") or email.partition("@")[0]).partition(" ")
    found: Json = {
        "kind": "admin#directory#user",
        "id": f"1{permission_id('user', email)}"[:21],
        "primaryEmail": email,
        "name": {"givenName": first, "familyName": last, "fullName": f"{first} {last}".strip()},
        "isAdmin": bool(person.get("admin")),
        "isDelegatedAdmin": False,
        "suspended": bool(person.get("suspended")),
        "archived": False,
        "orgUnitPath": str(person.get("unit") or "/"),
        "customerId": "C0emulator",
        "creationTime": "2026-01-05T09:00:00.000Z",
        "emails": [{"address": email, "primary": True}],
    }
    if person.get("manager"):
        found["relations"] = [{"value": str(person["manager"]).lower(), "type": "manager"}]
    if person.get("title") or person.get("department"):
        job = {"title": person.get("title"), "department": person.get("department"), "primary": True}
        found["organizations"] = [{name: value for name, value in job.items() if value}]
    if person.get("aliases"):
        found["aliases"] = [str(alias).lower() for alias in person["aliases"]]
    world.people[email] = found


def _drive(world: World, given: Mapping[str, Any]) -> None:
    ident = str(given.get("id") or world.new_id(19, "0A"))
    drive = Drive(ident, str(given.get("name") or "Shared drive"), world.clock.now())
    drive.restrictions = dict(given.get("restrictions") or {})
    for member, role in (given.get("members") or {}).items():
        if not rank(str(role)) or role == "owner":
            raise BadSeed(f"drives: {ident} gives {member} the role {role}, which a shared drive does not have.")
        kind = "group" if str(member).lower() in world.groups else "user"
        permission = Permission(permission_id(kind, str(member).lower()), kind, str(role), str(member).lower())
        drive.members[permission.id] = permission
    world.add_drive(drive)


def used_before(world: World, email: str) -> None:
    """See to it that *email* has what an account that was used before has: a first spreadsheet of its own."""
    if email not in world.roots:
        _spreadsheet(world, world.new_id(), "A first spreadsheet", email)


def _spreadsheet(world: World, ident: str, title: str, email: str) -> None:
    now, root = world.clock.now(), world.root(email)
    file = File(ident, title, SHEET, root, "", email, now, now, email, email)
    owner = Permission(permission_id("user", email), "user", "owner", email)
    file.permissions[owner.id] = owner
    world.spreadsheets[file.id] = Book.blank()
    world.add(file)
