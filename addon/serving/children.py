"""Start processes and keep them: what ends by itself is started again, what ends at once for a reason ends everything."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

log = logging.getLogger("throughline.serve")

LOOK_SECONDS = 0.2
GRACE_SECONDS = 40.0
"""How long children get to end before they are killed: longer than the jobs and pages in them get."""
SLOWEST_SECONDS = 30.0
STEADY_SECONDS = 10.0
"""A child that ran for so long is started again at once; one that ended sooner waits, each time twice as long."""
PARENT = "SERVED_BY"
HOPELESS = 2
"""The exit code of bad input: at the first start nothing is to be gained by another one."""


@dataclass
class Child:
    """One kind of process and the one that runs now."""

    name: str
    command: Sequence[str]
    given: Mapping[str, str] = field(default_factory=dict)
    into: IO[bytes] | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0
    starts: int = 0

    def start(self) -> None:
        """Begin it."""
        self.started = time.monotonic()
        self.starts += 1
        # A group of its own: Ctrl-C reaches the parent alone, which tells its children in order.
        given = {**os.environ, **self.given, PARENT: str(os.getpid())}
        self.process = subprocess.Popen(self.command, env=given, process_group=0, stdout=self.into, stderr=self.into)
        log.info("started", extra={"child": self.name, "pid": self.process.pid})

    def tell(self, number: int) -> None:
        """Send it a signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def rests(self, now: float) -> bool:
        """Whether it ended too soon to be started again yet; counts how often."""
        return now < self.started + self.wait


@dataclass
class Children:
    """Processes that live and end together, with what is *given* in their environment, writing *into* one file."""

    commands: Mapping[str, Sequence[str]]
    given: Mapping[str, str] = field(default_factory=dict)
    into: IO[bytes] | None = None
    _children: list[Child] = field(default_factory=list)
    _told: list[int] = field(default_factory=list)

    def keep(self) -> int:
        """Run until SIGTERM or SIGINT; SIGHUP is passed on. Returns an exit code: that of a child that cannot start."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda got, _frame: self._told.append(got))
        self._children = [Child(name, command, self.given, self.into) for name, command in self.commands.items()]
        for child in self._children:
            child.start()
        code: int | None = None
        while code is None:
            time.sleep(LOOK_SECONDS)
            code = self._look()
        self._end()
        return code

    def _look(self) -> int | None:
        while self._told:
            if self._told.pop(0) != signal.SIGHUP:
                return 0
            for child in self._children:
                child.tell(signal.SIGHUP)
        for child in self._children:
            if child.process is not None and (code := child.process.poll()) is not None:
                if code == HOPELESS and child.starts == 1:
                    return HOPELESS
                self._again(child, code)
        return None

    def _again(self, child: Child, code: int) -> None:
        now = time.monotonic()
        if now - child.started > STEADY_SECONDS:
            child.wait = 0.0
        if child.rests(now):
            return
        log.warning("ended by itself", extra={"child": child.name, "code": code})
        child.start()
        # What was killed is well; what ended with an error is likely to end with it again.
        child.wait = min(SLOWEST_SECONDS, max(1.0, child.wait * 2)) if code > 0 else 1.0

    def _end(self) -> None:
        for child in self._children:
            child.tell(signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        for child in self._children:
            _wait(child, lambda: max(0.0, end - time.monotonic()))


def _wait(child: Child, left: Callable[[], float]) -> None:
    if child.process is None:
        return
    try:
        child.process.wait(left())
    except subprocess.TimeoutExpired:
        log.warning("killed", extra={"child": child.name})
        child.process.kill()
        child.process.wait()


def is_child() -> bool:
    """Whether this process was started by `Children`."""
    return PARENT in os.environ


def end_with_parent() -> None:
    """Let this process be told to end when the one that keeps it is killed. Linux only; elsewhere it goes on alone."""
    keeper = os.environ.get(PARENT)
    if keeper is None or not sys.platform.startswith("linux"):
        return
    tell_me_when_parent_dies = 1
    ctypes.CDLL(None).prctl(tell_me_when_parent_dies, signal.SIGTERM)
    if str(os.getppid()) != keeper:  # it died before it could be asked
        os.kill(os.getpid(), signal.SIGTERM)
