"""What each job does to a company, and how jobs are asked for and listed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from addon.company import Company
from addon.jobs.asking import ask
from addon.jobs.work import WORK, doings
from addon.settings import load
from sync.jobs import LANES, MOST_ATTEMPTS, SCHEDULE, Job, Refused, State, Wait, scheduled_id
from sync.store import Store
from sync.store.queries import jobs, leases
from tests.journeys import acting
from tests.journeys.desk import Desk

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
def desk(start: Path, tmp_path: Path) -> Desk:
    """A company of six on the day of the first check-in."""
    shutil.copytree(start, tmp_path / "home")
    return Desk(tmp_path / "home", "2026-02-02")


@pytest.fixture
def company(desk: Desk) -> Iterator[Company]:
    """The same, opened."""
    opened = Company(replace(load(desk.home, {}), today=date.fromisoformat(desk.today)))
    yield opened
    opened.close()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty store, once a file and once on a server."""
    store = Store.open(database)
    yield store
    store.close()


def test_every_job_has_its_work_and_its_lane() -> None:
    """And what comes by itself is one of them."""
    assert set(WORK) == set(LANES) == set(Job)
    assert set(SCHEDULE) <= set(Job)


def test_the_nights_job_makes_the_check_ins_that_have_come_near_and_nothing_else(desk: Desk, company: Company) -> None:
    """A joiner's sheets wait for somebody to approve the plan."""
    later = Company(replace(company.settings, today=date(2026, 2, 25)))
    desk.csv(
        "more.csv",
        (desk.home / "people.csv").read_text() + "9,Zoe New,zoe@example.org,ben@example.org,Product,engineer,office,none\n",
    )
    proposal = desk.json("people", "import", str(desk.home / "more.csv"))
    desk.ok("people", "import", str(desk.home / "more.csv"), "--accept", proposal["hash"])
    before = {path.name for path in desk.files()}
    assert doings(later)[Job.DUE]("") == {"created": 6}
    made = [path for path in desk.files() if path.name not in before]
    assert {acting.key_of(path).split("/")[2] for path in made} == {"check-in"}
    assert doings(later)[Job.DUE]("") == {}
    later.close()


def test_nothing_is_made_by_night_before_hr_has_begun(tmp_path: Path) -> None:
    """The first plan of a cycle is approved by a person."""
    from tests.journeys.desk import founded

    desk = founded(tmp_path / "home")
    company = Company(replace(load(desk.home, {}), today=date(2026, 2, 2)))
    assert doings(company)[Job.DUE]("") == {}
    assert desk.files() == []
    company.close()


def test_a_sync_and_drafts_are_told_by_count(desk: Desk, company: Company) -> None:
    """Never by what anybody wrote."""
    acting.write(desk.file_of("Ada", "check-in", "2026-02-02"), "wins", "It went well.", by="Ada Brandt")
    assert doings(company)[Job.SYNC]("")["new"] == 1
    assert doings(company)[Job.DRAFT]("2026-h1") == {"drafts": 5, "undrafted": 1}


def test_many_vanished_files_refuse_the_sync_with_what_to_do(desk: Desk, company: Company) -> None:
    """The sentence names the command, not the files of people."""
    for path in desk.files():
        if "Quick notes" in path.name or "notes" in path.name.lower():
            path.unlink()
    with pytest.raises(Refused, match="--accept-vanished"):
        doings(company)[Job.SYNC]("")


def test_a_job_waits_while_somebody_else_writes(company: Company) -> None:
    """Whoever it is; a wrong plan or person is refused."""
    with company.store.write() as tx:
        leases.acquire(tx, "folder", "elsewhere:1", company.now)
    for job in (Job.SYNC, Job.APPLY):
        plan = _any_plan(company) if job is Job.APPLY else ""
        with pytest.raises(Wait):
            doings(company)[job](plan)
    ada = company.person("ada@example.org")
    with pytest.raises(Refused, match="works here"):
        doings(company)[Job.ERASE](ada.id)
    assert doings(company)[Job.ERASE]("nobody") == {}
    assert doings(company)[Job.REMIND]("") == {}
    assert doings(company)[Job.RETAIN]("") == {"people": 0}


def _any_plan(company: Company) -> str:
    from addon.provisioning.planning import keep, make_plan

    planned = make_plan(company)
    keep(company, planned)
    return planned.plan.hash


# ---------------------------------------------------------------- the books


def test_a_job_is_asked_for_without_any_worker_and_listed(desk: Desk, company: Company) -> None:
    """Twice the same is once; another argument is another job."""
    first = ask(company, Job.SYNC)
    assert ask(company, Job.SYNC) == first
    assert desk.json("jobs", "ask", "sync")["job"] == first
    assert desk.json("jobs", "ask", "draft", "2026-h1")["job"] != first
    told = desk.json("jobs")
    assert {one["job"] for one in told["jobs"]} == {"sync", "draft"}
    assert {one["state"] for one in told["jobs"]} == {"waiting"}
    assert "No worker is running" in desk.ok("jobs")
    assert "apply needs the hash" in desk.run("jobs", "ask", "apply").stderr


def test_a_job_is_begun_and_ended_once(store: Store) -> None:
    """Its first beginning and its outcome stay, however often it is tried."""
    with store.write() as tx:
        job_id = jobs.ask(tx, "sync-1", Job.SYNC, "", NOW)
        assert jobs.ask(tx, "sync-2", Job.SYNC, "", NOW) == job_id
        first = jobs.begin(tx, job_id, "w1", NOW)
        second = jobs.begin(tx, job_id, "w2", NOW + timedelta(minutes=1))
        assert first is not None
        assert second is not None
        assert (second.begun_at, second.worker, second.attempts) == (NOW, "w2", 2)
        assert jobs.ask(tx, "sync-2", Job.SYNC, "", NOW) == "sync-2"  # the first one may have read already
        assert jobs.end(tx, job_id, State.DONE, {"new": 3}, "", NOW)
        assert not jobs.end(tx, job_id, State.FAILED, {}, "late", NOW)
        assert jobs.begin(tx, job_id, "w1", NOW) is None
        found = jobs.get(tx, job_id)
        assert found is not None
        assert (found.state, found.counts, found.message) == (State.DONE, {"new": 3}, "")
        assert [one.id for one in jobs.unfinished(tx)] == ["sync-2"]
        assert jobs.forget(tx, NOW + timedelta(days=1)) == (job_id,)
        assert [one.id for one in jobs.latest(tx, 5)] == ["sync-2"]


def test_a_moment_of_the_schedule_is_one_job_however_late_a_worker_asks_for_it(store: Store) -> None:
    """Two workers, the clock of one behind: while it waits, while it is done, and after that, nothing comes of asking again."""
    name = scheduled_id(Job.REMIND, NOW)
    late = NOW + timedelta(minutes=7)
    with store.write() as tx:
        assert jobs.ask(tx, name, Job.REMIND, "", NOW) == jobs.ask(tx, name, Job.REMIND, "", late) == name
        assert jobs.begin(tx, name, "w1", NOW) is not None
        assert jobs.ask(tx, name, Job.REMIND, "", late) == name
        jobs.end(tx, name, State.DONE, {"sent": 1}, "", NOW)
        assert jobs.ask(tx, name, Job.REMIND, "", late) == name
        assert jobs.begin(tx, name, "w2", late) is None
        assert [(one.id, one.state, one.attempts) for one in jobs.latest(tx, 9)] == [(name, State.DONE, 1)]


def test_a_job_that_always_ends_its_worker_is_given_up(store: Store) -> None:
    """With a sentence, after many attempts."""
    with store.write() as tx:
        jobs.ask(tx, "sync-1", Job.SYNC, "", NOW)
        for _ in range(MOST_ATTEMPTS):
            assert jobs.begin(tx, "sync-1", "w1", NOW) is not None
        assert jobs.begin(tx, "sync-1", "w1", NOW) is None
        found = jobs.get(tx, "sync-1")
        assert found is not None
        assert (found.state, "never ended" in found.message) == (State.FAILED, True)


def test_the_schedule_asks_for_the_same_job_whoever_asks() -> None:
    """Two workers at one moment name one job."""
    assert scheduled_id(Job.SYNC, NOW) == "sync-20260202T090000"
