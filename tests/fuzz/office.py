"""LibreOffice as somebody uses it: one headless office, driven by its own Python, that opens, edits and saves files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_DRIVER = Path(__file__).with_name("office_driver.py")
_PYTHONS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python")
Order = tuple[str, Mapping[str, Any]]
"""A verb of the driver with its arguments."""


class Office:
    """A running office."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._answer() == {"ready": True}

    def edit(self, path: Path, edits: Sequence[Order]) -> list[str]:
        """Open *path*, make the edits and save it in its place; returns the verbs that found something to do."""
        target = path.with_name(f"saved{path.suffix}")
        order = {"source": str(path), "target": str(target), "edits": edits}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert "done" in answer, answer
        target.replace(path)
        return list(answer["done"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the office ended"
        return dict(json.loads(line))


@cache
def python_with_uno() -> str:
    """The Python that speaks with LibreOffice, "" when there is none."""
    for python in filter(shutil.which, _PYTHONS):
        if subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return python
    return ""


@contextmanager
def running_office() -> Iterator[Office]:
    """An office for as long as it is needed. Without one the test is skipped by name; in CI nothing may be missing."""
    python = python_with_uno()
    if not python and not os.environ.get("CI"):
        pytest.skip("needs python3-uno, which is not installed")
    process = subprocess.Popen([python, str(_DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Office(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(60)
        process.stdout.close()
