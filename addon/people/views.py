"""HR's page of people: who is known, and an import that is shown before it is carried out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.people import importing
from addon.terminal import BadInput
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import require
from sync.access import Action
from sync.records import Person

pages = Blueprint("people", __name__, url_prefix="/company/people")

PAGE = 50
SHOWN_CHANGES = 200


@pages.get("/")
def listed() -> str:
    """Everybody the directory knows, by name, with a search."""
    mine = require(Action.PROVISION)
    words = request.args.get("q", "").strip()
    found = [one for one in mine.directory.people if _fits(one, words.casefold())]
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "people/listed.html",
        words=words,
        people=found[(page - 1) * PAGE : page * PAGE],
        count=len(found),
        page=page,
        last_page=-(-len(found) // PAGE) or 1,
        names=mine.directory.name,
        today=mine.today,
    )


@pages.post("/import")
@limiter.limit(WRITE_RATE)
def propose() -> str | Response:
    """Read a CSV and show what it would change; the first import of a company is carried out at once."""
    mine = require(Action.PROVISION)
    upload = request.files.get("file")
    data = upload.read() if upload else request.form.get("csv", "").encode()
    if not data.strip():
        flash("Choose a CSV file first.", "problem")
        return redirect(url_for("people.listed"), 303)
    return _look(data, (upload.filename if upload else "") or "the file", request.form.get("accept") or None, mine.me.id)


def _look(data: bytes, name: str, accept: str | None, actor: str) -> str | Response:
    # Imported here: a page that imports nobody needs no reader.
    from connectors.people.csv_file import read_people

    mine = require(Action.PROVISION)
    read = read_people(data, name)
    if read.problems:
        return render_template("people/problems.html", name=name, problems=read.problems)
    try:
        result = importing.import_people(mine.company, read.rows, accept, actor=actor)
    except BadInput as error:
        flash(f"Not imported: {error}.", "problem")
        return redirect(url_for("people.listed"), 303)
    if result.done:
        changed = ", ".join(f"{count} {kind}" for kind, count in result.proposal.counts().items() if count) or "no change"
        flash(f"Imported: {changed}. {result.people} people are known.", "done")
        return redirect(url_for("people.listed"), 303)
    changes = [change.describe() for change in result.proposal.changes]
    return render_template(
        "people/proposal.html",
        name=name,
        notes=read.notes,
        changes=changes[:SHOWN_CHANGES],
        more=max(0, len(changes) - SHOWN_CHANGES),
        counts={kind: count for kind, count in result.proposal.counts().items() if count},
        hash=result.proposal.hash,
        csv=data.decode("utf-8-sig", errors="replace"),
    )


def _fits(person: Person, words: str) -> bool:
    return not words or any(words in text.casefold() for text in (person.name, person.email, person.team, person.role))
