"""The Google workspace keeps the contract, over real HTTP against the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.google.workspace import GoogleWorkspace
from connectors.workspace import CellValue, Workspace, text_of
from tests.connectors.contract import WorkspaceContract
from tests.connectors.google.house import House, email, house
from tests.connectors.samples import GOALS


class TestGoogle(WorkspaceContract):
    """The contract, in Google Workspace."""

    @pytest.fixture
    def google(self) -> Iterator[House]:
        """An emulated workspace with nothing in it but a shared drive."""
        with house() as made:
            yield made

    @pytest.fixture
    def workspace(self, google: House) -> GoogleWorkspace:
        """Our side of it."""
        self.google = google
        return google.open()

    @property
    def hr(self) -> str:
        """A member of the drive, who may do everything in it."""
        return email("hr")

    def person_types(self, workspace: Workspace, ref: str, section: str, text: str) -> None:
        """Somebody types a paragraph."""
        self.google.person(self.hr).types(ref, section, text)

    def person_sets(self, workspace: Workspace, ref: str, row: str, column: str, value: CellValue) -> None:
        """Somebody fills a cell."""
        person = self.google.person(self.hr)
        grid = person.grid(ref, GOALS.title)
        number = next(at for at, cells in enumerate(grid, 1) if cells and cells[0] == row)
        letter = "ABCDEFGHIJ"[next(at for at, one in enumerate(GOALS.columns) if one.key == column)]
        person.sets(ref, f"{GOALS.title}!{letter}{number}", text_of(value))

    def person_copies(self, workspace: Workspace, ref: str) -> str:
        """Somebody makes a copy beside the original."""
        copy = self.google.person(self.hr).call("POST", f"drive/v3/files/{ref}/copy", {})
        return str(copy["id"])

    def person_moves(self, workspace: Workspace, ref: str) -> str:
        """Somebody drags a file to the top of the drive; it stays the same file."""
        person = self.google.person(self.hr)
        parent = person.call("GET", f"drive/v3/files/{ref}", fields="parents,driveId")
        person.call("PATCH", f"drive/v3/files/{ref}", {}, addParents=parent["driveId"], removeParents=parent["parents"][0])
        return ref

    def person_removes(self, workspace: Workspace, ref: str) -> None:
        """Somebody puts a file into the bin."""
        self.google.person(self.hr).call("PATCH", f"drive/v3/files/{ref}", {"trashed": True})


@pytest.mark.soak
class TestGoogleInMyDrive(TestGoogle):
    """The contract, in a folder of somebody's My Drive."""

    @pytest.fixture
    def workspace(self, google: House) -> GoogleWorkspace:
        """Our side of it, signed in as the person of HR whose folder it is."""
        self.google = google
        google.move_in(self.hr)
        return google.open()

    def person_moves(self, workspace: Workspace, ref: str) -> str:
        """Somebody drags a file to the top of the folder."""
        person = self.google.person(self.hr)
        (parent,) = person.call("GET", f"drive/v3/files/{ref}", fields="parents")["parents"]
        person.call("PATCH", f"drive/v3/files/{ref}", {}, addParents=self.google.root.id, removeParents=parent)
        return ref
