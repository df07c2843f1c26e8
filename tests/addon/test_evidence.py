"""`throughline sync`, `history`, `relink` and `confirm` as people use them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace

from addon.company import has_ended
from addon.terminal import operator
from sync.store.queries import leases, ledger, reviews
from tests.addon.office import Office

WINS, NOTES = "What went well", "Notes"


def test_the_report_names_places_and_no_words(office: Office) -> None:
    """File by file what is new where, what fits no section, and what to do; never what people wrote."""
    path = office.check_in()
    office.type_into(path, WINS, "The secret launch went well.", "Ada Brandt")
    shutil.copy(path, path.with_name("Copy of it.docx"))
    said = office.run("sync", "--report")
    ref = office.ref(path)
    assert "Read\n" in said
    assert f"{ref}, saved by Ada Brandt" in said
    assert f"new        {WINS} (win, 28 characters)" in said
    assert "Needs a person\n  copy: " in said
    assert "secret" not in said
    assert office.run("sync", "--report") == office.run("sync") == "Nothing changed.\n"
    assert "copy: " in office.run("status")


def test_the_report_as_json_has_everything(office: Office) -> None:
    """The same for programs; an unchanged folder gives zeroes and empty lists."""
    path = office.check_in()
    office.type_into(path, WINS, "It went well.", "Ada Brandt")
    report = office.json("sync")
    assert [file["modified_by"] for file in report["files"]] == ["Ada Brandt"]
    assert [(one["place"], one["kind"], one["characters"]) for one in report["new"]] == [(WINS, "win", 13)]
    again = office.json("sync")
    assert not any(again.values())


def test_a_broken_file_fails_once_and_is_counted_in_status(office: Office) -> None:
    """Every sync ends with exit code 1; only the first one says why."""
    path = office.check_in()
    path.write_bytes(b"")
    assert "failed: " in office.run("sync", code=1)
    assert office.run("sync", code=1) == "Nothing changed. 1 still cannot be read: throughline status.\n"
    assert office.json("sync", code=1)["still_failing"] == 1
    assert office.json("status")["failed_items"] == 1


def test_history_shows_who_wrote_what_when(office: Office) -> None:
    """By key, ref, path: every reading, what was edited with what stood there before, what was taken out."""
    path = office.check_in()
    empty = path.read_bytes()
    office.type_into(path, WINS, "The launch went rather well.", "Ada Brandt")
    office.run("sync")
    path.write_bytes(empty)
    office.type_into(path, WINS, "The launch went really well.", "Bob Chen")
    office.run("sync")
    path.write_bytes(empty)
    office.run("sync")
    said = office.run("history", str(path))
    assert "as seen by Bob Chen" in said
    assert "read, saved by Ada Brandt" in said
    assert "read, saved by Bob Chen" in said
    assert said.index("rather well") < said.index("really well") < said.index("− taken out")
    assert "    was [" in said
    past = office.json("history", office.ref(path))
    assert office.json("history", past["artifact"]) == past
    assert [len(moment["new"]) for moment in past["moments"]] == [0, 1, 0, 0]
    assert [moment["modified_by"] for moment in past["moments"]] == ["", "Ada Brandt", "Bob Chen", ""]
    first, second = past["moments"][1]["new"][0], past["moments"][2]["edited"][0]
    assert (second["supersedes"], first["by_name"]) == (first["id"], "Ada Brandt")
    chain = office.json("history", first["id"])
    assert [len(moment["new"] + moment["edited"] + moment["withdrawn"]) for moment in chain["moments"]] == [1, 1, 1]


def test_history_is_seen_by_those_who_may_and_audited(office: Office) -> None:
    """A private note is its manager's; a stranger is refused; each look at somebody else leaves a line."""
    notes = next((office.home / "private").rglob("*Ada*.docx"))
    office.type_into(notes, NOTES, "For my eyes only.", "Bob Chen")
    office.run("sync")
    key = office.json("history", str(notes))["artifact"]
    assert "For my eyes only." in office.run("history", key, "--as", "Bob Chen")
    for viewer in ("Ada Brandt", "Hana Roth"):
        refused = office.run("history", key, "--as", viewer, code=2)
        assert refused.replace(key, "nowhere") == office.run("history", "nowhere", "--as", viewer, code=2)
        assert "For my eyes" not in refused
    assert ("read-history", f"{key}, 1 entries") in office.trail()
    assert "no document is called 'nowhere'" in office.run("history", "nowhere", code=2)


def test_reading_in_somebodys_own_name_leaves_a_line(office: Office) -> None:
    """The command line cannot know who types: what Ada keeps to herself is not read there unseen."""
    office.run("evidence", "Ada Brandt", "--as", "Ada Brandt")
    assert "read-evidence" in {action for action, _ in office.trail()}


def test_relink_takes_only_a_file_with_the_key_and_only_when_the_own_one_is_gone(office: Office) -> None:
    """Each refusal says why; afterwards the document goes on at its new place."""
    path = office.check_in()
    office.type_into(path, WINS, "In both.", "Ada Brandt")
    office.run("sync")
    key = office.json("history", str(path))["artifact"]
    copy, other = path.with_name("Mine.docx"), office.check_in("Hana Roth")
    shutil.copy(path, copy)
    assert "only a document whose own file is gone" in office.run("relink", key, str(copy), code=2)
    office.run("sync")
    path.unlink()
    assert "relink" in office.run("sync")
    assert "is another document already" in office.run("relink", key, str(other), code=2)
    stranger = other.with_name("Stranger.docx")
    shutil.copy(other, stranger)
    assert "only a file with the document's own key" in office.run("relink", key, str(stranger), code=2)
    assert "cannot be taken" in office.run("relink", key, "shared/nowhere.docx", code=2)
    assert "no artifact has the key" in office.run("relink", "no/key", str(copy), code=2)
    office.run("relink", key, str(copy))
    office.type_into(copy, WINS, "Typed later.", "Ada Brandt")
    report = office.json("sync")
    assert len(report["new"]) == 1
    past = office.json("history", str(copy))
    assert past["artifact"] == key
    assert [entry["text"] for moment in past["moments"] for entry in moment["new"]] == ["In both.", "Typed later."]
    assert ("relink", f"from {office.ref(path)} to {office.ref(copy)}") in office.trail()


def test_confirm_takes_a_question_off_the_list(office: Office) -> None:
    """An older version that was put back on purpose; what is a state cannot be confirmed away."""
    path = office.check_in()
    empty = path.read_bytes()
    office.type_into(path, WINS, "Second thoughts.", "Ada Brandt")
    office.run("sync")
    path.write_bytes(empty)
    assert "went-back: " in office.run("sync")
    assert "went-back: " in office.run("status")
    office.run("confirm", str(path))
    assert "went-back" not in office.run("status")
    assert "nothing about" in office.run("confirm", str(path), code=2)
    shutil.copy(path, path.with_name("Mine.docx"))
    office.run("sync")
    assert "is a copy of" in office.run("confirm", str(path.with_name("Mine.docx")), code=2)


def test_a_killed_sync_holds_nobody_up(office: Office) -> None:
    """Its lease names a process that runs no more, so that the next sync need not wait for it to run out."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    company = office.company()
    with company.store.write() as tx:
        leases.acquire(tx, "folder", f"{socket.gethostname()}:{child.pid}", company.now)
    assert office.run("sync") == "Nothing changed.\n"
    with company.store.write() as tx:
        leases.acquire(tx, "folder", "another-computer:1", company.now)
    assert "another-computer:1" in office.run("sync", code=2)
    company.store.close()


def test_a_running_process_is_not_gone() -> None:
    """Nor is one on another computer, nor a name of another make."""
    assert not has_ended(f"{socket.gethostname()}:{os.getpid()}")
    assert not has_ended("elsewhere:1")
    assert not has_ended("somebody")


def test_what_may_not_be_read_is_as_if_it_were_not_there(office: Office) -> None:
    """A key, an entry's id and a word that means nothing get one answer, and so does an unknown viewer."""
    notes = next((office.home / "private").rglob("*Ada*.docx"))
    office.type_into(notes, NOTES, "For my eyes only.", "Bob Chen")
    office.run("sync")
    past = office.json("history", str(notes))
    entry = next(entry["id"] for moment in past["moments"] for entry in moment["new"])
    answers = {
        office.run("history", words, "--as", "Ada Brandt", code=2).replace(repr(words), "it")
        for words in (past["artifact"], str(notes), entry, "nowhere")
    }
    assert len(answers) == 1
    assert len({office.run("history", words, "--as", "Nobody", code=2) for words in (past["artifact"], "nowhere")}) == 1


def test_who_saved_when_is_for_those_who_may_read_the_whole_document(office: Office) -> None:
    """Somebody who sees but their own entry in it gets that entry and no saves."""
    notes = next((office.home / "private").rglob("*Ada*.docx"))
    office.type_into(notes, NOTES, "For my eyes only.", "Bob Chen")
    office.run("sync")
    key = office.json("history", str(notes))["artifact"]
    company = office.company()
    hana = company.person("Hana Roth").id
    with company.store.write() as tx:
        (mine,) = ledger.of_artifacts(tx, [key])[key]
        ledger.append(tx, [replace(mine, id="by-hana", by=hana, text="Hana was here.")])
    company.store.close()
    assert any(moment["modified_by"] for moment in office.json("history", key)["moments"])
    seen = office.json("history", key, "--as", "Hana Roth")["moments"]
    assert [[entry["text"] for entry in moment["new"]] for moment in seen] == [["Hana was here."]]
    assert not any(moment["modified_by"] or moment["modified_at"] or moment["version"] for moment in seen)


def test_the_trail_tells_who_typed_and_through_whose_eyes(office: Office) -> None:
    """Reading as Bob leaves a line in Bob's name that says which user of the machine it was; a worker's lines name none."""
    office.run("evidence", "Ada Brandt", "--as", "Bob Chen")
    company = office.company()
    with company.store.write() as tx:
        reviews.note(tx, company.now, "w1", "something", "")
        newest = [(actor, action, typed) for _, _, actor, action, _, _, typed in reviews.trail_page(tx, 9999, 2)]
    assert newest == [("w1", "something", ""), (company.person("Bob Chen").id, "read-evidence", operator())]
    company.close()


def test_showing_a_draft_leaves_a_line_in_the_trail(office: Office) -> None:
    """As every look at what is known about somebody else does; one's own self-review does not."""
    office.run("draft", "Ada Brandt", "--self")
    assert "read-draft" not in dict(office.trail())
    office.run("draft", "Ada Brandt")
    assert dict(office.trail())["read-draft"].endswith(" statements")
