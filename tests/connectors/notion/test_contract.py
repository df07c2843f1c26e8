"""The Notion workspace keeps the contract, over real HTTP against the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.notion.workspace import NotionWorkspace
from connectors.workspace import CellValue, Workspace
from tests.connectors.contract import WorkspaceContract
from tests.connectors.notion.house import House, goal_of, house, id_of, value_of


class TestNotion(WorkspaceContract):
    """The contract, in Notion."""

    @pytest.fixture
    def notion(self) -> Iterator[House]:
        """An emulated workspace with nothing in it but a page."""
        with house() as made:
            yield made

    @pytest.fixture
    def workspace(self, notion: House) -> NotionWorkspace:
        """Our side of it."""
        self.notion = notion
        return notion.open()

    def person_types(self, workspace: Workspace, ref: str, section: str, text: str) -> None:
        """Somebody types a paragraph."""
        self.notion.person().types(ref, section, text)

    def person_sets(self, workspace: Workspace, ref: str, row: str, column: str, value: CellValue) -> None:
        """Somebody fills a cell of the goals' database."""
        page = goal_of(workspace, ref, row)
        name = column.capitalize()
        self.notion.person().sets(page["id"], {name: value_of(page["properties"][name]["type"], value)})

    def person_copies(self, workspace: Workspace, ref: str) -> str:
        """Somebody duplicates a row."""
        assert isinstance(workspace, NotionWorkspace)
        return self.notion.person().copies(workspace, ref)

    def person_moves(self, workspace: Workspace, ref: str) -> str:
        """Somebody drags a check-in into the database of another kind; the look after a day sees all rows."""
        assert isinstance(workspace, NotionWorkspace)
        workspace.prepare(["working/quick-notes"])
        target = workspace.databases.layout.databases["working/quick-notes"].source
        self.notion.person().call(
            "POST", f"pages/{id_of(ref)}/move", {"parent": {"type": "data_source_id", "data_source_id": target}}
        )
        return f"working/quick-notes/{id_of(ref)}"

    def person_removes(self, workspace: Workspace, ref: str) -> None:
        """Somebody deletes a row; rows in the trash simply vanish, which is seen a day later."""
        self.notion.person().call("PATCH", f"pages/{id_of(ref)}", {"in_trash": True})
        self.notion.later()
