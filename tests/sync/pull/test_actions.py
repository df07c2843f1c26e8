"""Actions are opened once, edited from either document, and closed once."""

from __future__ import annotations

from datetime import date, timedelta

from connectors.workspace import Cell, Document, Part, Row
from sync.pull.intents import Intents, Known
from sync.pull.reconcile import reconcile
from sync.records import ActionItem, Artifact, Entry, EntryKind
from tests.sync.pull.world import TODAY, check_in, context, shape_of, snapshot

OLD, NEW = check_in(date(2026, 3, 2)), check_in(date(2026, 3, 9))


def table(*rows: tuple[str, ...]) -> Document:
    """An actions table: key, action, owner, due, done."""
    made = []
    for number, values in enumerate(rows, start=1):
        cells = dict(zip(("action", "owner", "due", "done"), values[1:], strict=False))
        made.append(Row(values[0], {name: Cell(text) for name, text in cells.items() if text}, f"row {number} of Actions"))
    return Document((Part("actions", "Actions", rows=tuple(made)),))


class Pair:
    """Two check-ins of one person and what the store knows of them."""

    def __init__(self) -> None:
        self.actions: dict[str, ActionItem] = {}
        self.entries: dict[str, tuple[Entry, ...]] = {}
        self.previous: dict[str, Document] = {}
        self.grounds: dict[str, Document] = {}
        self.today = TODAY

    def read(self, one: Artifact, document: Document) -> Intents:
        """One read of one of them; the outcome is stored, and a second read says nothing."""
        intents = self._decide(one, document)
        self.actions |= {action.key: action for action in intents.actions}
        self.entries[one.key] = (*self.entries.get(one.key, ()), *intents.entries)
        self.previous[one.key] = document
        again = self._decide(one, document)
        assert (again.actions, again.entries) == ((), ())
        self.today += timedelta(days=1)
        return intents

    def carry(self) -> Document:
        """Provision the next check-in with what is open."""
        ground = table(*((action.key, action.text, action.owner) for action in self.actions.values() if not action.closed_on))
        self.grounds[NEW.key] = ground
        return ground

    def _decide(self, one: Artifact, document: Document) -> Intents:
        known = Known(self.entries.get(one.key, ()), actions=tuple(self.actions.values()))
        ground = self.grounds.get(one.key, Document(()))
        return reconcile(one, shape_of(one), ground, self.previous.get(one.key), snapshot(document), known, context(self.today))

    @property
    def only(self) -> ActionItem:
        """The one action there is."""
        (action,) = self.actions.values()
        return action

    @property
    def texts(self) -> list[str]:
        """The current words of actions."""
        entries = [entry for some in self.entries.values() for entry in some]
        gone = {entry.supersedes for entry in entries}
        return [e.text for e in entries if e.id not in gone and not e.withdrawn and e.kind is EntryKind.ACTION]


def test_a_new_row_opens_an_action() -> None:
    """It is opened on the check-in's day, and its words are evidence."""
    pair = Pair()
    pair.read(OLD, table(("", "Send the deck", "Ada", "2026-03-20")))
    action = pair.only
    assert (action.text, action.owner, action.due, action.opened_on) == ("Send the deck", "Ada", "2026-03-20", date(2026, 3, 2))
    assert (action.origin_key, action.closed_on) == (OLD.key, None)
    assert pair.texts == ["Send the deck"]


def test_ticking_in_either_document_closes_once() -> None:
    """The first tick counts, a second one elsewhere changes nothing."""
    pair = Pair()
    pair.read(OLD, table(("", "Send the deck", "Ada")))
    ground = pair.carry()
    assert pair.read(NEW, ground).actions == ()
    pair.read(NEW, table((pair.only.key, "Send the deck", "Ada", "", "✓")))
    closed = pair.only
    assert (closed.closed_on, closed.closed_in) == (TODAY + timedelta(days=2), NEW.key)
    pair.read(OLD, table(("", "Send the deck", "Ada", "", "x")))
    assert pair.only == closed
    pair.read(OLD, table(("", "Send the deck", "Ada")))
    assert pair.only == closed
    pair.read(NEW, table((closed.key, "Send the deck", "Ada")))
    assert pair.only.closed_on is None


def test_a_row_that_is_ticked_at_once_is_opened_and_closed() -> None:
    """Done in the meeting."""
    pair = Pair()
    pair.read(OLD, table(("", "Send the deck", "", "", "erledigt")))
    assert pair.only.closed_in == OLD.key


def test_the_latest_edit_of_either_document_counts() -> None:
    """An old document does not undo what was edited in a newer one."""
    pair = Pair()
    pair.read(OLD, table(("", "Send the deck", "Ada")))
    pair.read(NEW, pair.carry())
    pair.read(NEW, table((pair.only.key, "Send the deck to Kim", "Bob")))
    assert (pair.only.text, pair.only.owner) == ("Send the deck to Kim", "Bob")
    pair.read(OLD, table(("", "Send the deck", "Ada"), ("", "Book a room")))
    actions = {action.text: action.owner for action in pair.actions.values()}
    assert actions == {"Send the deck to Kim": "Bob", "Book a room": ""}
    pair.read(OLD, table(("", "Send the deck soon", "Ada"), ("", "Book a room")))
    assert {action.text for action in pair.actions.values()} == {"Send the deck soon", "Book a room"}


def test_a_copied_row_is_another_action() -> None:
    """The original keeps its key although both carry it."""
    pair = Pair()
    pair.read(OLD, table(("", "Send the deck")))
    pair.read(NEW, pair.carry())
    key = pair.only.key
    pair.read(NEW, table((key, "Book a room for the day"), (key, "Send the deck")))
    assert pair.actions[key].text == "Send the deck"
    assert {action.origin_key for action in pair.actions.values()} == {OLD.key, NEW.key}


def test_two_rows_of_the_same_words_are_two_actions() -> None:
    """Nothing is swallowed, also when a third one comes between them."""
    pair = Pair()
    pair.read(OLD, table(("", "Call Kim"), ("", "Call Kim")))
    assert len(pair.actions) == 2
    pair.read(OLD, table(("", "Call Kim"), ("", "Send the deck"), ("", "Call Kim")))
    assert len(pair.actions) == 3


def test_a_row_taken_out_is_withdrawn_but_stays_open_until_ticked() -> None:
    """Somebody is told; the words are no longer evidence."""
    pair = Pair()
    pair.read(OLD, table(("", "Send the deck")))
    intents = pair.read(OLD, table())
    assert pair.texts == []
    assert pair.only.closed_on is None
    assert [finding.kind for finding in intents.findings] == ["action"]


def test_a_key_from_somewhere_else_never_touches_another_action() -> None:
    """A row pasted from another person's check-in becomes an action of this one."""
    pair = Pair()
    pair.read(OLD, table(("k-of-other", "Send the deck")))
    assert pair.only.key != "k-of-other"
    pair.read(OLD, table(("k-of-other", "Something else entirely", "", "", "x")))
    assert (pair.only.text, pair.only.closed_in) == ("Something else entirely", OLD.key)


def test_words_beside_the_known_columns_are_evidence_too() -> None:
    """An own column is kept with its row."""
    pair = Pair()
    document = Document(
        (Part("actions", "Actions", rows=(Row("", {"action": Cell("Call"), "?Why": Cell("She asked")}, "row 1"),)),)
    )
    intents = pair.read(OLD, document)
    assert sorted(pair.texts) == ["Call", "She asked"]
    assert [finding.kind for finding in intents.findings] == ["column"]
