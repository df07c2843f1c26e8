"""`throughline notes import`: shown first, stored once, and no file touched."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from addon.notes.reading import Unreadable, read_source
from tests.addon.office import TODAY, Office

MARKDOWN = """\
# Ada

## 2 March 2026

- wants to lead the launch
- asked for a mentor

She was calm
in the meeting.

## Ideas
Talk about the role.
"""
TEXT = """\
Notes
=====

2.3.2026
Good talk.

4. März 2026: Über den Plan gesprochen.

Without a day.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a manager has: one file of each kind, and some that cannot be read."""
    folder = tmp_path / "old notes"
    (folder / "2025").mkdir(parents=True)
    (folder / "ada.md").write_text(MARKDOWN, "utf-8")
    (folder / "2025" / "gespräch.txt").write_bytes(TEXT.encode("cp1252"))
    document = docx.Document()
    document.add_heading("1:1 on 2026-03-02", 1)
    document.add_paragraph("Shipped the import.")
    document.add_heading("Growth", 2)
    document.add_paragraph("Read a book.", style="List Bullet")
    document.save(str(folder / "one-on-ones.docx"))
    book = openpyxl.Workbook()
    book.active.append(["Date", "What", "Mood"])
    book.active.append(["2026-03-03", "Fixed the queue", "good"])
    book.active.append(["2026-03-04", "Helped Ben", None])
    book.save(folder / "log.xlsx")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 cut off")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "binary.txt").write_bytes(b"\0\1\2" * 50)
    (folder / ".hidden.txt").write_text("nobody sees this")
    (folder / "~$lock.docx").write_bytes(b"")
    os.symlink(folder / "ada.md", folder / "link.md")
    return folder


def _state(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_notes_are_shown_then_stored_then_nothing_new(office: Office, folder: Path) -> None:
    """Each text with day, heading and source; the bad files a line each; a second time changes nothing."""
    before = _state(folder)
    shown = office.json("notes", "import", str(folder), "--person", "Ada Brandt", code=1)
    assert {(row["source"], row["happened_on"], row["heading"], row["text"]) for row in shown["entries"]} == {
        ("ada.md", "2026-03-02", "Ada › 2 March 2026", "- wants to lead the launch"),
        ("ada.md", "2026-03-02", "Ada › 2 March 2026", "- asked for a mentor"),
        ("ada.md", "2026-03-02", "Ada › 2 March 2026", "She was calm\nin the meeting."),
        ("ada.md", TODAY, "Ada › Ideas", "Talk about the role."),
        ("gespräch.txt", "2026-03-02", "Notes › 2.3.2026", "Good talk."),
        ("gespräch.txt", "2026-03-04", "Notes › 2.3.2026", "4. März 2026: Über den Plan gesprochen."),
        ("gespräch.txt", "2026-03-04", "Notes › 2.3.2026", "Without a day."),
        ("log.xlsx", "2026-03-03", "", "What: Fixed the queue · Mood: good"),
        ("log.xlsx", "2026-03-04", "", "Helped Ben"),
        ("one-on-ones.docx", "2026-03-02", "1:1 on 2026-03-02", "Shipped the import."),
        ("one-on-ones.docx", "2026-03-02", "1:1 on 2026-03-02 › Growth", "- Read a book."),
    }
    assert {Path(row["file"]).name for row in shown["left_out"]} == {"broken.docx", "photo.png", "binary.txt", "link.md"}
    assert all(row["reason"] for row in shown["left_out"])
    assert office.json("status")["evidence"] == 0
    stored = office.json("notes", "import", str(folder), "--person", "Ada Brandt", "--accept", shown["hash"][:8], code=1)
    assert (stored["stored"], stored["known"]) == (11, 0)
    again = office.json("notes", "import", str(folder), "--person", "Ada Brandt", "--accept", shown["hash"][:8], code=1)
    assert (again["stored"], again["known"]) == (0, 11)
    assert office.json("status")["evidence"] == 11
    assert _state(folder) == before
    assert office.run("sync") == "Nothing changed.\n"


def test_imported_notes_are_private_unless_said_otherwise(office: Office, folder: Path) -> None:
    """Their author reads them, with the file's name as their source; the person does not."""
    file = folder / "ada.md"
    words = ("notes", "import", str(file), "--person", "Ada Brandt")
    said = office.run(*words)
    assert "4 entries new about Ada Brandt, by Bob Chen, manager-private." in said
    assert "no date in the text: the file's" in said
    command = said.strip().splitlines()[-1]
    assert command.strip().startswith(f"throughline notes import '{file}' --person 'Ada Brandt' --accept ")
    office.run(*words, "--accept", command.rpartition(" ")[2])
    mine = office.json("evidence", "Ada Brandt", "--as", "Bob Chen")["entries"]
    assert {entry["place"] for entry in mine} >= {"ada.md, line 5", "ada.md, line 8"}
    assert {entry["by_name"] for entry in mine} == {"Bob Chen"}
    assert office.json("evidence", "Ada Brandt", "--as", "Ada Brandt")["entries"] == []
    assert office.json("history", mine[0]["artifact"], "--as", "Bob Chen")["moments"][0]["new"]
    assert "no document is called" in office.run("history", mine[0]["artifact"], "--as", "Ada Brandt", code=2)
    assert ("import-notes", "4 entries") in office.trail()


def test_shared_notes_are_read_by_the_person(office: Office, folder: Path) -> None:
    """When the manager says so; the hash of the private ones does not do it."""
    file = str(folder / "ada.md")
    private = office.json("notes", "import", file, "--person", "Ada Brandt")["hash"][:8]
    words = ("notes", "import", file, "--person", "Ada Brandt", "--visibility", "shared")
    assert "look again without --accept" in office.run(*words, "--accept", private, code=2)
    office.run(*words, "--accept", office.json(*words)["hash"][:8])
    assert len(office.json("evidence", "Ada Brandt", "--as", "Ada Brandt")["entries"]) == 4


def test_a_note_that_was_added_later_is_the_only_new_one(office: Office, folder: Path) -> None:
    """The same file grows, and what was stored stays as it is."""
    file = folder / "ada.md"
    words = ("notes", "import", str(file), "--person", "Ada Brandt")
    office.run(*words, "--accept", office.json(*words)["hash"][:8])
    file.write_text(MARKDOWN + "\n2026-03-09 Said yes.\n", "utf-8")
    said = office.run(*words)
    assert "1 entry new about Ada Brandt" in said
    assert "4 known already" in said
    assert "Said yes." in said
    assert "mentor" not in said


def test_what_cannot_be_meant_is_refused(office: Office, folder: Path) -> None:
    """An author who never managed the person, nobody's manager, no file, and a document that a sync reads."""
    file = str(folder / "ada.md")
    refused = office.run("notes", "import", file, "--person", "Ada Brandt", "--by", "Hana Roth", code=2)
    assert "Hana Roth never managed Ada Brandt" in refused
    assert "--by PERSON" in office.run("notes", "import", file, "--person", "Bob Chen", code=2)
    assert "nothing stands at" in office.run("notes", "import", file + "x", "--person", "Ada Brandt", code=2)
    ours = str(office.check_in())
    assert "throughline sync reads it" in office.run("notes", "import", ours, "--person", "Ada Brandt", code=1)


def test_documents_without_headings_are_read_by_their_days(office: Office, tmp_path: Path) -> None:
    """A line that is but a day in a document, a sheet without a header, a second sheet, a text in UTF-16."""
    folder = tmp_path / "plain"
    folder.mkdir()
    document = docx.Document()
    for text in ("2 March 2026", "Talked about scope.", "Dienstag, 3. März 2026", "Alles gut."):
        document.add_paragraph(text)
    document.save(str(folder / "a.docx"))
    book = openpyxl.Workbook()
    book.active.append(["2026-03-04", "Called the customer"])
    book.active.append(["2026-03-05", "Wrote it down", "late"])
    book.create_sheet("More").append(["2026-03-06 Something else"])
    book.save(folder / "b.xlsx")
    (folder / "c.txt").write_text("2026-03-07 Sprach über Ärger.", "utf-16")
    shown = office.json("notes", "import", str(folder), "--person", "Ada Brandt")
    assert [(row["happened_on"], row["text"]) for row in shown["entries"]] == [
        ("2026-03-02", "Talked about scope."),
        ("2026-03-03", "Alles gut."),
        ("2026-03-04", "2026-03-04 · Called the customer"),
        ("2026-03-05", "Wrote it down · late"),
        ("2026-03-06", "2026-03-06 Something else"),
        ("2026-03-07", "2026-03-07 Sprach über Ärger."),
    ]
    assert not any(row["doubt"] for row in shown["entries"])


def test_dates_that_a_program_formats_are_days(office: Office, tmp_path: Path) -> None:
    """A real date in a cell is the day of its row, and is not repeated in its text."""
    book = openpyxl.Workbook()
    book.active.append(["When", "What"])
    book.active.append([date(2026, 3, 4), "Called the customer"])
    book.save(tmp_path / "log.xlsx")
    (row,) = office.json("notes", "import", str(tmp_path / "log.xlsx"), "--person", "Ada Brandt")["entries"]
    assert (row["happened_on"], row["text"]) == ("2026-03-04", "Called the customer")


def test_notes_that_were_shared_by_mistake_are_taken_back(office: Office, folder: Path) -> None:
    """Imported again as private they replace the shared ones, the report says so, and the person reads neither."""
    words = ("notes", "import", str(folder / "ada.md"), "--person", "Ada Brandt")
    shared = office.json(*words, "--visibility", "shared")["hash"][:8]
    office.run(*words, "--visibility", "shared", "--accept", shared)
    key = office.json("evidence", "Ada Brandt", "--as", "Ada Brandt")["entries"][0]["artifact"]
    said = office.run(*words)
    assert "4 known already, 4 of them manager-private instead of shared" in said
    office.run(*words, "--accept", said.strip().rpartition(" ")[2])
    assert office.json("evidence", "Ada Brandt", "--as", "Ada Brandt")["entries"] == []
    assert len(office.json("evidence", "Ada Brandt", "--as", "Bob Chen")["entries"]) == 4
    assert "no document is called" in office.run("history", key, "--as", "Ada Brandt", code=2)
    again = office.json(*words)
    assert (again["known"], again["changed"]) == (4, 0)
    assert office.json(*words, "--visibility", "shared")["changed"] == 4


def test_a_file_without_text_is_named(tmp_path: Path) -> None:
    """Nobody is left to think that it was taken along."""
    (tmp_path / "empty.md").write_text(" \n\n")
    with pytest.raises(Unreadable, match="there is no text in it"):
        read_source(tmp_path / "empty.md", "empty.md")


def test_a_day_that_is_not_the_notes_own_is_not_taken_for_it(tmp_path: Path) -> None:
    """Inside a sentence, inside code, or the day on which a program's empty template was saved."""
    notes = tmp_path / "notes.md"
    notes.write_text(
        "2026-02-02 She asked for more time.\n\nWe agreed that from\n2 March 2026 onwards she leads.\n\n"
        "```\n# 2026-01-05\n2026-01-06 restart\n\n- done\n```\n2026-02-09\nAll well.\n",
        "utf-8",
    )
    found = [(line.text, line.place) for line in read_source(notes, "notes.md").lines]
    assert found == [
        ("2026-02-02 She asked for more time.", "line 1"),
        ("We agreed that from\n2 March 2026 onwards she leads.", "line 3"),
        ("```\n# 2026-01-05\n2026-01-06 restart\n\n- done\n```", "line 6"),
        ("2026-02-09", "line 12"),
        ("All well.", "line 13"),
    ]
    document = docx.Document()
    document.add_paragraph("She asked for more time.")
    document.save(str(tmp_path / "made.docx"))
    assert read_source(tmp_path / "made.docx", "made.docx").file_day.year >= 2026
