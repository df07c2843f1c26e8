"""`throughline serve`, `web` and `worker` as real processes: started, asked, killed at random moments, ended."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from addon.company import Company, has_ended
from addon.jobs.asking import ask
from addon.people.importing import import_goals
from addon.provisioning.planning import keep, make_plan
from connectors.people.csv_file import GoalRow
from sync import engine
from sync.jobs import Job, Record, State
from sync.store.database import prepare_books
from sync.store.queries import jobs, leases, ledger
from templates.shapes import Kind
from tests.journeys import acting
from tests.journeys.office import ADA, BEN, CYCLE, Office, office_in, settle
from tests.journeys.served import Process, ended, started, wait_for
from tests.postgres import Postgres

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL)
WORKERS = (ADA, BEN)


@pytest.fixture(scope="module")
def provisioned_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three, provisioned and read once."""
    office = office_in(tmp_path_factory.mktemp("served") / "home")
    office.apply()
    office.sync()
    office.close()
    return office.home


@pytest.fixture
def office(provisioned_office: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of it."""
    copy = office_in(tmp_path / "home", provisioned_office, date(2026, 1, 1))
    yield copy
    copy.close()
    engine.let_go()


def a_round(office: Office, number: int) -> list[str]:
    """Something new to provision, to read and to draft; the ids of the jobs that do it."""
    company = office.company()
    import_goals(company, [GoalRow(2, one.email, f"New goal {number}", target=5.0) for one in WORKERS], CYCLE)
    planned = make_plan(company, CYCLE.id)
    keep(company, planned)
    acting.write(office.file("ada", Kind.QUICK_NOTES), "notes", f"2026-01-03 helped with migration {number}.")
    return [
        ask(company, Job.APPLY, planned.plan.hash),
        ask(company, Job.SYNC),
        ask(company, Job.DRAFT, CYCLE.id),
    ]


def nothing_twice(office: Office, rounds: int) -> None:
    """After a last look: each goal and each note once, one file for each key, nothing left to do."""
    office.apply()
    office.sync()
    with office.store.read() as tx:
        goals = Counter((one.person_id, one.title) for one in ledger.goals(tx, CYCLE.id) if not one.removed)
    for number in range(rounds):
        for one in WORKERS:
            assert goals[one.id, f"New goal {number}"] == 1, (one.id, number)
    told = Counter(one.text for one in office.entries() if "helped with migration" in one.text)
    assert set(told.values()) == {1}, told
    said = "\n".join(told)
    assert all(f"migration {number}." in said for number in range(rounds)), said
    assert office.left_behind() == []
    assert set(Counter(acting.key_of(path) for path in office.files()).values()) == {1}
    assert office.plan().writing == ()
    assert office.sync().quiet


def survives(office: Office, rounds: int, seed: int, busy: int = 1) -> None:
    """In each round jobs are asked for, then web server and worker get the next signal at a random moment.

    In every other round, the odd ones where *busy* is 1, that is while they are at work for certain.
    """
    dice = random.Random(seed)
    company = office.company()
    with started("serve", office.settings) as process:
        wait_for(process.is_ready, 30, "it is ready")
        asked: list[str] = []
        for number in range(rounds):
            new = a_round(office, number)
            asked += new
            if number % 2 == busy:  # else whatever a restart is about to do is cut short
                wait_for(lambda new=new: any(_state(company, one) is not State.WAITING for one in new), 60, "a job is begun")
            for child in dice.sample(("web", "worker"), 2):
                time.sleep(dice.uniform(0.0, 0.2 if number % 2 == busy else 1.5))
                process.hit(child, SIGNALS[number % len(SIGNALS)])
        found = ended(company, list(dict.fromkeys(asked)))
        wait_for(process.is_ready, 60, "it is ready again")
    assert {one.state for one in found} == {State.DONE}, [(one.id, one.message) for one in found]
    nothing_twice(office, rounds)


def test_every_job_ends_and_nothing_is_done_twice_whatever_is_killed(office: Office) -> None:
    """HUP, TERM and -9 of the web server and of the worker, at random moments; the term while they are at work."""
    survives(office, rounds=len(SIGNALS), seed=7)


@pytest.mark.postgres
def test_every_job_ends_on_a_server_whatever_is_killed(server: Postgres, tmp_path: Path) -> None:
    """The same with the records in PostgreSQL; the other two while they are at work."""
    office = on_a_server(server, tmp_path)
    survives(office, rounds=len(SIGNALS), seed=8, busy=0)
    office.close()
    engine.let_go()


@pytest.mark.soak
def test_every_job_ends_after_twenty_of_each_kill(office: Office) -> None:
    """The same, twenty times each."""
    survives(office, rounds=20 * len(SIGNALS), seed=20)


@pytest.mark.soak
@pytest.mark.postgres
def test_every_job_ends_after_twenty_of_each_kill_on_a_server(server: Postgres, tmp_path: Path) -> None:
    """The same with the records in PostgreSQL."""
    office = on_a_server(server, tmp_path)
    survives(office, rounds=20 * len(SIGNALS), seed=21)
    office.close()
    engine.let_go()


def on_a_server(server: Postgres, folder: Path) -> Office:
    """A company of three with its records in PostgreSQL, provisioned and read once."""
    office = office_in(folder / "home")
    office.database = server.fresh()
    settle(office)
    office.apply()
    office.sync()
    return office


@pytest.mark.postgres
def test_two_workers_on_a_server_share_the_work_and_one_may_die(server: Postgres, tmp_path: Path) -> None:
    """Jobs of two lanes are done by both; what the dead one held is taken up by the other, and nothing is done twice."""
    office = on_a_server(server, tmp_path)
    company, dice = office.company(), random.Random(3)
    with (
        started("worker", office.settings, "--name", "w1") as first,
        started("worker", office.settings, "--name", "w2") as second,
    ):
        wait_for(lambda: len(_names(company)) == 2, 30, "both are there")
        asked = a_round(office, 0)
        while len({one.worker for one in ended(company, asked)}) < 2:
            assert len(asked) < 60, "one of them does everything"
            time.sleep(dice.uniform(0.0, 1.0))
            asked.append(ask(company, Job.DRAFT, CYCLE.id))
        with company.store.write() as tx:
            leases.acquire(tx, "folder", company.holder, company.now)
        cut_short = ask(company, Job.SYNC)
        wait_for(lambda: _state(company, cut_short) is State.RUNNING, 30, "one of them has it")
        victim = {"w1": first, "w2": second}[_record(company, cut_short).worker]
        victim.running.kill()
        victim.running.wait()
        with company.store.write() as tx:
            leases.give_back(tx, "folder", company.holder)
        (taken_up,) = ended(company, [cut_short])
        assert (taken_up.state, taken_up.attempts, len(_names(company))) == (State.DONE, 2, 1)
        found = ended(company, [*asked, *a_round(office, 1)])
    assert {one.state for one in found} == {State.DONE}, [(one.id, one.message) for one in found]
    nothing_twice(office, 2)
    office.close()
    engine.let_go()


def _names(company: Company) -> list[str]:
    with company.store.read() as tx:
        return [one.name for one in jobs.slots(tx)]


def test_a_file_has_one_worker_and_a_name_is_used_once(office: Office) -> None:
    """The second one says so and ends."""
    with started("worker", office.settings, "--name", "w1") as first:
        wait_for(lambda: any(line["event"] == "begun" for line in first.lines()), 30, "it has begun")
        for name, words in (("w1", "runs already"), ("w2", "a database that is a file has one worker")):
            with started("worker", office.settings, "--name", name) as other:
                assert other.running.wait(30) == 2
                assert words in other.log.read_text()


def test_a_job_that_nobody_does_any_more_is_taken_up_while_the_worker_runs(office: Office) -> None:
    """The engine's books say that it is being done, the company's too; the worker knows better within a minute."""
    company = office.company()
    with started("worker", office.settings, "--name", "w1"):
        lost = ask(company, Job.SYNC)
        ended(company, [lost])
        books = create_engine(prepare_books(office.address))
        wait_for(lambda: stranded(books, lost), 30, "its end is in the books")
        books.dispose()
        with company.store.write() as tx:
            tx.exec_driver_sql("UPDATE job SET state = 'running', ended_at = NULL")
        wait_for(lambda: _state(company, lost) is State.DONE, 60, "it is done again")
    assert _record(company, lost).attempts == 2


def stranded(books: Engine, job_id: str) -> bool:
    """Say in the engine's books that w1 does a job that has ended; False while it has not."""
    with books.begin() as tx:
        values = {"id": job_id}
        change = "UPDATE workflow_status SET status = 'PENDING' WHERE workflow_uuid = :id AND status = 'SUCCESS'"
        return tx.execute(text(change), values).rowcount == 1


def test_a_job_that_cannot_be_done_says_why(office: Office) -> None:
    """A sentence for people beside the job, which has failed; the engine's own books hold nothing but ids."""
    company = office.company()
    wrong = ask(company, Job.APPLY, "0000")
    with started("worker", office.settings):
        (failed,) = ended(company, [wrong])
    assert failed.state is State.FAILED
    assert "there is no one plan '0000'" in failed.message


def test_a_job_waits_for_whoever_writes_and_for_nobody_who_is_gone(office: Office) -> None:
    """A command at work is waited for; the lease of one that was killed is not."""
    company = office.company()
    with company.store.write() as tx:
        leases.acquire(tx, "folder", company.holder, company.now)
    waiting = ask(company, Job.SYNC)
    with started("worker", office.settings):
        wait_for(lambda: _state(company, waiting) is State.RUNNING, 30, "it is tried")
        time.sleep(2.5)
        assert _state(company, waiting) is State.RUNNING
        with company.store.write() as tx:
            leases.give_back(tx, "folder", company.holder)
            gone = subprocess.Popen(["true"])
            gone.wait()
            leases.acquire(tx, "folder", f"{socket.gethostname()}:{gone.pid}", company.now)
        (done,) = ended(company, [waiting])
    assert done.state is State.DONE


def test_a_worker_that_stops_while_a_job_waits_leaves_it_to_the_next(office: Office) -> None:
    """It does not sit out its time, and the job is done afterwards."""
    company = office.company()
    with company.store.write() as tx:
        leases.acquire(tx, "folder", company.holder, company.now)
    waiting = ask(company, Job.SYNC)
    with started("worker", office.settings) as process:
        wait_for(lambda: _state(company, waiting) is State.RUNNING, 30, "it is tried")
        process.running.terminate()
        assert process.running.wait(15) == 0
    assert _state(company, waiting) is State.RUNNING
    with company.store.write() as tx:
        leases.give_back(tx, "folder", company.holder)
    with started("worker", office.settings):
        (done,) = ended(company, [waiting])
    assert done.state is State.DONE


def _record(company: Company, job_id: str) -> Record:
    with company.store.read() as tx:
        found = jobs.get(tx, job_id)
    assert found is not None
    return found


def _state(company: Company, job_id: str) -> State:
    return _record(company, job_id).state


def test_the_console_and_its_worker_end_together(office: Office) -> None:
    """With SIGTERM, and also when the process that started them is killed."""
    with started("serve", office.settings) as process:
        wait_for(process.is_ready, 30, "it is ready")
        family = list(process.children().values())
        process.running.kill()
        process.running.wait()
        wait_for(lambda: not any(_runs(number) for number in family), 30, "both have ended")
    with started("serve", office.settings) as process:
        wait_for(process.is_ready, 30, "it is ready")
        family = list(process.children().values())
        process.running.terminate()
        assert process.running.wait(60) == 0
        assert not any(_runs(number) for number in family)


def _runs(number: int) -> bool:
    return has_ended(f"{socket.gethostname()}:{number}") is False


def test_what_is_not_there_is_named_by_readyz(office: Office) -> None:
    """No worker: 503 and the word; the process itself is well."""
    with started("web", office.settings) as process:
        wait_for(lambda: answers(process), 30, "it answers")
        assert process.get("/healthz") == (200, {"ok": True})
        status, found = process.get("/readyz")
    assert status == 503
    assert (found["database"], found["schema"], found["ok"]) == ("ok", "ok", False)
    assert "throughline worker" in found["worker"]
    assert {line.get("page") for line in process.lines()} >= {"health.healthz", "health.readyz"}


def answers(process: Process) -> bool:
    """Whether the console can be reached."""
    try:
        return process.get("/healthz")[0] == 200
    except OSError:
        return False


def test_a_taken_port_is_one_sentence(office: Office) -> None:
    """And neither the console nor the worker stays behind."""
    with started("web", office.settings) as first:
        wait_for(lambda: answers(first), 30, "it answers")
        with started("serve", office.settings, port=first.port) as second:
            assert second.running.wait(30) == 2
            assert f"cannot be served on 127.0.0.1:{first.port}" in second.log.read_text()
