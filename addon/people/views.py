"""HR's page of people: who is known, and an import that is shown before it is carried out."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as AnyResponse
from werkzeug.wrappers import Response

from addon.jobs.asking import ask
from addon.people import importing
from addon.person.erasing import why_not
from addon.person.export import FORMS, gather
from addon.signin import accounts as signin
from addon.terminal import BadInput
from addon.web.paging import page_number
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, person_or_404, require
from sync.access import Action
from sync.identity import has_left
from sync.jobs import Job
from sync.records import Person
from sync.store.queries import accounts, artifacts, erasing, reviews
from sync.store.queries import people as directory

pages = Blueprint("people", __name__, url_prefix="/company/people")

PAGE = 50
SHOWN_CHANGES = 200


@pages.get("/")
def listed() -> str:
    """Everybody the directory knows, by name, with a search."""
    mine = require(Action.PROVISION)
    words = request.args.get("q", "").strip()
    found = [one for one in mine.directory.people if _fits(one, words.casefold())]
    page = page_number()
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


@pages.get("/<person_id>")
def person(person_id: str) -> str:
    """What the directory knows about one person; of who left, what may be handed over or erased."""
    mine = require(Action.PROVISION)
    whom = person_or_404(mine, person_id)
    with mine.company.store.read() as tx:
        bound = accounts.of_person(tx, whom.id)
    return render_template(
        "people/person.html",
        person=whom,
        lines=whom.reporting,
        reports=mine.directory.reports_at(whom.id, mine.today),
        names=mine.directory.name,
        today=mine.today,
        hands_over=_hands_over(mine, whom),
        bound=bound,
        unbinds=mine.may(Action.UNBIND),
    )


@pages.post("/<person_id>/unbind")
@limiter.limit(WRITE_RATE)
def unbind(person_id: str) -> Response:
    """Let another account of the identity provider sign them in."""
    mine = require(Action.UNBIND)
    whom = person_or_404(mine, person_id)
    signin.unbind(mine.company, whom, mine.me.id)
    flash(f"The next account with the address {whom.email} is bound to {whom.name}.", "done")
    return redirect(url_for("people.person", person_id=whom.id), 303)


@pages.post("/<person_id>/export")
@limiter.limit(WRITE_RATE)
def export(person_id: str) -> AnyResponse:
    """Everything about somebody who left, for HR to read and to hand over."""
    mine = require(Action.HAND_OVER)
    whom = _leaver_or_404(mine, person_id)
    form = FORMS.get(request.form.get("as", ""))
    if form is None:
        abort(400)
    found = gather(mine.company, whom)
    with mine.company.store.write() as tx:
        organisation = directory.setting(tx, "organisation")
        reviews.note(tx, mine.company.now, mine.me.id, "export", whom.id)
    return form.attached(found, organisation, whom.id)


@pages.get("/<person_id>/erase")
def confirm_erasing(person_id: str) -> str:
    """What erasing means, before it is done."""
    mine = require(Action.HAND_OVER)
    whom = _leaver_or_404(mine, person_id)
    with mine.company.store.read() as tx:
        papers, copies = artifacts.of_person(tx, whom.id), erasing.copies(tx, whom.id)
    return render_template("people/erase.html", person=whom, papers=papers, copies=copies, reason=why_not(mine.company, whom))


@pages.post("/<person_id>/erase")
@limiter.limit(WRITE_RATE)
def erase(person_id: str) -> Response:
    """Have a worker erase them."""
    mine = require(Action.HAND_OVER)
    whom = _leaver_or_404(mine, person_id)
    if request.form.get("name", "").strip().casefold() != whom.name.casefold():
        flash(f"Nothing was erased: write the name {whom.name} into the field to say that you mean it.", "problem")
        return redirect(url_for("people.confirm_erasing", person_id=whom.id), 303)
    with mine.company.store.write() as tx:
        reviews.note(tx, mine.company.now, mine.me.id, "erase asked for", whom.id)
    ask(mine.company, Job.ERASE, whom.id)
    flash("Everything about this person is being erased. The list of jobs says when it is done.", "done")
    return redirect(url_for("jobs.listed"), 303)


def _hands_over(mine: Seat, whom: Person) -> bool:
    return has_left(whom, mine.today) and mine.may(Action.HAND_OVER)


def _leaver_or_404(mine: Seat, person_id: str) -> Person:
    """Somebody who left: whoever works here takes out their own copy, and nobody else's business is looked into."""
    whom = person_or_404(mine, person_id)
    if not _hands_over(mine, whom):
        abort(404)
    return whom


def _fits(person: Person, words: str) -> bool:
    return not words or any(words in text.casefold() for text in (person.name, person.email, person.team, person.role))
