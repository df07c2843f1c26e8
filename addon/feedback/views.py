"""The pages of peer feedback."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from addon import keys
from addon.feedback.showing import show_due_answers
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, cycle_or_404, person_or_404, seat
from sync.access import Action, Paper, Phase, Viewer, can
from sync.feedback import FEWEST_ANONYMOUS, Form, NoAnswer, Request, State, checked, closes_on, mark_of, signed_entry
from sync.records import Cycle, Pair, Person
from sync.store import Transaction
from sync.store.queries import feedback, ledger, people
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
        asked = [_as_it_is(mine, tx, one) for one in feedback.of_giver(tx, cycle.id, mine.me.id) if one.state in SHOWN]
        about = feedback.about(tx, cycle.id, [mine.me.id, *ids])
    colleagues = [one for one in mine.directory.people if one.active(mine.today) and one.takes_part and one.id != mine.me.id]
    return render_template(
        "feedback/overview.html",
        cycle=cycle,
        open=mine.today < closes_on(cycle),
        closes=closes_on(cycle),
        asked=asked,
        proposed=[one for one in about if one.person_id == mine.me.id],
        to_decide=[one for one in about if one.person_id in ids and one.state is State.NOMINATED],
        team_requests=[one for one in about if one.person_id in ids and one.state in SHOWN],
        team=mine.team,
        me_id=mine.me.id,
        colleagues=colleagues if len(colleagues) <= MOST_LISTED else [],
        names=mine.directory.name,
        fewest=FEWEST_ANONYMOUS,
        form=Form,
        state=State,
    )


SHOWN = (State.ASKED, State.GIVEN)
#: A longer list of colleagues helps nobody; an address is typed then.
MOST_LISTED = 300


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
    giver = _giver(mine, request.form.get("giver", ""))
    if giver is None or giver.id == about.id:
        return _back("Nobody was asked: choose a colleague by name or address.", "problem")
    form = Form.ANONYMOUS if request.form.get("form") == Form.ANONYMOUS else Form.SIGNED
    asked = Request(cycle.id, giver.id, about.id, form, State.ASKED if decides else State.NOMINATED)
    with mine.company.store.write() as tx:
        if why := _not_so(mine, tx, cycle, asked, about, giver):
            return _back(why, "problem")
        feedback.add(tx, asked)
        if decides:
            _with_document(tx, cycle, asked)
    return _back(f"{giver.name} is asked." if decides else f"{giver.name} is proposed; your manager decides.")


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
        if yes and giver is not None and _would_read(mine, found):
            return _back(f"Nobody was asked: {giver.name} {READS}", "problem")
        feedback.move(tx, found, State.ASKED if yes else State.DECLINED)
        if yes:
            _with_document(tx, cycle, found)
    return _back("Asked." if yes else "Declined.")


@pages.get("/about/<person_id>")
def form(person_id: str) -> str:
    """The form: a few sentences about somebody, signed or not as it was asked for."""
    mine = seat()
    about, found, cycle = _asked_or_404(mine, person_id)
    return render_template(
        "feedback/form.html",
        about=about,
        request=found,
        cycle=cycle,
        closes=closes_on(cycle),
        fewest=FEWEST_ANONYMOUS,
        form=Form,
    )


@pages.post("/about/<person_id>")
@limiter.limit(WRITE_RATE)
def give(person_id: str) -> Response:
    """Keep the answer: with its author, or without any trace of one."""
    mine = seat()
    about, found, cycle = _asked_or_404(mine, person_id)
    if _would_read(mine, found):
        return _back(f"Not sent: {mine.me.name} {READS}", "problem")
    try:
        words = checked(request.form.get("text", ""), cycle, mine.today)
    except NoAnswer as error:
        flash(f"Not sent: {error}.", "problem")
        return redirect(url_for("feedback.form", person_id=about.id), 303)
    reads = mine.company.pack(cycle).peer_feedback_visible
    with mine.company.store.write() as tx:
        if found.form is Form.ANONYMOUS:
            kept = feedback.keep_answer(tx, found, words, _mark(mine, found))
        elif kept := feedback.move(tx, found, State.GIVEN):
            ledger.append(tx, [signed_entry(found, words, mine.company.now, mine.today, person_reads=reads)])
    if not kept:
        return _back("It was sent before.", "problem")
    return _back("Thank you. It was sent.")


def _asked_or_404(mine: Seat, person_id: str) -> tuple[Person, Request, Cycle]:
    cycle = cycle_or_404(mine)
    about = person_or_404(mine, person_id)
    with mine.company.store.read() as tx:
        kept = feedback.get(tx, cycle.id, mine.me.id, about.id)
        found = _as_it_is(mine, tx, kept) if kept else None
    if found is None or found.state is not State.ASKED or not about.active(mine.today):
        abort(404)
    return about, found, cycle


def _as_it_is(mine: Seat, tx: Transaction, asked: Request) -> Request:
    """A request as its giver sees it, who alone is told that they have given an answer without a name."""
    given = asked.form is Form.ANONYMOUS and _mark(mine, asked) in feedback.marks(tx, asked.cycle_id)
    return replace(asked, state=State.GIVEN) if given else asked


def _mark(mine: Seat, asked: Request) -> str:
    return mark_of(asked, keys.derived(mine.company.settings, "feedback"))


def _decides(mine: Seat, about: Person) -> bool:
    """Whoever drafts the review decides whose word is asked for it."""
    return about.id != mine.me.id and mine.may(Action.DRAFT, Paper(Kind.MANAGER_REVIEW, about.id, mine.me.id))


READS = (
    "reads the answers about this person, and who counts their own among them sees fewer than there must be. "
    "A signed answer is possible."
)


def _would_read(mine: Seat, asked: Request) -> bool:
    """Whether the giver of an anonymous answer is one of those who read all of them."""
    answers = Paper(Kind.PEER_FEEDBACK, asked.person_id, phase=Phase.SUBMITTED)
    reads = can(Viewer(asked.giver_id, mine.directory), Action.READ, answers, mine.today)
    return asked.form is Form.ANONYMOUS and reads


def _not_so(mine: Seat, tx: Transaction, cycle: Cycle, asked: Request, about: Person, giver: Person) -> str:
    """Why somebody cannot be asked in this way, "" when they can."""
    if _would_read(mine, asked):
        return f"Nobody was asked: {giver.name} {READS}"
    if asked.form is Form.ANONYMOUS and Pair(giver.id, about.id) in people.pairs(tx, cycle.id):
        # Whom the manager asked for a document is not for the person to learn.
        known = f"has a signed document about {about.name}" if about.id != mine.me.id else "cannot be asked without a name"
        return f"Nobody was asked: {giver.name} {known}. Two texts by one hand, one of them signed, hide nobody."
    if found := feedback.get(tx, cycle.id, giver.id, about.id):
        return f"Nothing was changed: {giver.name} was asked or proposed before, for {ANSWERS[found.form]}."
    return ""


ANSWERS = {Form.SIGNED: "a signed answer", Form.ANONYMOUS: "one without a name"}


def _with_document(tx: Transaction, cycle: Cycle, asked: Request) -> None:
    """A signed request has a document too, which the next plan makes; an anonymous one must have none."""
    if asked.form is Form.SIGNED:
        people.add_pairs(tx, cycle.id, [Pair(asked.giver_id, asked.person_id)])


def _giver(mine: Seat, words: str) -> Person | None:
    wanted = words.strip().casefold()
    found = [
        one
        for one in mine.directory.people
        if wanted and wanted in (one.id, one.email, one.name.casefold()) and one.active(mine.today)
    ]
    return found[0] if len(found) == 1 else None


def _back(sentence: str, kind: str = "done") -> Response:
    flash(sentence, kind)
    return redirect(url_for("feedback.overview"), 303)
