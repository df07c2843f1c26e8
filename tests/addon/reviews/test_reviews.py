"""Reviews on the command line: the page, marks, corrections, and documents brought up to a new draft."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import docx
import pytest

from tests.addon.office import Office, open_office

LATE = "2026-06-20"
HOSTILE = "Shipped <script>alert('x')</script><img src=x onerror=alert(1)> on time & in “full”."


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three that is near its review, with a few notes about Ada."""
    office = open_office(tmp_path_factory.mktemp("reviews") / "home")
    office.type_into(office.check_in(), "What went well", HOSTILE)
    office.type_into(office.check_in(), "Growth", "I want to lead a workshop.")
    office.type_into(office.check_in(), "Feedback from the manager", "You should raise dates in danger earlier.")
    office.run("sync")
    plan = json.loads(office.run("plan", "--json", today=LATE))
    office.run("apply", "--plan", plan["hash"], today=LATE)
    office.run("draft", "--all", "--push", today=LATE)
    return office.home


@pytest.fixture
def office(start: Path, tmp_path: Path) -> Office:
    """A copy of it."""
    shutil.copytree(start, tmp_path / "home")
    return Office(tmp_path / "home")


def review_file(office: Office) -> Path:
    """Bob's private review document about Ada."""
    (found,) = office.home.glob("private/Bob*/Ada*/**/Review draft*.docx")
    return found


def test_a_sentence_that_its_writer_took_out_is_shown_as_such(office: Office, tmp_path: Path) -> None:
    """Once a sync has seen it; it counts for nothing that the review says."""
    words = "I want to lead a workshop."
    file = review_file(office)
    document = docx.Document(str(file))
    (line,) = [one for one in document.paragraphs if words in one.text]
    line._p.getparent().remove(line._p)
    document.save(str(file))
    before = data(office, "review", "Ada Brandt")
    assert not any(one["taken_out"] for one in before["lines"])
    office.run("sync", today=LATE)
    after = data(office, "review", "Ada Brandt")
    (gone,) = [one for one in after["lines"] if one["taken_out"]]
    assert words in gone["text"]
    assert not any(gone["id"] in source["lines"] for source in after["sources"])
    page = tmp_path / "review.html"
    office.run("review", "Ada Brandt", "--html", "--out", str(page), today=LATE)
    assert "took this out" in page.read_text("utf-8")


def data(office: Office, *words: str) -> dict:
    """The JSON of a command near the review."""
    return json.loads(office.run(*words, "--json", today=LATE))


def test_the_page_is_one_file_that_loads_nothing_and_runs_nothing(office: Office, tmp_path: Path) -> None:
    """What people typed stays text; every number leads to a source and back; nobody else may open the file."""
    page = tmp_path / "review.html"
    office.run("review", "Ada Brandt", "--html", "--out", str(page), today=LATE)
    html = page.read_text("utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "&lt;script&gt;alert" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "default-src 'none'" in html
    assert not re.search(r"(?:src|href)=\"(?!#|file:)", html)
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids
    assert len(re.findall(r'id="e\d+"', html)) == len(data(office, "review", "Ada Brandt")["sources"])


def test_the_page_can_go_to_standard_output_and_needs_a_place_that_can_be_written(office: Office, tmp_path: Path) -> None:
    """Anything else is one sentence."""
    assert office.run("review", "Ada Brandt", "--html", "--out", "-", today=LATE).startswith("<!doctype html>")
    said = office.run("review", "Ada Brandt", "--html", "--out", str(tmp_path / "no" / "page.html"), today=LATE, code=2)
    assert "cannot be written" in said
    assert "not both" in office.run("review", "Ada Brandt", "--html", "--json", today=LATE, code=2)
    assert "no draft yet" in office.run("review", "Hana Roth", "--self", today=LATE, code=2)


def test_reading_a_review_is_noted_and_strangers_read_none(office: Office) -> None:
    """As are marks."""
    office.run("review", "Ada Brandt", today=LATE)
    assert ("read-draft", "as manager") in office.trail()
    assert "may not read" in office.run("review", "Ada Brandt", "--as", "Ada Brandt", today=LATE, code=2)


def test_news_stops_a_release_until_it_is_marked_and_a_correction_is_a_second_version(office: Office) -> None:
    """From the document through the sync to the released file."""
    office.type_into(review_file(office), "Growth", "Answer mails sooner.")
    refused = office.run("release", "Ada Brandt", today=LATE, code=1)
    assert "The review as a whole\n  nobody has made this review their own yet" in refused
    office.type_into(review_file(office), "Summary in my own words", "You kept your dates in this half-year.")
    assert "is new to its reader" in office.run("release", "Ada Brandt", today=LATE, code=1)
    (point,) = [one["point"] for one in data(office, "review", "Ada Brandt")["lines"] if one["known"] == "new"]
    assert "exactly one" in office.run("mark", "Ada Brandt", point, today=LATE, code=2)
    office.run("mark", "Ada Brandt", point, "--discussed", "2026-06-18", today=LATE)
    assert data(office, "release", "Ada Brandt")["version"] == 1
    office.type_into(review_file(office), "Summary in my own words", "And you helped Hana.")
    assert "--correction" in office.run("release", "Ada Brandt", today=LATE)
    assert data(office, "release", "Ada Brandt", "--correction", "Hana was missing")["version"] == 2
    assert len(list(office.home.glob("workspace/Reviews/Ada*/**/*.docx"))) == 2


def test_pushing_twice_blames_nobody_and_keeps_what_was_typed(office: Office) -> None:
    """A third time, after a new note, adds its sentence below what the manager wrote."""
    assert "unchanged: review document of Ada Brandt\n" in office.run("draft", "Ada Brandt", "--push", today=LATE)
    office.type_into(review_file(office), "How the work was done", "My own view of it.")
    office.type_into(office.check_in(), "What went well", "Finished the migration before the deadline of 5 March.")
    office.run("sync", today=LATE)
    said = office.run("draft", "Ada Brandt", "--push", today=LATE)
    assert "revised: review document of Ada Brandt" in said
    office.run("sync", today=LATE)
    texts = [one["text"] for one in data(office, "review", "Ada Brandt")["lines"] if one["mine"]]
    assert texts == ["My own view of it."]


def test_a_self_review_draft_goes_into_the_persons_own_document(office: Office) -> None:
    """And what stood there before stays."""
    said = office.run("draft", "Ada Brandt", "--self", "--push", today=LATE)
    assert re.search(r"(?:filled|revised): review document of Ada Brandt", said)
    assert "unchanged" in office.run("draft", "Ada Brandt", "--self", "--push", today=LATE)


def test_what_was_noted_and_never_raised_is_counted_for_all_and_shown_to_its_manager(office: Office) -> None:
    """The status counts it, too."""
    (notes,) = office.home.glob("private/Bob*/Ada*/**/My notes*.docx")
    office.type_into(notes, "To raise soon", "2026-05-04: the tone in mails to support.")
    office.run("sync", today=LATE)
    assert "tone in mails" not in office.run("unraised", today=LATE)
    (mine,) = data(office, "unraised", "--manager", "Bob Chen")["unraised"]
    (point,) = mine["points"]
    assert "tone in mails" in point["text"]
    assert data(office, "status")["noted_never_raised"] == 1
    office.run("mark", "Ada Brandt", point["id"], "--settled", today=LATE)
    assert data(office, "unraised", "--manager", "Bob Chen")["unraised"] == []
    assert ("read-unraised", "as manager") in office.trail()
