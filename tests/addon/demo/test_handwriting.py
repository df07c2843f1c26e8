"""People's hands: what they type is what this program's readers read, and what office programs open."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from addon.demo import handwriting_docx as page
from addon.demo import handwriting_xlsx as sheet
from addon.demo.handwriting import APP, CORE, Hand, HandwritingError, Program, write
from connectors.folder.workspace import FolderWorkspace
from connectors.office import docx, xlsx
from connectors.workspace import Created, Document, DocumentContent, Home, NewItem, NewRow, Rows, Table, TableContent
from templates.loader import built_in, load
from templates.shapes import DocumentShape, Kind, Place, TableShape

PACK = load(built_in("standard"))
AT = datetime(2026, 3, 2, 9, 30)
PROGRAMS = list(Program)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A check-in and a goal sheet as the program makes them."""
    check_in, goals = PACK.templates[Kind.CHECK_IN], PACK.templates[Kind.GOAL_SHEET]
    assert isinstance(check_in.shape, DocumentShape)
    assert isinstance(goals.shape, TableShape)
    home = Home(Place.WORKING, "p1", "Ada Brandt")
    actions = Rows((NewRow("a1", {"action": "Send the offer", "owner": "Ada"}),))
    rows = (
        NewRow("g1", {"goal": "Reduce churn", "unit": "%", "start": 8.0, "target": 4.0, "now": 8.0, "status": "on track"}),
        NewRow("g2", {"goal": "Pass the audit", "unit": "yes/no", "start": 0.0, "target": 1.0}),
    )
    items = [
        NewItem("c/p1/check-in/x", "check-in", "Check-in", home, DocumentContent(check_in.shape, {"actions": (actions,)})),
        NewItem("c/p1/goal-sheet", "goal-sheet", "Goals", home, TableContent(goals.shape, rows)),
    ]
    workspace = FolderWorkspace(tmp_path / "shared", tmp_path / "private", fsync=False)
    made = [one for one in workspace.create(items) if isinstance(one, Created)]
    folder = tmp_path / "shared"
    return folder / made[0].ref.removeprefix("shared/"), folder / made[1].ref.removeprefix("shared/")


def _document(path: Path) -> Document:
    shape = PACK.templates[Kind.CHECK_IN].shape
    assert isinstance(shape, DocumentShape)
    return docx.read(path.read_bytes(), shape)[1]


def _table(path: Path) -> Table:
    shape = PACK.templates[Kind.GOAL_SHEET].shape
    assert isinstance(shape, TableShape)
    return xlsx.read(path.read_bytes(), shape)[1]


def _lines(document: Document, heading: str) -> tuple[str, ...]:
    return next(part.paragraphs for part in document.parts if part.heading == heading)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("above", [False, True])
def test_typed_text_is_read_back(files: tuple[Path, Path], program: Program, tracked: bool, above: bool) -> None:
    """Every character typed under a heading is read back there, however the runs are cut."""
    text = "Shipped the export on 12 February – “two days early”, 4 % faster. Grüße & <thanks>, Zoë"
    stroke = page.Type("What went well", (text, "Second line"), above=above, tracked=tracked)
    write(files[0], Hand("Ada Brandt", program), AT, [stroke])
    assert _lines(_document(files[0]), "What went well") == (text, "Second line")


@pytest.mark.parametrize("program", PROGRAMS)
def test_list_items_and_own_headings_are_read_back(files: tuple[Path, Path], program: Program) -> None:
    """A bullet list keeps its items; a heading of one's own and a pasted table are parts of the text."""
    strokes = [
        page.Type("Agenda", ("First", "Second"), bullets=True),
        page.PasteTable("Notes", (("Week", "Tickets"), ("8", "41"))),
        page.OwnHeading("Parking lot", ("Offsite in May?",)),
    ]
    write(files[0], Hand("Ada Brandt", program), AT, strokes)
    read = _document(files[0])
    assert _lines(read, "Agenda") == ("- First", "- Second")
    assert any("41" in line for line in _lines(read, "Notes"))
    assert _lines(read, "Parking lot") == ("Offsite in May?",)


@pytest.mark.parametrize("program", PROGRAMS)
def test_actions_are_ticked_and_opened(files: tuple[Path, Path], program: Program) -> None:
    """A tick lands in the row that a person sees, new actions in free rows, more rows when there are none."""
    new = [page.FillRow("Actions", (("Action", f"Action {number}"), ("Who", "Ada"))) for number in range(7)]
    write(files[0], Hand("Ada Brandt", program), AT, [page.SetCell("Actions", "Send the offer", "Done", "✓"), *new])
    rows = [row for part in _document(files[0]).parts if part.section == "actions" for row in part.rows]
    assert [row.cells["action"].text for row in rows] == ["Send the offer", *(f"Action {number}" for number in range(7))]
    assert [row.cells["done"].text for row in rows if "done" in row.cells] == ["✓"]
    assert [row.key for row in rows] == ["a1", *[""] * 7]


def test_struck_paragraph_is_gone(files: tuple[Path, Path]) -> None:
    """Deleting a paragraph takes that one and leaves the others."""
    hand = Hand("Ada Brandt")
    write(files[0], hand, AT, [page.Type("Notes", ("Keep this", "Drop that"))])
    write(files[0], hand, AT, [page.Strike("Notes", "Drop")])
    assert _lines(_document(files[0]), "Notes") == ("Keep this",)


def test_the_second_hand_adds_to_the_first(files: tuple[Path, Path]) -> None:
    """Word on top of LibreOffice, LibreOffice on top of Word: nobody's words are lost."""
    for number, program in enumerate([*PROGRAMS, *PROGRAMS]):
        write(files[0], Hand("Ada Brandt", program), AT, [page.Type("Agenda", (f"Point {number}",))])
    assert _lines(_document(files[0]), "Agenda") == ("Point 0", "Point 1", "Point 2", "Point 3")


@pytest.mark.parametrize("program", PROGRAMS)
def test_goal_cells_are_read_back(files: tuple[Path, Path], program: Program) -> None:
    """Numbers, days, words and new goals typed into the sheet are read with their types."""
    cells: dict[str, sheet.Value] = {"Now": 7.1, "Updated": date(2026, 3, 2), "Status": "at risk", "Comment": "slow & steady"}
    new: dict[str, sheet.Value] = {"Goal": "A third goal", "Unit": "number", "Start": 0.0, "Target": 10.0}
    write(files[1], Hand("Ada Brandt", program), AT, [sheet.SetCells("Reduce churn", cells), sheet.NewGoal(new)])
    write(files[1], Hand("Ada Brandt", program), AT, [sheet.SetCells("Pass the audit", {"Now": "yes"})])
    first, second, third = [row for row in _table(files[1]).rows if "goal" in row.cells]
    assert (first.key, first.cells["now"].number, first.cells["updated"].day) == ("g1", 7.1, date(2026, 3, 2))
    assert (first.cells["status"].text, first.cells["comment"].text) == ("at risk", "slow & steady")
    assert (second.key, second.cells["now"].text) == ("g2", "yes")
    assert (third.key, third.cells["goal"].text, third.cells["target"].number) == ("", "A third goal", 10.0)


@pytest.mark.parametrize("program", PROGRAMS)
def test_sorting_moves_whole_rows(files: tuple[Path, Path], program: Program) -> None:
    """A sort by title takes keys and values along."""
    write(files[1], Hand("Ada Brandt", program), AT, [sheet.SortByGoal()])
    rows = [row for row in _table(files[1]).rows if "goal" in row.cells]
    assert [(row.key, row.cells["goal"].text) for row in rows] == [("g2", "Pass the audit"), ("g1", "Reduce churn")]
    assert rows[1].cells["target"].number == 4.0


@pytest.mark.parametrize(("program", "name"), [(Program.MICROSOFT, "Microsoft"), (Program.LIBREOFFICE, "LibreOffice/")])
def test_files_say_who_saved_them_with_what(files: tuple[Path, Path], program: Program, name: str) -> None:
    """The last editor and the program stand in the properties, as office programs write them."""
    write(files[0], Hand("Zoë Brandt", program), AT, [page.Type("Agenda", ("One",))])
    write(files[1], Hand("Zoë Brandt", program), AT, [sheet.SetCells("Reduce churn", {"Now": 7.0})])
    for path in files:
        with zipfile.ZipFile(path) as archive:
            assert name in archive.read(APP).decode()
            assert "Zoë Brandt" in archive.read(CORE).decode()
            assert "2026-03-02T09:30:00Z" in archive.read(CORE).decode()


def test_programs_leave_their_own_marks(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Word cuts runs and numbers sessions; LibreOffice gives every run properties and has no sessions."""
    other = shutil.copy(files[0], tmp_path / "other.docx")
    text = "A sentence that is long enough to be typed with pauses, corrected twice, and finished in the afternoon."
    for path, program in ((files[0], Program.MICROSOFT), (Path(other), Program.LIBREOFFICE)):
        write(path, Hand("Ada Brandt", program), AT, [page.Type("Notes", (text,))])
    word, writer = (zipfile.ZipFile(path).read(page.DOCUMENT).decode() for path in (files[0], other))
    assert "w:rsidR=" in word
    assert text not in word
    assert text in writer
    assert "w:rsid" not in writer
    assert writer.count("<w:rPr") >= writer.count("<w:t ")


@pytest.mark.parametrize("in_place", [False, True])
def test_saving_in_place_or_by_another_file(files: tuple[Path, Path], in_place: bool) -> None:
    """Some programs write a new file and rename it, others write into the old one; no temporary file stays."""
    before = files[0].stat()
    write(files[0], Hand("Ada Brandt", in_place=in_place), AT, [page.Type("Agenda", ("One",))])
    after = files[0].stat()
    assert (before.st_ino == after.st_ino) is in_place
    assert before.st_mode == after.st_mode
    assert {path.suffix for path in files[0].parent.iterdir()} == {".docx", ".xlsx"}


def test_what_nobody_can_see_cannot_be_edited(files: tuple[Path, Path]) -> None:
    """A heading, row or column that is not there is named, and the file stays as it was."""
    before = [path.read_bytes() for path in files]
    with pytest.raises(HandwritingError, match="no heading 'Dreams'"):
        write(files[0], Hand("Ada Brandt"), AT, [page.Type("Dreams", ("One",))])
    with pytest.raises(HandwritingError, match="no row reads 'Nothing'"):
        write(files[0], Hand("Ada Brandt"), AT, [page.SetCell("Actions", "Nothing", "Done", "x")])
    with pytest.raises(HandwritingError, match="no goal reads 'Nothing'"):
        write(files[1], Hand("Ada Brandt"), AT, [sheet.SetCells("Nothing", {"Now": 1.0})])
    assert [path.read_bytes() for path in files] == before


@pytest.mark.libreoffice
@pytest.mark.parametrize("program", PROGRAMS)
def test_libreoffice_opens_what_hands_wrote(files: tuple[Path, Path], tmp_path: Path, program: Program) -> None:
    """Both kinds of files convert to PDF after they were edited by hand."""
    hand = Hand("Ada Brandt", program)
    strokes = [
        page.Type("Agenda", ("First", "Second"), bullets=True),
        page.Type("What went well", ("Typed while changes were tracked",), tracked=True),
        page.PasteTable("Notes", (("Week", "Tickets"), ("8", "41"))),
        page.FillRow("Actions", (("Action", "Write it down"), ("Who", "Ada"))),
    ]
    write(files[0], hand, AT, strokes)
    write(files[1], hand, AT, [sheet.SetCells("Reduce churn", {"Now": 7.1, "Comment": "slow"}), sheet.SortByGoal()])
    out = tmp_path / "pdf"
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True, timeout=180)
    assert sorted(path.name for path in out.iterdir()) == ["Check-in.pdf", "Goals.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in out.iterdir())
