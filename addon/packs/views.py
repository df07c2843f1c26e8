"""A preview of each template: what HR is about to provision, as people will read it."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, abort, render_template

from addon.web.seat import require
from sync.access import Action
from sync.store.queries import cycles
from templates import loader
from templates.shapes import Pack, Place, Writer

PLACES = {
    Place.COMPANY: "in the company's folder",
    Place.WORKING: "in the person's working folder",
    Place.REVIEWS: "in the person's reviews folder",
    Place.PRIVATE: "in a manager's private folder",
}
PEOPLE = {Writer.EMPLOYEE: "the person", Writer.MANAGER: "their manager", Writer.GIVER: "who gives it", Writer.HR: "HR"}
"""Where documents stand and who writes in them, as HR says it; everyone and nobody are words already."""

pages = Blueprint("packs", __name__, url_prefix="/company/templates")


@pages.get("/")
def listed() -> str:
    """The packs that come with the program, each with its templates."""
    require(Action.PROVISION)
    return render_template("packs/listed.html", packs=[_built_in(name) for name in loader.built_in_names()])


@pages.get("/<name>")
def preview(name: str) -> str:
    """One pack that comes with the program."""
    require(Action.PROVISION)
    if name not in loader.built_in_names():
        abort(404)
    return _page(_built_in(name), "")


@pages.get("/cycle/<cycle_id>")
def of_cycle(cycle_id: str) -> str:
    """The templates as a cycle froze them."""
    mine = require(Action.PROVISION)
    with mine.company.store.read() as tx:
        cycle = cycles.get(tx, cycle_id)
        if cycle is None:
            abort(404)
    return _page(mine.company.pack(cycle), cycle.label)


@cache
def _built_in(name: str) -> Pack:
    """A pack that comes with the program does not change while it runs."""
    return loader.load(loader.built_in(name))


def _page(pack: Pack, cycle: str) -> str:
    return render_template("packs/preview.html", pack=pack, cycle=cycle, places=PLACES, people=PEOPLE)
