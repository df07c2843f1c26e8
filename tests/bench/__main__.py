"""`python -m tests.bench`: measure, print one table, exit with 1 when a floor is missed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import click

from tests.bench import cards, console, drafting, google, hooks, notion, provision, reading, start
from tests.bench.company import Ground
from tests.bench.table import Row, show
from tests.bench.visitors import Scale


@dataclass
class Bench:
    """How much to measure, and where. What several rows stand on is made once."""

    folder: Path
    people: int
    sample: int
    companies: tuple[int, ...] = notion.SIZES
    """How many people work in each emulated Notion and Google."""
    edits: int = 20
    """How often somebody writes on a platform and waits."""
    scale: Scale = field(default_factory=Scale)
    """Of the console."""

    @cached_property
    def ground(self) -> Ground:
        """The company that is provisioned and read."""
        return Ground(self.folder, self.people, self.sample)


BENCHES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "provision": lambda bench: provision.provisioning(bench.ground),
    "again": lambda bench: provision.again(bench.ground),
    "read": lambda bench: reading.reading(bench.ground),
    "sync": lambda bench: reading.syncing(bench.ground),
    "drafts": lambda bench: drafting.drafting(bench.folder, min(bench.people, bench.sample**2)),
    "notion": lambda bench: notion.notion(bench.folder, bench.companies),
    "hooks": lambda bench: hooks.hearing(bench.folder / "hooks", bench.edits, bench.edits * 50),
    "cards": lambda bench: cards.cards(bench.folder / "cards", bench.scale),
    "start": lambda bench: start.start(bench.folder, min(5, bench.sample // 4)),
    "console": lambda bench: console.console(bench.folder, bench.scale),
    "google": lambda bench: google.google(bench.folder, bench.companies),
}


@click.command()
@click.option("--quick", is_flag=True, help="A few people only: shows that every row works, tells nothing of speed.")
@click.option("--only", type=click.Choice(list(BENCHES)), multiple=True, help="Only the rows of this name (may be repeated).")
def main(quick: bool, only: tuple[str, ...]) -> None:
    """Measure this program on this machine. Files and databases go to the folder for temporary files (TMPDIR)."""
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        bench = (
            Bench(Path(folder), 20, 4, (10,), 2, Scale(80, 2, 3, 0.5, also_postgresql=False))
            if quick
            else Bench(Path(folder), 1000, 60)
        )
        rows = [row for name in only or BENCHES for row in BENCHES[name](bench)]
    show(rows)
    sys.exit(not quick and any(row.is_over for row in rows))


if __name__ == "__main__":
    main()
