"""Watch a plan being carried out: say how far it is, and end it between two batches once somebody paused it."""

from __future__ import annotations

from collections import Counter

from addon.company import Company
from addon.provisioning.planning import Progress, note_progress
from sync.jobs import Refused
from sync.provision.plan import Plan
from sync.provision.run import BATCH_BEGINS, ITEM_DONE, Outcome

FAILED = frozenset({"failed", "busy"})
TELL_EVERY = 5
"""After how many items of a batch it is said how far it is."""


class Watch:
    """Counts the steps of one plan, whatever they do: each once, however much is said about its document."""

    def __init__(self, company: Company, approved: Plan) -> None:
        self._company, self._approved = company, approved
        self._open = Counter(step.key for step in approved.writing)
        self._done, self._failed, self._in_batch = 0, 0, 0

    def come_by(self, outcome: Outcome) -> None:
        """Something became of a document: of a step of the plan, or of a twin that stood beside it."""
        self._in_batch = 0
        if not self._open[outcome.key]:
            return
        self._open[outcome.key] -= 1
        if outcome.result in FAILED:
            self._failed += 1
        else:
            self._done += 1

    def tell(self) -> bool:
        """Write it down for the page. False when somebody paused it."""
        return note_progress(self._company, self._approved.hash, Progress(self._done + self._in_batch, self._failed))

    def checkpoint(self, name: str) -> None:
        """What apply comes by. Raises Refused between two batches of a plan that is paused."""
        if name == BATCH_BEGINS:
            self._in_batch = 0
            if not self.tell():
                ended = self._done + self._failed
                raise Refused(f"paused after {ended} of {len(self._approved.writing)}: resume it to go on")
        elif name in ITEM_DONE:
            self._in_batch += 1
            if self._in_batch % TELL_EVERY == 0:
                self.tell()
