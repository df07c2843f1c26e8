"""People from Google's directory come out like those from a CSV."""

from __future__ import annotations

from typing import Any

from connectors.people.google_directory import people_in


def _user(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"1{name}", "primaryEmail": f"{name}@Example.org", "name": {"fullName": name.title()}, **more}


def _manager(name: str) -> dict[str, Any]:
    return {"relations": [{"type": "assistant", "value": "x@example.org"}, {"type": "manager", "value": f"{name}@example.org"}]}


def test_what_the_directory_knows_arrives() -> None:
    """Name, address, manager, department or unit, title, employee id."""
    job = {"organizations": [{"title": "Old"}, {"title": "Engineer", "department": "Platform", "primary": True}]}
    ada = _user("ada", **_manager("ben"), **job, externalIds=[{"type": "organization", "value": "E7"}], orgUnitPath="/Other")
    read = people_in([ada, _user("ben", orgUnitPath="/Company/Design")])
    assert read.problems == ()
    first, second = read.rows
    assert (first.id, first.name, first.email, first.manager_email) == ("E7", "Ada", "ada@example.org", "ben@example.org")
    assert (first.team, first.role) == ("Platform", "Engineer")
    assert (second.id, second.team, second.manager_email) == ("", "Design", "")


def test_suspended_people_have_left() -> None:
    """They are no rows; whoever reports to one of them has no manager until HR says who it is."""
    read = people_in([_user("ada", **_manager("ben")), _user("ben", suspended=True), _user("cy", archived=True)])
    assert [(row.email, row.manager_email) for row in read.rows] == [("ada@example.org", "")]
    assert len(read.notes) >= 3


def test_problems_name_the_person() -> None:
    """The same checks as for a CSV: a manager whom nobody knows, a circle of managers, a name with a comma in it."""
    unknown = people_in([_user("ada", **_manager("nobody"))])
    assert len(unknown.problems) == 1
    assert unknown.problems[0].message.startswith("ada@example.org: ")
    circle = people_in([_user("ada", **_manager("ben")), _user("ben", **_manager("ada"))])
    assert circle.problems
    named = people_in([_user("ada") | {"name": {"fullName": "Brandt, Ada\nMaria"}}])
    assert [row.name for row in named.rows] == ["Brandt, Ada Maria"]
