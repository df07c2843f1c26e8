"""Plan, apply, people's edits, copies, deletes and sudden ends, in any order: it always converges."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from connectors.memory import MemoryWorkspace
from connectors.workspace import Document, Found, Snapshot
from sync.provision.plan import UnsafePlan
from sync.store.database import Store
from tests.effort import examples
from tests.sync.provision.company import ADA, BOSS, CYCLE, World, goal, world
from tests.sync.provision.fakes import Killed, dying_at


class LateWorkspace(MemoryWorkspace):
    """A search that shows what a run made only after some waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        return (found for found in super().find(keys) if found.ref in self.known)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.known = set(self.refs)


@cache
def blank() -> Path:
    """A database with the company in it, made once and copied for every run."""
    folder = Path(tempfile.mkdtemp())
    world(folder, company=(BOSS, ADA)).store.close()
    return folder / "throughline.db"


class Provisioning(RuleBasedStateMachine):
    """What the program and people do to one workspace."""

    @initialize()
    def begin(self) -> None:
        """A new company."""
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(blank(), self.folder / "throughline.db")
        self.workspace = LateWorkspace()
        self.here = World(Store.open(f"sqlite:///{self.folder / 'throughline.db'}"), self.workspace)
        self.here.sleep = self.workspace.wait
        self.copies: Counter[str] = Counter()
        self.words: dict[str, str] = {}
        self.deleted = 0
        self.imported = 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "here"):
            self.here.store.close()
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------ the program

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        """A day, or weeks of downtime."""
        self.here.today = min(self.here.today + timedelta(days=days), date(2026, 6, 30))
        self.workspace.wait(0)

    @rule()
    def apply(self) -> None:
        """A whole run, and what must hold after each."""
        try:
            self.here.apply()
        except UnsafePlan:
            return
        self.workspace.wait(0)
        assert self.here.plan().writing == ()
        assert self.here.intents() == []
        self.one_artifact_per_key()
        self.no_word_is_lost()

    @rule(number=st.integers(0, 25))
    def apply_and_die(self, number: int) -> None:
        """A run that ends at some write point."""
        try:
            self.here.apply(checkpoint=dying_at(number))
        except (Killed, UnsafePlan):
            return

    @precondition(lambda self: self.imported < 4)
    @rule()
    def import_goal(self) -> None:
        """HR imports one more goal."""
        self.imported += 1
        self.here.add(goal(self.imported))

    # ------------------------------------------------------------ people

    @precondition(lambda self: self.workspace.refs)
    @rule(data=st.data())
    def type_something(self, data: st.DataObject) -> None:
        """Into a section of a document, or a row of a sheet."""
        ref = data.draw(st.sampled_from(self.workspace.refs))
        word = f"word{len(self.words)}"
        if isinstance(self._content(ref), Document):
            self.workspace.type_into(ref, "notes", word)
        else:
            self.workspace.set_cell(ref, f"row{len(self.words)}", "goal", word)
        self.words[word] = ref

    @precondition(lambda self: self.workspace.refs)
    @rule(data=st.data())
    def copy(self, data: st.DataObject) -> None:
        """Beside the original, its key included."""
        ref = data.draw(st.sampled_from(self.workspace.refs))
        self.copies[self._key(ref)] += 1
        self.workspace.known.add(self.workspace.copy(ref))

    @precondition(lambda self: self.workspace.refs)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        """To another place or name."""
        ref = data.draw(st.sampled_from(self.workspace.refs))
        self.workspace.known.add(self.workspace.move(ref, f"{ref}*"))

    @precondition(lambda self: self.workspace.refs and self.deleted < 4)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """For good; the words in it are gone by a person's own wish."""
        ref = data.draw(st.sampled_from(self.workspace.refs))
        gone = repr(self._content(ref))
        self.words = {word: at for word, at in self.words.items() if repr(word)[1:-1] not in gone}
        self.deleted += 1
        self.workspace.remove(ref)

    # ------------------------------------------------------------ what holds

    def one_artifact_per_key(self) -> None:
        """Everything recorded stands, and nothing carries a key but the artifact and people's copies of it."""
        standing = Counter(self._key(ref) for ref in self.workspace.refs)
        recorded = self.here.recorded()
        assert all(self._key(ref) == key for key, ref in recorded.items())
        assert len(set(recorded.values())) == len(recorded)
        assert all(number <= 1 + self.copies[key] for key, number in standing.items())
        assert all(key.startswith(CYCLE.id) for key in standing)

    def no_word_is_lost(self) -> None:
        """What a person typed stands somewhere, and imported goals stand once in the sheet."""
        everything = {ref: repr(self._content(ref)) for ref in self.workspace.refs}
        for word in self.words:
            assert any(f"'{word}'" in text for text in everything.values())
        sheet = self.here.recorded().get("2026-h1/ada/goal-sheet")
        if sheet is not None:
            assert all(everything[sheet].count(f"'Goal {n}'") <= 1 for n in range(1, self.imported + 1))

    def _content(self, ref: str) -> object:
        (snapshot,) = self.workspace.read([(ref, None)])
        assert isinstance(snapshot, Snapshot)
        return snapshot.content

    def _key(self, ref: str) -> str:
        (snapshot,) = self.workspace.read([(ref, None)])
        assert isinstance(snapshot, Snapshot)
        return snapshot.key


TestProvisioning = Provisioning.TestCase
TestProvisioning.settings = settings(max_examples=examples(18), stateful_step_count=15)
