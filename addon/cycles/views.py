"""HR's page of cycles: set one up, change its rhythm, close and open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.cycles.keeping import Wanted, change_rhythm, create, lock, reopen
from addon.terminal import BadInput
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, require
from sync.access import Action
from sync.records import CadenceRule, Cycle
from sync.store.queries import cycles
from templates import loader
from templates.meanings import CADENCES

pages = Blueprint("cycles", __name__, url_prefix="/company/cycles")


@pages.get("/")
def listed() -> str:
    """Every cycle, and a form for the next one."""
    mine = require(Action.PROVISION)
    with mine.company.store.read() as tx:
        every = cycles.all_cycles(tx)
    teams = sorted({person.team for person in mine.directory.people if person.team and person.active(mine.today)})
    return render_template(
        "cycles/listed.html",
        cycles=every[::-1],
        packs=loader.built_in_names(),
        cadences=CADENCES,
        teams=teams,
        names=mine.directory.name,
        today=mine.today,
        given=request.args,
    )


@pages.post("/")
@limiter.limit(WRITE_RATE)
def create_one() -> Response:
    """A new cycle; its pack is frozen as it is now."""
    mine = require(Action.PROVISION)
    form = request.form
    try:
        wanted = Wanted(
            id=form.get("id", "").strip(),
            start=_day("the first day", form.get("start", "")),
            end=_day("the last day", form.get("end", "")),
            pack=_built_in(form.get("pack", "standard")),
            cadence=form.get("cadence", ""),
            review_on=_day("the day of the review", form["review_on"]) if form.get("review_on") else None,
            label=form.get("label", "").strip()[:80],
        )
        new = create(mine.company, wanted, mine.me.id)
    except BadInput as error:
        flash(f"Not created: {error}.", "problem")
        kept = {name: form.get(name, "") for name in ("id", "start", "end", "review_on", "label")}
        return redirect(f"{url_for('cycles.listed')}?{urlencode(kept)}#new", 303)
    flash(f"{new.label} is set up. Next: look at the plan.", "done")
    return redirect(url_for("cycles.listed"), 303)


@pages.post("/<cycle_id>/rhythm")
@limiter.limit(WRITE_RATE)
def rhythm(cycle_id: str) -> Response:
    """Check-ins more or less often, for everybody or one team, from the next period on."""
    mine = require(Action.PROVISION)
    cycle = _cycle_or_404(mine, cycle_id)
    team = request.form.get("team", "")
    rule = CadenceRule("team" if team else "company", team, request.form.get("cadence", ""), mine.today)
    return _tried(lambda: change_rhythm(mine.company, cycle, rule, mine.me.id), "The new rhythm holds from the next period on.")


@pages.post("/<cycle_id>/lock")
@limiter.limit(WRITE_RATE)
def close(cycle_id: str) -> Response:
    """Nothing is provisioned in it any more; a reason is needed."""
    mine = require(Action.PROVISION)
    cycle = _cycle_or_404(mine, cycle_id)
    return _tried(lambda: lock(mine.company, cycle, request.form.get("reason", ""), mine.me.id), f"{cycle.label} is locked.")


@pages.post("/<cycle_id>/reopen")
@limiter.limit(WRITE_RATE)
def open_again(cycle_id: str) -> Response:
    """Open it again; a reason is needed."""
    mine = require(Action.PROVISION)
    cycle = _cycle_or_404(mine, cycle_id)
    return _tried(lambda: reopen(mine.company, cycle, request.form.get("reason", ""), mine.me.id), f"{cycle.label} is open.")


def _tried(act: Callable[[], object], done: str) -> Response:
    try:
        act()
    except BadInput as error:
        flash(f"Not done: {error}.", "problem")
    else:
        flash(done, "done")
    return redirect(url_for("cycles.listed"), 303)


def _cycle_or_404(mine: Seat, cycle_id: str) -> Cycle:
    with mine.company.store.read() as tx:
        found = cycles.get(tx, cycle_id)
    if found is None:
        abort(404)
    return found


def _day(what: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{what} is {text!r}: write it as 2026-07-01") from None


def _built_in(name: str) -> str:
    """A pack's name; a folder of the server is nobody's business here."""
    if name not in loader.built_in_names():
        raise BadInput(f"there is no pack {name!r}: a pack of your own is set up with `throughline cycle create --pack FOLDER`")
    return name
