"""Ask for a job: a row in the company's own books, and a word to the engine. Any process may; a worker does it."""

from __future__ import annotations

from addon.company import Company, new_id
from sync.jobs import LANES, Job
from sync.store import Transaction
from sync.store.database import books_of
from sync.store.queries import jobs


def ask(company: Company, job: Job, argument: str = "") -> str:
    """Ask for *job*; returns its id. A job that waits already is not asked for twice. Needs no worker to be there."""
    with company.store.write() as tx:
        job_id, _ = note(company, tx, job, argument)
    hand_over(company, job_id, job)
    return job_id


def note(company: Company, tx: Transaction, job: Job, argument: str = "") -> tuple[str, bool]:
    """Ask within a transaction: the job's id, and whether none was waiting; `hand_over` a new one once it is kept."""
    fresh = f"{job.value}-{new_id()}"
    job_id = jobs.ask(tx, fresh, job, argument, company.real_now)
    return job_id, job_id == fresh


def hand_over(company: Company, job_id: str, job: Job) -> None:
    """Tell the engine of a job that was noted."""
    # Imported here: a web process that is asked for no job never loads the engine.
    from sync.engine import hand_in

    hand_in(books_of(company.settings.database_url), job_id, LANES[job])
