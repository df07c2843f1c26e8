"""Who looks at a page, when, at which cycle; and the one way for a page to ask what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import abort, current_app, g

from addon.company import Company
from sync.access import Action, Directory, Subject, Viewer, can
from sync.access import Company as WholeCompany
from sync.records import Cycle, Person
from sync.store.queries import cycles


@dataclass(frozen=True)
class Seat:
    """The signed-in person, for one request."""

    company: Company
    viewer: Viewer
    me: Person
    today: date

    @property
    def directory(self) -> Directory:
        """Everybody."""
        return self.viewer.directory

    @cached_property
    def cycle(self) -> Cycle | None:
        """The running cycle, or the last one; None before the first."""
        with self.company.store.read() as tx:
            return cycles.running(tx, self.today)

    @cached_property
    def team(self) -> tuple[Person, ...]:
        """Those whom I manage today."""
        return self.directory.reports_at(self.me.id, self.today)

    @property
    def zone(self) -> ZoneInfo:
        """My time zone."""
        try:
            return ZoneInfo(self.me.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def may(self, action: Action, subject: Subject | None = None) -> bool:
        """Whether I may do *action* with *subject*; without one, with the company as a whole."""
        return can(self.viewer, action, subject or WholeCompany(), self.today)


def seat() -> Seat:
    """Whoever is signed in. A page that asks this without anybody is a 404: the guard in `addon.signin` comes first."""
    found: Seat | None = g.get("seat")
    if found is None:
        abort(404)
    return found


def company() -> Company:
    """The installation that this process serves."""
    found: Company = current_app.extensions["company"]
    return found


def require(action: Action, subject: Subject | None = None) -> Seat:
    """The seat, when it may do *action* with *subject*; otherwise the page is not there."""
    mine = seat()
    if not mine.may(action, subject):
        abort(404)
    return mine


def person_or_404(mine: Seat, person_id: str) -> Person:
    """The person of that id, or a page that is not there."""
    found = mine.directory.person(person_id)
    if found is None:
        abort(404)
    return found


def cycle_or_404(mine: Seat) -> Cycle:
    """The cycle that the page is about, or a page that is not there."""
    if mine.cycle is None:
        abort(404)
    return mine.cycle
