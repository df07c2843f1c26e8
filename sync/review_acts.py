"""What a writer asked a worker to do with a review, and what became of it. No I/O, no clock.

The job that does it carries ids and counts only; the words, a reason or a refused sentence, stand here, under the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ActKind(StrEnum):
    """What was asked for."""

    PUSH = "push"
    """Bring the writer's document up to the draft."""
    WRITE = "write"
    """Put a sentence of the writer's own into their document, or theirs in place of a drafted one."""
    RELEASE = "release"
    """Show the finished review to its subject."""


class ActResult(StrEnum):
    """What became of it."""

    WAITING = ""
    DONE = "done"
    REFUSED = "refused"
    """Sentences stand in the way of a release."""
    FAILED = "failed"


@dataclass(frozen=True)
class Act:
    """The last push or release of one writer's review of one person."""

    cycle_id: str
    person_id: str
    writer_id: str
    kind: ActKind
    job_id: str
    asked_at: datetime
    ended_at: datetime | None = None
    result: ActResult = ActResult.WAITING
    message: str = ""
    correction: str = ""
    """Why a corrected version is released."""
    section: str = ""
    """Where a sentence of the writer's own goes."""
    sentence: str = ""
    instead: str = ""
    """The drafted sentence that it takes the place of, "" for none."""
    refusals: tuple[tuple[str, str], ...] = ()
    """Sentences, each with the reason why it cannot be shown."""

    @property
    def argument(self) -> str:
        """What its job is told: ids."""
        return f"{self.cycle_id}/{self.person_id}/{self.writer_id}"
