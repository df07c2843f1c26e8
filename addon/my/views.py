"""The employee's pages."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.my import looking
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import seat
from sync.access import Action, Paper, Phase
from sync.quick_notes import NotANote, QuickNote, entry_of
from sync.records import EntryKind, Visibility
from sync.store.queries import artifacts, ledger, reviews
from templates.shapes import Kind

pages = Blueprint("my", __name__)

RECENT = 8
#: Kinds that stand elsewhere on the page, or that say little by themselves.
ASIDE = frozenset({EntryKind.GOAL, EntryKind.GOAL_VALUE, EntryKind.AGENDA, EntryKind.OTHER, EntryKind.RECOGNITION})
#: Who may read a quick note about oneself.
READERS = {"shared": Visibility.SHARED, "mine": Visibility.AUTHOR_PRIVATE}


@pages.get("/")
def today() -> str:
    """The first page of everybody: what is next, how the goals stand, what is known."""
    mine = seat()
    cycle = mine.cycle
    if cycle is None:
        return render_template("my/before.html", may_provision=mine.may(Action.PROVISION))
    with mine.company.store.read() as tx:
        papers = looking.documents(mine, tx, mine.me)
        entries = looking.known(mine, tx, mine.me, cycle.start)
        release = next(reversed(reviews.releases_of(tx, cycle.id, mine.me.id)), None)
        acknowledged = reviews.acknowledgement(tx, release.artifact_key, mine.me.id) if release else None
        return render_template(
            "my/today.html",
            cycle=cycle,
            today=mine.today,
            reports=len(mine.team),
            manager=mine.directory.name(mine.me.manager_at(mine.today)),
            next=looking.next_check_in(mine, tx, mine.me, cycle, papers),
            actions=looking.open_actions(mine, tx, mine.me, cycle),
            goals=looking.goal_lines(mine, tx, mine.me, cycle),
            sheet=next(
                (one for one in papers if one.artifact.kind is Kind.GOAL_SHEET and one.artifact.cycle_id == cycle.id), None
            ),
            entries=[one for one in entries if one.kind not in ASIDE][:RECENT],
            entry_count=len(entries),
            recognition=[one for one in entries if one.kind is EntryKind.RECOGNITION][:3],
            released=next((one for one in papers if release and one.artifact.key == release.artifact_key), None),
            acknowledged=acknowledged,
            names=mine.directory.name,
            nonce=secrets.token_urlsafe(12),
        )


@pages.get("/me/known")
def everything_known() -> str:
    """All that is known about me and that I may see, with its sources."""
    mine = seat()
    with mine.company.store.read() as tx:
        entries = looking.known(mine, tx, mine.me, None)
        papers = looking.newest_first(looking.documents(mine, tx, mine.me))
    return render_template("my/known.html", entries=entries, papers=papers, names=mine.directory.name)


@pages.post("/me/notes")
@limiter.limit(WRITE_RATE)
def add_note() -> Response:
    """A quick note about oneself, for the manager too or for nobody else."""
    mine = seat()
    readers = READERS.get(request.form.get("readers", ""))
    if readers is None:
        abort(400)
    _keep(QuickNote(mine.me.id, mine.me.id, request.form.get("text", ""), EntryKind.NOTE, readers, mine.today))
    return redirect(url_for("my.today") + "#note", 303)


def _keep(note: QuickNote) -> None:
    mine = seat()
    try:
        entry = entry_of(note, mine.company.now, request.form.get("nonce", "")[:40])
    except NotANote as error:
        flash(f"Not saved: {error}.", "problem")
        return
    with mine.company.store.write() as tx:
        if not ledger.by_ids(tx, [entry.id]):
            ledger.append(tx, [entry])
    flash("Saved.", "done")


@pages.post("/me/review/acknowledge")
@limiter.limit(WRITE_RATE)
def acknowledge() -> Response:
    """The person has read the released review, with a comment if they like."""
    mine = seat()
    key = request.form.get("review", "")
    with mine.company.store.read() as tx:
        found = artifacts.get(tx, key)
    if found is None or found.kind is not Kind.RELEASED_REVIEW or found.person_id != mine.me.id:
        abort(404)
    if not mine.may(Action.READ, Paper(found.kind, found.person_id, found.other_id, Phase.RELEASED)):
        abort(404)
    with mine.company.store.write() as tx:
        reviews.acknowledge(tx, key, mine.me.id, mine.company.now, request.form.get("comment", "")[:4000].strip())
        reviews.note(tx, mine.company.now, mine.me.id, "acknowledge", key)
    flash("Thank you: your manager sees that you have read it.", "done")
    return redirect(url_for("my_review.released"), 303)
