"""The demo end to end: a small company's half-year in a folder, and a report that is true."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from addon.cli import main
from addon.company import Company, load_settings
from addon.demo.calendar import CYCLE, DRAFTS, LAST_DAY
from connectors.office import docx
from sync.jobs import Job, State
from sync.records import EntryKind, Visibility
from sync.store.queries import jobs, ledger, people, reviews
from tests.journeys.served import ended

PEOPLE = 12


def _run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *arguments])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's home."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def report(home: Path) -> dict[str, Any]:
    """What `demo --json` printed."""
    result = _run(home, "demo", "--people", str(PEOPLE), "--no-serve", "--json")
    assert result.exit_code == 0, result.output
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_the_same_story_in_notion_reads_the_same_words(report: dict[str, Any], tmp_path: Path) -> None:
    """Month by month as many documents, edits and entries as in the folder, and the calls that it took."""
    result = _run(tmp_path / "home", "demo", "--people", str(PEOPLE), "--workspace", "notion", "--no-serve", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["months"] == report["months"]
    for figure in ("drafts", "self_drafts", "unsupported", "filled", "failed"):
        assert told[figure] == report[figure], figure
    # Which of two notes of the same day is quoted is decided by their ids, which are made anew in each run.
    assert told["statements"] == pytest.approx(report["statements"], rel=0.02)
    assert re.search(r"[\d,]+ calls: .*pages\.create", " ".join(told["told"]))
    assert told["open"]["released review"].startswith("https://app.notion.com/p/")


@pytest.fixture
def company(home: Path, report: dict[str, Any]) -> Iterator[Company]:
    """The demo's company, opened."""
    opened = Company(load_settings(str(home)))
    yield opened
    opened.store.close()


def test_the_report_agrees_with_status(home: Path, report: dict[str, Any]) -> None:
    """The demo says what a later `status` says: people, drafts, nothing unsupported, nothing failed."""
    status = json.loads(_run(home, "status", "--json").stdout)
    assert (report["people"], status["people"]) == (PEOPLE, PEOPLE)
    assert status["drafts"] == report["drafts"] + report["self_drafts"]
    assert status["unsupported_statements"] == report["unsupported"] == 0
    assert status["failed_items"] == len(report["failed"]) == 0
    assert status["artifacts"] == sum(month["documents"] for month in report["months"]) + 1  # the released review
    assert status["evidence"] > 200
    assert status["released"] == 1


def test_everybody_with_a_manager_has_a_draft(company: Company) -> None:
    """Everyone who works there on the day of the drafts and reports to somebody has two: the manager's and their own."""
    with company.store.read() as tx:
        made = {(one.person_id, one.writer_id) for one in reviews.drafts(tx, CYCLE)}
    for person in company.people:
        if person.active(DRAFTS) and (manager := person.manager_at(DRAFTS)):
            assert {(person.id, manager), (person.id, person.id)} <= made, person.name


def test_every_file_of_the_report_is_there(report: dict[str, Any]) -> None:
    """What the report says to open exists: a goal sheet, a check-in, a private draft, the released review."""
    assert list(report["open"]) == ["goal sheet", "check-in", "private review draft", "released review"]
    assert all(Path(path).is_file() for path in report["open"].values())
    assert report["released"]["file"] == report["open"]["released review"]


def test_private_words_are_nowhere_in_the_released_review(company: Company, report: dict[str, Any]) -> None:
    """No six words in a row of any private note, of whomever, stand in the file that its subject reads."""
    read = docx.read(Path(report["released"]["file"]).read_bytes(), None)[1]
    shown = _words(" ".join(line for part in read.parts for line in (part.heading, *part.paragraphs)))
    with company.store.read() as tx:
        entries = [entry for person in company.people for entry in ledger.about(tx, person.id)]
    secret = [entry for entry in entries if entry.kind is EntryKind.MANAGER_NOTE]
    assert len(secret) >= 5
    assert {entry.visibility for entry in secret} == {Visibility.MANAGER_PRIVATE}
    runs = {tuple(words[at : at + 6]) for entry in secret for words in [_words(entry.text)] for at in range(len(words) - 5)}
    assert not runs & {tuple(shown[at : at + 6]) for at in range(len(shown) - 5)}
    assert "autumn" not in shown  # the manager's question to settle first


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_people_and_managers_are_told_apart(company: Company) -> None:
    """The ledger knows who wrote: wins by the person, feedback by the manager, recognition by a colleague."""
    with company.store.read() as tx:
        entries = [entry for person in company.people for entry in ledger.about(tx, person.id)]
    wins = [entry for entry in entries if entry.kind is EntryKind.WIN]
    assert wins
    assert all(entry.by == entry.about for entry in wins)
    given = [entry for entry in entries if entry.kind in (EntryKind.FEEDBACK, EntryKind.RECOGNITION)]
    assert given
    assert all(entry.by not in ("", entry.about) for entry in given)
    names = {person.id: person.name for person in company.people}
    thanks = [entry for entry in entries if entry.kind is EntryKind.RECOGNITION]
    assert thanks
    assert all(entry.text.endswith(f"– {names[entry.by]}") for entry in thanks)


def test_actions_are_opened_and_closed_once(company: Company) -> None:
    """Some actions are ticked, some are still open, and none has two lives."""
    with company.store.read() as tx:
        actions = ledger.actions(tx, CYCLE)
    assert any(action.closed_on for action in actions)
    assert any(action.closed_on is None for action in actions)
    assert len({(action.person_id, action.text) for action in actions}) == len(actions)


def test_the_story_goes_on_where_it_ended(home: Path, report: dict[str, Any]) -> None:
    """Later commands live on the last day of the story, and nothing is left to do."""
    assert tomllib.loads((home / "settings.toml").read_text("utf-8"))["today"] == str(LAST_DAY)
    assert _run(home, "sync").stdout == "Nothing changed.\n"
    plan = json.loads(_run(home, "plan", "--json").stdout)
    assert {step["do"] for step in plan["steps"]} == {"unchanged"}


def test_commands_of_the_report_work(home: Path, report: dict[str, Any]) -> None:
    """What the report proposes to try can be run as it stands."""
    assert _run(home, "evidence", report["someone"]).exit_code == 0
    drafted = json.loads(_run(home, "draft", report["someone"], "--json").stdout)
    assert all(one["sources"] for one in drafted["drafts"][0]["statements"] if one["kind"] != "connective")


@contextmanager
def _served(home: Path, port: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of the console that `serve` opens, and the process, which is ended at the end."""
    command = [sys.executable, "-c", "import sys; from addon.cli import main; main()", "--home", str(home), "serve"]
    environ = {**os.environ, "THROUGHLINE_PORT": str(port)}
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ)
    assert running.stderr is not None
    try:
        yield running.stderr.readline().split()[0], running
    finally:
        running.terminate()
        running.wait(60)


def test_the_console_opens_for_hr_with_a_worker_on_the_next_free_port(home: Path, report: dict[str, Any]) -> None:
    """A taken port is passed over; a button of HR's is done by the worker, on the story's day; Ctrl-C ends it cleanly."""
    company = Company(load_settings(str(home)))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with _served(home, port) as (address, running), requests.Session() as browser:
            page = browser.get(f"{address}/company/jobs/", timeout=20)
            assert (address.endswith(f":{port}"), page.status_code) == (False, 200)
            assert report["organisation"] in browser.get(f"{address}/signin/as", timeout=20).text
            token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
            assert token is not None
            browser.post(f"{address}/company/jobs/sync", data={"csrf_token": token[1]}, timeout=20)
            with company.store.read() as tx:
                asked = next(one for one in jobs.latest(tx, 9) if one.name is Job.SYNC)
            (done,) = ended(company, [asked.id])
            assert (done.state, done.message) == (State.DONE, "")
            running.send_signal(signal.SIGINT)
            said = running.communicate(timeout=60)[1]
    assert running.returncode == 0
    assert "The console is closed" in said
    assert "Traceback" not in said
    with company.store.read() as tx:
        (signed_in,) = [at for at, _, action, _, _ in reviews.trail(tx) if action == "sign-in"]
        synced = ledger.last_sync(tx, "folder")
        assert synced is not None
        assert {signed_in.date(), synced.date()} == {LAST_DAY}
    company.close()


def test_another_company_is_refused(tmp_path: Path) -> None:
    """A home in which a real company lives is never touched."""
    asked = ("--organisation", "Acme", "--admin-name", "Ada Brandt", "--admin-email", "ada@example.org")
    assert _run(tmp_path, "init", *asked).exit_code == 0
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.suffix != ".db"}
    result = _run(tmp_path, "demo", "--no-serve")
    assert result.exit_code == 2
    assert "Acme lives in" in result.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    """Files that somebody keeps where the demo would put its own are left alone."""
    (tmp_path / "workspace").mkdir()
    result = _run(tmp_path, "demo", "--no-serve")
    assert result.exit_code == 2
    assert "so that nothing of yours is touched" in result.stderr
    assert not (tmp_path / "throughline.db").exists()


def test_folders_elsewhere_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo is never played into a workspace that the settings name."""
    monkeypatch.setenv("THROUGHLINE_WORKSPACE_DIR", str(tmp_path / "real"))
    result = _run(tmp_path / "home", "demo", "--no-serve")
    assert result.exit_code == 2
    assert "unset" in result.stderr


@pytest.mark.parametrize("people", ["7", "2001", "0", "-3"])
def test_too_few_and_too_many_people_are_refused(tmp_path: Path, people: str) -> None:
    """The number is named with the range, and nothing is made."""
    result = _run(tmp_path, "demo", "--people", people, "--no-serve")
    assert result.exit_code == 2
    assert "from 8 to 2000 people" in result.stderr
    assert not list(tmp_path.iterdir())


def test_an_earlier_demo_is_built_anew(home: Path, report: dict[str, Any], tmp_path: Path) -> None:
    """The smallest company in the home of a larger one: it knows nothing of the former."""
    later = tmp_path / "home"
    shutil.copytree(home, later)
    result = _run(later, "demo", "--people", "8", "--no-serve")
    assert result.exit_code == 0, result.output
    assert "8 people" in result.stdout
    opened = Company(load_settings(str(later)))
    with opened.store.read() as tx:
        assert people.count(tx) == 8
        assert people.setting(tx, "demo") == "yes"
    opened.store.close()


def test_a_real_company_is_never_served_with_the_demos_page(tmp_path: Path) -> None:
    """`serve` gives it the console, which opens nobody's eyes; here its port is taken, so that it ends at once."""
    asked = ("--organisation", "Acme", "--admin-name", "Ada Brandt", "--admin-email", "ada@example.org")
    _run(tmp_path, "init", *asked)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        (tmp_path / "settings.toml").write_text(f"port = {taken.getsockname()[1]}\n", "utf-8")
        result = _run(tmp_path, "serve")
    assert result.exit_code == 2
    assert "the console cannot be served" in result.stderr
