"""The demo's pages: what a viewer may not see is not there."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from addon import create_demo_app
from addon.company import Company
from addon.settings import load
from addon.setup.commands import found
from sync.records import (
    CadenceRule,
    Citation,
    Cycle,
    Entry,
    EntryKind,
    Goal,
    Person,
    Reporting,
    Statement,
    StatementKind,
    Visibility,
)
from sync.review import service
from sync.store.queries import cycles, ledger, people, reviews
from templates import loader

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
LEAD = Person("lead0001", "Lena Vogt", "lena@example.org")
ADA = Person("ada00001", "Ada Brandt", "ada@example.org", reporting=(Reporting("lead0001"),))
EVE = Person("eve00001", "Eve Stone", "eve@example.org", reporting=(Reporting("lead0001"),))
SHARED = "Cut the waiting time of <b>customers</b> from 9 to 4 days."
PRIVATE = "zqx-private-token about Ada."


def an_entry(number: int, text: str, visibility: Visibility = Visibility.SHARED, by: str = ADA.id) -> Entry:
    """A win of Ada's."""
    day = date(2026, 2, number)
    return Entry(f"e{number}", ADA.id, by, EntryKind.WIN, text, visibility, day, NOW, "k", "wins", "Wins")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """The pages of a company of three, with one draft."""
    settings = replace(load(tmp_path / "home", {}), today=TODAY)
    found(settings, "Acme", Person("adm00001", "Admin", "admin@example.org", access="admin", takes_part=False))
    company = Company(settings)
    pack = loader.load(loader.built_in("standard"))
    rule = CadenceRule("company", "", "monthly", date(2026, 1, 1))
    days = (date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 16), date(2026, 1, 1))
    cycle = Cycle("2026-h1", "First half", *days, "standard", pack.version, (rule,))
    goal = Goal("g1", ADA.id, cycle.id, "k", "g1", "Answer sooner", 1, start=48.0, target=24.0)
    with company.store.write() as tx:
        people.save(tx, [LEAD, ADA, EVE])
        cycles.create(tx, cycle, pack.sources)
        ledger.append(tx, [an_entry(1, SHARED), an_entry(2, PRIVATE, Visibility.MANAGER_PRIVATE, LEAD.id)])
        ledger.save_goals(tx, [goal])
    desk = service.open_desk(company.store, cycle.id)
    service.make_draft(desk, ADA.id, LEAD.id, ADA.id, now=NOW, today=TODAY)
    with create_demo_app(company).test_client() as client:
        yield client
    company.store.close()


def test_the_first_page_names_everybody(client: FlaskClient) -> None:
    """Whoever is in the directory can be looked through."""
    page = client.get("/").get_data(as_text=True)
    assert all(person.name in page for person in (LEAD, ADA, EVE))


def test_a_manager_sees_the_draft_and_their_own_private_notes(client: FlaskClient) -> None:
    """Both the shared and the private entry stand on the manager's page of a report."""
    page = client.get(f"/as/{LEAD.id}/person/{ADA.id}/").get_data(as_text=True)
    assert "Review draft" in page
    assert PRIVATE in page


def test_an_employee_sees_what_is_shared_about_them_and_nothing_private(client: FlaskClient) -> None:
    """Neither the private note nor the manager's draft is there."""
    page = client.get(f"/as/{ADA.id}/").get_data(as_text=True)
    assert "from 9 to 4 days" in page
    assert "zqx-private-token" not in page
    assert "Review draft" not in page


def test_a_colleague_gets_a_page_that_does_not_exist(client: FlaskClient) -> None:
    """The answer is the same as for somebody who is not in the directory."""
    answers = [client.get(f"/as/{EVE.id}/person/{who}/") for who in (ADA.id, "nobody")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data


def test_what_people_write_is_shown_as_text(client: FlaskClient) -> None:
    """Markup in a note is not markup on the page."""
    page = client.get(f"/as/{ADA.id}/").get_data(as_text=True)
    assert "&lt;b&gt;customers&lt;/b&gt;" in page
    assert "<b>customers</b>" not in page


def test_a_goal_without_a_value_is_unknown_and_never_zero(client: FlaskClient) -> None:
    """Missing is a dash and the word unknown."""
    page = client.get(f"/as/{ADA.id}/").get_data(as_text=True)
    assert "unknown" in page
    assert "0 %" not in page


def test_every_answer_forbids_foreign_scripts(client: FlaskClient) -> None:
    """A strict policy, and no inline script or style that would need a looser one."""
    answer = client.get(f"/as/{ADA.id}/")
    page = answer.get_data(as_text=True)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in page
    assert "style=" not in page


def test_assets_are_kept_for_a_year_under_a_name_that_changes_with_them(client: FlaskClient) -> None:
    """The link carries a hash; a wrong one is not there."""
    page = client.get("/").get_data(as_text=True)
    link = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "max-age=31536000" in client.get(link).headers["Cache-Control"]
    assert client.get("/static/000000000000/throughline.css").status_code == 404


QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@pytest.mark.browser
def test_a_real_browser_shows_the_draft_with_its_styles(client: FlaskClient, tmp_path: Path) -> None:
    """Chromium loads the page from a real server; every asset that the page names is there for it."""
    asked: list[tuple[str, int]] = []

    @client.application.after_request
    def _note(answer):  # type: ignore[no-untyped-def]
        from flask import request

        asked.append((request.path, answer.status_code))
        return answer

    server = make_server("127.0.0.1", 0, client.application)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        address = f"http://127.0.0.1:{server.server_port}/as/{LEAD.id}/person/{ADA.id}/"
        command = [browser, "--headless", *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address]
        page = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "Review draft" in page
    assert {status for _, status in asked} == {200}
    assert any(path.endswith("throughline.css") for path, _ in asked)


def _company(client: FlaskClient) -> Company:
    company: Company = client.application.extensions["company"]
    return company


def test_a_sentence_whose_source_is_hidden_now_is_not_shown(client: FlaskClient) -> None:
    """Neither its words, nor its source, nor what opened its section; the draft says that one is missing."""
    page = f"/as/{LEAD.id}/person/{ADA.id}/"
    with _company(client).store.write() as tx:
        (draft,) = reviews.drafts(tx, "2026-h1", ADA.id)
        quoted = Statement("growth", "", "“9 to 4 days”", StatementKind.QUOTATION, (Citation("e1", an_entry(1, SHARED).hash),))
        opening = Statement("growth", "", "It began so:", StatementKind.CONNECTIVE)
        reviews.save_draft(tx, replace(draft, id="d2", statements=(opening, quoted)), 0)
    before = client.get(page).get_data(as_text=True)
    assert "<summary>“9 to 4 days”</summary>" in before
    assert "It began so:" in before
    assert "whose source changed" not in before
    hidden = replace(an_entry(1, SHARED), id="e1-hidden", visibility=Visibility.AUTHOR_PRIVATE, supersedes="e1")
    with _company(client).store.write() as tx:
        ledger.append(tx, [hidden])
    shown = client.get(page).get_data(as_text=True)
    assert "9 to 4 days" not in shown
    assert "It began so:" not in shown
    assert "1 sentence whose source changed" in shown


def test_what_is_only_for_the_manager_is_counted_while_they_may_see_it(client: FlaskClient) -> None:
    """A note that was replaced since is no longer counted."""
    page = f"/as/{LEAD.id}/person/{ADA.id}/"
    assert "1 only for you" in client.get(page).get_data(as_text=True)
    other = replace(an_entry(2, "Other."), id="e2-later", by=EVE.id, visibility=Visibility.AUTHOR_PRIVATE, supersedes="e2")
    with _company(client).store.write() as tx:
        ledger.append(tx, [other])
    assert "only for you" not in client.get(page).get_data(as_text=True)
