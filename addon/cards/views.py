"""The addresses that Google calls. Each call proves whose it is; what one may not see is answered as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, request
from flask_limiter import RateLimitExceeded

from addon.cards import answers, entrance, gathering
from addon.cards.asking import ask_for
from addon.cards.drawing import Json, Place
from addon.cards.event import DRIVE_FILE, EDITORS, Event
from addon.cards.gathering import Opened, Table
from addon.cards.manifest import TRIGGERS
from addon.cards.phrases import figure_of
from addon.cards.widgets import Card
from addon.my import cards as my_cards
from addon.my.views import RECOGNITION_READERS
from addon.web.colleagues import named
from addon.web.safety import WRITE_RATE, limiter
from addon.web.seat import Seat, seat
from sync.access import Action, Paper, Relation, relations
from sync.document_edits import DocumentEdit, EditKind, edit_id
from sync.quick_notes import NotANote, QuickNote, entry_of
from sync.records import EntryKind, Person, Visibility
from sync.review import service
from sync.review.service import Desk, ReviewError
from sync.store.queries import cycles, ledger, reviews
from templates.shapes import Kind

pages = Blueprint("cards", __name__, url_prefix="/addon")

LOGO = Path(__file__).parents[1] / "static" / "throughline.png"
GONE = "That is not there any more."
ASKED = "Asked for: it is written into the document in a moment."
_PREVIEWED = re.compile(r"/(?P<page>team|reviews)/(?P<person>[a-z0-9]{1,16})/?")


@pages.before_request
def let_in() -> Response | Json | None:
    """Nobody but Google, for one of our people, gets beyond this."""
    if request.endpoint == "cards.logo":
        return None
    return entrance.let_in(_shown)


@pages.get("/logo.png")
def logo() -> Response:
    """The picture beside the name, under an address that stays: Google keeps it with the deployment."""
    return Response(LOGO.read_bytes(), content_type="image/png")


def _event() -> Event:
    event: Event = g.event
    return event


def place() -> Place:
    """Where Google reaches us."""
    return entrance.place()


def _table() -> Table:
    return Table(seat(), place().base)


def _shown(card: Card) -> Json:
    """A card, as the kind of call wants it."""
    what = request.path.rpartition("/")[2]
    return answers.shown(card, place()) if what in TRIGGERS else answers.opened(card, place())


# ---------------------------------------------------------------- what Google calls by itself


@pages.post("/home")
def home() -> Json:
    """The sidebar was opened."""
    return _shown(gathering.root(_table(), _opened()))


@pages.post("/granted")
def granted() -> Json:
    """The person let us know which file is open."""
    return _shown(gathering.root(_table(), _opened()))


@pages.post("/selected")
def selected() -> Json:
    """A file was selected in Drive."""
    return _shown(gathering.root(_table(), _opened()))


@pages.post("/event")
def event() -> Json:
    """A meeting was opened in Calendar."""
    table = _table()
    return _shown(gathering.meeting(table, _event().guests) or gathering.day(table))


@pages.post("/today")
def today() -> Json:
    """My day, from wherever one is."""
    return _shown(gathering.day(_table(), replace(_opened(), artifact=None)))


@pages.post("/write")
def write() -> Json:
    """A quick note, from wherever one is."""
    return _shown(my_cards.note(gathering.writing(_table())))


@pages.post("/preview")
def preview() -> Json:
    """A link to a page of the console stands in a document.

    The title is read by everybody who reads that document: it names nobody.
    """
    table, link = _table(), _event().link
    if not link.startswith(f"{place().base}/"):
        return answers.nothing()
    path = urlsplit(link.removeprefix(place().base)).path
    found = _PREVIEWED.fullmatch(path)
    if found and found["page"] == "team":
        card, title = gathering.check_in(table, found["person"]), "A person in Throughline"
    elif found:
        card, title = gathering.review(table, found["person"]), "A review in Throughline"
    elif path.rstrip("/") == "/me/review":
        card, title = gathering.review(table, table.mine.me.id), "A review in Throughline"
    else:
        card, title = None, ""
    return answers.previewed(title, card, place()) if card else answers.nothing()


def _opened() -> Opened:
    found = _event()
    artifact = gathering.artifact_of(seat(), found.document_id)
    # Drive tells by itself which file is selected.
    return Opened(artifact, is_unknown=found.host in EDITORS and not found.document_id)


# ---------------------------------------------------------------- what people click


@pages.post("/show")
def show() -> Json:
    """Another card."""
    table, wanted = _table(), _event()
    about, at = wanted.parameter("about"), wanted.parameter("at")
    makers: dict[str, Callable[[], Card | None]] = {
        "day": lambda: gathering.day(table),
        "check-in": lambda: gathering.check_in(table, about),
        "goals": lambda: gathering.goals(table, about or table.mine.me.id),
        "goal": lambda: gathering.goal(table, about, wanted.parameter("goal"), at),
        "review": lambda: gathering.review(table, about),
        "company": lambda: gathering.company(table),
        "note": lambda: my_cards.note(gathering.writing(table, about)),
        "recognition": lambda: my_cards.recognition(gathering.writing(table)),
    }
    maker = makers.get(wanted.parameter("card"))
    card = maker() if maker else None
    return answers.opened(card, place()) if card else answers.said(GONE)


@pages.post("/grant")
def grant() -> Json:
    """Ask the person to let us know which file is open."""
    wanted = _event()
    if wanted.scopes and DRIVE_FILE not in wanted.scopes:
        return answers.scopes_wanted([DRIVE_FILE])
    return answers.file_wanted()


@pages.post("/note")
def note() -> Json:
    """A quick note about me, or about somebody whom I manage."""
    mine, wanted = seat(), _event()
    about = mine.directory.person(wanted.input("about") or wanted.parameter("about") or mine.me.id)
    readers = wanted.input("readers")
    if about is None or readers not in ("shared", "mine") or not (about.id == mine.me.id or _manages(mine, about)):
        return answers.said(GONE)
    kind, visibility = EntryKind.NOTE, Visibility.SHARED
    if readers == "mine" and about.id == mine.me.id:
        visibility = Visibility.AUTHOR_PRIVATE
    elif readers == "mine":
        kind, visibility = EntryKind.MANAGER_NOTE, Visibility.MANAGER_PRIVATE
    return _kept(mine, about, kind, visibility, "Saved.")


@pages.post("/recognise")
def recognise() -> Json:
    """A word of recognition about anybody who works here."""
    mine, wanted = seat(), _event()
    about = named(mine, wanted.input("to"))
    visibility = RECOGNITION_READERS.get(wanted.input("readers"))
    if visibility is None:
        return answers.said(GONE)
    if about is None:
        return answers.said("Not sent: name one colleague, by full name or address.")
    if about.id == mine.me.id:
        return answers.said("This is for others: what you did yourself is a quick note.")
    return _kept(mine, about, EntryKind.RECOGNITION, visibility, f"Sent: it stands with what is known about {about.name}.")


def _kept(mine: Seat, about: Person, kind: EntryKind, visibility: Visibility, sentence: str) -> Json:
    wanted = _event()
    note = QuickNote(about.id, mine.me.id, wanted.input("text"), kind, visibility, mine.today)
    try:
        entry = entry_of(note, mine.company.now, wanted.parameter("nonce")[:40])
    except NotANote as error:
        return answers.said(f"Not saved: {error}.")
    if told := _too_often():
        return told
    with mine.company.store.write() as tx:
        if not ledger.by_ids(tx, [entry.id]):
            ledger.append(tx, [entry])
    return answers.closed(sentence)


def _manages(mine: Seat, about: Person) -> bool:
    return about.active(mine.today) and Relation.MANAGER in relations(mine.viewer, about.id, mine.today)


@pages.post("/tick")
def tick() -> Json:
    """An action is done: a worker ticks it where it stands."""
    mine, wanted = seat(), _event()
    about, key = wanted.parameter("about"), wanted.parameter("action")
    cycle = mine.cycle
    if cycle is None or not mine.may(Action.WRITE, Paper(Kind.CHECK_IN, about)):
        return answers.said(GONE)
    with mine.company.store.read() as tx:
        action = next((one for one in ledger.actions(tx, cycle.id, about) if one.key == key), None)
    if action is None:
        return answers.said(GONE)
    opened = gathering.artifact_at(mine, wanted.parameter("at"))
    where = opened.key if opened and opened.person_id == about else action.origin_key
    return _ask(mine, about, EditKind.TICK, where, key, None, None)


@pages.post("/value")
def value() -> Json:
    """A goal has another value: a worker writes it into the sheet."""
    mine, wanted = seat(), _event()
    about, goal_id = wanted.parameter("about"), wanted.parameter("goal")
    line = gathering.goal_line(mine, about, goal_id)
    if line is None:
        return answers.said(GONE)
    figure = figure_of(wanted.input("value"), line.goal.unit)
    if figure is None:
        return answers.said("That can be read in no way, or in two: write it like 1200 or 4.5.")
    if figure == line.goal.now:
        return answers.closed("That is its value already.")
    was = _seen(wanted.parameter("was"))
    return _ask(mine, about, EditKind.VALUE, line.goal.artifact_key, goal_id, figure, was)


def _seen(text: str) -> float | None:
    """The value that stood on the card, as the program wrote it there."""
    try:
        return float(text)
    except ValueError:
        return None


def _ask(mine: Seat, about: str, kind: EditKind, where: str, subject: str, figure: float | None, was: float | None) -> Json:
    if told := _too_often():
        return told
    now = mine.company.real_now
    wanted = DocumentEdit(edit_id(mine.me.id, kind, subject), about, mine.me.id, kind, where, subject, figure, was, now)
    ask_for(mine.company, wanted)
    with mine.company.store.write() as tx:
        reviews.note(tx, mine.company.now, mine.me.id, "asked to write", where, kind.value)
    return _back(kind, about)


def _back(kind: EditKind, about: str) -> Json:
    """The card from which it was asked, as it is now."""
    table, wanted = _table(), _event()
    opened = gathering.artifact_at(table.mine, wanted.parameter("at"))
    if kind is EditKind.TICK and wanted.parameter("card") == "check-in" and opened is None:
        card = gathering.check_in(table, about) or gathering.day(table)
    elif kind is EditKind.VALUE and opened is None:
        card = gathering.goals(table, about) or gathering.day(table)
    else:
        card = gathering.root(table, Opened(opened))
    if kind is EditKind.VALUE:
        return answers.returned(card, place(), ASKED)
    return answers.renewed(card, place(), ASKED)


@pages.post("/draft")
def draft() -> Json:
    """Draft a review that I write, or draft it again: from the store, so it is done at once."""
    table, wanted = _table(), _event()
    mine, about_id = table.mine, wanted.parameter("about")
    opened = gathering.artifact_at(mine, wanted.parameter("at"))
    at, cycle_id = (opened.key, opened.cycle_id) if opened and opened.person_id == about_id else ("", "")
    before = gathering.review(table, about_id, at, cycle_id)
    if before is None:
        return answers.said(GONE)
    if told := _too_often():
        return told
    with mine.company.store.read() as tx:
        cycle = cycles.get(tx, cycle_id) if cycle_id else mine.cycle
    assert cycle is not None
    try:
        desk = Desk(mine.company.store, cycle, mine.company.pack(cycle), mine.directory)
        service.make_draft(desk, about_id, mine.me.id, about_id, now=mine.company.now, today=mine.today)
    except ReviewError as error:
        return answers.said(f"Not done: {error}.")
    card = gathering.review(table, about_id, at, cycle_id)
    return answers.renewed(card or before, place(), "Drafted from what both of you may see.")


def _too_often() -> Json | None:
    """What is said to whoever writes more than anybody can type; None for everybody else."""
    try:
        with limiter.limit(WRITE_RATE):
            return None
    except RateLimitExceeded:
        return answers.said("That was a lot at once: wait a minute, then send it again.")
