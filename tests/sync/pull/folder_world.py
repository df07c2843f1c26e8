"""The small company with a real folder of Office files, and what people and sync programs do in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import docx

from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import Created, DocumentContent, Home, NewItem, NewRow, TableContent, as_read
from sync.pull.apply import PullReport, Run, pull
from sync.pull.serial import to_json
from sync.records import Artifact, Entry, Person
from sync.store import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.shapes import DocumentShape, TableShape
from tests.sync.pull.world import ADA, BOB, CYCLE, NOW, shape_of, standard


@dataclass
class FolderWorld:
    """A store, two roots, and a clock that goes on a minute with every look at it."""

    store: Store
    root: Path
    now: datetime = NOW
    checkpoint: Callable[[str], None] = lambda point: None
    workspace: FolderWorkspace = field(init=False)

    def __post_init__(self) -> None:
        self.workspace = FolderWorkspace(self.root / "shared", self.root / "private", fsync=False)

    def clock(self) -> datetime:
        """Later than ever before."""
        self.now += timedelta(minutes=1)
        return self.now

    def provision(self, one: Artifact, *rows: NewRow, shape: TableShape | DocumentShape | None = None) -> str:
        """Make and record an artifact, of the pack's shape or another one; returns its ref."""
        shape = shape or shape_of(one)
        content = TableContent(shape, rows) if isinstance(shape, TableShape) else DocumentContent(shape)
        home = Home(one.place, one.person_id, "Ada Brandt")
        (made,) = self.workspace.create([NewItem(one.key, one.kind.value, one.title, home, content)])
        assert isinstance(made, Created), made
        with self.store.write() as tx:
            artifacts.record(tx, "folder", [(replace(one, ref=made.ref, version=made.version), to_json(as_read(content)))])
        return made.ref

    def path(self, ref: str) -> Path:
        """Where the file of *ref* is."""
        return self.root / ref

    def type_into(self, ref: str, heading: str, text: str, by: Person | str = "") -> None:
        """Open the document, type a paragraph below a heading, save."""
        type_into(self.path(ref), heading, text, by if isinstance(by, str) else by.name)

    def copy(self, ref: str, name: str) -> str:
        """Copy a file beside itself under another name; returns the copy's ref."""
        shutil.copy(self.path(ref), self.path(ref).with_name(name))
        return f"{ref.rpartition('/')[0]}/{name}"

    def pull(self) -> PullReport:
        """One pull, by a process of its own that has seen nothing yet."""
        fresh = FolderWorkspace(self.root / "shared", self.root / "private", fsync=False)
        return pull(
            Run(self.store, fresh, "folder", "test", lambda _: standard(), self.clock, self.now.date(), self.checkpoint)
        )

    def texts(self, person: Person = ADA) -> list[str]:
        """The current texts about a person, sorted."""
        with self.store.read() as tx:
            return sorted(entry.text for entry in ledger.about(tx, person.id))

    def ledger(self, key: str) -> list[Entry]:
        """Every entry of an artifact, oldest first."""
        with self.store.read() as tx:
            return ledger.of_artifacts(tx, [key]).get(key, [])

    def recorded(self, key: str) -> Artifact:
        """The artifact as it is recorded."""
        with self.store.read() as tx:
            found = artifacts.get(tx, key)
        assert found is not None
        return found


def type_into(path: Path, heading: str, text: str, by: str = "") -> None:
    """Open a document, type a paragraph below a heading, save."""
    document = docx.Document(str(path))
    paragraphs = list(document.paragraphs)
    at = next(number for number, one in enumerate(paragraphs) if one.text == heading)
    paragraphs[at + 1].insert_paragraph_before(text)
    document.core_properties.last_modified_by = by
    document.save(str(path))


def fill(store: Store) -> None:
    """Ada, Bob and a cycle."""
    with store.write() as tx:
        people.save(tx, [ADA, BOB])
        cycles.create(tx, CYCLE, standard().sources)


@contextmanager
def open_folder_world(folder: Path) -> Iterator[FolderWorld]:
    """A world with Ada, Bob and a cycle, closed in the end."""
    store = Store.open(f"sqlite:///{folder}/t.db")
    fill(store)
    yield FolderWorld(store, folder / "company")
    store.close()
