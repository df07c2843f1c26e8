"""Show anonymous answers once their day has come: from the hidden table into the ledger, all of a person's at once."""

from __future__ import annotations

from addon.company import Company
from sync.feedback import closes_on, revealed
from sync.store.queries import cycles, feedback, ledger


def show_due_answers(company: Company) -> int:
    """For every cycle whose day has come; returns how many answers are shown now. Doing it again shows nothing twice."""
    count = 0
    with company.store.read() as tx:
        due = [cycle for cycle in cycles.all_cycles(tx) if closes_on(cycle) <= company.today]
    for cycle in due:
        reads = company.pack(cycle).peer_feedback_visible
        with company.store.write() as tx:
            for person_id, answers in feedback.answers(tx, cycle.id).items():
                entries = revealed(cycle, person_id, answers, company.today, person_reads=reads)
                if entries:
                    ledger.append(tx, entries)
                    feedback.shown(tx, cycle.id, person_id)
                    count += len(entries)
    return count
