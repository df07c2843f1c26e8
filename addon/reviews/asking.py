"""Ask a worker to push or release. Imports nothing that reads a workspace: pages do the asking."""

from __future__ import annotations

from addon.company import Company
from addon.jobs.asking import ask
from sync.jobs import Job
from sync.review_acts import Act, ActKind
from sync.store.queries import review_acts

JOBS = {ActKind.PUSH: Job.PUSH, ActKind.WRITE: Job.WRITE, ActKind.RELEASE: Job.RELEASE}


def ask_for(company: Company, act: Act) -> None:
    """Ask for it; what is said about it later replaces what was said last time."""
    with company.store.write() as tx:
        review_acts.keep(tx, act)
    job_id = ask(company, JOBS[act.kind], act.argument)
    with company.store.write() as tx:
        review_acts.assign(tx, act, job_id)
