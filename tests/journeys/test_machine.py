"""A company's half-year in any order, sudden ends included: it always converges, and no word that somebody typed is lost."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from addon.people.importing import import_people
from connectors.people import PersonRow
from sync.review.desk import material_of, open_desk
from sync.review.guard import violations
from tests.journeys import acting
from tests.journeys.office import CYCLE, Killed, dying_at, office_in
from tests.sync.pull.conservation import assert_ledger_conserves

GIVEN = frozenset({"manager_email", "team", "role", "end"})
COMPANY = (
    PersonRow(2, "Greta Olsen", "greta@example.org", team="Product", role="team lead", given=GIVEN),
    PersonRow(
        3, "Ben Ahmadi", "ben@example.org", manager_email="greta@example.org", team="Product", role="engineer", given=GIVEN
    ),
    PersonRow(
        4, "Ada Brandt", "ada@example.org", manager_email="ben@example.org", team="Product", role="engineer", given=GIVEN
    ),
)
JOINERS = tuple(
    PersonRow(5 + number, name, f"{name.split()[0].lower()}@example.org", manager_email="greta@example.org", given=GIVEN)
    for number, name in enumerate(("Noor Said", "Tom Weiss"))
)
SECTIONS = {
    "check-in": ("agenda", "wins", "blockers", "growth", "feedback", "notes"),
    "quick-notes": ("notes", "recognition"),
    "manager-notes": ("notes", "to-raise"),
    "self-review": ("results", "strengths", "growth"),
    "manager-review": ("summary",),
}
COPIED = (*SECTIONS, "goal-sheet")
NUMBERS = st.integers(0, 90)


class HalfYear(RuleBasedStateMachine):
    """What the program, HR and people do to one company."""

    @initialize()
    def begin(self) -> None:
        """A new company."""
        self.folder = Path(tempfile.mkdtemp())
        self.office = office_in(self.folder / "home")
        self.rows = list(COMPANY)
        self.words: list[str] = []
        self.removed: set[str] = set()
        self.copies: dict[str, int] = {}
        self.deleted: set[str] = set()
        self.unclear: set[str] = set()
        self.joined = 0

    def teardown(self) -> None:
        """However it went: two quiet runs later everything is in order. Leave nothing behind."""
        if not hasattr(self, "office"):
            return
        try:
            self.sync()
            self.apply()
            self.sync()
            self.draft()
        finally:
            self.office.close()
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------ the program

    @rule(days=st.sampled_from((0, 1, 6, 14, 31)))
    def time_passes(self, days: int) -> None:
        """A day, or weeks of downtime."""
        self.office.today = min(self.office.today + timedelta(days=days), CYCLE.end)

    @rule()
    def apply(self) -> None:
        """A whole plan and apply; after it nothing is left to do and every key stands once."""
        outcomes = self.office.apply()
        assert not [one for one in outcomes if one.result in ("failed", "busy")]
        assert {one.key for one in outcomes if one.result == "twin"} <= self.unclear
        assert self.office.plan().writing == ()
        self.one_file_per_key()

    @rule()
    def sync(self) -> None:
        """A whole sync; after it a second one is quiet and every word that stands is in the ledger once."""
        report = self.office.sync()
        if report.halted:
            self.office.sync(accept_vanished=True)
        assert report.failed == 0, report.needs_person
        again = self.office.sync()
        assert again.quiet, again
        self.every_word_once()
        assert_ledger_conserves(self.office.store, "folder")

    @rule()
    def draft(self) -> None:
        """Drafts of which no sentence is without its source."""
        with self.office.store.read() as tx:
            desk = open_desk(self.office.store, CYCLE.id)
            for one in self.office.draft():
                assert violations(one, material_of(desk, tx, one.person_id), self.office.today) == ()

    @rule(number=NUMBERS)
    def apply_and_die(self, number: int) -> None:
        """An apply that ends at some write point."""
        with suppress(Killed):
            self.office.apply(dying_at(number))

    @rule(number=st.integers(0, 8))
    def sync_and_die(self, number: int) -> None:
        """A sync that ends at some write point."""
        with suppress(Killed):
            self.office.sync(dying_at(number))

    # ------------------------------------------------------------ HR

    def _id(self) -> str:
        """The same ids in the same run, for folders are sorted by them."""
        self.joined += 1
        return f"joiner{self.joined:02}"

    def _import(self, rows: list[PersonRow]) -> None:
        company = self.office.company()
        seen = import_people(company, rows, None, self._id)
        done = seen if seen.done else import_people(company, rows, seen.proposal.hash[:8], self._id)
        assert done.done
        self.rows = rows

    @precondition(lambda self: len(self.rows) < len(COMPANY) + len(JOINERS))
    @rule()
    def somebody_joins(self) -> None:
        """A line more in the list of people."""
        self._import([*self.rows, JOINERS[len(self.rows) - len(COMPANY)]])

    @rule(manager=st.sampled_from(("greta@example.org", "ben@example.org")))
    def ada_gets_a_manager(self, manager: str) -> None:
        """From today on."""
        self._import([replace(row, manager_email=manager) if row.name == "Ada Brandt" else row for row in self.rows])

    @precondition(lambda self: len(self.rows) > len(COMPANY) and self.rows[-1].end is None)
    @rule()
    def somebody_leaves(self) -> None:
        """The one who joined last; today is the last day."""
        self._import([*self.rows[:-1], replace(self.rows[-1], end=self.office.today)])

    # ------------------------------------------------------------ people

    def _draw(self, data: st.DataObject, *kinds: str) -> Path:
        files = [str(path.relative_to(self.office.home)) for path in self._files(*kinds)]
        return self.office.home / data.draw(st.sampled_from(files), label="file")

    def _files(self, *kinds: str) -> list[Path]:
        return [path for path in self.office.files() if not kinds or self._kind(path) in kinds]

    def _kind(self, path: Path) -> str:
        return acting.key_of(path).split("/")[2]

    def _word(self) -> str:
        word = f"{_letters(len(self.words))} is what I typed"
        self.words.append(word)
        return word

    @precondition(lambda self: self._files(*SECTIONS))
    @rule(data=st.data())
    def type_in_a_document(self, data: st.DataObject) -> None:
        """A paragraph at the end of a section."""
        path = self._draw(data, *SECTIONS)
        known = [key for key in SECTIONS[self._kind(path)] if key in acting.sections_in(path)]
        acting.write(path, data.draw(st.sampled_from(known), label="section"), self._word())

    @precondition(lambda self: self._files("goal-sheet"))
    @rule(data=st.data(), goal=st.sampled_from(("Goal 1", "Goal 2", "One more goal")))
    def comment_a_goal(self, data: st.DataObject, goal: str) -> None:
        """In a cell, whose former text is gone then."""
        path = self._draw(data, "goal-sheet")
        for row in acting.goals_in(path):
            if row["Goal"] == goal and row["Comment"]:
                self.removed.add(row["Comment"])
        acting.set_goal(path, goal, {"Comment": self._word()})

    @precondition(lambda self: self._files("goal-sheet"))
    @rule(data=st.data())
    def sort_the_goals(self, data: st.DataObject) -> None:
        """Whole rows."""
        acting.sort_goals(self._draw(data, "goal-sheet"))

    @precondition(lambda self: self._standing_words())
    @rule(data=st.data())
    def take_a_word_back(self, data: st.DataObject) -> None:
        """Wherever it stands."""
        word = data.draw(st.sampled_from(self._standing_words()), label="word")
        for path in self.office.files():
            if path.suffix == ".docx" and word in acting.words_in(path):
                acting.replace_words(path, word, "")
        self.removed.add(word)

    def _standing_words(self) -> list[str]:
        texts = [acting.words_in(path) for path in self.office.files() if path.suffix == ".docx"]
        return [word for word in self.words if word not in self.removed and any(word in text for text in texts)]

    @precondition(lambda self: self._files(*COPIED) and len(self.copies) < 3)
    @rule(data=st.data())
    def copy_a_file(self, data: st.DataObject) -> None:
        """Beside itself."""
        path = self._draw(data, *COPIED)
        key = acting.key_of(path)
        if key in self.office.recorded():
            self.copies[key] = self.copies.get(key, 0) + 1
        else:  # beside what a stopped run made: of two files nobody knows which is the copy, and an empty one is put away
            self.unclear.add(key)
        shutil.copy(path, acting.free_copy_name(path))

    @precondition(lambda self: self._files())
    @rule(data=st.data(), folder=st.booleans())
    def move_a_file(self, data: st.DataObject, folder: bool) -> None:
        """To another name, or into a folder of one's own."""
        path = self._draw(data)
        if acting.key_of(path) not in self.office.recorded():  # what a stopped run made is nobody's yet
            return
        target = path.parent / "mine" / path.name if folder else path.with_name(f"{path.stem}, mine{path.suffix}")
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            path.rename(target)

    @precondition(lambda self: self._files() and len(self.deleted) < 3)
    @rule(data=st.data())
    def delete_a_file(self, data: st.DataObject) -> None:
        """For good; words that only stood there and were never read are gone by a person's own wish."""
        path = self._draw(data)
        if acting.key_of(path) not in self.office.recorded():
            return
        self.deleted.add(acting.key_of(path))
        path.unlink()

    # ------------------------------------------------------------ what holds

    def one_file_per_key(self) -> None:
        """What is recorded stands where it is recorded; no key stands twice but by a person's copy; nothing is torn."""
        standing = self.office.standing()
        recorded = self.office.recorded()
        assert len({one.ref for one in recorded.values()}) == len(recorded)
        for key, one in recorded.items():
            assert acting.key_of(self.office.path(one.ref)) == key
        for key, number in standing.items():
            wanted = 1 + self.copies.get(key, 0)
            assert number == wanted or (key in self.deleted and number <= wanted) or key in self.unclear, (key, number)
        assert set(recorded) - set(standing) == set()
        assert self.office.left_behind() == []

    def every_word_once(self) -> None:
        """In the ledger as a current entry when it stands in a file that an apply came to record; never twice."""
        recorded = set(self.office.recorded()) - self.unclear
        texts = [acting.words_in(path) for path in self.office.files() if acting.key_of(path) in recorded]
        current = [entry.text for entry in self.office.entries()]
        doubtful = [acting.words_in(path) for path in self.office.files() if acting.key_of(path) in self.unclear]
        for word in self.words:
            if any(word in text for text in doubtful):
                continue
            count = sum(word in text for text in current)
            stands = any(word in text for text in texts)
            if word in self.removed:
                continue
            assert count == 1 if stands else count <= 1, (word, count, stands)


def _letters(number: int) -> str:
    """Words that are not alike, so that an edit is not taken for another one."""
    syllables = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu")
    return "".join(syllables[int(digit)] for digit in f"{number * 7919 % 100000:05d}")


HalfYear.TestCase.settings = settings(max_examples=14, stateful_step_count=14)
TestHalfYear = HalfYear.TestCase


class LongHalfYear(HalfYear):
    """The same, longer."""


LongHalfYear.TestCase.settings = settings(max_examples=1500, stateful_step_count=40)
TestLongHalfYear = pytest.mark.soak(LongHalfYear.TestCase)
