"""The manager's pages."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from addon.web.seat import seat

pages = Blueprint("team", __name__, url_prefix="/team")


@pages.get("/")
def overview() -> str:
    """Everybody whom I manage: what is due, what is overdue, where little is known."""
    mine = seat()
    if not mine.team:
        abort(404)
    return render_template("team/overview.html", team=mine.team)
