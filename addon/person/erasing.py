"""Erase a person completely, by command, by job, or because the time for which anything is kept is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from addon.company import Company
from addon.terminal import BadInput
from sync.records import Person
from sync.store import LeaseHeld
from sync.store.queries import erasing, leases, people, reviews

ASKED, KEPT_LONG_ENOUGH = "asked", "retention"


def why_not(company: Company, person: Person) -> str:
    """Why a person cannot be erased now, as a sentence; "" when they can."""
    if person.active(company.today) and person.takes_part:
        return (
            f"{person.name} works here: give them an end date with `throughline people import`, else the next list of "
            "people would bring them back"
        )
    reports = company.directory.reports_at(person.id, company.today)
    if reports:
        return f"{person.name} is still the manager of {', '.join(one.name for one in reports)}: give them another one first"
    return ""


def erase(company: Company, those: Sequence[Person], reason: str, actor: str) -> Counter[str]:
    """Delete everything about *those* and rewrite the database's files; returns how many rows of which table.

    Nobody syncs meanwhile. Raises BadInput when somebody does, StoreError when the files could not be rewritten: then
    running it again for anybody does it.
    """
    done: Counter[str] = Counter()
    with company.store.read() as tx:
        workspaces = sorted({one for person in those for one, _, _ in erasing.papers(tx, person.id)})
    _hold(company, workspaces)
    try:
        for person in those:
            with company.store.write() as tx:
                done += erasing.erase(tx, person, reason, company.real_now)
                reviews.note(tx, company.now, actor, "erase", person.id, reason)
    finally:
        with company.store.write() as tx:
            for name in workspaces:
                leases.give_back(tx, name, company.holder)
    company.store.forget_for_good()
    return done


def _hold(company: Company, workspaces: Sequence[str]) -> None:
    try:
        with company.store.write() as tx:
            for name in workspaces:
                leases.acquire(tx, name, company.holder, company.now)
    except LeaseHeld as error:
        raise BadInput(str(error)) from error


def overdue(company: Company) -> tuple[Person, ...]:
    """Those who left longer ago than `retention_months`, and manage nobody any more."""
    months = company.settings.retention_months
    if not months:
        return ()
    latest = _before(company.today, months)
    with company.store.read() as tx:
        left = [one for one in people.everyone(tx) if one.end is not None and one.end <= latest]
    return tuple(one for one in left if not why_not(company, one))


def _before(day: date, months: int) -> date:
    """The same day so many months ago; the last of that month where there is none."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
