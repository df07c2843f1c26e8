"""The console and its worker as App Engine and systemd start them: their own lines, a disk that cannot be written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from addon.company import Company
from addon.jobs.asking import ask
from addon.settings import FILE, load
from sync import engine
from sync.jobs import Job, State
from sync.store.queries import jobs, leases
from tests.journeys.deployed import (
    TREE,
    Visitor,
    app_engine,
    browser,
    can_make_machines,
    fails,
    on_machine,
    running,
    systemd,
)
from tests.journeys.desk import Desk, founded
from tests.journeys.served import Process, ended, wait_for
from tests.postgres import Postgres

pytestmark = pytest.mark.skipif(not can_make_machines(), reason="needs disks of its own for a process: `unshare --mount`")

WEB, WORKER = app_engine("app.yaml"), app_engine("worker.yaml")
Visit = Callable[[Process], Visitor]
KEY = "a-key-of-the-tests-that-anybody-may-know-0123"
JOBS = "/company/jobs/"
PLATFORM = {"X-Appengine-User-Ip": "0.1.0.3"}


@dataclass
class Deployed:
    """Both services on a database server, and the admin's own machine, from which the company is set up."""

    desk: Desk
    web: Process
    other: Process
    """A second instance of the console, for the one test that ends it."""
    worker: Process
    environment: dict[str, str]

    def company(self) -> Company:
        """The same installation, seen from here."""
        return Company(load(self.desk.home, {"THROUGHLINE_DATABASE_URL": self.desk.database}))


def instance(name: str, given: dict[str, str]) -> dict[str, str]:
    """What App Engine says to each of its instances."""
    return {"GAE_ENV": "standard", "GAE_INSTANCE": name, "GAE_SERVICE": name, **given}


def at_home(home: Path, given: dict[str, str]) -> Path:
    """The home of the admin's own machine, with the same settings in its file."""
    home.mkdir()
    names = ("base_url", "key", "private_dir", "workspace_dir")
    lines = [f'{name} = "{given[f"THROUGHLINE_{name.upper()}"]}"' for name in names]
    (home / FILE).write_text("\n".join(lines), "utf-8")
    return home


@pytest.fixture(scope="module")
def deployed(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Three instances start at the same moment on a database without a table; then the company is set up."""
    folder = tmp_path_factory.mktemp("deployed")
    state, database = folder / "state", server.bare()
    state.mkdir()
    given = {
        "DATABASE_URL": database.replace("postgresql+psycopg://", "postgresql://"),
        "THROUGHLINE_KEY": KEY,
        "THROUGHLINE_BASE_URL": "http://127.0.0.1",
        "THROUGHLINE_WORKSPACE_DIR": str(state / "workspace"),
        "THROUGHLINE_PRIVATE_DIR": str(state / "private"),
    }
    with ExitStack() as stack:
        web = stack.enter_context(running(WEB, state, instance("web-1", given), "web"))
        other = stack.enter_context(running(WEB, state, instance("web-2", given), "other"))
        worker = stack.enter_context(running(WORKER, state, instance("worker-1", given), "worker"))
        for one in (web, other, worker):
            wait_for(one.is_ready, 120, one.log.read_text("utf-8"))
        yield Deployed(founded(at_home(folder / "home", given), database), web, other, worker, given)
    engine.let_go()


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Somebody who comes to a process with a browser of their own."""
    with ExitStack() as stack:
        yield lambda process: Visitor(stack.enter_context(browser(process)))


def troubles(*processes: Process) -> list[dict[str, object]]:
    """What they logged beyond the ordinary."""
    return [line for one in processes for line in one.lines() if line["level"] not in ("info", "debug")]


@pytest.mark.postgres
def test_a_person_is_signed_in_and_a_job_is_done_on_a_disk_that_cannot_be_written(deployed: Deployed, visit: Visit) -> None:
    """HR signs in by a link, asks for a sync, and the worker, another instance, reads what people wrote."""
    hr = visit(deployed.web)
    hr.sign_in(deployed.desk.ok("signin-link", "ida@example.org"))
    assert "Ida Lund" in hr.web.get("/").text
    assert hr.form(f"{JOBS}sync", JOBS).status_code == 303
    company = deployed.company()
    with company.store.read() as tx:
        asked = jobs.last_of(tx, [Job.SYNC])[Job.SYNC]
    (done,) = ended(company, [asked.id])
    assert (done.state, done.worker) == (State.DONE, "worker-1")
    assert "worker-1" in hr.web.get(JOBS).text
    company.close()
    assert not (TREE / "var").joinpath("key").exists()
    assert troubles(deployed.web, deployed.worker) == []


@pytest.mark.postgres
def test_static_files_are_kept_for_a_year_under_a_name_with_their_hash(deployed: Deployed, visit: Visit) -> None:
    """Packed where the browser can unpack; the page itself is kept by nobody."""
    web = visit(deployed.web).web
    page = web.get("/signin")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in page.headers
    addresses = re.findall(r'(?:href|src)="(/static/[0-9a-f]{12}/[^"]+)"', page.text)
    assert len(addresses) >= 3
    for address in addresses:
        packed, plain = web.get(address), web.get(address, headers={"Accept-Encoding": "identity"})
        assert set(packed.headers["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert packed.content == plain.content


@pytest.mark.postgres
def test_who_is_not_let_in_is_told_so(deployed: Deployed, visit: Visit) -> None:
    """By the sign-in page, and by the sentence for a forged form: never by a fault."""
    hr = visit(deployed.web)
    stranger = hr.web.get(JOBS)
    assert (stranger.status_code, httpx.URL(stranger.headers["Location"]).path) == (303, "/signin")
    hr.sign_in(deployed.desk.ok("signin-link", "ida@example.org"))
    forged = hr.web.post(f"{JOBS}sync", data={"csrf_token": "none"})
    assert (forged.status_code, "out of date" in forged.text) == (400, True)


@pytest.mark.postgres
def test_app_engine_gets_its_answers(deployed: Deployed, visit: Visit) -> None:
    """Warm-up at the console, start at the worker; a stranger who asks the worker to stop is told nothing."""
    web, worker = visit(deployed.web).web, visit(deployed.worker).web
    assert web.get("/_ah/warmup").status_code == 204
    assert worker.get("/_ah/start").status_code == 204
    assert worker.get("/readyz").json() == {"ok": True, "database": "ok", "schema": "ok", "worker": "ok"}
    stranger = {"X-Appengine-User-Ip": "203.0.113.9"}
    assert [worker.get("/_ah/stop", headers=one).status_code for one in ({}, stranger)] == [404, 404]
    assert worker.get("/signin").status_code == 404


@pytest.mark.postgres
def test_an_announced_end_leaves_the_job_to_the_next_worker(deployed: Deployed, visit: Visit, tmp_path: Path) -> None:
    """App Engine announces it with a request: the worker leaves, and what it waited with is unfinished, not lost."""
    company = deployed.company()
    with company.store.write() as tx:
        leases.acquire(tx, "folder", "another-machine:1", company.now)
    second = instance("worker-2", deployed.environment)
    with running(WORKER, tmp_path, second, "second") as process:
        wait_for(process.is_ready, 120, "it is ready")
        asked = ask(company, Job.SYNC)
        with pytest.raises(httpx.RemoteProtocolError):  # its end is the answer
            visit(process).web.get("/_ah/stop", headers=PLATFORM)
        assert process.running.wait(30) == 0
    with company.store.write() as tx:
        leases.give_back(tx, "folder", "another-machine:1")
    (done,) = ended(company, [asked])
    assert done.state is State.DONE
    company.close()


@pytest.mark.postgres
def test_told_to_end_a_console_first_answers_what_was_asked(deployed: Deployed, visit: Visit) -> None:
    """Half of a form has come when SIGTERM comes; the other half is still taken and answered."""

    def slowly() -> Iterator[bytes]:
        yield b"csrf_token="
        deployed.other.running.terminate()
        wait_for(lambda: "Handling signal" in deployed.other.log.read_text(), 30, "it is told")
        yield b"none"

    answer = visit(deployed.other).web.post("/signin/link/none", content=slowly())
    assert answer.status_code == 400
    assert deployed.other.running.wait(40) == 0


def test_a_disk_that_cannot_be_written_is_met_with_the_names_of_what_is_missing(tmp_path: Path) -> None:
    """All of them at once, in one sentence, for both processes."""
    database = {"DATABASE_URL": "postgresql://ada@127.0.0.1:1/none"}
    assert fails(WEB, tmp_path, {"PORT": "1"}).endswith("is read-only: set DATABASE_URL and THROUGHLINE_KEY\n")
    assert fails(WEB, tmp_path, {"PORT": "1", **database}).endswith("is read-only: set THROUGHLINE_KEY\n")
    assert fails(WORKER, tmp_path, {"PORT": "1", "THROUGHLINE_KEY": KEY}).endswith("is read-only: set DATABASE_URL\n")


# ---------------------------------------------------------------- any Linux machine

UNITS = ("throughline-web.service", "throughline-worker.service")


def test_systemd_starts_both_processes_by_their_units(tmp_path: Path, visit: Visit) -> None:
    """ExecStart as written, with the home that the unit names: a page, a job, and both end when told."""
    desk = Desk(tmp_path / "state")
    desk.ok("init", "--organisation", "Acme", "--admin-name", "Ida Lund", "--admin-email", "ida@example.org")
    given = {"THROUGHLINE_TODAY": desk.today}
    with ExitStack() as stack:
        web, worker = (stack.enter_context(running(systemd(unit), desk.home, given, unit)) for unit in UNITS)
        wait_for(web.is_ready, 120, "both are ready")
        visitor = visit(web)
        visitor.sign_in(desk.ok("signin-link", "ida@example.org"))
        assert "Ida Lund" in visitor.web.get("/").text
        company = Company(load(desk.home, {}))
        (done,) = ended(company, [desk.json("jobs", "ask", "sync")["job"]])
        assert done.state is State.DONE
        assert troubles(web, worker) == []
        for process in (worker, web):
            process.running.terminate()
            assert process.running.wait(40) == 0
        with company.store.read() as tx:
            assert jobs.slots(tx) == ()
        company.close()
    engine.let_go()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: str, tmp_path: Path) -> None:
    """Neither in what it says nor in the program that it names."""
    log = tmp_path / "verify.log"
    process = on_machine(tmp_path, ["systemd-analyze", "verify", str(TREE / "docs/systemd" / unit)], {}, log)
    code = process.wait(60)
    assert (code, unit in log.read_text()) == (0, False), log.read_text()


def test_both_units_close_the_same_doors() -> None:
    """They differ in what they start and how they are described, in nothing else."""
    lines = [(TREE / "docs/systemd" / unit).read_text("utf-8").splitlines() for unit in UNITS]
    differing = {a.partition("=")[0] for a, b in zip(*lines, strict=True) if a != b and not a.startswith("#")}
    assert differing == {"Description", "ExecStart"}
