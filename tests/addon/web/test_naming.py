"""Documents on a platform are named by their titles and opened by a click; nobody reads ids."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from addon.company import WORKSPACE_SETTING
from addon.drift import kept
from addon.evidence.naming import pieces
from sync.records import Artifact, Finding
from sync.store.queries import artifacts, ledger, people
from templates.shapes import Kind, Place
from tests.addon.web.people import ADA, BOSS, CYCLE, HR, Office

SHEET, COPY = f"1{'S' * 43}", f"1{'c-_9' * 8}"
PAGE = "working/check-in/12345678-1234-4123-8123-1234567890ab"
NOW = datetime(2026, 6, 12, 9, tzinfo=UTC)


def recorded(office: Office, workspace: str, ref: str) -> None:
    """Ada's goal sheet, in a company that works there."""
    sheet = Artifact("k", Kind.GOAL_SHEET, CYCLE.id, ADA.id, BOSS.id, None, Place.WORKING, "Goals – Ada", ref, "1")
    with office.company.store.write() as tx:
        people.set_setting(tx, WORKSPACE_SETTING, workspace)
        artifacts.record(tx, workspace, [(sheet, {})])


COPY_TOLD = f"{COPY} (https://drive.google.com/open?id={COPY})"


@pytest.mark.parametrize(
    ("workspace", "text", "spoken"),
    [
        ("google", f"{COPY} is a copy of {SHEET}; look.", f"{COPY_TOLD} is a copy of “Goals – Ada” ({SHEET}); look."),
        ("google", f"https://drive.google.com/open?id={SHEET} and 2026-h1/{SHEET}/x and {SHEET}x", ""),
        ("google", f"To go on with that one: throughline relink 2026-h1/ada00001/goal-sheet {COPY}", ""),
        ("notion", f"{PAGE}: is gone.", f"“Goals – Ada” ({PAGE}): is gone."),
        ("notion", "2026-h1/ada00001/check-in/2026-03-09 and 12345678-1234-4123-8123-1234567890ab", ""),
        ("folder", f"shared/Ada/{SHEET}.docx: not read.", ""),
    ],
    ids=["google", "no refs of google", "in a command", "notion", "no refs of notion", "paths stay"],
)
def test_a_ref_in_a_sentence_is_told_by_its_title(office: Office, workspace: str, text: str, spoken: str) -> None:
    """One that is known by its title and id, another one by id and address; whatever else stands there stays."""
    recorded(office, workspace, PAGE if workspace == "notion" else SHEET)
    with office.company.store.read() as tx:
        told = pieces(tx, workspace, [text, ""])
    assert ["".join(piece.spoken for piece in some) for some in told] == [spoken or text, ""]


def test_hr_opens_what_needs_a_person_with_a_click(office: Office) -> None:
    """The company's page links the file by its title, one that is not known as a file; the page of access the folder."""
    recorded(office, "google", SHEET)
    found = [
        Finding(COPY, "copy", f"{COPY} is a copy of {SHEET}; put it away."),
        Finding(f"{CYCLE.id}/{ADA.id}/goal-sheet", "failed", f"{SHEET}: cannot be read."),
    ]
    with office.company.store.write() as tx:
        ledger.replace_findings(tx, "google", [], found, NOW)
        kept.keep(tx, "google", [Finding(COPY, kept.OPEN, "“Ada”: Bo has access.")], NOW)
    browser = office.browser(HR)
    page = browser.text("/company/")
    link = 'rel="noopener noreferrer" target="_blank"'
    assert f'<a href="https://docs.google.com/spreadsheets/d/{SHEET}/edit" {link}>Goals – Ada</a>; put it away' in page
    assert f'<a href="https://drive.google.com/open?id={COPY}" {link}>a file</a> is a copy of' in page
    assert "goal sheet" in page
    assert ">open it</a>" in browser.text("/company/access/")
