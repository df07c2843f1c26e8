"""Logs: one JSON object a line on stderr, with ids, counts and places in the program, never with what somebody wrote.

The words of an error may be somebody's; so an error is told by its kind and by where it happened.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: Other libraries' records are kept from this level on, without the values that were put into their words.
OTHERS = logging.WARNING


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        if isinstance(record.args, tuple) and (numbers := [value for value in record.args if isinstance(value, int)]):
            line["values"] = numbers
        line |= {name: value for name, value in vars(record).items() if name not in _OWN and _is_ours(record)}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "where": places(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def places(trace: TracebackType | None) -> list[str]:
    """File, line and function of each step into an error."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "throughline"


def setup_logs() -> None:
    """Write this process's log to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=OTHERS, handlers=[handler], force=True)
    logging.getLogger("throughline").setLevel(logging.INFO)
    # These bring handlers of their own, which would print the words of errors.
    for name in ("dbos", "gunicorn.error", "gunicorn.access", "alembic"):
        other = logging.getLogger(name)
        other.handlers[:] = [logging.NullHandler()] if name == "gunicorn.access" else [handler]
        other.propagate = False
