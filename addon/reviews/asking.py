"""Ask a worker to push or release. Imports nothing that reads a workspace: pages do the asking."""

from __future__ import annotations

from addon.company import Company
from addon.jobs.asking import ask
from sync.jobs import Job
from sync.review_acts import Act, ActKind
from sync.store.queries import review_acts

JOBS = {ActKind.PUSH: Job.PUSH, ActKind.RELEASE: Job.RELEASE}


def ask_for(company: Company, cycle_id: str, person_id: str, writer_id: str, kind: ActKind, correction: str = "") -> None:
    """Ask for it; what is said about it later replaces what was said last time."""
    act = Act(cycle_id, person_id, writer_id, kind, "", company.real_now, correction=correction)
    with company.store.write() as tx:
        review_acts.keep(tx, act)
    job_id = ask(company, JOBS[kind], act.argument)
    with company.store.write() as tx:
        review_acts.assign(tx, act, job_id)
