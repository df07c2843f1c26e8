"""What a workspace without a sidebar shows on a person's home page: a few lines that the program owns and refreshes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from connectors.workspace import Failed


@dataclass(frozen=True)
class Line:
    """One line; *target* is where it leads, "" for nowhere."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Glance:
    """What a home is to say. *block* is where it was said last ("" for nowhere yet), *written* what `digest` gave for that."""

    owner_id: str
    lines: tuple[Line, ...]
    block: str = ""
    written: str = ""


class Outcome(StrEnum):
    """What became of one."""

    WRITTEN = "written"
    BESIDE = "beside"
    """Somebody had written into the former one: it stays as it is, and a new one stands beside it."""
    REMOVED = "removed"
    """Somebody took the former one away: it is not made again."""


@dataclass(frozen=True)
class Shown:
    """Where a glance stands now, and what it says."""

    owner_id: str
    block: str
    written: str
    outcome: Outcome


@runtime_checkable
class ShowsGlances(Protocol):
    """A workspace whose homes can say something. A person without a home is a `Failed`."""

    def glance(self, wanted: Iterable[Glance]) -> Iterator[Shown | Failed]:
        """Say it on each home, touching nothing that people wrote; one result each, in order."""


def said(lines: Sequence[Line]) -> str:
    """The words of a glance, without where they lead."""
    return "\n".join(line.text for line in lines)


def digest(words: str) -> str:
    """By which a glance is known to be as it was written."""
    return hashlib.sha256(words.encode()).hexdigest()
