"""Admin directory v1: `users.list` and `users.get`."""

from __future__ import annotations

import re
from collections.abc import Callable

from connectors.google.emulator.calls import Call
from connectors.google.emulator.errors import GoogleError, Json

_PUBLIC = ("kind", "id", "primaryEmail", "name", "emails", "organizations", "relations")
_CLAUSE = re.compile(r"""(\w+)\s*(:|=)\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|(\S+))""")


def _allowed(call: Call) -> bool:
    """Whether the caller sees everything; 403 for an administrator's view by somebody who is none."""
    public = call.text("viewType", "admin_view") == "domain_public"
    admin = bool(call.world.people.get(call.who.email, {}).get("isAdmin"))
    if not public and not admin:
        raise GoogleError(403, "Not Authorized to access this resource/api", "forbidden")
    return not public


def _shown(person: Json, everything: bool) -> Json:
    return dict(person) if everything else {name: person[name] for name in _PUBLIC if name in person}


def listed(call: Call) -> Json:
    """`users.list` of one customer or domain, by e-mail unless ordered otherwise."""
    everything = _allowed(call)
    if not call.text("customer") and not call.text("domain"):
        raise GoogleError(400, "Bad Request", "badRequest")
    if call.flag("showDeleted"):
        return {"kind": "admin#directory#users"}
    domain = call.text("domain").lower()
    test = _query(call.text("query"))
    found = [
        person for email, person in call.world.people.items() if (not domain or email.endswith("@" + domain)) and test(person)
    ]
    found.sort(key=_order(call.text("orderBy") or "email"), reverse=call.text("sortOrder").upper() == "DESCENDING")
    size = call.count("maxResults", 100, 1, 500)
    token = call.text("pageToken")
    if token and not re.fullmatch(r"~users~\d+", token):
        raise GoogleError(400, "Invalid Input: pageToken", "invalid")
    start = int(token[7:]) if token else 0
    shown: Json = {"kind": "admin#directory#users", "etag": '"emulator"'}
    page = [_shown(person, everything) for person in found[start : start + size]]
    if page:
        shown["users"] = page
    if start + size < len(found):
        shown["nextPageToken"] = f"~users~{start + size}"
    return shown


def _order(name: str) -> Callable[[Json], str]:
    keys = {"email": "primaryEmail", "givenName": "givenName", "familyName": "familyName"}
    if name not in keys:
        raise GoogleError(400, f"Invalid Input: {name}", "invalid")
    if name == "email":
        return lambda person: str(person["primaryEmail"])
    return lambda person: str(person["name"][keys[name]]).lower()


def _query(text: str) -> Callable[[Json], bool]:
    """The clauses of *text*, all of which must hold."""
    clauses = list(_CLAUSE.finditer(text))
    if text.strip() and " ".join(found.group() for found in clauses) != " ".join(text.split()):
        raise GoogleError(400, f"Invalid Input: query {text}", "invalid")
    tests = [_clause(found[1], found[2], next(value for value in found.groups()[2:] if value is not None)) for found in clauses]
    return lambda person: all(test(person) for test in tests)


def _clause(field: str, sign: str, value: str) -> Callable[[Json], bool]:
    wanted = value.lower()

    def fits(text: str) -> bool:
        low = text.lower()
        return low == wanted if sign == "=" else low.startswith(wanted.rstrip("*"))

    if field in ("manager", "directManager"):
        return lambda person: any(each["value"] == wanted for each in person.get("relations", ()) if each["type"] == "manager")
    if field == "orgUnitPath":
        return lambda person: person["orgUnitPath"] == value or person["orgUnitPath"].startswith(value.rstrip("/") + "/")
    if field in ("isSuspended", "isAdmin"):
        name = "suspended" if field == "isSuspended" else field
        return lambda person: bool(person[name]) == (wanted == "true")
    if field == "email":
        return lambda person: fits(str(person["primaryEmail"]))
    if field in ("name", "givenName", "familyName"):
        name = "fullName" if field == "name" else field
        return lambda person: fits(str(person["name"][name]))
    raise GoogleError(400, f"Invalid Input: query field {field}", "invalid")


def get(call: Call) -> Json:
    """`users.get` by e-mail address or id."""
    everything = _allowed(call)
    key = call.path["userKey"].lower()
    for person in call.world.people.values():
        if key in (person["primaryEmail"], person["id"], *person.get("aliases", ())):
            return _shown(person, everything)
    raise GoogleError(404, "Resource Not Found: userKey", "notFound")
