"""A sync that ends itself with SIGKILL after so many writes: ``python -m tests.sync.pull.killed DB FOLDER COUNT``."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from sync.store import Store
from tests.sync.pull.folder_world import FolderWorld
from tests.sync.pull.world import NOW


def main(database: str, folder: str, count: int) -> None:
    """One pull; every checkpoint is printed, the last one kills."""
    world = FolderWorld(Store.open(f"sqlite:///{database}"), Path(folder), NOW + timedelta(hours=1))
    left = count

    def step(point: str) -> None:
        nonlocal left
        print(point, flush=True)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    world.checkpoint = step
    world.pull()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
