"""The provision plan as a page: look, approve, watch, pause, go on, and see what failed and why."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.jobs.asking import ask
from addon.my.looking import workspace_name
from addon.provisioning.planning import Progress, is_paused, pause, progress_of
from addon.provisioning.planning import approve as note_approval
from addon.provisioning.reading import Drawn, Shelf
from addon.web.paging import page_number
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, cycle_or_404, require
from sync.access import Action
from sync.jobs import Job, State
from sync.records import Cycle
from sync.store.queries import cycles, jobs, ledger

pages = Blueprint("provisioning", __name__, url_prefix="/company/plan")

PAGE = 50
FAILED = frozenset({"failed", "busy", "twin", "halted"})


@pages.get("/")
def shown() -> str:
    """The last plan of the running cycle: counts, reasons, per person, filtered by kind."""
    mine = require(Action.PROVISION)
    if mine.cycle is None:
        return render_template("my/before.html", may_provision=True)
    drawn, made_at = _drawn(mine, mine.cycle)
    return render_template(
        "provisioning/shown.html",
        cycle=mine.cycle,
        plan=drawn,
        made_at=made_at,
        **_progress(mine, drawn),
        **(_lines(mine, drawn) if drawn else {}),
    )


@pages.get("/progress")
def progress() -> str:
    """The part of the page that moves while a job runs."""
    mine = require(Action.PROVISION)
    drawn, _ = _drawn(mine, cycle_or_404(mine))
    return render_template("provisioning/progress.html", plan=drawn, **_progress(mine, drawn))


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
    """Do exactly what the plan says that was on the page; what of it is done already stays as it is."""
    mine = require(Action.PROVISION)
    cycle = cycle_or_404(mine)
    with mine.company.store.read() as tx:
        last = cycles.latest_plan(tx, cycle.id)
        held = is_paused(tx)
    if last is None or last[0] != request.form.get("plan"):
        return _back("Nothing was done: there is a newer plan. Look at it, then approve it.", "problem")
    if held:
        pause(mine.company, paused=False, actor=mine.me.id)
    note_approval(mine.company, cycle.id, last[0], mine.me.id)
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


def _drawn(mine: Seat, cycle: Cycle) -> tuple[Drawn | None, datetime | None]:
    """The plan that was drawn up last for the cycle, and when."""
    with mine.company.store.read() as tx:
        last = cycles.latest_plan(tx, cycle.id)
    shelf: Shelf = current_app.extensions.setdefault("plans", Shelf())
    return (shelf.read(mine.company, last[0]), last[1]) if last else (None, None)


def _progress(mine: Seat, drawn: Drawn | None) -> dict[str, object]:
    """What workers do with the plan, and what of it did not work."""
    with mine.company.store.read() as tx:
        last = jobs.last_of(tx, (Job.PLAN, Job.APPLY))
        workers = jobs.slots(tx)
        findings = ledger.findings(tx, workspace_name(tx))
        paused = is_paused(tx)
        progress = progress_of(tx, drawn.hash) if drawn else Progress()
    planning, applying = last.get(Job.PLAN), last.get(Job.APPLY)
    mine_too = applying is not None and drawn is not None and applying.argument == drawn.hash
    known = drawn.by_key if drawn else {}
    return {
        "planning": planning,
        "applying": applying,
        "busy": any(one is not None and not one.state.has_ended for one in (planning, applying)),
        "paused": paused,
        "carried_out": mine_too and applying is not None and applying.state is State.DONE,
        "stopped": mine_too and applying is not None and applying.state is State.FAILED,
        "progress": progress,
        "left": max(0, len(drawn.lines) - progress.done - progress.failed) if drawn else 0,
        "workers": workers,
        "failed": [(known[one.subject], one) for one in findings if one.kind in FAILED and one.subject in known],
        "state": State,
        "names": mine.directory.name,
    }


def _lines(mine: Seat, drawn: Drawn) -> dict[str, object]:
    """The steps of the plan that fit what the address asks for, and a page of them."""
    kind, words = request.args.get("kind", ""), request.args.get("q", "").strip()
    found = [line for line in drawn.lines if line.kind == kind] if kind else list(drawn.lines)
    if words:
        sought = words.casefold()
        meant = {one.id for one in mine.directory.people if sought in one.name.casefold()}
        found = [line for line in found if line.person_id in meant or sought in line.title.casefold()]
    page = page_number()
    return {
        "lines": found[(page - 1) * PAGE : page * PAGE],
        "count": len(found),
        "page": page,
        "last_page": -(-len(found) // PAGE) or 1,
        "kind": kind,
        "words": words,
    }
