"""One worker: does jobs until it is told to stop, says that it lives, and takes up what others left lying."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from addon.company import Company, free_leases, has_ended
from addon.jobs.work import doings
from addon.terminal import BadInput
from sync.engine import Engine
from sync.jobs import LANES, SCHEDULE, Counts, Job, Record, Refused, Slot, State, Wait, scheduled_id
from sync.store import StoreError
from sync.store.database import prepare_books
from sync.store.queries import hooks, jobs

log = logging.getLogger("throughline.worker")

BEAT_SECONDS = 5.0
SILENCE = timedelta(seconds=60)
"""A worker that was not heard of for so long is taken for dead. Taking over from a living one costs work, not truth."""
PATIENCE_SECONDS = 2.0
"""How long a job waits before it asks again whether somebody else still writes."""
KEPT = timedelta(days=30)
QUIET = timedelta(seconds=0.7)
"""A sync that platforms' notices asked for begins once none came for so long: what they tell in a row is read together."""
LONGEST_UNREST = timedelta(seconds=15)
"""How long it waits for that."""
LOOKS_SECONDS = 0.1


def work(company: Company, name: str, drain_seconds: int, health_port: int | None = None) -> None:
    """Do jobs as the worker *name* until SIGTERM or SIGINT; on SIGHUP begin anew as a fresh process. Never returns.

    Raises BadInput when a living worker has that name, when two would share an SQLite file, or when *health_port*, where
    a platform asks how it is, cannot be had.
    """
    worker = _Worker(company, name, drain_seconds)
    if health_port:
        # Imported here: a worker that nobody asks needs no web server.
        from addon.jobs.listening import listen

        listen(company, health_port, worker.stop)
    worker.run()


class _Worker:
    def __init__(self, company: Company, name: str, drain_seconds: int) -> None:
        self._company = company
        self._drain_seconds = drain_seconds
        self._stopping = threading.Event()
        self._again = False
        now = company.real_now
        self._slot = Slot(name, company.holder, now, now)
        self._tidy_at = now

    # ------------------------------------------------------------ from start to end

    def run(self) -> None:
        self._claim()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._told)
        company = self._company
        schedule = {job.value: cron for job, cron in SCHEDULE.items()}
        self._engine = Engine(
            prepare_books(company.settings.database_url), self._slot.name, self._perform, self._tick, schedule
        )
        log.info("begun", extra={"worker": self._slot.name})
        while not self._stopping.is_set():
            self._look_around()
            self._stopping.wait(BEAT_SECONDS)
        ended = self._engine.stop(self._drain_seconds)
        log.info("ended", extra={"worker": self._slot.name, "drained": ended, "again": self._again})
        self._leave(ended)

    def stop(self) -> None:
        """Begin nothing any more, let what runs end, and leave."""
        self._stopping.set()

    def _told(self, number: int, _frame: object) -> None:
        self._again = number == signal.SIGHUP
        self.stop()

    def _leave(self, ended: bool) -> None:
        """What still runs is cut off here, as a kill would: the next worker of that name takes it up."""
        if ended and not self._again:
            with self._company.store.write() as tx:
                jobs.sign_off(tx, [self._slot.name])
        sys.stdout.flush()
        sys.stderr.flush()
        if self._again:
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this very program
        os._exit(0)

    # ------------------------------------------------------------ the company's books

    def _claim(self) -> None:
        """Take the name, once whoever had it is gone. Raises BadInput."""
        store = self._company.store
        with store.write() as tx:
            others = [one for one in jobs.slots(tx) if self._lives(one)]
            same = [one for one in others if one.name == self._slot.name]
            if same:
                raise BadInput(f"the worker {same[0].name!r} runs already, as {same[0].process}: give this one another --name")
            if others and store.is_sqlite:
                raise BadInput(
                    f"a worker runs already, as {others[0].process}: a database that is a file has one worker. "
                    "Several share a PostgreSQL server: set database_url"
                )
            jobs.beat(tx, self._slot)

    def _lives(self, slot: Slot) -> bool:
        """Whether somebody else still works under that name."""
        mine = slot.process == self._slot.process
        return not mine and not has_ended(slot.process) and not slot.silent(self._company.real_now, SILENCE)

    def _look_around(self) -> None:
        """Say that this worker lives; take up what was left lying. What goes wrong is tried again with the next beat."""
        try:
            with self._company.store.write() as tx:
                jobs.beat(tx, replace(self._slot, seen_at=self._company.real_now))
                others = [one for one in jobs.slots(tx) if one.name != self._slot.name]
                waiting = {one.id: one for one in jobs.unfinished(tx)}
            living = [one.name for one in others if self._lives(one)]
            if taken := self._engine.take_up(living):
                log.info("took up", extra={"jobs": list(taken)})
            for job_id in self._engine.forgotten(waiting):
                self._engine.enqueue_again(job_id, LANES[waiting[job_id].name])
            if dead := [one.name for one in others if one.name not in living]:
                with self._company.store.write() as tx:
                    jobs.sign_off(tx, dead)
            self._tidy()
        except Exception as error:
            log.exception("look around failed", extra={"error": type(error).__name__})

    def _tidy(self) -> None:
        """Once a day, forget what ended long ago."""
        now = self._company.real_now
        if now < self._tidy_at:
            return
        self._tidy_at = now + timedelta(days=1)
        with self._company.store.write() as tx:
            gone = jobs.forget(tx, now - KEPT)
        self._engine.forget(gone, now - KEPT)

    def _tick(self, name: str, at: datetime) -> tuple[str, str] | None:
        """The schedule's job for a moment; None when the same job is waiting anyway."""
        job = Job(name)
        wanted = scheduled_id(job, at)
        with self._company.store.write() as tx:
            return (wanted, LANES[job]) if jobs.ask(tx, wanted, job, "", self._company.real_now) == wanted else None

    # ------------------------------------------------------------ one job

    def _perform(self, job_id: str) -> None:
        self._let_settle(job_id)
        with self._surely(), self._company.store.write() as tx:
            record = jobs.begin(tx, job_id, self._slot.name, self._company.real_now)
        if record is None:
            return
        log.info("job begun", extra={"job": job_id, "attempt": record.attempts})
        outcome = self._do(record)
        if outcome is None:
            log.info("job left", extra={"job": job_id})
            return
        state, counts, message = outcome
        with self._surely(), self._company.store.write() as tx:
            jobs.end(tx, job_id, state, counts, message, self._company.real_now)
        log.info("job ended", extra={"job": job_id, "state": state.value, "counts": dict(counts)})

    def _let_settle(self, job_id: str) -> None:
        """Leave a sync waiting while notices come in: as long as it waits, they ask for no other one."""
        end = self._company.real_now + LONGEST_UNREST
        while not self._stopping.is_set():
            with self._surely(), self._company.store.read() as tx:
                record, heard = jobs.get(tx, job_id), hooks.last_heard(tx)
            now = self._company.real_now
            if record is None or record.name is not Job.SYNC or heard is None or now - heard > QUIET or now > end:
                return
            self._stopping.wait(LOOKS_SECONDS)

    def _do(self, record: Record) -> tuple[State, Counts, str] | None:
        """What became of it; None when it only waited and the worker stops: whoever comes next finds it unfinished."""
        company = Company(self._company.settings)
        company.store = self._company.store
        try:
            return self._carried_out(company, record)
        finally:
            company.leave_workspace()

    def _carried_out(self, company: Company, record: Record) -> tuple[State, Counts, str] | None:
        doing = doings(company)[record.name]
        while True:
            try:
                return State.DONE, doing(record.argument), ""
            except Wait:
                if self._stopping.wait(PATIENCE_SECONDS):
                    return None
                free_leases(company.store)
            except Refused as error:
                return State.FAILED, {}, str(error)
            except Exception as error:
                log.exception("job failed", extra={"job": record.id, "error": type(error).__name__})
                return State.FAILED, {}, f"a fault of the program, {type(error).__name__}; its place is in the worker's log"

    @contextmanager
    def _surely(self) -> Iterator[None]:
        """What must be stored about a job is; where it cannot be, this process makes room for one that can."""
        try:
            yield
        except StoreError as error:
            log.exception("the database does not answer", extra={"error": type(error).__name__})
            os._exit(1)
