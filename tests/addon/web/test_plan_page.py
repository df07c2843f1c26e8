"""HR's plan as a page: looked at, approved, paused, gone on with, and what of it did not work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon import create_app
from addon.jobs.work import doings
from sync.jobs import Refused
from sync.jobs import State as Job
from sync.store.queries import jobs, reviews
from tests.addon.web.people import Browser, Office
from tests.journeys import office as acme

PAGE = "/company/plan/"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A company of three with a cycle, in which nothing was made yet."""
    home = acme.office_in(tmp_path / "home")
    company = home.company()
    app = create_app(company)
    app.config["TESTING"] = True
    yield Office(company, app)
    home.close()


@pytest.fixture
def hr(office: Office) -> Browser:
    """Somebody who may provision, in front of the plan."""
    browser = office.browser(acme.ADMIN)
    browser.post(f"{PAGE}look", {}, page=PAGE)
    work(office)
    return browser


def work(office: Office) -> None:
    """Do the jobs that wait, as a worker does."""
    with office.company.store.read() as tx:
        waiting = jobs.unfinished(tx)
    for one in waiting:
        try:
            state, counts, message = Job.DONE, doings(office.company)[one.name](one.argument), ""
        except Refused as refusal:
            state, counts, message = Job.FAILED, {}, str(refusal)
        with office.company.store.write() as tx:
            jobs.end(tx, one.id, state, counts, message, office.company.real_now)


def approve(hr: Browser) -> str:
    """Approve the plan that stands on the page; the page afterwards."""
    (plan,) = set(re.findall(r'name="plan" value="(\w+)"', hr.text(PAGE)))
    hr.post(f"{PAGE}approve", {"plan": plan}, page=PAGE)
    return hr.text(PAGE)


def test_a_plan_says_for_whom_and_why_and_can_be_filtered(hr: Browser) -> None:
    """By kind and by person; a filter that nothing fits says so."""
    assert re.search(r"\d+ steps for 3 people", hr.text(PAGE))
    ada = hr.text(f"{PAGE}?q=ada+brandt&kind=goal-sheet")
    assert re.findall(r'<th scope="row" class="words">([^<]+)', ada) == ["Goals 2026-h1 – Ada Brandt"]
    assert "Nothing in the plan fits" in hr.text(f"{PAGE}?q=nobody")


def test_what_was_carried_out_is_not_offered_again(office: Office, hr: Browser) -> None:
    """It says what was made; a look afterwards finds nothing to do."""
    assert "Waiting for a worker" in approve(hr)
    work(office)
    told = hr.text(PAGE)
    assert "Carried out" in told
    assert "Approve" not in told
    hr.post(f"{PAGE}look", {}, page=PAGE)
    work(office)
    assert "Nothing to do" in hr.text(PAGE)


def test_a_pause_holds_until_somebody_resumes(office: Office, hr: Browser) -> None:
    """Nothing is made after it; resuming makes all of it, once. Who did that stands in the audit log."""
    approve(hr)
    hr.post(f"{PAGE}pause", {}, page=PAGE)
    assert "Stopping after the next documents" in hr.text(f"{PAGE}progress")
    work(office)
    told = hr.text(PAGE)
    assert ("Paused" in told, "Resume" in told) == (True, True)
    assert list(office.company.settings.workspace_dir.rglob("*.xlsx")) == []
    approve(hr)
    work(office)
    assert "Carried out" in hr.text(PAGE)
    with office.company.store.read() as tx:
        trail = [(actor, action) for _, _, actor, action, *_ in reviews.trail_page(tx, 10_000, 100)]
    assert trail.count((acme.ADMIN.id, "pause")) == trail.count((acme.ADMIN.id, "resume")) == 1


def test_what_failed_is_named_with_its_reason_and_tried_again(office: Office, hr: Browser) -> None:
    """A file where the company's folder should be: everything else is made, and the rest once it is gone."""
    in_the_way = office.company.settings.workspace_dir / "Company" / "2026-h1"
    in_the_way.write_text("in the way", "utf-8")
    approve(hr)
    work(office)
    told = hr.text(PAGE)
    assert re.search(r"\d+ documents? could not be made", told)
    assert "Try them again" in told
    assert list(office.company.settings.workspace_dir.rglob("Goals*.xlsx"))
    in_the_way.unlink()
    approve(hr)
    work(office)
    told = hr.text(PAGE)
    assert "could not be made" not in told
    assert list(office.company.settings.workspace_dir.rglob("Role expectations*.docx"))


def test_a_plan_that_is_no_longer_the_last_is_not_carried_out(office: Office, hr: Browser) -> None:
    """HR approves what HR sees."""
    hr.post(f"{PAGE}approve", {"plan": "0" * 64}, page=PAGE)
    assert "there is a newer plan" in hr.text(PAGE)
    with office.company.store.read() as tx:
        assert jobs.unfinished(tx) == ()
