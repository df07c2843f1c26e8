"""HR's plan as a page: looked at, approved, paused, gone on with, and what of it did not work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon import create_app
from addon.jobs.work import doings
from addon.people.importing import import_goals
from addon.provisioning.planning import Progress, progress_of
from addon.provisioning.reading import Drawn, Shelf
from connectors.people.csv_file import GoalRow
from sync.jobs import Refused
from sync.jobs import State as Job
from sync.store.queries import cycles, jobs, reviews
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


def test_the_trail_names_who_approved_and_not_who_carried_it_out(office: Office, hr: Browser) -> None:
    """A worker did it, in the name of the person who said so."""
    approve(hr)
    work(office)
    with office.company.store.read() as tx:
        done = [actor for _, _, actor, action, *_ in reviews.trail_page(tx, 10_000, 100) if action == "apply"]
    assert done == [acme.ADMIN.id]


def look_at_a_plan_without_new_documents(office: Office, hr: Browser) -> Drawn:
    """Everything is made; then a sheet is deleted and a goal arrives for another: one step notes, one writes."""
    approve(hr)
    work(office)
    company = office.company
    next(company.settings.workspace_dir.rglob("Goals*Ben Ahmadi.xlsx")).unlink()
    import_goals(company, [GoalRow(9, "ada@example.org", "Goal 9", target=1.0)], acme.CYCLE)
    hr.post(f"{PAGE}look", {}, page=PAGE)
    work(office)
    with company.store.read() as tx:
        last = cycles.latest_plan(tx, acme.CYCLE.id)
    assert last
    drawn = Shelf().read(company, last[0])
    assert drawn
    assert {line.verb for line in drawn.lines} == {"unlink", "update"}
    return drawn


def test_progress_counts_whatever_the_plan_holds(office: Office, hr: Browser) -> None:
    """A goal that is written and a document that is gone count like one that is made."""
    drawn = look_at_a_plan_without_new_documents(office, hr)
    approve(hr)
    work(office)
    with office.company.store.read() as tx:
        assert progress_of(tx, drawn.hash) == Progress(done=len(drawn.lines))


def test_a_plan_that_makes_nothing_can_be_paused_too(office: Office, hr: Browser) -> None:
    """It stops before its first step, says how much is left, and goes on from there."""
    drawn = look_at_a_plan_without_new_documents(office, hr)
    approve(hr)
    hr.post(f"{PAGE}pause", {}, page=PAGE)
    work(office)
    assert "Paused" in hr.text(PAGE)
    approve(hr)
    work(office)
    assert "Carried out" in hr.text(PAGE)
    with office.company.store.read() as tx:
        assert progress_of(tx, drawn.hash) == Progress(done=len(drawn.lines))


def test_what_failed_is_told_apart_from_what_is_done(office: Office, hr: Browser) -> None:
    """Done, failed and left, while the work goes on: each step once."""
    in_the_way = office.company.settings.workspace_dir / "Company" / "2026-h1"
    in_the_way.write_text("in the way", "utf-8")
    approve(hr)
    work(office)
    with office.company.store.read() as tx:
        last = cycles.latest_plan(tx, acme.CYCLE.id)
        assert last
        progress = progress_of(tx, last[0])
    drawn = Shelf().read(office.company, last[0])
    assert drawn
    assert progress.failed > 0
    assert progress.done + progress.failed == len(drawn.lines)


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
