"""From nothing to the first answer of the console: imports, settings, the app, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from addon.settings import load
from addon.setup.commands import found
from sync.records import Person
from tests.bench.table import Row, Time, best

FIRST_BYTE = 1.0
_COLD = """
import json, sys, time
wall, cpu = time.perf_counter(), time.process_time()
from addon import create_app
from addon.company import Company, load_settings
assert create_app(Company(load_settings(sys.argv[1]))).test_client().get("/healthz").status_code == 200
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))
"""


def start(folder: Path, rounds: int) -> Iterator[Row]:
    """One row: the best of a few, for others on the same cores only ever add."""
    home = folder / "start"
    found(load(home, {}), "Acme", Person("admin001", "Adam Min", "adam@example.org", access="admin", takes_part=False))
    command = [sys.executable, "-c", _COLD, str(home)]
    # As it is installed: compiled once. The first round may do that.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    runs = [subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout for _ in range(rounds)]
    took = best(Time(*json.loads(run)) for run in runs)
    yield Row("start", f"first byte after a cold start, best of {rounds}", took.wall, "s", FIRST_BYTE, str(took))
