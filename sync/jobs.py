"""The jobs that a worker does: how each is called, which lane it keeps to, and when it comes by itself.

A job is named by a word and one opaque argument, an id or a hash, and gives back counts: what is stored about it holds
nothing that anybody wrote. Doing a job twice does nothing twice, so a job that was cut short is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Job(StrEnum):
    """What a worker can do."""

    PLAN = "plan"
    """Draw up what would be made in a cycle, for somebody to approve; the argument is the cycle's id."""
    APPLY = "apply"
    """Carry out an approved plan; the argument is its hash."""
    DUE = "due"
    """Provision the check-ins that have come near, in a cycle that HR has begun to provision."""
    SYNC = "sync"
    """Read back what people wrote."""
    DRAFT = "draft"
    """Draft everybody's review; the argument is the cycle's id, or ids: cycle and the person who drafts their own."""
    PUSH = "push"
    """Bring the document of a review's writer up to their draft; the argument is ids: cycle, person, writer."""
    WRITE = "write"
    """Put a sentence of the writer's own into their document; the same argument. The words stand under the person."""
    RELEASE = "release"
    """Show a finished review to its subject; the same argument. The refused sentences stand under the person."""
    EDIT = "edit"
    """Write into a document what somebody asked for beside it; the argument is its id. The value stands under the person."""
    REMIND = "remind"
    """Send the reminders that are due at this hour."""
    ERASE = "erase"
    """Erase a person; the argument is the person's id."""
    RETAIN = "retain"
    """Erase those who left longer ago than the company keeps anything."""
    AUDIT = "audit"
    """Compare who should have access to the workspace with who has."""
    WATCH = "watch"
    """Keep the platform telling what changes: renew what is about to end."""
    CONNECT = "connect"
    """Try a connection that somebody asked for, and keep it if it works; the argument is the platform."""
    CHECK = "check"
    """Look whether the connection may do what it must, as `throughline doctor` does."""


WORKSPACE, DRAFTS, MAIL, PLATFORM = "workspace", "drafts", "mail", "platform"
#: Jobs of one lane are done one after the other, by however many workers.
LANES: Mapping[Job, str] = {
    Job.PLAN: WORKSPACE,
    Job.APPLY: WORKSPACE,
    Job.DUE: WORKSPACE,
    Job.SYNC: WORKSPACE,
    Job.DRAFT: DRAFTS,
    Job.PUSH: WORKSPACE,
    Job.WRITE: WORKSPACE,
    Job.RELEASE: WORKSPACE,
    Job.EDIT: WORKSPACE,
    Job.REMIND: MAIL,
    Job.ERASE: WORKSPACE,
    Job.RETAIN: WORKSPACE,
    Job.AUDIT: WORKSPACE,
    Job.WATCH: PLATFORM,
    Job.CONNECT: WORKSPACE,
    Job.CHECK: PLATFORM,
}
#: Minute, hour, day of the month, month, day of the week; in UTC.
SCHEDULE: Mapping[Job, str] = {
    Job.SYNC: "*/15 * * * *",
    Job.REMIND: "0 * * * *",
    Job.RETAIN: "40 3 * * *",
    Job.DUE: "10 4 * * *",
    Job.AUDIT: "20 5 * * *",
    Job.WATCH: "7,22,37,52 * * * *",
    Job.CHECK: "50 4 * * *",
}

Counts = Mapping[str, int]
Doing = Callable[[str], Counts]
"""One job: takes its argument, gives back what it did by count. Raises Refused, Wait, or what nobody expected."""

MOST_ATTEMPTS = 100
"""A job that was begun so often and never ended is what ends its worker: it is given up."""


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self in (State.DONE, State.FAILED)


class Refused(Exception):
    """The job cannot be done as things are; the message is a sentence that says what to change."""


class Wait(Exception):
    """Somebody else writes to the workspace just now: the job is to be tried again in a while."""


@dataclass(frozen=True)
class Record:
    """One job as it was asked for, and what became of it."""

    id: str
    name: Job
    argument: str
    state: State
    asked_at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    worker: str = ""
    attempts: int = 0
    counts: Counts | None = None
    message: str = ""


@dataclass(frozen=True)
class Slot:
    """A worker by name: which process it is, since when, and when it last said that it lives."""

    name: str
    process: str
    since: datetime
    seen_at: datetime

    def silent(self, now: datetime, patience: timedelta) -> bool:
        """Whether it has not been heard of for longer than *patience*."""
        return now - self.seen_at > patience


def scheduled_id(job: Job, at: datetime) -> str:
    """The id of the job that the schedule asks for at a moment: the same, whichever worker asks."""
    return f"{job.value}-{at:%Y%m%dT%H%M%S}"
