"""The pages of one's own reviews: the self review that one drafts, and the review that one got."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from addon.reviews import gathering, views
from addon.reviews.gathering import Bench
from addon.reviews.released import versions
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, seat
from sync.review.service import Desk
from sync.review_acts import ActKind

pages = Blueprint("my_review", __name__, url_prefix="/me/review")


@pages.get("/")
def shown() -> str:
    """My self review beside what it rests on."""
    mine, desk = _mine_or_404()
    found = gathering.bench(mine, desk, mine.me, mine.me.id)
    if found is None:
        abort(404)
    return views.shown(mine, found)


@pages.get("/progress")
def progress() -> str:
    """The part of the page that moves while a worker pushes."""
    mine, desk = _mine_or_404()
    found = Bench(desk, mine.me, mine.me.id, None, gathering.acts(mine, desk, mine.me, mine.me.id), True)
    return views.moving(mine, found)


@pages.get("/released")
def released() -> str:
    """The review that I got, in every version, with a place to say that I have read it."""
    mine = seat()
    desk = gathering.desk_of(mine)
    found = versions(mine, desk, mine.me)
    if not found:
        abort(404)
    return render_template("reviews/released.html", cycle=desk.cycle, about=mine.me, versions=found, is_self=True)


@pages.post("/draft")
@limiter.limit(WRITE_RATE)
def draft() -> Response:
    """Draft it, or draft it again."""
    mine, desk = _mine_or_404()
    return views.tried(mine, mine.me, lambda: views.redraft(mine, desk, mine.me), "Drafted from what you may see.")


@pages.post("/evidence")
@limiter.limit(WRITE_RATE)
def evidence() -> Response:
    """Leave entries out, or use them again."""
    mine, desk = _mine_or_404()
    return views.choose_evidence(mine, desk, mine.me)


@pages.post("/mark")
@limiter.limit(WRITE_RATE)
def mark() -> Response:
    """Say on which note a sentence rests, or that a question is answered."""
    mine, desk = _mine_or_404()
    return views.decide(mine, desk, mine.me)


@pages.post("/push")
@limiter.limit(WRITE_RATE)
def push() -> Response:
    """Ask a worker to bring my document up to the draft."""
    mine, desk = _mine_or_404()
    return views.ask_worker(mine, desk, mine.me, ActKind.PUSH)


@pages.post("/write")
@limiter.limit(WRITE_RATE)
def write() -> Response:
    """Ask a worker to put a sentence of my own into my document."""
    mine, desk = _mine_or_404()
    return views.ask_worker(mine, desk, mine.me, ActKind.WRITE)


def _mine_or_404() -> tuple[Seat, Desk]:
    mine = seat()
    if not mine.me.takes_part:
        abort(404)
    return mine, gathering.desk_of(mine)
