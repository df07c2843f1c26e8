"""The bench runs: every row appears. Nothing here looks at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from addon.settings import load
from tests.addon.web.access_table import RULES
from tests.bench.__main__ import BENCHES, main
from tests.bench.console import NO_PAGES, pages
from tests.bench.table import Row, Time, best

ROOT = Path(__file__).parents[2]


def names(table: str) -> list[str]:
    """The names in the first column of the table, each once, in order."""
    cells = [line.split("│")[0].strip() for line in table.splitlines() if "│" in line]
    return [cell for cell in dict.fromkeys(cells) if cell]


@pytest.mark.parametrize(
    "left_out", [frozenset({"hooks"}), pytest.param(frozenset(), marks=pytest.mark.soak)], ids=["but the hooks", "all"]
)
def test_quick_bench_prints_every_row(left_out: frozenset[str]) -> None:
    """A quick bench measures everything once and names each row; what the hooks' waits on, `tests.journeys` does as well."""
    wanted = [name for name in BENCHES if name not in left_out]
    only = [word for name in wanted for word in ("--only", name)]
    command = [sys.executable, "-m", "tests.bench", "--quick", *(only if left_out else ())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert names(done.stdout) == wanted
    assert "peak memory" in done.stdout


def test_only_named_rows_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """With --only, no other row is measured or printed."""
    with pytest.raises(SystemExit) as ended:
        main(["--quick", "--only", "again"], standalone_mode=False)
    assert not ended.value.code
    assert names(capsys.readouterr().out) == ["again"]


def test_unknown_row_is_refused_with_the_known_ones() -> None:
    """A name that is no row's ends the bench with the names there are."""
    done = CliRunner().invoke(main, ["--only", "nothing"])
    assert done.exit_code == 2
    assert all(name in done.output for name in BENCHES)


def test_every_page_of_the_console_is_measured(tmp_path: Path) -> None:
    """What the table of access lists as a page has a row, whoever may open it."""
    known = {page.endpoint for page in pages(100, load(tmp_path, {}))}
    assert {rule.endpoint for rule in RULES if rule.method == "GET"} - known == NO_PAGES


@pytest.mark.parametrize(("figure", "most", "over"), [(1.0, 1.0, False), (1.01, 1.0, True), (9.9, None, False)])
def test_floor_is_missed_only_above_it(figure: float, most: float | None, over: bool) -> None:
    """A figure at its floor is fine, and a row without a floor is never over."""
    assert Row("x", "", figure, "s", most).is_over is over


def test_best_time_is_the_quickest_on_the_wall() -> None:
    """Of several times the shortest wait counts, whatever work the others took."""
    assert best([Time(2.0, 0.1), Time(1.0, 0.9)]) == Time(1.0, 0.9)
