"""HR's first page: how far the company is, whether the sync is well, who did what."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template

from addon.connections.standing import trouble_of
from addon.evidence.naming import told
from addon.my.looking import workspace_name
from addon.status.gathering import COUNTED, TeamLine, completion, folded_completion
from addon.web.paging import LARGEST, number_of, page_number
from addon.web.seat import require
from sync.access import Action
from sync.store.queries import artifacts, ledger, people, reviews

pages = Blueprint("status", __name__, url_prefix="/company")

FAILED = frozenset({"failed", "busy", "halted"})
PAGE = 100
TEAMS = 50
FAILED_SHOWN, QUESTIONS_SHOWN = 20, 50


@pages.get("/")
def overview() -> str:
    """Completion by team and kind, and what needs a person."""
    mine = require(Action.PROVISION)
    cycle = mine.cycle
    if cycle is None:
        return render_template("my/before.html", may_provision=True)
    with mine.company.store.read() as tx:
        name = workspace_name(tx)
        last_sync = ledger.last_sync(tx, name)
        found = completion(mine, tx, cycle, last_sync)
        findings = ledger.findings(tx, name)
        failed = [one for one in findings if one.kind in FAILED]
        questions = [one for one in findings if one.kind not in FAILED]
        shown = {"failed": failed[:FAILED_SHOWN], "questions": questions[:QUESTIONS_SHOWN]}
        listed = [one for some in shown.values() for one in some]
        said = told(tx, name, [*(one.message for one in listed), *(one.subject for one in listed)])
        view = {
            "last_sync": last_sync,
            "people": people.count(tx),
            "documents": artifacts.count(tx),
            "released": reviews.released_count(tx, cycle.id),
        }
    return render_template(
        "status/overview.html",
        cycle=cycle,
        everybody=found.everybody,
        kinds=COUNTED,
        workspace=name,
        mending=trouble_of(mine.company, name),
        failed=failed,
        questions=questions,
        shown=shown,
        said=said,
        files={subject for subject, some in said.items() if any(piece.address for piece in some)},
        names=mine.directory.name,
        **_some(found.teams),
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
        found = folded_completion(mine, tx, cycle, ledger.last_sync(tx, workspace_name(tx)))
    return render_template(
        "status/leadership.html", cycle=cycle, everybody=found.everybody, kinds=COUNTED, **_some(found.teams)
    )


def _some(lines: Sequence[TeamLine]) -> dict[str, object]:
    """The teams of the page that is asked for."""
    page = page_number()
    return {"lines": lines[(page - 1) * TEAMS : page * TEAMS], "page": page, "last_page": -(-len(lines) // TEAMS) or 1}
