"""Content decides which codec reads and edits a file, not its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.folder.codecs import Mismatch, content_of
from connectors.workspace import (
    AppendRows,
    AppendToSection,
    Document,
    Edit,
    Failed,
    NewRow,
    Paragraph,
    Snapshot,
    Table,
    Written,
)
from templates.shapes import DocumentShape, TableShape
from tests.connectors.folder_verbs import at, folder, made, version
from tests.connectors.hostile_files import document, workbook
from tests.connectors.samples import CHECK_IN, GOALS, check_in, sheet


@pytest.mark.parametrize(
    ("ref", "data", "shape", "said"),
    [
        ("shared/x.docx", workbook(), GOALS, "really an Excel workbook, though its name ends in .docx"),
        ("shared/x.docx", workbook(), None, "really an Excel workbook, though its name ends in .docx"),
        ("shared/x.xlsx", document(), CHECK_IN, "really a Word document, though its name ends in .xlsx"),
        ("shared/x.xlsm", workbook(), GOALS, ""),
        ("shared/x.docm", document(), CHECK_IN, ""),
    ],
)
def test_a_file_is_read_as_what_it_is_and_its_name_is_told(
    ref: str, data: bytes, shape: TableShape | DocumentShape | None, said: str
) -> None:
    """Nothing typed in it is lost because somebody gave it another ending."""
    content = content_of(ref, data, shape)[1]
    assert isinstance(content, Table) is ("x.xls" in ref if not said else "Excel" in said)
    assert [said in note for note in content.notes if "really" in note] == ([True] if said else [])


def test_another_kind_of_file_than_was_made_there_is_named_with_the_way_out(tmp_path: Path) -> None:
    """A workbook in the place of a check-in, under its name: one sentence, nothing read, nothing written."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    at(tmp_path, ref).write_bytes(workbook())
    (result,) = workspace.read([(ref, CHECK_IN)])
    assert isinstance(result, Failed)
    assert result.reason == (
        f"{ref}: a Word document belongs here, and this is really an Excel workbook; nothing was read from it. Put a Word "
        "document (.docx) in its place, or restore the one that was here."
    )
    (read,) = workspace.read([(ref, None)])
    assert isinstance(read, Snapshot)
    (edit,) = workspace.write([Edit(ref, read.version, CHECK_IN, (AppendToSection("wins", (Paragraph("x"),)),))])
    assert isinstance(edit, Failed)
    with pytest.raises(Mismatch, match="an Excel workbook belongs here, and this is really a Word document"):
        content_of("shared/x.xlsx", document(), GOALS)


def test_edits_go_by_content_too(tmp_path: Path) -> None:
    """A sheet that somebody renamed takes rows all the same."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, sheet())
    renamed = ref.replace(".xlsx", ".docx")
    at(tmp_path, ref).rename(at(tmp_path, renamed))
    (read,) = workspace.read([(renamed, GOALS)])
    assert isinstance(read, Snapshot)
    change = AppendRows((NewRow("z9", {"title": "One more"}),))
    (written,) = workspace.write([Edit(renamed, read.version, GOALS, (change,))])
    assert isinstance(written, Written)
    (after,) = workspace.read([(renamed, GOALS)])
    assert isinstance(after, Snapshot)
    assert isinstance(after.content, Table)
    assert "z9" in {row.key for row in after.content.rows}


def test_a_document_of_ours_is_a_document(tmp_path: Path) -> None:
    """The ordinary case has nothing to tell."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    assert version(workspace, ref)
    (read,) = workspace.read([(ref, CHECK_IN)])
    assert isinstance(read, Snapshot)
    assert isinstance(read.content, Document)
    assert read.content.notes == ()
