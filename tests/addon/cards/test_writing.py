"""What is written on a card: notes and recognition at once; ticks and values by a worker, into the very document."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from addon import create_app
from addon.company import Company
from addon.jobs.work import doings
from addon.settings import load
from addon.web.safety import limiter
from sync.document_edits import EditKind, edit_id
from sync.jobs import Job
from sync.records import Entry, EntryKind, Person, Visibility
from sync.store.queries import jobs, ledger
from tests.addon.cards.google import Google, KeyServer, card_of, notice_of, words_of
from tests.addon.web.people import ADA, BOSS, LEADER, LEAVER, PEER, Office
from tests.journeys import acting
from tests.journeys.desk import Desk

ASKED = "Asked for: it is written into the document in a moment."


# ---------------------------------------------------------------- notes


def written(google: Google, person: Person, what: str, inputs: dict[str, str], nonce: str = "n1") -> tuple[str, list[Entry]]:
    """What the card says, and the entries about Ada that are there afterwards and were not before."""
    store = google.office.company.store
    with store.read() as tx:
        before = {one.id for one in ledger.about(tx, ADA.id)}
    answer = google.call(what, person, parameters={"nonce": nonce}, inputs=inputs)
    with store.read() as tx:
        return notice_of(answer), [one for one in ledger.about(tx, ADA.id) if one.id not in before]


@pytest.mark.parametrize(
    ("person", "readers", "kind", "visibility"),
    [
        (ADA, "shared", EntryKind.NOTE, Visibility.SHARED),
        (ADA, "mine", EntryKind.NOTE, Visibility.AUTHOR_PRIVATE),
        (BOSS, "shared", EntryKind.NOTE, Visibility.SHARED),
        (BOSS, "mine", EntryKind.MANAGER_NOTE, Visibility.MANAGER_PRIVATE),
    ],
)
def test_a_note_is_kept_as_the_console_keeps_it(
    google: Google, person: Person, readers: str, kind: EntryKind, visibility: Visibility
) -> None:
    """For whom its writer chose; the same form sent twice is one note."""
    inputs = {"about": ADA.id, "text": "Explained *why* to sales.", "readers": readers}
    said, (entry,) = written(google, person, "note", inputs)
    assert said == "Saved."
    assert (entry.by, entry.kind, entry.visibility) == (person.id, kind, visibility)
    assert entry.place == "Written in the console"
    assert written(google, person, "note", inputs) == ("Saved.", [])


def test_a_note_that_cannot_be_kept_stays_on_the_card(google: Google) -> None:
    """An empty one, one that is too long, one for readers that nobody is: the form stays, and a sentence says why."""
    for text, readers, said in (("  ", "shared", "Not saved: there is nothing"), ("x" * 5000, "shared", "Not saved: this note"),
                                ("x", "everybody", "That is not there")):  # fmt: skip
        answer = google.call("note", ADA, inputs={"text": text, "readers": readers})
        assert notice_of(answer).startswith(said)
        assert "navigations" not in answer["renderActions"]["action"]


@pytest.mark.parametrize(
    ("to", "readers", "visibility"),
    [("Ada@Example.org ", "shared", Visibility.SHARED), ("Ada Brandt", "manager", Visibility.MANAGER_PRIVATE)],
)
def test_anybody_may_recognise_anybody(google: Google, to: str, readers: str, visibility: Visibility) -> None:
    """Under their name, read by whom they chose; not oneself, and nobody who is not there."""
    inputs = {"to": to, "text": "Helped us with the fair.", "readers": readers}
    said, (entry,) = written(google, PEER, "recognise", inputs)
    assert said.startswith("Sent")
    assert (entry.by, entry.kind, entry.visibility) == (PEER.id, EntryKind.RECOGNITION, visibility)
    for address in (PEER.email, LEAVER.email, "nobody@example.org", "", "Ada"):
        assert not notice_of(google.call("recognise", PEER, inputs=inputs | {"to": address})).startswith("Sent")


def test_whoever_writes_more_than_anybody_can_type_is_told_to_wait(google: Google) -> None:
    """By person, not by address: all calls come from Google."""
    limiter.enabled = True
    try:
        said = [
            notice_of(google.call("note", LEADER, parameters={"nonce": f"n{number}"}, inputs={"text": "x", "readers": "mine"}))
            for number in range(61)
        ]
        assert said[:60] == ["Saved."] * 60
        assert said[60].startswith("That was a lot at once")
        assert notice_of(google.call("note", PEER, inputs={"text": "x", "readers": "mine"})) == "Saved."
    finally:
        limiter.enabled = False


# ---------------------------------------------------------------- documents


class House:
    """A company of six with real files, its sidebar, and a worker that a test sets to work."""

    def __init__(self, home: Path, keys: KeyServer) -> None:
        self.desk = Desk(home, "2026-02-02")
        self.company = Company(replace(load(home, {}), today=date(2026, 2, 2)))
        app = create_app(self.company)
        app.config["TESTING"] = True
        limiter.enabled = False
        self.google = Google(Office(self.company, app)).knows(keys)
        self.ada, self.ben, self.noor = (self.company.person(f"{one}@example.org") for one in ("ada", "ben", "noor"))
        self.check_in = self.desk.file_of("Ada", "check-in", "2026-02-02")
        self.sheet = self.desk.file_of("Ada", "goal-sheet")

    def sync(self) -> None:
        """Read back what people wrote."""
        doings(self.company)[Job.SYNC]("")

    def call(self, what: str, person: Person, parameters: dict[str, str], **inputs: str) -> dict[str, Any]:
        """A click of *person*."""
        return self.google.call(what, person, parameters=parameters, inputs=inputs)

    def work(self, person: Person, kind: EditKind, subject: str) -> dict[str, int]:
        """The worker does what *person* asked for."""
        return dict(doings(self.company)[Job.EDIT](edit_id(person.id, kind, subject)))

    def action(self, words: str) -> str:
        """The key of an action of Ada's."""
        with self.company.store.read() as tx:
            return next(one.key for one in ledger.actions(tx, "2026-h1", self.ada.id) if one.text == words)

    def goal(self, title: str) -> Any:
        """A goal of Ada's."""
        with self.company.store.read() as tx:
            return next(one for one in ledger.goals(tx, "2026-h1", self.ada.id) if one.title == title)

    def ticks(self) -> dict[str, str]:
        """What stands under Done in Ada's check-in, by action."""
        return {row["Action"]: row["Done"] for row in acting.table_in(self.check_in, "actions")}

    def seen(self, person: Person) -> str:
        """What *person* sees on the card of Ada's check-in."""
        return words_of(card_of(self.call("show", person, {"card": "check-in", "about": self.ada.id})))


@pytest.fixture
def house(start: Path, tmp_path: Path, keys: KeyServer) -> Iterator[House]:
    """On the day of the first check-in."""
    shutil.copytree(start, tmp_path / "home")
    made = House(tmp_path / "home", keys)
    yield made
    made.company.close()


def test_an_action_is_ticked_in_the_document_where_it_stands(house: House) -> None:
    """A person wrote it, so it has no number; the worker finds it, ticks it, and everything else stays as it was."""
    acting.fill_row(house.check_in, "actions", {"Action": "Write the runbook", "Who": "Ada"}, by="Ada Brandt")
    acting.fill_row(house.check_in, "actions", {"Action": "Call Cy"}, by="Ada Brandt")
    house.sync()
    key = house.action("Write the runbook")
    carried = {"about": house.ada.id, "action": key, "card": "check-in"}
    answer = house.call("tick", house.ben, carried)
    assert notice_of(answer) == ASKED
    assert "Your tick is being written" in words_of(card_of(answer))
    assert house.ticks() == {"Write the runbook": "", "Call Cy": ""}, "nothing is written while Google waits"
    before = Counter(acting.words_in(house.check_in).split())
    assert house.work(house.ben, EditKind.TICK, key) == {"done": 1}
    assert house.ticks() == {"Write the runbook": "yes", "Call Cy": ""}
    after = Counter(acting.words_in(house.check_in).split())
    assert (after - before, before - after) == (Counter({"yes": 1}), Counter())
    assert "Write the runbook" not in house.seen(house.ben), "the document was read back: the action is closed"
    assert "Your tick" not in house.seen(house.ben)
    assert house.work(house.ben, EditKind.TICK, key) == {}, "done twice is done once"


def test_what_somebody_wrote_under_done_is_not_replaced(house: House) -> None:
    """It is told on the next card, to whoever asked and to nobody else."""
    acting.fill_row(house.check_in, "actions", {"Action": "Write the runbook", "Done": "no"}, by="Ada Brandt")
    house.sync()
    key = house.action("Write the runbook")
    house.call("tick", house.ben, {"about": house.ada.id, "action": key})
    assert house.work(house.ben, EditKind.TICK, key) == {"moved": 1}
    assert house.ticks() == {"Write the runbook": "no"}
    assert "Your tick was not written: “no” stands there under Done" in house.seen(house.ben)
    assert "Your tick" not in house.seen(house.ada)


def test_a_value_is_written_into_the_sheet_with_its_day(house: House) -> None:
    """The cell that was seen is replaced, the day beside it, nothing else; the goal stands so after the worker read it back."""
    goal = house.goal("Cut page load time")
    before = acting.goals_in(house.sheet)
    carried = {"about": house.ada.id, "goal": goal.id, "was": repr(goal.now)}
    answer = house.call("value", house.ada, carried, value="3,5")
    assert notice_of(answer) == ASKED
    assert house.work(house.ada, EditKind.VALUE, goal.id) == {"done": 1}
    after = acting.goals_in(house.sheet)
    changed = {
        (row["Goal"], name)
        for row, former in zip(after, before, strict=True)
        for name in row.keys() | former.keys()
        if row.get(name) != former.get(name)
    }
    assert changed == {("Cut page load time", "Now"), ("Cut page load time", "Updated")}
    assert house.goal("Cut page load time").now == 3.5
    assert "25 %" in words_of(card_of(house.call("show", house.ada, {"card": "goals"})))


def test_a_value_that_somebody_typed_meanwhile_stays(house: House) -> None:
    """Between the card and the worker Ada types another value: hers stands, and her manager is told."""
    goal = house.goal("Cut page load time")
    house.call("value", house.ben, {"about": house.ada.id, "goal": goal.id, "was": repr(goal.now)}, value="3")
    acting.set_goal(house.sheet, "Cut page load time", {"Now": 2.5}, by="Ada Brandt")
    assert house.work(house.ben, EditKind.VALUE, goal.id) == {"moved": 1}
    row = next(one for one in acting.goals_in(house.sheet) if one["Goal"] == "Cut page load time")
    assert row["Now"] == "2.5"
    card = words_of(card_of(house.call("show", house.ben, {"card": "goals", "about": house.ada.id})))
    assert "Your value was not written: “2.5” stands there meanwhile" in card


def test_what_is_no_figure_is_not_asked_for(house: House) -> None:
    """Words, and figures that can be read in two ways, come back with a sentence; the same value again asks for nothing."""
    goal = house.goal("Cut page load time")
    carried = {"about": house.ada.id, "goal": goal.id, "was": repr(goal.now)}
    for typed in ("", "soon", "1,234", "1.234", "4 or 5", "nan", "1e9"):
        assert notice_of(house.call("value", house.ada, carried, value=typed)).startswith("That can be read in no way")
    assert notice_of(house.call("value", house.ada, carried, value="4.0")) == "That is its value already."
    with house.company.store.read() as tx:
        assert not [one for one in jobs.latest(tx, 9) if one.name is Job.EDIT]


def test_whoever_may_no_longer_write_when_the_worker_comes_does_not(house: House) -> None:
    """Rights are asked when it is written, not only when it was asked for; what became of it stands under the person."""
    from sync.store.queries import people

    goal = house.goal("Cut page load time")
    house.call("value", house.ben, {"about": house.ada.id, "goal": goal.id, "was": repr(goal.now)}, value="3")
    with house.company.store.write() as tx:
        people.save(tx, [replace(house.ada, reporting=(replace(house.ada.reporting[-1], manager_id=house.noor.id),))])
    assert house.work(house.ben, EditKind.VALUE, goal.id) == {"failed": 1}
    assert house.goal("Cut page load time").now == 4.0


def test_erasing_a_person_erases_what_was_asked_for_about_them(house: House) -> None:
    """Nothing of it stays in the books."""
    from sync.store.queries import document_edits, erasing

    goal = house.goal("Cut page load time")
    house.call("value", house.ada, {"about": house.ada.id, "goal": goal.id, "was": repr(goal.now)}, value="3")
    with house.company.store.write() as tx:
        erasing.erase(tx, house.ada, "asked", house.company.now)
        assert document_edits.get(tx, edit_id(house.ada.id, EditKind.VALUE, goal.id)) is None
    assert house.work(house.ada, EditKind.VALUE, goal.id) == {}
