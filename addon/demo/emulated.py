"""An emulator beside the demo, in a process of its own: on two cores, the story and the platform share the work."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from flask import Flask

from addon.terminal import BadInput

PATIENCE_SECONDS = 60.0
"""How long it may take to start, and to end."""


@contextmanager
def beside(make: Callable[[dict[str, object]], Flask], seed: dict[str, object]) -> Iterator[str]:
    """The emulator that *make*, a function of a module, makes of *seed*, while the block runs; the value is its address."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(make, seed, theirs), name="emulator", daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE_SECONDS):
            raise BadInput(f"the emulator has not started within {PATIENCE_SECONDS:.0f} s: try again on a quieter machine")
        try:
            url = str(ours.recv())
        except EOFError:
            raise BadInput("the emulator could not be started; why stands above") from None
        yield url
    finally:
        ours.close()
        child.join(PATIENCE_SECONDS)
        child.kill()


def _serve(make: Callable[[dict[str, object]], Flask], seed: dict[str, object], parent: Connection) -> None:
    """Serve until the other end is closed: by the demo, or because the demo is gone, however it went."""
    from connectors.emulator.serving import served

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the demo's to answer
    with served(make(seed)) as url:
        parent.send(url)
        try:
            parent.recv()
        except EOFError:
            return
