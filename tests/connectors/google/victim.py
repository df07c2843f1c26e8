"""The process that is killed: commands of the program, one after the other, in an installation."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def run(home: str, today: str, commands: Sequence[Sequence[str]]) -> None:
    """Do them all as from a terminal, silently; ends with 0 when each ended well."""
    from addon.cli import main

    os.environ["THROUGHLINE_TODAY"] = today
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - open as long as the process lives
    for command in commands:
        main(["--home", home, *command], standalone_mode=False)
