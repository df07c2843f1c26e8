"""The employee's pages."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.feedback.asking import of_giver
from addon.my import looking
from addon.web.colleagues import colleagues, named
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, seat
from sync.access import Action, Paper, Phase
from sync.feedback import State, closes_on
from sync.quick_notes import NotANote, QuickNote, entry_of
from sync.records import Cycle, EntryKind, Person, Visibility
from sync.store import Transaction
from sync.store.queries import artifacts, ledger, reviews
from templates.shapes import Kind

pages = Blueprint("my", __name__)

RECENT = 8
#: Kinds that stand elsewhere on the page, or that say little by themselves.
ASIDE = frozenset({EntryKind.GOAL, EntryKind.GOAL_VALUE, EntryKind.AGENDA, EntryKind.OTHER, EntryKind.RECOGNITION})
#: Who may read a quick note about oneself.
READERS = {"shared": Visibility.SHARED, "mine": Visibility.AUTHOR_PRIVATE}
#: Who may read a word of recognition: the person and their manager, or the manager alone.
RECOGNITION_READERS = {"shared": Visibility.SHARED, "manager": Visibility.MANAGER_PRIVATE}


@pages.get("/")
def today() -> str:
    """The first page of everybody: what is next, how the goals stand, what is known."""
    return _today(seat())


def _today(mine: Seat, written: str = "") -> str:
    """The page; *written* is a note that could not be kept and must not be lost."""
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
            asked=_asked(mine, tx, cycle),
            names=mine.directory.name,
            nonce=secrets.token_urlsafe(12),
            written=written,
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
def add_note() -> str | Response:
    """A quick note about oneself, for the manager too or for nobody else."""
    mine = seat()
    readers = READERS.get(request.form.get("readers", ""))
    if readers is None:
        abort(400)
    note = QuickNote(mine.me.id, mine.me.id, request.form.get("text", ""), EntryKind.NOTE, readers, mine.today)
    try:
        _keep(mine, note)
    except NotANote as error:
        flash(f"Not saved: {error}.", "problem")
        return _today(mine, note.text)
    flash("Saved.", "done")
    return redirect(url_for("my.today"), 303)


@pages.get("/me/recognition")
def recognise() -> str:
    """A form for a word of recognition to anybody."""
    mine = seat()
    return _recognition(mine, request.args.get("to", ""), "", "shared")


@pages.post("/me/recognition")
@limiter.limit(WRITE_RATE)
def give_recognition() -> str | Response:
    """Tell somebody what they did well. What was written stays on the page until it is kept."""
    mine = seat()
    form = request.form
    readers = RECOGNITION_READERS.get(form.get("readers", ""))
    if readers is None:
        abort(400)
    whom, text = named(mine, form.get("to", "")), form.get("text", "")
    try:
        if whom is None or whom.id == mine.me.id:
            raise NotANote("choose one colleague, by full name or address")
        _keep(mine, QuickNote(whom.id, mine.me.id, text, EntryKind.RECOGNITION, readers, mine.today))
    except NotANote as error:
        flash(f"Not given: {error}.", "problem")
        return _recognition(mine, form.get("to", ""), text, form["readers"])
    flash(f"Thank you. {_who_reads(mine, whom, readers)}", "done")
    return redirect(url_for("my.today"), 303)


def _recognition(mine: Seat, to: str, text: str, readers: str) -> str:
    nonce = request.form.get("nonce") or secrets.token_urlsafe(12)
    return render_template(
        "my/recognition.html", colleagues=colleagues(mine), chosen=to, text=text, readers=readers, nonce=nonce
    )


def _who_reads(mine: Seat, whom: Person, readers: Visibility) -> str:
    manager = mine.directory.name(whom.manager_at(mine.today))
    if readers is Visibility.SHARED:
        return f"{whom.name} reads it{f', and {manager}' if manager else ''}."
    return f"{manager or 'A manager'} reads it, {whom.name} does not."


def _asked(mine: Seat, tx: Transaction, cycle: Cycle) -> list[str]:
    """The names of those about whom I am asked for feedback and have not given any."""
    if mine.today >= closes_on(cycle):
        return []
    asked = of_giver(mine.company, tx, cycle.id, mine.me.id)
    return [mine.directory.name(one.person_id) for one in asked if one.state is State.ASKED]


def _keep(mine: Seat, note: QuickNote) -> None:
    """Keep a note; the same form sent twice is one. Raises NotANote."""
    entry = entry_of(note, mine.company.now, request.form.get("nonce", "")[:40])
    with mine.company.store.write() as tx:
        if not ledger.by_ids(tx, [entry.id]):
            ledger.append(tx, [entry])


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
