"""The calendar feed, and the page on which a person ends reminders. The secret in the address is the sign-in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, render_template

from addon.company import Company
from addon.reminders.links import CALENDAR, NO_MORE, fits
from sync.health.calendar import events, feed
from sync.records import Person
from sync.store.queries import cycles, letters, people, reviews

pages = Blueprint("reminders", __name__)


def _company() -> Company:
    company: Company = current_app.extensions["company"]
    return company


def _holder(company: Company, purpose: str, person_id: str, token: str) -> Person:
    """The person to whom the secret belongs; 404 for a wrong one, and for who does not work here any more."""
    with company.store.read() as tx:
        generation = letters.generation(tx, person_id)
    found = company.directory.person(person_id)
    if not fits(company.settings, purpose, person_id, generation, token) or found is None or not found.active(company.today):
        abort(404)
    return found


@pages.get("/calendar/<person_id>/<token>.ics")
def calendar(person_id: str, token: str) -> Response:
    """One's check-ins and reviews, for a calendar program to ask for again and again."""
    company = _company()
    me = _holder(company, CALENDAR, person_id, token)
    near = company.directory.around(me.id)
    with company.store.read() as tx:
        those = events(me, near, cycles.all_cycles(tx), people.leave_of(tx, [one.id for one in near]))
        organisation = people.setting(tx, "organisation")
    host = urlsplit(company.settings.public_url).hostname or "throughline"
    answer = Response(feed(f"Check-ins at {organisation}", those, host, company.real_now), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="check-ins.ics"'
    answer.cache_control.private = True
    answer.cache_control.max_age = 3600
    return answer


@pages.get("/reminders/<person_id>/<token>")
def ask(person_id: str, token: str) -> Response:
    """A button: programs that look into mails open every address, and must not end anything."""
    company = _company()
    me = _holder(company, NO_MORE, person_id, token)
    with company.store.read() as tx:
        wanted = me.id not in letters.opted_out(tx)
    return Response(render_template("reminders/no_more.html", name=me.name, wanted=wanted))


@pages.post("/reminders/<person_id>/<token>")
def end(person_id: str, token: str) -> Response:
    """No more reminders, by the button or by a mail program's own."""
    company = _company()
    me = _holder(company, NO_MORE, person_id, token)
    with company.store.write() as tx:
        letters.want(tx, me.id, False)
        reviews.note(tx, company.now, me.id, "reminders off", me.id)
    return Response(render_template("reminders/no_more.html", name=me.name, wanted=False))
