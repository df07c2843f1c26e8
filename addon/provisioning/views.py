"""The provision plan as a page: look, approve, watch, pause, go on, and see what failed and why."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.jobs.asking import ask
from addon.my.looking import workspace_name
from addon.provisioning.planning import is_paused, pause
from addon.provisioning.reading import Shelf
from addon.web.paging import page_number
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, cycle_or_404, require
from sync.access import Action
from sync.jobs import Job, State
from sync.records import Cycle
from sync.store.queries import artifacts, cycles, jobs, ledger, reviews

pages = Blueprint("provisioning", __name__, url_prefix="/company/plan")

PAGE = 50
FAILED = frozenset({"failed", "busy", "twin", "halted"})


@pages.get("/")
def shown() -> str:
    """The last plan of the running cycle: counts, reasons, per person, filtered by kind."""
    mine = require(Action.PROVISION)
    if mine.cycle is None:
        return render_template("my/before.html", may_provision=True)
    return render_template(
        "provisioning/shown.html", cycle=mine.cycle, **_progress(mine, mine.cycle), **_plan(mine, mine.cycle)
    )


@pages.get("/progress")
def progress() -> str:
    """The part of the page that moves while a job runs."""
    mine = require(Action.PROVISION)
    cycle = cycle_or_404(mine)
    return render_template("provisioning/progress.html", cycle=cycle, **_progress(mine, cycle))


@pages.post("/look")
@limiter.limit(WRITE_RATE)
def look() -> Response:
    """Have the plan drawn up anew; nothing is written anywhere."""
    mine = require(Action.PROVISION)
    cycle = cycle_or_404(mine)
    ask(mine.company, Job.PLAN, cycle.id)
    return _back("The plan is being drawn up.")


@pages.post("/approve")
@limiter.limit(WRITE_RATE)
def approve() -> Response:
    """Do exactly what the plan says that was on the page."""
    mine = require(Action.PROVISION)
    cycle = cycle_or_404(mine)
    with mine.company.store.read() as tx:
        last = cycles.latest_plan(tx, cycle.id)
    if last is None or last[0] != request.form.get("plan"):
        return _back("Nothing was done: there is a newer plan. Look at it, then approve it.", "problem")
    if is_paused(mine.company):
        pause(mine.company, paused=False, actor=mine.me.id)
    with mine.company.store.write() as tx:
        reviews.note(tx, mine.company.now, mine.me.id, "approve plan", cycle.id, last[0][:16])
    ask(mine.company, Job.APPLY, last[0])
    return _back("Approved. You may leave this page; the work goes on.")


@pages.post("/pause")
@limiter.limit(WRITE_RATE)
def hold() -> Response:
    """Stop after the next items."""
    mine = require(Action.PROVISION)
    pause(mine.company, paused=True, actor=mine.me.id)
    return _back("It stops after the next items. What was made stays.")


def _back(sentence: str, kind: str = "done") -> Response:
    flash(sentence, kind)
    return redirect(url_for("provisioning.shown"), 303)


def _progress(mine: Seat, cycle: Cycle) -> dict[str, object]:
    with mine.company.store.read() as tx:
        last = jobs.last_of(tx, (Job.PLAN, Job.APPLY))
        made = artifacts.count_of(tx, cycle.id)
        workers = jobs.slots(tx)
        findings = [one for one in ledger.findings(tx, workspace_name(tx)) if one.kind in FAILED]
    planning, applying = last.get(Job.PLAN), last.get(Job.APPLY)
    return {
        "planning": planning,
        "applying": applying,
        "busy": any(one is not None and not one.state.has_ended for one in (planning, applying)),
        "made": made,
        "workers": workers,
        "failed": findings,
        "state": State,
    }


def _plan(mine: Seat, cycle: Cycle) -> dict[str, object]:
    with mine.company.store.read() as tx:
        last = cycles.latest_plan(tx, cycle.id)
    shelf: Shelf = current_app.extensions.setdefault("plans", Shelf())
    drawn = shelf.read(mine.company, last[0]) if last else None
    if last is None or drawn is None:
        return {"plan": None}
    kind, words = request.args.get("kind", ""), request.args.get("q", "").strip().casefold()
    fitting = [
        line
        for line in drawn.lines
        if (not kind or line.kind == kind) and words in f"{line.title} {mine.directory.name(line.person_id)}".casefold()
    ]
    page = page_number()
    return {
        "plan": drawn,
        "made_at": last[1],
        "lines": fitting[(page - 1) * PAGE : page * PAGE],
        "count": len(fitting),
        "page": page,
        "last_page": -(-len(fitting) // PAGE) or 1,
        "kind": kind,
        "words": request.args.get("q", "").strip(),
        "names": mine.directory.name,
    }
