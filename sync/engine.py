"""The job engine: the only file that knows DBOS.

A worker opens an `Engine`; every other process hands jobs in with `hand_in`. What the engine stores is a job's id and its
lane, nothing else. It gives the queue, the lanes, the schedule and the restart; that a job which is done again does
nothing twice is the job's own business.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from dbos import DBOS, DBOSClient, Serializer, SetEnqueueOptions, SetWorkflowID

#: Raised only when what a job is given changes its meaning; a new program alone must not strand jobs that are running.
PROTOCOL = "1"
NAME, QUEUE, WORK, TICK = "throughline", "jobs", "do", "tick"
AT_ONCE = 4
POLL_SECONDS = 0.5
MOST_AT_ONCE = 1000
_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

Perform = Callable[[str], None]
Tick = Callable[[str, datetime], tuple[str, str] | None]


class Plain(Serializer):
    """The engine's books in plain JSON, so that anybody can see that they hold ids and moments only."""

    def serialize(self, data: Any) -> str:
        """Value to text; of an error only its kind, for its words may be somebody's."""
        return json.dumps(data, default=_as_json)

    def deserialize(cls, serialized_data: str) -> Any:
        """Text to value."""
        return json.loads(serialized_data, object_hook=_from_json)

    def name(self) -> str:
        """As the books call it."""
        return "throughline_json"


def _as_json(value: object) -> object:
    return {"at": value.isoformat()} if isinstance(value, datetime) else {"error": type(value).__name__}


def _from_json(value: dict[str, Any]) -> object:
    if value.keys() == {"at"}:
        return datetime.fromisoformat(value["at"])
    return RuntimeError(value["error"]) if value.keys() == {"error"} else value


class _Running:
    """What this process does now: one job of a lane at a time, whatever the engine believes."""

    def __init__(self) -> None:
        self.perform: Perform = lambda job_id: None
        self.tick: Tick = lambda name, at: None
        self.ids: set[str] = set()
        self._lanes: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def lane(self, name: str) -> threading.Lock:
        """The lock of a lane."""
        with self._guard:
            return self._lanes.setdefault(name, threading.Lock())


_running = _Running()


@DBOS.workflow(name=WORK, max_recovery_attempts=None)
def _do(job_id: str, lane: str) -> None:
    """One job, from its beginning: there are no steps to go on from."""
    _running.ids.add(DBOS.workflow_id or job_id)
    try:
        with _running.lane(lane):
            _running.perform(job_id)
    finally:
        _running.ids.discard(DBOS.workflow_id or job_id)


@DBOS.workflow(name=TICK, max_recovery_attempts=None)
def _tick(at: datetime, name: str) -> None:
    """The moment of a schedule has come."""
    asked = _running.tick(name, at)
    if asked is not None:
        _enqueue(*asked)


def _enqueue(job_id: str, lane: str) -> None:
    with SetWorkflowID(job_id), SetEnqueueOptions(queue_partition_key=lane):
        DBOS.enqueue_workflow(QUEUE, _do, job_id, lane)


class Engine:
    """The engine of a worker. There is one in a process."""

    def __init__(self, url: str, worker: str, perform: Perform, tick: Tick, schedule: Mapping[str, str]) -> None:
        """Begin to work as *worker*: its own jobs that were cut short are taken up at once.

        *perform* does the job of an id; *tick* says, when a name of *schedule* (name to cron, UTC) has come, which job in
        which lane that is, or None for nothing.
        """
        _running.perform, _running.tick = perform, tick
        self.worker = worker
        self._suspects: frozenset[str] = frozenset()
        DBOS(
            config={
                "name": NAME,
                "system_database_url": url,
                "application_version": PROTOCOL,
                "executor_id": worker,
                "serializer": Plain(),
                "log_level": "WARNING",
                "use_listen_notify": False,
            }
        )
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, partition_concurrency=1, polling_interval_sec=POLL_SECONDS)
        DBOS.apply_schedules(
            [
                {"schedule_name": name, "workflow_fn": _tick, "schedule": cron, "context": name, "automatic_backfill": False}
                for name, cron in schedule.items()
            ]
        )

    def enqueue(self, job_id: str, lane: str) -> None:
        """Have a job done once, after those of its lane that came before."""
        _enqueue(job_id, lane)

    def take_up(self, living: Iterable[str]) -> tuple[str, ...]:
        """Have done what nobody does: jobs of workers that are not among the *living*, and own ones that are not being done.

        An own job is nobody's when it is not being done in two looks one after the other.
        """
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        others = {*living, self.worker}
        mine = {one.workflow_id for one in pending if one.executor_id == self.worker} - _running.ids
        lost = [one for one in pending if one.executor_id not in others or one.workflow_id in mine & self._suspects]
        self._suspects = frozenset(mine)
        for one in lost:
            DBOS.resume_workflow(one.workflow_id, queue_name=QUEUE if one.name == WORK else None)
        return tuple(one.workflow_id for one in lost)

    def forgotten(self, job_ids: Iterable[str]) -> tuple[str, ...]:
        """Those jobs that the engine does not know, or believes to have ended."""
        wanted = list(job_ids)
        if not wanted:
            return ()
        known = DBOS.list_workflows(workflow_ids=wanted, load_input=False, load_output=False)
        alive = {one.workflow_id for one in known if one.status not in _ENDED}
        return tuple(one for one in wanted if one not in alive)

    def enqueue_again(self, job_id: str, lane: str) -> None:
        """Have a job done whatever the engine's books say of it."""
        DBOS.delete_workflow(job_id)
        _enqueue(job_id, lane)

    def forget(self, job_ids: Iterable[str], before: datetime) -> None:
        """Forget jobs, and the moments of the schedule that were over before then."""
        ticks = DBOS.list_workflows(
            name=TICK, completed_before=before.isoformat(), limit=MOST_AT_ONCE, load_input=False, load_output=False
        )
        DBOS.delete_workflows([*job_ids, *(one.workflow_id for one in ticks)])

    def stop(self, seconds: int) -> bool:
        """Begin nothing any more and let what runs end; False when it has not after so many seconds."""
        DBOS.destroy(workflow_completion_timeout_sec=seconds)
        return not _running.ids


# ---------------------------------------------------------------- for everybody else

_clients: dict[str, DBOSClient] = {}


def hand_in(url: str, job_id: str, lane: str) -> bool:
    """Tell the engine of a job from a process that does none. False when it cannot be told now: a worker finds it later."""
    try:
        client = _clients.get(url) or _clients.setdefault(url, _client(url))
        options: Any = {"workflow_name": WORK, "queue_name": QUEUE, "workflow_id": job_id, "queue_partition_key": lane}
        client.enqueue(options | {"app_version": PROTOCOL}, job_id, lane)
    except Exception as error:
        # The books are made by the first worker, and are its own: whatever is wrong with them, the job is noted.
        logging.getLogger("throughline.engine").info("not handed in", extra={"job": job_id, "error": type(error).__name__})
        return False
    return True


def _client(url: str) -> DBOSClient:
    return DBOSClient(
        system_database_url=url, serializer=Plain(), application_name=NAME, lazy=True, retry_connection_errors=False
    )


def let_go() -> None:
    """Give back the connections of `hand_in`."""
    while _clients:
        _clients.popitem()[1].destroy()
