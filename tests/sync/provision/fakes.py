"""Workspaces that fail, lag or have a bin, a process that ends anywhere, and what must hold in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from connectors.memory import MemoryWorkspace
from connectors.workspace import Adopted, Created, Failed, Found, NewItem, Snapshot, Table, WorkspaceError
from tests.sync.provision.company import World

SHEET = "2026-h1/ada/goal-sheet"
CHECK_IN = "2026-h1/ada/check-in/2026-01-01"


class Killed(BaseException):
    """The process ends here."""


def dying_at(number: int) -> Callable[[str], None]:
    """A checkpoint that ends the process when it is reached for the *number*-th time, counted from 0."""
    left = iter(range(number))

    def checkpoint(name: str) -> None:
        if next(left, None) is None:
            raise Killed(name)

    return checkpoint


class SlowWorkspace(MemoryWorkspace):
    """A platform whose search does not know new artifacts yet, and that makes another one when asked again."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: set[str] = set()

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        return (found for found in super().find(keys) if found.ref not in self.hidden)

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        for item in items:
            title = item.title
            while any(ref.endswith(f"/{title}") for ref in self.refs):
                title += " again"
            yield from super().create([replace(item, title=title)])


class FailingWorkspace(MemoryWorkspace):
    """A workspace that refuses some keys, or breaks altogether after a number of creates."""

    refused: frozenset[str] = frozenset()
    breaks_after: int | None = None

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        for number, item in enumerate(items):
            if number == self.breaks_after:
                raise WorkspaceError("the disk is full")
            if item.key in self.refused:
                yield Failed(item.key, "the folder is read-only")
            else:
                yield from super().create([item])


class WorkspaceWithBin(MemoryWorkspace):
    """A workspace whose bin people look into."""

    def restore(self, ref: str) -> None:
        name = next(name for name in self._trash if name.endswith(ref))
        self._standing[ref] = self._trash.pop(name)


def memory(of: World) -> MemoryWorkspace:
    assert isinstance(of.workspace, MemoryWorkspace)
    return of.workspace


def refs_of(of: World, key: str) -> list[str]:
    return [found.ref for found in of.workspace.find([key])]


def table(of: World, ref: str) -> Table:
    (snapshot,) = of.workspace.read([(ref, None)])
    assert isinstance(snapshot, Snapshot)
    assert isinstance(snapshot.content, Table)
    return snapshot.content


def assert_settled(of: World) -> None:
    """One artifact per key, each recorded where it stands, nothing begun and nothing left to do."""
    assert of.plan().writing == ()
    assert of.intents() == []
    for key, ref in of.recorded().items():
        assert refs_of(of, key) == [ref]
