"""People from Google's directory: the same rows, and the same checks, as from a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from connectors.people import PersonRow
from connectors.people.csv_file import read_people
from connectors.people.csv_reading import ReadFile, RowProblem

SOURCE = "Google directory"
_COLUMNS = ("id", "name", "email", "manager_email", "team", "role", "location")

User = Mapping[str, Any]


def people_in(users: Iterable[User]) -> ReadFile[PersonRow]:
    """The rows of *users* as the Admin SDK gives them. Who is suspended or archived has left.

    The id is the employee id; where nobody has one, people are known by their addresses. The team is the department, else
    the last part of the organisational unit. What is wrong is named with the person instead of a line.
    """
    known = sorted(users, key=lambda user: str(user.get("primaryEmail") or ""))
    here = [user for user in known if not (user.get("suspended") or user.get("archived"))]
    gone = {_email(user) for user in known} - {_email(user) for user in here}
    notes: list[str] = [f"{email} is suspended or archived in Google and counts as having left." for email in sorted(gone)]
    out = io.StringIO()
    writer = csv.writer(out)
    columns = _COLUMNS if any(map(_id, here)) else _COLUMNS[1:]
    writer.writerow(columns)
    for user in here:
        manager = _manager(user)
        if manager in gone:
            notes.append(f"{_email(user)} reports to {manager}, who is suspended: the manager stays blank.")
            manager = ""
        writer.writerow([_cell(text) for text in _row(user, manager)][-len(columns) :])
    read = read_people(out.getvalue().encode(), SOURCE)
    return ReadFile(read.rows, tuple(_named(read.problems, here)), (*notes, *read.notes))


def _row(user: User, manager: str) -> Iterator[str]:
    job = _primary(user.get("organizations") or ())
    place = _primary(user.get("locations") or ())
    yield _id(user)
    yield str((user.get("name") or {}).get("fullName") or _email(user))
    yield _email(user)
    yield manager
    yield str(job.get("department") or "") or str(user.get("orgUnitPath") or "").rstrip("/").rpartition("/")[2]
    yield str(job.get("title") or "")
    yield str(place.get("buildingId") or place.get("area") or "")


def _cell(text: str) -> str:
    return " ".join(text.split())


def _id(user: User) -> str:
    """The employee id. Google's own id is none: what HR calls a person by elsewhere is another one."""
    own = (str(one.get("value") or "") for one in user.get("externalIds") or () if one.get("type") == "organization")
    return next((one for one in own if one), "")


def _email(user: User) -> str:
    return str(user.get("primaryEmail") or "").lower()


def _manager(user: User) -> str:
    relations = user.get("relations") or ()
    return next((str(one.get("value") or "").lower() for one in relations if one.get("type") == "manager"), "")


def _primary(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next((one for one in entries if one.get("primary")), entries[0] if entries else {})


def _named(problems: Iterable[RowProblem], users: Sequence[User]) -> Iterator[RowProblem]:
    """Problems with the person's address instead of a line that nobody can see."""
    for problem in problems:
        at = problem.line - 2
        who = _email(users[at]) if 0 <= at < len(users) else ""
        yield RowProblem(0, "", f"{who}: {problem.message}" if who else problem.message)
