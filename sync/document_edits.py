"""What somebody asked for beside a document and a worker writes into it: an action ticked, a goal's new value. Pure.

The job that does it carries an id only; the value, and what became of it, stand here, under the person it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sync.records import fingerprint


class EditKind(StrEnum):
    """What is to be written."""

    TICK = "tick"
    """An action is done."""
    VALUE = "value"
    """A goal has another value now."""


class EditResult(StrEnum):
    """What became of it."""

    WAITING = ""
    DONE = "done"
    MOVED = "moved"
    """Something else stands there meanwhile: nothing was written."""
    FAILED = "failed"


@dataclass(frozen=True)
class DocumentEdit:
    """One such wish. *subject* is the key of an action or the id of a goal."""

    id: str
    person_id: str
    """About whom."""
    by: str
    kind: EditKind
    artifact_key: str
    """The document that was asked for; an action may stand in another one by now."""
    subject: str
    value: float | None
    was: float | None
    """What whoever asked saw there."""
    asked_at: datetime
    job_id: str = ""
    ended_at: datetime | None = None
    result: EditResult = EditResult.WAITING
    message: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether whoever asked has to be told that nothing was written."""
        return self.result in (EditResult.MOVED, EditResult.FAILED)


def edit_id(by: str, kind: EditKind, subject: str) -> str:
    """One wish of somebody's about one thing at a time: the next takes the place of the last."""
    return fingerprint(by, kind.value, subject)
