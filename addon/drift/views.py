"""HR's page of access: what is open wider than it should be, and what to do about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from addon.drift import kept
from addon.evidence.naming import told
from addon.jobs.asking import ask
from addon.my.looking import workspace_name
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import require
from sync.access import Action
from sync.jobs import Job
from sync.store.queries import jobs

pages = Blueprint("drift", __name__, url_prefix="/company/access")

SHOWN = 200


@pages.get("/")
def shown() -> str:
    """What the last look found, when that was, and whether one is under way."""
    mine = require(Action.PROVISION)
    with mine.company.store.read() as tx:
        workspace = workspace_name(tx)
        findings, looked_at = kept.found(tx, workspace), kept.looked_at(tx, workspace)
        last = jobs.last_of(tx, [Job.AUDIT]).get(Job.AUDIT)
        workers = jobs.slots(tx)
        said = told(tx, workspace, [one.subject for one in findings[:SHOWN]])
    return render_template(
        "drift/shown.html",
        findings=findings[:SHOWN],
        said=said,
        more=max(0, len(findings) - SHOWN),
        surely=sum(one.kind == kept.OPEN for one in findings),
        last=last,
        looked_at=looked_at or (last.ended_at if last else None),
        workers=workers,
        open_kind=kept.OPEN,
    )


@pages.post("/look")
@limiter.limit(WRITE_RATE)
def look() -> Response:
    """Have a worker look again."""
    mine = require(Action.PROVISION)
    ask(mine.company, Job.AUDIT)
    flash("Access is being looked at. Load the page again in a moment.", "done")
    return redirect(url_for("drift.shown"), 303)
