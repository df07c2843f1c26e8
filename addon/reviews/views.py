"""The pages of reviews that others write: the manager's workbench, the released text, what HR reads at calibration."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.reviews import gathering
from addon.reviews.asking import ask_for
from addon.reviews.gathering import Bench
from addon.reviews.released import versions
from addon.web.paging import page_number
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, person_or_404, seat
from sync.decisions import DecisionKind
from sync.records import Person
from sync.review import service
from sync.review.coverage import PER_RATING
from sync.review.service import Desk, ReviewError
from sync.review.sheet import TOLD
from sync.review.surprise import NOTICE, Standing
from sync.review.writing import LONGEST
from sync.review_acts import Act, ActKind, ActResult
from sync.schedule import review_window
from sync.store.queries import jobs, overviews, reviews

pages = Blueprint("reviews", __name__, url_prefix="/reviews")

PAGE = 50
LONGEST_REASON = 500
_PLACE = re.compile(r"[a-z]{1,12}(-?[a-z0-9]{1,20}){0,2}")


@pages.get("/")
def listed() -> str:
    """The drafts that HR may read at calibration, and the reviews that were released."""
    mine = seat()
    if mine.me.access != "hr":
        abort(404)
    if mine.cycle is None:
        return render_template("my/before.html", may_provision=True)
    desk = gathering.desk_of(mine)
    words = request.args.get("q", "").strip()
    sought, page = gathering.sought(mine, desk, words), page_number()
    with mine.company.store.read() as tx:
        count, some = overviews.reviews(tx, sought, (page - 1) * PAGE, PAGE)
    return render_template(
        "reviews/listed.html",
        cycle=desk.cycle,
        today=mine.today,
        words=words,
        found=gathering.readable(mine, some),
        count=count,
        page=page,
        last_page=-(-count // PAGE) or 1,
    )


@pages.get("/<person_id>")
def bench(person_id: str) -> str:
    """The draft beside its evidence."""
    mine = seat()
    about = _other_or_404(mine, person_id)
    desk = gathering.desk_of(mine)
    found = gathering.bench(mine, desk, about, gathering.writer_of(mine, desk, about))
    if found is None:
        abort(404)
    return shown(mine, found)


@pages.get("/<person_id>/progress")
def progress(person_id: str) -> str:
    """The part of the page that moves while a worker pushes or releases."""
    mine, about, desk = _mine_or_404(person_id)
    return moving(mine, Bench(desk, about, mine.me.id, None, gathering.acts(mine, desk, about, mine.me.id), True))


@pages.get("/<person_id>/released")
def released(person_id: str) -> str:
    """What the person got, in every version."""
    mine = seat()
    about = _other_or_404(mine, person_id)
    desk = gathering.desk_of(mine)
    found = versions(mine, desk, about)
    if not found:
        abort(404)
    with mine.company.store.write() as tx:
        reviews.note(tx, mine.company.now, mine.me.id, "read-review", f"{desk.cycle.id}/{about.id}")
    return render_template("reviews/released.html", cycle=desk.cycle, about=about, versions=found, is_self=False)


@pages.post("/<person_id>/draft")
@limiter.limit(WRITE_RATE)
def draft(person_id: str) -> Response:
    """Draft it, or draft it again."""
    mine, about, desk = _mine_or_404(person_id)
    return tried(mine, about, lambda: redraft(mine, desk, about), "Drafted from what both of you may see.")


@pages.post("/<person_id>/evidence")
@limiter.limit(WRITE_RATE)
def evidence(person_id: str) -> Response:
    """Leave entries out of the draft, or use them again, and draft it again."""
    mine, about, desk = _mine_or_404(person_id)
    return choose_evidence(mine, desk, about)


@pages.post("/<person_id>/mark")
@limiter.limit(WRITE_RATE)
def mark(person_id: str) -> Response:
    """Decide about one point: where it rests, when it was discussed, that it waits, that a question is answered."""
    mine, about, desk = _mine_or_404(person_id)
    return decide(mine, desk, about)


@pages.post("/<person_id>/push")
@limiter.limit(WRITE_RATE)
def push(person_id: str) -> Response:
    """Ask a worker to bring the document up to the draft."""
    mine, about, desk = _mine_or_404(person_id)
    return ask_worker(mine, desk, about, ActKind.PUSH)


@pages.post("/<person_id>/write")
@limiter.limit(WRITE_RATE)
def write(person_id: str) -> Response:
    """Ask a worker to put a sentence of my own into my document."""
    mine, about, desk = _mine_or_404(person_id)
    return ask_worker(mine, desk, about, ActKind.WRITE)


@pages.post("/<person_id>/release")
@limiter.limit(WRITE_RATE)
def release(person_id: str) -> Response:
    """Ask a worker to show the finished review to the person."""
    mine, about, desk = _mine_or_404(person_id)
    return ask_worker(mine, desk, about, ActKind.RELEASE)


# ---------------------------------------------------------------- what the self review does in the same way


def shown(mine: Seat, found: Bench) -> str:
    """The workbench as a page."""
    with_window = {
        "opens": review_window(found.desk.cycle)[0],
        "notice": NOTICE.days,
        "per_rating": PER_RATING,
        "today": mine.today,
        "writable": TOLD,
    }
    return render_template("reviews/bench.html", bench=found, **with_window, **addresses(found, mine), **_words(mine, found))


def moving(mine: Seat, found: Bench) -> str:
    """The part of the page that says what the worker does."""
    return render_template("reviews/progress.html", bench=found, **addresses(found, mine), **_words(mine, found))


def addresses(found: Bench, mine: Seat) -> dict[str, object]:
    """Where the forms of the page go."""
    own = found.about.id == mine.me.id
    prefix = "my_review" if own else "reviews"
    more: dict[str, Any] = {} if own else {"person_id": found.about.id}
    return {"is_self": own, "to": lambda action: url_for(f"{prefix}.{action}", **more)}


def redraft(mine: Seat, desk: Desk, about: Person) -> None:
    """Draft the review of *about* as its writer. Raises ReviewError."""
    service.make_draft(desk, about.id, mine.me.id, about.id, now=mine.company.now, today=mine.today)


def choose_evidence(mine: Seat, desk: Desk, about: Person) -> Response:
    """Leave the entries of a form out, or use them again."""
    leave_out = request.form.get("way") == "out"
    wanted = request.form.getlist("entry")[:50]

    def do() -> None:
        service.choose_entries(desk, about.id, mine.me.id, wanted, use=not leave_out, now=mine.company.now, today=mine.today)
        redraft(mine, desk, about)

    return tried(mine, about, do, "Left out, and drafted again." if leave_out else "It may be used again; drafted again.")


def decide(mine: Seat, desk: Desk, about: Person) -> Response:
    """Keep the decision of a form."""
    form = request.form
    if form.get("kind") not in set(DecisionKind):
        abort(400)
    kind = DecisionKind(form["kind"])

    def do() -> None:
        service.decide(
            desk,
            about.id,
            mine.me.id,
            kind,
            form.get("point", "")[:16],
            now=mine.company.now,
            today=mine.today,
            other=form.get("other", "")[:16],
            day=_day(form.get("day", ""), kind),
            undo=form.get("undo") == "yes",
        )

    return tried(mine, about, do, "Taken back." if form.get("undo") == "yes" else DECIDED[kind])


DECIDED = {
    DecisionKind.LINK: "Linked.",
    DecisionKind.DISCUSSED: "Marked as discussed.",
    DecisionKind.LATER: "Moved to the next period; it is not released in this one.",
    DecisionKind.SETTLED: "It is off the list.",
    DecisionKind.DISMISSED: "The question is answered.",
}


def ask_worker(mine: Seat, desk: Desk, about: Person, kind: ActKind) -> Response:
    """Ask for a push or a release, unless one is under way or the cycle is locked."""
    if any(one.busy for one in gathering.acts(mine, desk, about, mine.me.id).values()):
        return back(mine, about, "Wait until what you asked for last is done.", "problem")

    def do() -> None:
        service.require_open(desk)
        act = Act(desk.cycle.id, about.id, mine.me.id, kind, "", mine.company.real_now)
        ask_for(mine.company, _typed(act))

    return tried(mine, about, do, "Asked for. You may leave this page; it says here what became of it.")


def tried(mine: Seat, about: Person, do: Callable[[], None], sentence: str) -> Response:
    """Do it and say *sentence*, or why not."""
    try:
        do()
    except ReviewError as error:
        return back(mine, about, f"Not done: {error}.", "problem")
    return back(mine, about, sentence)


def back(mine: Seat, about: Person, sentence: str, kind: str = "done") -> Response:
    """To where on the page the form stood."""
    flash(sentence, kind)
    home = url_for("my_review.shown") if about.id == mine.me.id else url_for("reviews.bench", person_id=about.id)
    place = request.form.get("at", "")
    return redirect(f"{home}#{place}" if _PLACE.fullmatch(place) else home, 303)


# ---------------------------------------------------------------- details


def _words(mine: Seat, found: Bench) -> dict[str, object]:
    return {
        "names": mine.directory.name,
        "standing": Standing,
        "act": ActKind,
        "result": ActResult,
        "unattended": found.busy and not _has_worker(mine),
    }


def _has_worker(mine: Seat) -> bool:
    with mine.company.store.read() as tx:
        return bool(jobs.slots(tx))


def _other_or_404(mine: Seat, person_id: str) -> Person:
    """Somebody else: one's own review has pages of its own."""
    about = person_or_404(mine, person_id)
    if about.id == mine.me.id:
        abort(404)
    return about


def _mine_or_404(person_id: str) -> tuple[Seat, Person, Desk]:
    """The review that I write."""
    mine = seat()
    about = _other_or_404(mine, person_id)
    desk = gathering.desk_of(mine)
    if not gathering.may_write(mine, desk, about):
        abort(404)
    return mine, about, desk


def _typed(act: Act) -> Act:
    """*act* with what its form says in words. Raises ReviewError."""
    form = request.form
    if act.kind is ActKind.RELEASE:
        return replace(act, correction=form.get("correction", "").strip()[:LONGEST_REASON])
    if act.kind is ActKind.PUSH:
        return act
    sentence = form.get("sentence", "").strip()
    if not sentence or len(sentence) > LONGEST:
        raise ReviewError(f"write a sentence first, of at most {LONGEST} characters")
    return replace(act, section=form.get("section", "")[:40], sentence=sentence, instead=form.get("instead", "")[:4000].strip())


def _day(text: str, kind: DecisionKind) -> date | None:
    if kind is not DecisionKind.DISCUSSED:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ReviewError("say on which day you discussed it") from error
