"""The workspace in memory keeps the contract, and its people can do what people do."""

from __future__ import annotations

import pytest

from connectors.memory import MemoryWorkspace
from connectors.workspace import CellValue, Document, Drift, Grants, Snapshot, Table, Workspace
from tests.connectors.contract import WorkspaceContract
from tests.connectors.samples import CHECK_IN, GOALS, check_in, sheet


class TestMemory(WorkspaceContract):
    """The contract, in memory."""

    @pytest.fixture
    def workspace(self) -> MemoryWorkspace:
        """An empty workspace."""
        return MemoryWorkspace()

    def person_types(self, workspace: Workspace, ref: str, section: str, text: str) -> None:
        """Somebody types into a section."""
        assert isinstance(workspace, MemoryWorkspace)
        key = next(each.key for each in CHECK_IN.sections if each.title == section)
        workspace.type_into(ref, key, text)

    def person_sets(self, workspace: Workspace, ref: str, row: str, column: str, value: CellValue) -> None:
        """Somebody fills a cell."""
        assert isinstance(workspace, MemoryWorkspace)
        workspace.set_cell(ref, row, column, value)

    def person_copies(self, workspace: Workspace, ref: str) -> str:
        """Somebody copies."""
        assert isinstance(workspace, MemoryWorkspace)
        return workspace.copy(ref)

    def person_moves(self, workspace: Workspace, ref: str) -> str:
        """Somebody moves it into a folder of their own."""
        assert isinstance(workspace, MemoryWorkspace)
        return workspace.move(ref, f"elsewhere/{ref}")

    def person_removes(self, workspace: Workspace, ref: str) -> None:
        """Somebody deletes."""
        assert isinstance(workspace, MemoryWorkspace)
        workspace.remove(ref)


def _made(workspace: MemoryWorkspace) -> tuple[str, str]:
    list(workspace.create([sheet(), check_in()]))
    table, document = workspace.refs
    return table, document


def _content(workspace: MemoryWorkspace, ref: str) -> Table | Document:
    (snapshot,) = workspace.read([(ref, None)])
    assert isinstance(snapshot, Snapshot)
    return snapshot.content


def test_a_heading_of_ones_own_becomes_a_part_without_a_section() -> None:
    """Text under a heading that the shape does not know is kept with its heading."""
    workspace = MemoryWorkspace()
    _, document = _made(workspace)
    workspace.type_into(document, "Holiday plans", "Two weeks\nin May", by="ada@example.org")
    content = _content(workspace, document)
    assert isinstance(content, Document)
    last = content.parts[-1]
    assert (last.section, last.heading, last.paragraphs) == ("", "Holiday plans", ("Two weeks", "in May"))


def test_a_row_of_a_new_key_is_added_and_a_cell_can_be_emptied() -> None:
    """People add goals and take text out again."""
    workspace = MemoryWorkspace()
    table, _ = _made(workspace)
    workspace.set_cell(table, "", "title", "A goal without a key")
    workspace.set_cell(table, "g1", "status", None)
    content = _content(workspace, table)
    assert isinstance(content, Table)
    assert [row.key for row in content.rows] == ["g1", ""]
    assert "status" not in content.rows[0].cells
    assert set(content.columns) == {column.key for column in GOALS.columns}


def test_access_that_a_person_opened_is_a_drift() -> None:
    """The audit says who can do more, and who can do less, than intended."""
    workspace = MemoryWorkspace()
    _, document = _made(workspace)
    wanted = Grants(writers=("ada@example.org",))
    list(workspace.share({document: wanted}))
    workspace.open_up(document, Grants(readers=("*",)))
    assert workspace.grants_of(document).readers == ("*",)
    assert list(workspace.audit({document: wanted})) == [
        Drift(document, "ada@example.org should be able to write it and cannot."),
        Drift(document, "* can read it and should not."),
        Drift(document, "ada@example.org should be able to read it and cannot."),
    ]


def test_the_bin_remembers_where_things_stood() -> None:
    """Trashing is no deleting."""
    workspace = MemoryWorkspace()
    table, document = _made(workspace)
    list(workspace.trash([document]))
    assert (workspace.trashed, workspace.refs) == ((document,), (table,))


def test_nothing_moves_onto_another_artifact() -> None:
    """A place that is taken stays taken."""
    workspace = MemoryWorkspace()
    table, document = _made(workspace)
    with pytest.raises(ValueError, match="already stands"):
        workspace.move(table, document)
