"""HR's pages of access and of jobs: what a worker found, and what it did."""

from __future__ import annotations

from addon.drift.checking import check
from addon.jobs.work import doings
from sync.jobs import Job, State
from sync.store.queries import jobs
from tests.addon.web.people import HR, NOW, Office


def test_access_that_is_too_wide_is_listed_with_what_to_do(office: Office) -> None:
    """A private folder that everybody may read is found by the job and shown until it is mended."""
    browser = office.browser(HR)
    assert "Not looked at yet" in browser.text("/company/access/")
    browser.post("/company/access/look", {}, page="/company/access/")
    office.company.workspace.prepare()
    private = office.company.settings.private_dir
    private.chmod(0o755)
    run(office)
    page = browser.text("/company/access/")
    assert "open too wide" in page
    assert "What to do" in page
    private.chmod(0o700)
    run(office)
    assert "What to do" not in browser.text("/company/access/")


def test_a_look_from_the_command_line_stands_on_the_page_too(office: Office) -> None:
    """Whoever looked, HR reads when that was and what was found; never that nobody looked."""
    office.company.workspace.prepare()
    check(office.company)
    page = office.browser(HR).text("/company/access/")
    assert "Not looked at yet" not in page
    assert "looked at " in page
    assert "Look again" in page


def run(office: Office) -> None:
    """What a worker does with the job, noted as a worker notes it."""
    with office.company.store.write() as tx:
        job_id = jobs.ask(tx, f"audit-{len(jobs.latest(tx, 99))}", Job.AUDIT, "", office.company.real_now)
        jobs.begin(tx, job_id, "test", office.company.real_now)
    counts = doings(office.company)[Job.AUDIT]("")
    with office.company.store.write() as tx:
        jobs.end(tx, job_id, State.DONE, counts, "", office.company.real_now)


def test_a_sync_is_asked_for_once_however_often_one_presses(office: Office) -> None:
    """The second press finds the first one waiting, and the list says that no worker runs."""
    browser = office.browser(HR)
    for _ in range(2):
        assert browser.post("/company/jobs/sync", {}, page="/company/jobs/").status_code == 303
    with office.company.store.read() as tx:
        assert [one.name for one in jobs.latest(tx, 9)] == [Job.SYNC]
    page = browser.text("/company/jobs/")
    assert "Read what people wrote" in page
    assert "None runs, so jobs wait" in page


def test_a_job_that_failed_says_why(office: Office) -> None:
    """Its sentence stands in the list."""
    with office.company.store.write() as tx:
        jobs.ask(tx, "sync-1", Job.SYNC, "", NOW)
        jobs.begin(tx, "sync-1", "test", NOW)
        jobs.end(tx, "sync-1", State.FAILED, {}, "7 files have disappeared at once <b>", NOW)
    page = office.browser(HR).text("/company/jobs/")
    assert "7 files have disappeared at once &lt;b&gt;" in page
