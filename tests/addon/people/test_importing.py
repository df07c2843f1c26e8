"""Whom the addresses in a list mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from addon.people.importing import import_leave
from addon.terminal import BadInput
from connectors.people.csv_file import LeaveRow
from sync.records import Person
from sync.store.queries import people
from tests.addon.office import PEOPLE, Office

DAY = date(2026, 3, 9)


def _with(office: Office, **changes: dict[str, object]) -> None:
    """Change people by the first word of their name."""
    company = office.company()
    with company.store.write() as tx:
        everyone = [replace(one, **changes.get(one.name.split()[0], {})) for one in people.everyone(tx)]  # type: ignore[arg-type]
        people.save(tx, everyone)
    company.store.close()


def _on_leave(office: Office, email: str) -> Person:
    """Who is on leave once a list says that *email* is."""
    company = office.company()
    try:
        import_leave(company, [LeaveRow(line=7, email=email, first_day=DAY, last_day=DAY)])
        with company.store.read() as tx:
            (one,) = people.leave(tx)
        return next(person for person in company.people if person.id == one.person_id)
    finally:
        company.store.close()


def test_a_former_address_of_two_people_is_refused_with_both_names(office: Office) -> None:
    """It could be either; the line is named and nothing is imported."""
    _with(office, Ada={"former_emails": ("desk@example.org",)}, Hana={"former_emails": ("desk@example.org",)})
    with pytest.raises(BadInput, match=r"line 7: .*desk@example\.org.* Ada Brandt and Hana Roth: .*nothing was imported"):
        _on_leave(office, "desk@example.org")


def test_a_current_address_wins_over_a_former_one(office: Office) -> None:
    """Whose address it is now is meant, however many had it before."""
    _with(office, Ada={"former_emails": ("bob@example.org",)}, Hana={"former_emails": ("bob@example.org",)})
    assert _on_leave(office, "bob@example.org").name == "Bob Chen"


def test_who_works_here_wins_over_who_left_with_the_same_address(office: Office) -> None:
    """An address that was given again means its owner of today."""
    _with(office, Ada={"email": "bob@example.org", "end": date(2026, 2, 1)})
    assert _on_leave(office, "bob@example.org").name == "Bob Chen"


def test_a_former_address_of_one_person_finds_them(office: Office) -> None:
    """Lists of other programs lag behind."""
    _with(office, Ada={"former_emails": ("brandt@example.org", "brandt@example.org")})
    assert _on_leave(office, "brandt@example.org").name == "Ada Brandt"


def test_the_address_of_the_first_admin_is_never_that_of_two_active_people(office: Office, tmp_path: Path) -> None:
    """Once they are on the list, another name at their address is a leaver and a joiner, admin or not."""
    file = tmp_path / "list.csv"
    for name in ("Ina Root", "Zoe Quist"):
        file.write_text(f"{PEOPLE}{name},ina@example.org,,admin,2024-01-01\n", "utf-8")
        proposal = office.json("people", "import", str(file))
        office.run("people", "import", str(file), "--accept", proposal["hash"][:8])
    company = office.company()
    there = [(one.name, one.active(company.today)) for one in company.people if one.email == "ina@example.org"]
    company.store.close()
    assert sorted(there) == [("Ina Root", False), ("Zoe Quist", True)]
