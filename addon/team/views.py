"""The manager's pages: the team, and one person of it."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.my import looking
from addon.team.gathering import lines
from addon.web.paging import page_number
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, person_or_404, seat
from sync.access import Relation, relations
from sync.quick_notes import NotANote, QuickNote, entry_of
from sync.records import Entry, EntryKind, Person, Visibility
from sync.store.queries import ledger
from templates.shapes import Kind

pages = Blueprint("team", __name__, url_prefix="/team")

PAGE = 40
#: What a manager may write here about a report, and who reads it.
WRITINGS = {
    "shared": (EntryKind.NOTE, Visibility.SHARED),
    "private": (EntryKind.MANAGER_NOTE, Visibility.MANAGER_PRIVATE),
    "recognition": (EntryKind.RECOGNITION, Visibility.SHARED),
}


@pages.get("/")
def overview() -> str:
    """Everybody whom I manage: what is due, what is late, where little is known."""
    mine = seat()
    if not mine.team:
        abort(404)
    if mine.cycle is None:
        return render_template("my/before.html", may_provision=False)
    pack = mine.company.pack(mine.cycle)
    return render_template(
        "team/overview.html",
        cycle=mine.cycle,
        lines=lines(mine, mine.cycle, mine.team, pack.minimum_entries),
        minimum=pack.minimum_entries,
        today=mine.today,
    )


@pages.get("/<person_id>")
def person(person_id: str) -> str:
    """One report: goals, open actions, documents, and what is known, by kind."""
    mine = seat()
    return _person(mine, _report_or_404(mine, person_id))


def _person(mine: Seat, about: Person, written: str = "") -> str:
    """The page; *written* is a note that could not be kept and must not be lost."""
    cycle = mine.cycle
    if cycle is None:
        abort(404)
    manages = _manages(mine, about)
    with mine.company.store.read() as tx:
        papers = looking.documents(mine, tx, about)
        entries = looking.known(mine, tx, about, cycle.start)
        view = {
            "next": looking.next_check_in(mine, tx, about, cycle, papers) if manages else None,
            "actions": looking.open_actions(mine, tx, about, cycle),
            "goals": looking.goal_lines(mine, tx, about, cycle),
        }
    wanted = request.args.get("kind", "")
    kinds = sorted({entry.kind for entry in entries if entry.kind not in (EntryKind.GOAL_VALUE, EntryKind.GOAL)})
    shown = [entry for entry in entries if (entry.kind == wanted if wanted else entry.kind in kinds)]
    page = page_number()
    return render_template(
        "team/person.html",
        about=about,
        cycle=cycle,
        manages=manages,
        today=mine.today,
        papers=looking.newest_first(papers),
        sheet=next((one for one in papers if one.artifact.kind is Kind.GOAL_SHEET and one.artifact.cycle_id == cycle.id), None),
        months=_months(entries),
        kinds=kinds,
        wanted=wanted,
        entries=shown[(page - 1) * PAGE : page * PAGE],
        page=page,
        last_page=-(-len(shown) // PAGE) or 1,
        entry_count=len(shown),
        names=mine.directory.name,
        nonce=secrets.token_urlsafe(12),
        written=written,
        **view,
    )


@pages.post("/<person_id>/notes")
@limiter.limit(WRITE_RATE)
def add_note(person_id: str) -> str | Response:
    """A note about a report, for both or for oneself, or a word of recognition."""
    mine = seat()
    about = _report_or_404(mine, person_id)
    if not _manages(mine, about):
        abort(404)
    if request.form.get("as") not in WRITINGS:
        abort(400)
    kind, visibility = WRITINGS[request.form["as"]]
    note = QuickNote(about.id, mine.me.id, request.form.get("text", ""), kind, visibility, mine.today)
    try:
        entry = entry_of(note, mine.company.now, request.form.get("nonce", "")[:40])
    except NotANote as error:
        flash(f"Not saved: {error}.", "problem")
        return _person(mine, about, note.text)
    with mine.company.store.write() as tx:
        if not ledger.by_ids(tx, [entry.id]):
            ledger.append(tx, [entry])
    flash("Saved.", "done")
    return redirect(url_for("team.person", person_id=about.id), 303)


def _manages(mine: Seat, about: Person) -> bool:
    """Whether I am their manager today; about somebody who left nobody writes any more."""
    return about.active(mine.today) and Relation.MANAGER in relations(mine.viewer, about.id, mine.today)


def _report_or_404(mine: Seat, person_id: str) -> Person:
    """Somebody whom I manage, or managed: what I may then see is decided piece by piece."""
    about = person_or_404(mine, person_id)
    if not relations(mine.viewer, person_id, mine.today) & {Relation.MANAGER, Relation.FORMER_MANAGER}:
        abort(404)
    return about


def _months(entries: tuple[Entry, ...]) -> list[tuple[str, int]]:
    """How many notes each month of the cycle has, oldest first."""
    counts: dict[str, int] = {}
    for entry in entries:
        if entry.kind not in (EntryKind.GOAL_VALUE, EntryKind.GOAL, EntryKind.AGENDA):
            counts[f"{entry.happened_on:%Y-%m}"] = counts.get(f"{entry.happened_on:%Y-%m}", 0) + 1
    return sorted(counts.items())
