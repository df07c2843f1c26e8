"""The bench runs: every row appears. Nothing here looks at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHES
from tests.bench.table import Row, Time, best

ROOT = Path(__file__).parents[2]


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    """What `python -m tests.bench` prints with these options."""
    command = [sys.executable, "-m", "tests.bench", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def names(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The names in the first column of the table, each once, in order."""
    cells = [line.split("│")[0].strip() for line in done.stdout.splitlines() if "│" in line]
    return [cell for cell in dict.fromkeys(cells) if cell]


def test_quick_bench_prints_every_row() -> None:
    """A quick bench measures everything once and names each row in its table."""
    done = bench("--quick")
    assert done.returncode == 0, done.stderr
    assert names(done) == list(BENCHES)
    assert "peak memory" in done.stdout


def test_only_named_rows_are_measured() -> None:
    """With --only, no other row is measured or printed."""
    done = bench("--quick", "--only", "again")
    assert done.returncode == 0, done.stderr
    assert names(done) == ["again"]


def test_unknown_row_is_refused_with_the_known_ones() -> None:
    """A name that is no row's ends the bench with the names there are."""
    done = bench("--only", "nothing")
    assert done.returncode == 2
    assert all(name in done.stderr for name in BENCHES)


@pytest.mark.parametrize(("figure", "most", "over"), [(1.0, 1.0, False), (1.01, 1.0, True), (9.9, None, False)])
def test_floor_is_missed_only_above_it(figure: float, most: float | None, over: bool) -> None:
    """A figure at its floor is fine, and a row without a floor is never over."""
    assert Row("x", "", figure, "s", most).is_over is over


def test_best_time_is_the_quickest_on_the_wall() -> None:
    """Of several times the shortest wait counts, whatever work the others took."""
    assert best([Time(2.0, 0.1), Time(1.0, 0.9)]) == Time(1.0, 0.9)
