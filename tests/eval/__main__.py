"""`python -m tests.eval`: draft generated people, judge the drafts, print one table, exit with 1 when a target is missed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

from tests.eval.evaluate import WORDS, Result, evaluate

RECALL, TIMES_BASELINE = 0.75, 1.4
HELD_OUT_SEED = 10_000
"""The held-out bank has seeds of its own as well; its examples are never printed."""


@dataclass(frozen=True)
class Line:
    """A figure beside its target; *met* is None where there is no target."""

    measured: str
    figure: str
    target: str = ""
    met: bool | None = None


def lines(result: Result) -> Iterator[Line]:
    """The metrics of the rule book, in its order."""
    found = result.verdict
    yield Line("drafts, statements, citations", f"{2 * result.people}, {found.statements}, {found.citations}")
    for name, some in (
        ("statements that the guard objects to", result.violations),
        ("unsupported statements, false witnesses included", found.unsupported),
        ("hallucinated numbers", found.numbers),
        ("other people's achievements", found.strangers),
        ("private notes that leaked", found.leaks),
        ("notes of other periods", found.out_of_period),
        ("months above their quota", found.over_quota),
    ):
        yield Line(name, str(len(some)), "0", not some)
    share = len(found.off_topic) / max(1, found.quotations)
    yield Line("small talk and jokes among quotations", f"{share:.1%}", "≤ 3 %", share <= 0.03)
    twice = len(found.told_twice) / max(1, found.quotations)
    yield Line("facts told twice, of all quotations", f"{twice:.1%}", "≤ 5 %", twice <= 0.05)
    draft, best = result.mean("draft"), result.best_baseline
    yield Line(f"weighted fact recall at {WORDS} words", f"{draft:.2f}", f"≥ {RECALL}", draft >= RECALL)
    yield Line("the same, × the better baseline", f"{draft / best:.2f}", f"≥ {TIMES_BASELINE}", draft >= TIMES_BASELINE * best)
    yield Line("  its words with sources named, mean", f"{_mean(result.words):.0f}")
    for name in ("lead", "latest", "textrank", "oracle"):
        yield Line(f"  recall of {name}", f"{result.mean(name):.2f}" if name in result.recalls else "not installed")
    longest = max(result.whole_words)
    yield Line("words of a whole draft, mean and most", f"{_mean(result.whole_words):.0f}, {longest}", "≤ 700", longest <= 700)
    yield Line("recall of a whole draft", f"{_mean(result.whole_recall):.2f}")
    for kind, caught in result.mutations.items():
        yield Line(f"mutations caught: {kind}", f"{sum(caught)} of {len(caught)}", "all", all(caught))
    yield Line("one draft, mean of CPU time", f"{_mean(result.milliseconds):.1f} ms")


def _mean(figures: list[int] | list[float]) -> float:
    return sum(figures) / max(1, len(figures))


@click.command()
@click.option("--people", default=60, show_default=True, help="How many people for each bank of sentences.")
@click.option("--examples", is_flag=True, help="Print what was found wrong in the open bank (never in the held-out one).")
def main(people: int, examples: bool) -> None:
    """Two banks: the open one to work with, the held-out one, other sentences and other seeds, for the figure that counts."""
    console = Console(highlight=False, width=110)
    missed = False
    for bank, first in (("open", 0), ("held_out", HELD_OUT_SEED)):
        result = evaluate(bank, range(first, first + people), mutated=max(1, people // 6))
        table = Table(
            f"{bank.replace('_', ' ')} bank, {people} people", "figure", "target", "", show_edge=False, pad_edge=False
        )
        for line in lines(result):
            verdict = "" if line.met is None else "[green]met[/]" if line.met else "[red]missed[/]"
            missed = missed or line.met is False
            table.add_row(line.measured, line.figure, line.target, verdict)
        console.print(table)
        console.print()
        if examples and bank == "open":
            _show(console, result)
    sys.exit(missed)


def _show(console: Console, result: Result) -> None:
    found = result.verdict
    for name in ("unsupported", "numbers", "strangers", "leaks", "out_of_period", "off_topic", "over_quota", "told_twice"):
        for text in getattr(found, name)[:12]:
            console.print(f"{name}: {text}", markup=False)
    for text in (*result.violations[:10], *result.missed[:10]):
        console.print(text, markup=False)


if __name__ == "__main__":
    main()
