"""What people do with their files: copy, move, delete, sort, keep them open, break them. Nothing that was typed is lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from templates.shapes import Kind
from tests.journeys import acting
from tests.journeys.desk import Desk, founded
from tests.journeys.office import Killed, dying_at, office_in


def test_text_that_begins_with_an_equals_sign_stays_text(february: Desk) -> None:
    """Imported or typed, no spreadsheet runs it, and it is read back as it was written."""
    formula = '=HYPERLINK("http://example.org","click")'
    february.ok(
        "goals", "import", february.csv("more.csv", f'email,goal\nada@example.org,"{formula.replace(chr(34), chr(34) * 2)}"\n')
    )
    february.provision()
    sheet = february.file_of("Ada", "goal-sheet")
    assert formula in [row["Goal"] for row in acting.goals_in(sheet)]
    assert "HYPERLINK" not in "".join(re.findall(r"<f[ >].*?</f>", acting.raw_text(sheet)))
    acting.write(february.file_of("Ada", "check-in", "2026-02-02"), "wins", "=1+1 is two")
    february.ok("sync")
    assert "=1+1 is two" in february.texts("ada@example.org")
    february.today = "2026-03-02"
    february.provision()
    assert formula in acting.words_in(february.file_of("Ada", "check-in", "2026-03-02"))


def test_a_copy_is_kept_and_reported_and_never_adopted(february: Desk) -> None:
    """What is only in the copy is evidence, once; the original stays the artifact."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    acting.write(path, "wins", "Written before the copy.")
    copy = acting.free_copy_name(path)
    shutil.copy(path, copy)
    acting.write(copy, "blockers", "Written in the copy only.")
    assert "copy" in february.ok("sync")
    texts = february.texts("ada@example.org")
    assert (texts.count("Written before the copy."), texts.count("Written in the copy only.")) == (1, 1)
    assert february.provision() == {}
    assert copy.exists()
    assert any(one["kind"] == "copy" for one in february.json("status")["findings"])


def test_a_copy_is_not_trashed_when_a_stopped_run_is_finished(tmp_path: Path) -> None:
    """What a sync has seen as a person's copy is no twin of ours, although nobody typed in it."""
    office = office_in(tmp_path / "home")

    def dying_before(name: str) -> Callable[[str], None]:
        def checkpoint(reached: str) -> None:
            if reached == name:
                raise Killed(name)

        return checkpoint

    for point in ("before-recording-created", "before-closing-adopted"):
        with suppress(Killed):
            office.apply(dying_before(point))
    path = office.file("ben", Kind.QUICK_NOTES)
    copy = acting.free_copy_name(path)
    shutil.copy(path, copy)
    office.sync()
    office.apply()
    assert copy.exists()
    office.close()


@pytest.mark.parametrize("kind", ["goal-sheet", "check-in"])
def test_a_copy_in_which_nobody_typed_says_nothing(february: Desk, kind: str) -> None:
    """Rows that stand in the original just so are no evidence."""
    path = february.file_of("Ada", kind, "2026-02-02" if kind == "check-in" else "")
    shutil.copy(path, acting.free_copy_name(path))
    assert " 0 new entries" in february.ok("sync")
    assert february.texts("ada@example.org") == []


def test_a_deleted_file_is_unlinked_and_not_made_again(february: Desk) -> None:
    """Its evidence stays; only `recreate` brings it back."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    acting.write(path, "wins", "It was a good month.")
    february.ok("sync")
    path.unlink()
    assert "unlinked" in february.ok("sync")
    assert february.provision() == {}
    assert not path.exists()
    assert "It was a good month." in february.texts("ada@example.org")
    assert february.json("status")["unlinked"] == 1


def test_a_deleted_file_that_no_sync_has_seen_gone_is_unlinked_by_the_plan(february: Desk) -> None:
    """The plan says so, and apply does not bring it back."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    path.unlink()
    assert february.provision() == {"unlinked": 1}
    assert february.provision() == {}
    assert not path.exists()


def test_a_moved_file_stays_the_artifact(february: Desk) -> None:
    """Renamed and carried into a folder of one's own, what is typed there is still read as before."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    target = path.parent / "mine" / "Talk with Ben.docx"
    target.parent.mkdir()
    path.rename(target)
    acting.write(target, "wins", "Written after the move.")
    assert "moved" in february.ok("sync")
    assert "Written after the move." in february.texts("ada@example.org")
    assert february.provision() == {}


def test_words_in_a_copy_of_what_a_stopped_run_made_are_kept(tmp_path: Path) -> None:
    """Of a file that nobody had recorded yet and its copy, the file in its own place is adopted, and both are read."""
    office = office_in(tmp_path / "home")
    with pytest.raises(Killed):
        office.apply(dying_at(80))
    path = next(path for path in office.files() if path.name == "Notes – Ada Brandt.docx")
    copy = acting.free_copy_name(path)
    shutil.copy(path, copy)
    acting.write(path, "notes", "Typed in the original.")
    acting.write(copy, "notes", "Written in the copy.")
    office.sync()
    office.apply()
    office.sync()
    assert office.file("ada", Kind.QUICK_NOTES) == path
    words = [entry.text for entry in office.entries() if not entry.figure]
    assert sorted(words) == [
        "Typed in the original.",
        "Written in the copy.",
    ]
    office.close()


@pytest.mark.parametrize("synced", [True, False])
def test_a_file_moved_before_any_sync_saw_it_is_the_artifact(tmp_path: Path, synced: bool) -> None:
    """A document that was renamed on the day it was made is followed, not called a copy."""
    desk = founded(tmp_path / "home")
    if synced:
        desk.ok("sync")
    desk.provision()
    path = desk.file_of("Ada", "quick-notes")
    target = path.with_name("My own notes.docx")
    path.rename(target)
    acting.write(target, "notes", "Written after the move.")
    result = desk.run("sync")
    assert result.exit_code == 0, result.output
    assert "copy" not in result.output
    assert desk.provision() == {}
    assert desk.texts("ada@example.org") == ["Written after the move."]
    assert desk.json("status")["unlinked"] == 0
    acting.write(target, "notes", "And later.")
    desk.ok("sync")
    assert sorted(desk.texts("ada@example.org")) == ["And later.", "Written after the move."]


def test_a_file_deleted_before_any_sync_saw_it_is_unlinked(tmp_path: Path) -> None:
    """It is gone by somebody's wish; no sync fails because of it."""
    desk = founded(tmp_path / "home")
    desk.provision()
    path = desk.file_of("Ada", "quick-notes")
    path.unlink()
    result = desk.run("sync")
    assert result.exit_code == 0, result.output
    desk.provision()
    assert desk.run("sync").exit_code == 0
    assert not path.exists()
    assert desk.json("status")["unlinked"] == 1


def test_many_files_that_vanish_at_once_halt_everything(february: Desk) -> None:
    """A disk that was not connected is no reason to unlink a company: their names are given, and nothing is changed."""
    gone = [path for key, path in february.by_key().items() if "/check-in/2026-02-02" in key]
    kept = {path: path.read_bytes() for path in gone}
    assert len(gone) >= 5
    for path in gone:
        path.unlink()
    result = february.run("sync")
    assert result.exit_code == 1
    assert all(path.name in result.output for path in gone)
    assert "--accept-vanished" in result.output
    plan = february.run("plan")
    assert plan.exit_code == 2
    assert february.json("status")["unlinked"] == 0
    for path, data in kept.items():
        path.write_bytes(data)
    february.ok("sync")
    assert february.provision() == {}


def test_vanished_files_can_be_accepted(february: Desk) -> None:
    """When it is as it should be."""
    for path in [path for key, path in february.by_key().items() if "/check-in/2026-02-02" in key]:
        path.unlink()
    february.ok("sync", "--accept-vanished")
    assert february.json("status")["unlinked"] == 5
    assert february.provision() == {}


def test_text_under_a_heading_of_ones_own_is_kept_under_other_notes(february: Desk) -> None:
    """With its heading; nothing that people type is thrown away."""
    acting.under_own_heading(february.file_of("Ada", "check-in", "2026-02-02"), "Holiday cover", "Noor takes my tickets.")
    assert "other notes" in february.ok("sync")
    found = february.json("evidence", "ada@example.org")["entries"]
    assert [one["anchor"] for one in found if one["text"] == "Noor takes my tickets."] == ["other:Holiday cover"]


def test_sorting_the_goals_moves_no_goals_history_to_another(february: Desk) -> None:
    """Values that were read before and after stay with their goal."""
    sheet = february.file_of("Ada", "goal-sheet")
    acting.set_goal(sheet, "Cut page load time", {"Now": 3.0})
    february.ok("sync")
    acting.sort_goals(sheet)
    assert "0 new entries" in february.ok("sync")
    acting.set_goal(sheet, "Cut page load time", {"Now": 2.5})
    february.ok("sync")
    values = [one for one in february.json("evidence", "ada@example.org")["entries"] if one["kind"] == "goal-value"]
    typed = [one for one in values if one["place"].startswith("Goals, row ")]
    (anchor,) = {one["anchor"] for one in typed}
    listed = [one["text"] for one in values if one["anchor"] == anchor and one not in typed]
    assert listed == ["4"]


def test_an_edited_sentence_supersedes_and_a_deleted_one_is_withdrawn(february: Desk) -> None:
    """The current ledger is what stands in the document."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    acting.write(path, "wins", "We shipped on Monday.", "The customer was pleased.")
    february.ok("sync")
    acting.replace_words(path, "We shipped on Monday.", "We shipped on Tuesday.")
    acting.replace_words(path, "The customer was pleased.", "")
    assert "1 changed, 1 taken out" in february.ok("sync")
    assert february.texts("ada@example.org") == ["We shipped on Tuesday."]


# ---------------------------------------------------------------- some items failed


def test_a_broken_document_fails_alone(february: Desk) -> None:
    """It is named, everything else is read, and the command ends with 1 until it is mended."""
    broken, fine = february.file_of("Ada", "quick-notes"), february.file_of("Noor", "quick-notes")
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    acting.write(fine, "notes", "Helped with the move.")
    result = february.run("sync")
    assert result.exit_code == 1, result.output
    assert broken.name in result.output
    assert "1 new entries" in result.output
    assert february.run("sync").exit_code == 1
    assert february.json("status")["failed_items"] == 1
    broken.write_bytes(whole)
    february.ok("sync")
    assert february.json("status")["failed_items"] == 0


def test_a_document_that_was_overwritten_by_another_kind_of_file_fails_alone(february: Desk) -> None:
    """A picture under a document's name."""
    broken = february.file_of("Ada", "quick-notes")
    broken.write_bytes(b"\x89PNG\r\n" + bytes(500))
    result = february.run("sync")
    assert result.exit_code == 1
    assert broken.name in result.output


def test_a_document_that_is_open_is_busy_and_tried_again(february: Desk) -> None:
    """What Word has open is read, but not written; closed, the next run writes it."""
    sheet = february.file_of("Ada", "goal-sheet")
    february.ok("goals", "import", february.csv("more.csv", "email,goal\nada@example.org,One more goal\n"))
    lock = acting.open_elsewhere(sheet)
    before = sheet.read_bytes()
    result = february.run("apply", "--plan", february.json("plan")["hash"])
    assert result.exit_code == 1, result.output
    assert "busy" in result.output
    assert sheet.name in result.output
    assert sheet.read_bytes() == before
    assert february.run("sync").exit_code == 0
    lock.unlink()
    february.provision()
    assert [row["Goal"] for row in acting.goals_in(sheet)].count("One more goal") == 1


def test_a_document_that_was_busy_and_is_written_now_has_not_failed(february: Desk) -> None:
    """The status says what holds now."""
    sheet = february.file_of("Ada", "goal-sheet")
    february.ok("goals", "import", february.csv("more.csv", "email,goal\nada@example.org,One more goal\n"))
    lock = acting.open_elsewhere(sheet)
    assert february.run("apply", "--plan", february.json("plan")["hash"]).exit_code == 1
    assert february.json("status")["failed_items"] == 1
    lock.unlink()
    assert february.provision() == {"updated": 1}
    assert february.json("status")["failed_items"] == 0


def test_what_is_open_can_be_read(february: Desk) -> None:
    """A colleague who leaves a document open all day is heard all the same."""
    path = february.file_of("Ada", "quick-notes")
    acting.write(path, "notes", "Saved, and still open.")
    acting.open_elsewhere(path)
    february.run("sync")
    assert "Saved, and still open." in february.texts("ada@example.org")


def test_a_source_is_named_where_it_stands_now(february: Desk) -> None:
    """A goal that was sorted to another row is cited by that row, in the list of evidence and in its history."""
    sheet = february.file_of("Ada", "goal-sheet")
    acting.set_goal(sheet, "Cut page load time", {"Comment": "Measured on three phones."})
    february.ok("sync")

    def place() -> str:
        (found,) = [one for one in february.json("evidence", "Ada Brandt")["entries"] if one["text"].startswith("Measured")]
        return str(found["place"])

    before = place()
    acting.sort_goals(sheet)
    february.ok("sync")
    assert place() != before
    assert place() in february.ok("history", str(sheet))
    assert before not in february.ok("history", str(sheet))
