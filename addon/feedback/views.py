"""The pages of peer feedback."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon.feedback.asking import (
    ANSWERS,
    READS,
    ask_all,
    has_document,
    keep,
    mark,
    of_giver,
    with_document,
    would_read,
)
from addon.feedback.showing import show_due_answers
from addon.web.colleagues import colleagues, named
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, cycle_or_404, person_or_404, require, seat
from sync.access import Action, Paper
from sync.feedback import FEWEST_ANONYMOUS, Form, NoAnswer, Request, State, checked, closes_on, signed_entry
from sync.records import Cycle, Person
from sync.store import Transaction
from sync.store.queries import feedback, ledger, people, reviews
from templates.shapes import Kind

pages = Blueprint("feedback", __name__, url_prefix="/feedback")


@pages.get("/")
def overview() -> str:
    """What I am asked for, whom I proposed, and what I have to decide for my team."""
    mine = seat()
    cycle = mine.cycle
    if cycle is None:
        return render_template("my/before.html", may_provision=False)
    if mine.today >= closes_on(cycle):
        show_due_answers(mine.company)
    ids = [person.id for person in mine.team]
    with mine.company.store.read() as tx:
        asked = [one for one in of_giver(mine.company, tx, cycle.id, mine.me.id) if one.state in SHOWN]
        about = feedback.about(tx, cycle.id, [mine.me.id, *ids])
    return render_template(
        "feedback/overview.html",
        cycle=cycle,
        open=mine.today < closes_on(cycle),
        closes=closes_on(cycle),
        last_day=closes_on(cycle) - timedelta(days=1),
        asked=asked,
        proposed=[one for one in about if one.person_id == mine.me.id],
        to_decide=[one for one in about if one.person_id in ids and one.state is State.NOMINATED],
        team_requests=[one for one in about if one.person_id in ids and one.state in SHOWN],
        team=mine.team,
        me_id=mine.me.id,
        colleagues=colleagues(mine),
        asks_many=mine.may(Action.PROVISION),
        names=mine.directory.name,
        fewest=FEWEST_ANONYMOUS,
        form=Form,
        state=State,
    )


SHOWN = (State.ASKED, State.GIVEN)


@pages.post("/nominate")
@limiter.limit(WRITE_RATE)
def nominate() -> Response:
    """Propose who should say something about me, or ask somebody about a person whom I manage."""
    mine = seat()
    cycle = cycle_or_404(mine)
    about = person_or_404(mine, request.form.get("about", ""))
    decides = _decides(mine, about)
    if about.id != mine.me.id and not decides:
        abort(404)
    giver = named(mine, request.form.get("giver", ""))
    if giver is None or giver.id == about.id:
        return _back("Nobody was asked: choose a colleague by name or address.", "problem")
    form = Form.ANONYMOUS if request.form.get("form") == Form.ANONYMOUS else Form.SIGNED
    asked = Request(cycle.id, giver.id, about.id, form, State.ASKED if decides else State.NOMINATED)
    with mine.company.store.write() as tx:
        if why := _not_so(mine, tx, cycle, asked, about, giver):
            return _back(why, "problem")
        keep(tx, cycle, asked)
    return _back(f"{giver.name} is asked." if decides else f"{giver.name} is proposed; your manager decides.")


@pages.post("/pairs")
@limiter.limit(WRITE_RATE)
def ask_many() -> str | Response:
    """HR asks everybody of a CSV, all in one form; with a problem in any row nobody is asked."""
    # Imported here: a page that reads no list needs no reader.
    from connectors.people.csv_file import read_pairs

    mine = require(Action.PROVISION)
    cycle = cycle_or_404(mine)
    if mine.today >= closes_on(cycle):
        return _back(f"Nobody was asked: answers for {cycle.label} are taken no more.", "problem")
    upload = request.files.get("file")
    if upload is None or not (data := upload.read()).strip():
        return _back("Nobody was asked: choose a CSV file first.", "problem")
    name = upload.filename or "the file"
    read = read_pairs(data, name)
    form = Form.ANONYMOUS if request.form.get("form") == Form.ANONYMOUS else Form.SIGNED
    done = ask_all(mine.company, cycle, read.rows, form)
    if problems := sorted((*read.problems, *done.problems), key=lambda one: one.line):
        home = url_for("feedback.overview")
        return render_template("people/problems.html", name=name, problems=problems, home=home, home_title="feedback")
    with mine.company.store.write() as tx:
        reviews.note(tx, mine.company.now, mine.me.id, "ask for feedback", cycle.id, f"{done.new} {form.value}")
    before = f"; {done.before} were asked or proposed before and stay as they are" if done.before else ""
    next_ = " Their documents come with the next plan." if form is Form.SIGNED and done.new else ""
    return _back(f"{done.new} asked{before}.{next_}")


@pages.post("/decide")
@limiter.limit(WRITE_RATE)
def decide() -> Response:
    """The manager approves or declines who was proposed."""
    mine = seat()
    cycle = cycle_or_404(mine)
    about = person_or_404(mine, request.form.get("about", ""))
    if not _decides(mine, about):
        abort(404)
    with mine.company.store.write() as tx:
        found = feedback.get(tx, cycle.id, request.form.get("giver", ""), about.id)
        if found is None or found.state is not State.NOMINATED:
            return _back("This was decided already.", "problem")
        yes = request.form.get("answer") == "yes"
        giver = mine.directory.person(found.giver_id)
        if yes and giver is not None and would_read(mine.directory, found, mine.today):
            return _back(f"Nobody was asked: {giver.name} {READS}", "problem")
        feedback.move(tx, found, State.ASKED if yes else State.DECLINED)
        if yes:
            with_document(tx, cycle, found)
    return _back("Asked." if yes else "Declined.")


@pages.get("/about/<person_id>")
def form(person_id: str) -> str:
    """The form: a few sentences about somebody, signed or not as it was asked for."""
    mine = seat()
    about, found, cycle = _asked_or_404(mine, person_id)
    return _form(about, found, cycle)


def _form(about: Person, found: Request, cycle: Cycle, written: str = "") -> str:
    """The form; *written* is an answer that could not be sent and must not be lost."""
    return render_template(
        "feedback/form.html",
        about=about,
        request=found,
        cycle=cycle,
        closes=closes_on(cycle),
        fewest=FEWEST_ANONYMOUS,
        form=Form,
        written=written,
    )


@pages.post("/about/<person_id>")
@limiter.limit(WRITE_RATE)
def give(person_id: str) -> str | Response:
    """Keep the answer: with its author, or without any trace of one."""
    mine = seat()
    about, found, cycle = _asked_or_404(mine, person_id)
    written = request.form.get("text", "")
    try:
        if would_read(mine.directory, found, mine.today):
            raise NoAnswer(f"{mine.me.name} {READS.removesuffix('.')}")
        words = checked(written, cycle, mine.today)
    except NoAnswer as error:
        flash(f"Not sent: {error}.", "problem")
        return _form(about, found, cycle, written)
    reads = mine.company.pack(cycle).peer_feedback_visible
    with mine.company.store.write() as tx:
        if found.form is Form.ANONYMOUS:
            kept = feedback.keep_answer(tx, found, words, mark(mine.company, found))
        elif kept := feedback.move(tx, found, State.GIVEN):
            ledger.append(tx, [signed_entry(found, words, mine.company.now, mine.today, person_reads=reads)])
    if not kept:
        return _back("It was sent before.", "problem")
    return _back("Thank you. It was sent.")


def _asked_or_404(mine: Seat, person_id: str) -> tuple[Person, Request, Cycle]:
    cycle = cycle_or_404(mine)
    about = person_or_404(mine, person_id)
    with mine.company.store.read() as tx:
        found = next((one for one in of_giver(mine.company, tx, cycle.id, mine.me.id) if one.person_id == about.id), None)
    if found is None or found.state is not State.ASKED or not about.active(mine.today):
        abort(404)
    return about, found, cycle


def _decides(mine: Seat, about: Person) -> bool:
    """Whoever drafts the review decides whose word is asked for it."""
    return about.id != mine.me.id and mine.may(Action.DRAFT, Paper(Kind.MANAGER_REVIEW, about.id, mine.me.id))


def _not_so(mine: Seat, tx: Transaction, cycle: Cycle, asked: Request, about: Person, giver: Person) -> str:
    """Why somebody cannot be asked in this way, "" when they can."""
    if would_read(mine.directory, asked, mine.today):
        return f"Nobody was asked: {giver.name} {READS}"
    if has_document(asked, people.pairs(tx, cycle.id)):
        # Whom the manager asked for a document is not for the person to learn.
        known = f"has a signed document about {about.name}" if about.id != mine.me.id else "cannot be asked without a name"
        return f"Nobody was asked: {giver.name} {known}. Two texts by one hand, one of them signed, hide nobody."
    if found := feedback.get(tx, cycle.id, giver.id, about.id):
        return f"Nothing was changed: {giver.name} was asked or proposed before, for {ANSWERS[found.form]}."
    return ""


def _back(sentence: str, kind: str = "done") -> Response:
    flash(sentence, kind)
    return redirect(url_for("feedback.overview"), 303)
