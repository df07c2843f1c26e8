"""Work done by several threads at a time, so that waiting for one answer hides behind the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import TypeVar

from connectors.limiter import Clock

T = TypeVar("T")


class Crew:
    """At most *size* threads. On a virtual clock, time waits for each of them."""

    def __init__(self, size: int, clock: Clock) -> None:
        self.size = max(1, size)
        self._clock = clock

    def all(self, tasks: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """What each of *tasks* returned or raised, in their order."""
        results: list[T | Exception] = [RuntimeError("not done")] * len(tasks)
        waiting = iter(list(enumerate(tasks)))
        taking = threading.Lock()

        def work() -> None:
            while True:
                with taking:
                    number, task = next(waiting, (-1, None))
                if task is None:
                    return
                try:
                    results[number] = task()
                except Exception as error:
                    results[number] = error

        hands = min(self.size, len(tasks))
        if hands <= 1:
            work()
            return results
        self._together(work, hands)
        return results

    def _together(self, work: Callable[[], None], hands: int) -> None:
        """Run *work* in as many threads. All of them take part in the clock before the first one starts."""
        parts = [ExitStack() for _ in range(hands)]
        for part in parts:
            part.enter_context(self._part())

        def begin(part: ExitStack) -> None:
            with part:
                work()

        threads = [threading.Thread(target=begin, args=(part,), daemon=True) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _part(self) -> AbstractContextManager[None]:
        taking_part: Callable[[], AbstractContextManager[None]] | None = getattr(self._clock, "taking_part", None)
        return taking_part() if taking_part else nullcontext()


def sound(results: Sequence[T | Exception]) -> list[T]:
    """*results* when none of them is an exception; else the first one is raised."""
    for result in results:
        if isinstance(result, Exception):
            raise result
    return [result for result in results if not isinstance(result, Exception)]
