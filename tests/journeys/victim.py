"""The process that is killed: one verb of the program in an installation, ended by SIGKILL at a given write point."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.journeys.office import Office
from tests.journeys.office import Office as _Office

VERBS: dict[str, Callable[[Office, Callable[[str], None]], Any]] = {
    "apply": _Office.apply,
    "sync": _Office.sync,
    "push": _Office.push,
    "release": lambda office, checkpoint: office.release("ada", "ben", checkpoint),
}


def run(verb: str, home: str, day: str, number: int, told: Any) -> None:
    """Do *verb* on *day* and die at write point *number*, counted from 0; tells the names of the points it passed at the end.

    A write point is every checkpoint of apply, pull and the folder, and the moment before every commit.
    """
    points: list[str] = []

    def checkpoint(name: str) -> None:
        if len(points) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        points.append(name)

    office = Office(Path(home), date.fromisoformat(day))
    event.listen(Engine, "commit", lambda connection: checkpoint("before a commit"))
    VERBS[verb](office, checkpoint)
    told.send(points)
