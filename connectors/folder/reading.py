"""Read files of the folder: here when they are few, in several processes when they are many.

Taking an Office file apart is work, not waiting, so threads gain nothing. Each process is a program of its own that is
asked over a pipe: it ends when this one does, however that ends, and what it leaves unread is read here.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from connectors.folder.codecs import Mismatch, content_of
from connectors.folder.faults import fault
from connectors.folder.folders import Folders, Refused
from connectors.folder.writing import read_bytes, version_of
from connectors.office.package import BrokenFile
from connectors.workspace import Failed, Snapshot
from templates.shapes import DocumentShape, TableShape

Wanted = tuple[str, TableShape | DocumentShape | None]
Result = Snapshot | Failed

MANY = 300
"""From so many files on, several processes read them sooner than one, their start included."""
MOST_PROCESSES = 4
CHUNK = 10
"""Files that a process is asked for at once."""


def read_all(
    wanted: Iterable[Wanted], roots: Mapping[str, Path], *, many: int = MANY, processes: int | None = None
) -> Iterator[Result]:
    """What stands in each of the *wanted* files, in their order; read by so many *processes*, as many as there are cores."""
    waiting = iter(wanted)
    first = list(islice(waiting, many))
    processes = processes or min(_cores(), MOST_PROCESSES)
    if len(first) < many or processes < 2:
        folders = folders_of(roots)
        return (read_one(ref, shape, folders) for ref, shape in chain(first, waiting))
    return _read_beside(chain(first, waiting), roots, processes)


def folders_of(roots: Mapping[str, Path]) -> Folders:
    """Where things lie, for reading."""
    return Folders(roots, lambda step: None)


def read_one(ref: str, shape: TableShape | DocumentShape | None, folders: Folders) -> Result:
    """What stands in one file, or why it cannot be read."""
    try:
        data = read_bytes(folders.locate(ref))
        facts, content = content_of(ref, data, shape)
    except OSError as error:
        return Failed(ref, fault(ref, error))
    except BrokenFile as error:
        return Failed(ref, f"{ref}: {error}", busy=folders.is_being_edited(ref))
    except (Mismatch, Refused) as error:
        return Failed(ref, f"{ref}: {error}")
    return Snapshot(ref, facts.key, version_of(data), content, facts.modified_by, facts.modified_at)


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ---------------------------------------------------------------- this side of the pipe


def _read_beside(wanted: Iterator[Wanted], roots: Mapping[str, Path], processes: int) -> Iterator[Result]:
    readers: SimpleQueue[_Reader] = SimpleQueue()
    those = [_Reader(roots) for _ in range(processes)]
    for one in those:
        readers.put(one)

    def work(chunk: Sequence[Wanted]) -> list[Result]:
        reader = readers.get()
        try:
            return reader.read(chunk)
        finally:
            readers.put(reader)

    chunks = iter(lambda: list(islice(wanted, CHUNK)), [])
    pool = ThreadPoolExecutor(processes)
    try:
        yield from _in_order(pool, work, chunks, ahead=2 * processes)
    finally:
        pool.shutdown(cancel_futures=True)
        for one in those:
            one.close()


def _in_order(
    pool: ThreadPoolExecutor,
    work: Callable[[Sequence[Wanted]], list[Result]],
    chunks: Iterable[Sequence[Wanted]],
    ahead: int,
) -> Iterator[Result]:
    """The results of all *chunks*, never more than some *ahead* of whoever takes them: they are large."""
    begun: deque[Future[list[Result]]] = deque()
    for chunk in chunks:
        begun.append(pool.submit(work, chunk))
        if len(begun) > ahead:
            yield from begun.popleft().result()
    while begun:
        yield from begun.popleft().result()


class _Reader:
    """One process that reads."""

    def __init__(self, roots: Mapping[str, Path]) -> None:
        self._roots = roots
        command = [sys.executable, "-c", "from connectors.folder.reading import serve; serve()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._is_lost = False
        with suppress(OSError):
            self._tell(dict(roots))

    def read(self, chunk: Sequence[Wanted]) -> list[Result]:
        """What stands in these files. A process that was ended from outside leaves its work to this one."""
        if not self._is_lost:
            try:
                self._tell(chunk)
                found: list[Result] = pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 - our own process
                return found
            except (OSError, EOFError, pickle.UnpicklingError):
                self._is_lost = True
        folders = folders_of(self._roots)
        return [read_one(ref, shape, folders) for ref, shape in chunk]

    def _tell(self, what: object) -> None:
        pipe: BinaryIO = self._process.stdin  # type: ignore[assignment]
        pickle.dump(what, pipe)
        pipe.flush()

    def close(self) -> None:
        """Let it end, and wait until it has."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()


# ---------------------------------------------------------------- the other side


def serve() -> None:
    """Read what the other side of the pipe asks for, until it asks no more. It alone is told to stop by Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        folders = folders_of(pickle.load(asked))  # noqa: S301 - whoever started us
        while True:
            chunk = pickle.load(asked)  # noqa: S301 - whoever started us
            pickle.dump([read_one(ref, shape, folders) for ref, shape in chunk], answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
    except (EOFError, BrokenPipeError):
        os._exit(0)  # at once: what nobody takes is not to be written
