"""What every command shares: how it prints, asks, shows progress and ends.

Exit codes: 0 fine; 1 something was not done: items failed, a release was refused, a question was not answered; 2 what was
given cannot be used, and nothing was done.

What draws is imported where something is drawn: the console, which starts in less than a second, draws nothing here.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click

T = TypeVar("T")

SOME_FAILED = 1
BAD_INPUT = 2


def operator() -> str:
    """Who types: the user as the operating system knows them, whatever the environment says."""
    if os.name != "posix":
        return getpass.getuser()
    import pwd

    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container whose user has no name
        return f"user {number}"


class BadInput(click.ClickException):
    """Something the caller gave cannot be used; nothing was done."""

    exit_code = BAD_INPUT

    def show(self, file: Any = None) -> None:
        """Print the sentence itself; click's own prefix stays."""
        click.echo(f"error: {self.format_message()}", file=file or sys.stderr)


class NotDone(BadInput):
    """What was asked for is clear, but what stands in the documents forbids it; nothing was done."""

    exit_code = SOME_FAILED


def remark(text: str) -> None:
    """A line for people beside the result, on stderr: what a command took for granted."""
    click.echo(text, err=True)


def say(text: str = "") -> None:
    """A line for people."""
    click.echo(text)


def give_json(value: Any) -> None:
    """The one JSON document of a command with `--json`."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """A table as wide as the terminal; in a pipe, as wide as it needs to be."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 160)
    drawn = Table(*columns, title=title or None, title_justify="left", show_edge=False, pad_edge=False)
    for row in rows:
        drawn.add_row(*(escape(_plain(cell)) for cell in row))
    console.print(drawn)


def _plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while the block runs; none when stderr is not a terminal. Call what it gives with the steps done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps: bar.advance(task, steps)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`: the result as one JSON document."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")(command)


def ends(failed: int) -> None:
    """End the command with exit code 1 when *failed* items did not work."""
    if failed:
        sys.exit(SOME_FAILED)


def teaching(*kinds: type[Exception]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Turn expected exceptions of the floors below into one sentence and exit code 2."""

    def wrap(function: Callable[..., T]) -> Callable[..., T]:
        @wraps(function)
        def run(*args: Any, **more: Any) -> T:
            try:
                return function(*args, **more)
            except kinds as error:
                raise BadInput(str(error)) from error

        return run

    return wrap
