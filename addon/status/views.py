"""HR's first page: how far the company is, whether the sync is well, who did what."""

from __future__ import annotations

from flask import Blueprint, render_template

from addon.my.looking import workspace_name
from addon.status.gathering import COUNTED, completion, folded, total
from addon.web.paging import LARGEST, number_of
from addon.web.seat import require
from sync.access import Action
from sync.store.queries import artifacts, ledger, people, reviews

pages = Blueprint("status", __name__, url_prefix="/company")

FAILED = frozenset({"failed", "busy", "halted"})
PAGE = 100


@pages.get("/")
def overview() -> str:
    """Completion by team and kind, and what needs a person."""
    mine = require(Action.PROVISION)
    cycle = mine.cycle
    if cycle is None:
        return render_template("my/before.html", may_provision=True)
    with mine.company.store.read() as tx:
        name = workspace_name(tx)
        lines = completion(mine, tx, cycle, name)
        findings = ledger.findings(tx, name)
        view = {
            "last_sync": ledger.last_sync(tx, name),
            "people": people.count(tx),
            "documents": artifacts.count(tx),
            "released": len(reviews.releases(tx, cycle.id)),
        }
    return render_template(
        "status/overview.html",
        cycle=cycle,
        lines=lines,
        everybody=total(lines),
        kinds=COUNTED,
        failed=[one for one in findings if one.kind in FAILED],
        questions=[one for one in findings if one.kind not in FAILED],
        **view,
    )


@pages.get("/audit")
def audit() -> str:
    """Who did what when: reads of other people's reviews, sign-ins, imports, releases."""
    mine = require(Action.PROVISION)
    before = number_of("before", LARGEST)
    with mine.company.store.read() as tx:
        rows = reviews.trail_page(tx, before, PAGE + 1)
    older = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return render_template(
        "status/audit.html", rows=rows[:PAGE], older=older, is_newest=before == LARGEST, names=mine.directory.name
    )


leadership = Blueprint("leadership", __name__, url_prefix="/leadership")


@leadership.get("/")
def figures() -> str:
    """Completion by team, for leadership: no names, no words, and no team of fewer than five."""
    mine = require(Action.AGGREGATE)
    cycle = mine.cycle
    if cycle is None:
        return render_template("my/before.html", may_provision=False)
    with mine.company.store.read() as tx:
        lines = completion(mine, tx, cycle, workspace_name(tx))
    shown = folded(lines, mine.directory, mine.today)
    return render_template("status/leadership.html", cycle=cycle, lines=shown, everybody=total(shown), kinds=COUNTED)
