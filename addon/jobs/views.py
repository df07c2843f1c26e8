"""HR's page of jobs: whether the sync is well, what workers did, and a sync now."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from addon.health.views import SILENCE
from addon.jobs.asking import ask
from addon.my.looking import workspace_name
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import require
from sync.access import Action
from sync.jobs import Job
from sync.store.queries import jobs, ledger

pages = Blueprint("jobs", __name__, url_prefix="/company/jobs")

LISTED = 50
#: What each job does, as HR says it.
TITLES = {
    Job.PLAN: "Draw up the plan",
    Job.APPLY: "Make the documents",
    Job.DUE: "Make the next check-ins",
    Job.SYNC: "Read what people wrote",
    Job.DRAFT: "Draft the reviews",
    Job.REMIND: "Send reminders",
    Job.ERASE: "Erase a person",
    Job.RETAIN: "Erase who left long ago",
    Job.AUDIT: "Look at access",
    Job.WATCH: "Keep the platform telling",
    Job.CONNECT: "Connect a workspace",
    Job.CHECK: "Check the connection",
}


@pages.get("/")
def listed() -> str:
    """The last jobs, the newest first, and how the sync stands."""
    mine = require(Action.PROVISION)
    now = mine.company.real_now
    with mine.company.store.read() as tx:
        last_sync = ledger.last_sync(tx, workspace_name(tx))
        records = jobs.latest(tx, LISTED)
        syncing = jobs.last_of(tx, [Job.SYNC]).get(Job.SYNC)
        workers = jobs.slots(tx)
    return render_template(
        "jobs/listed.html",
        jobs=records,
        titles=TITLES,
        last_sync=last_sync,
        syncing=syncing,
        workers=[(one, one.silent(now, SILENCE)) for one in workers],
        busy=any(not one.state.has_ended for one in records),
    )


@pages.post("/sync")
@limiter.limit(WRITE_RATE)
def sync_now() -> Response:
    """Have a worker read what people wrote, now rather than at the next quarter of an hour."""
    mine = require(Action.PROVISION)
    ask(mine.company, Job.SYNC)
    flash("A sync is asked for. It stands in the list below.", "done")
    return redirect(url_for("jobs.listed"), 303)
