"""Ask for a job: a row in the company's own books, and a word to the engine. Any process may; a worker does it."""

from __future__ import annotations

from addon.company import Company, new_id
from sync.jobs import LANES, Job
from sync.store.database import books_of
from sync.store.queries import jobs


def ask(company: Company, job: Job, argument: str = "") -> str:
    """Ask for *job*; returns its id. A job that waits already is not asked for twice. Needs no worker to be there."""
    with company.store.write() as tx:
        job_id = jobs.ask(tx, f"{job.value}-{new_id()}", job, argument, company.real_now)
    # Imported here: a web process that is asked for no job never loads the engine.
    from sync.engine import hand_in

    hand_in(books_of(company.settings.database_url), job_id, LANES[job])
    return job_id
