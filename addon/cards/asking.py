"""Ask a worker to write into a document. Imports nothing that reads a workspace: cards do the asking."""

from __future__ import annotations

from addon.company import Company
from addon.jobs.asking import ask
from sync.document_edits import DocumentEdit
from sync.jobs import Job
from sync.store.queries import document_edits


def ask_for(company: Company, edit: DocumentEdit) -> None:
    """Ask for it; it takes the place of what the same person asked for last about the same thing."""
    with company.store.write() as tx:
        document_edits.keep(tx, edit)
    job_id = ask(company, Job.EDIT, edit.id)
    with company.store.write() as tx:
        document_edits.assign(tx, edit.id, job_id)
