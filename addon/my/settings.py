"""What one decides for oneself: reminders, the calendar's address, sessions, and a copy of what is kept about oneself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.person.export import FORMS, gather_own
from addon.reminders.links import calendar_address
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import seat
from sync.store.queries import letters, people, reviews, sessions

pages = Blueprint("settings", __name__, url_prefix="/me/settings")


@pages.get("/")
def shown() -> str:
    """One page for all of it."""
    mine = seat()
    with mine.company.store.read() as tx:
        wanted = mine.me.id not in letters.opted_out(tx)
        generation = letters.generation(tx, mine.me.id)
        devices = sessions.count(tx, mine.me.id, mine.company.real_now)
    return render_template(
        "settings/shown.html",
        wanted=wanted,
        sends=bool(mine.company.settings.smtp_url),
        calendar=calendar_address(mine.company.settings, mine.me.id, generation),
        devices=devices,
    )


@pages.post("/reminders")
@limiter.limit(WRITE_RATE)
def reminders() -> AnyResponse:
    """Mails before and after something is due: yes or no."""
    mine = seat()
    if request.form.get("wanted") not in ("on", "off"):
        abort(400)
    wanted = request.form["wanted"] == "on"
    with mine.company.store.write() as tx:
        letters.want(tx, mine.me.id, wanted)
        reviews.note(tx, mine.company.now, mine.me.id, f"reminders {'on' if wanted else 'off'}", mine.me.id)
    return _back("You get reminders from now on." if wanted else "You get no more reminders.")


@pages.post("/calendar")
@limiter.limit(WRITE_RATE)
def renew_calendar() -> AnyResponse:
    """A new secret address: whoever knew the one before sees nothing any more."""
    mine = seat()
    with mine.company.store.write() as tx:
        letters.renew(tx, mine.me.id)
        reviews.note(tx, mine.company.now, mine.me.id, "calendar renewed", mine.me.id)
    return _back("Your calendar has a new address. The one before, and the links in earlier mails, no longer work.")


@pages.post("/download")
@limiter.limit(WRITE_RATE)
def download() -> Response:
    """Everything about me that I may see, to keep."""
    mine = seat()
    form = FORMS.get(request.form.get("as", ""))
    if form is None:
        abort(400)
    found = gather_own(mine.company, mine.me)
    with mine.company.store.write() as tx:
        organisation = people.setting(tx, "organisation")
        reviews.note(tx, mine.company.now, mine.me.id, "export", mine.me.id)
    return form.attached(found, organisation, mine.me.id)


def _back(sentence: str) -> AnyResponse:
    flash(sentence, "done")
    return redirect(url_for("settings.shown"), 303)
