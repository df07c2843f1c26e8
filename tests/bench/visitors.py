"""Who looks at the console of the large company, and how they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from addon.company import Company
from addon.signin.sessions import LASTS
from sync.store.queries import sessions
from tests.bench.large import SPAN


@dataclass(frozen=True)
class Scale:
    """How large the company is and how much is asked of its console."""

    people: int = 10_000
    asked: int = 40
    """How often each page is asked for by each kind of viewer, wherever there are so many each time by somebody else."""
    crowd: int = 50
    """How many people use the console at once, and ..."""
    seconds: float = 60.0
    """... for how long."""
    also_postgresql: bool = True


def of_all(count: int) -> Callable[[int], int]:
    """Somebody anywhere in the company who works there, by turn."""
    return lambda turn: (turn * 997 + 3) % (count - 1)


def managers(count: int) -> Callable[[int], int]:
    """Somebody who manages people."""
    return lambda turn: (turn * 97) % max(1, (count - 2) // SPAN)


def reports(count: int) -> Callable[[int], int]:
    """The first whom that manager manages."""
    return lambda turn: managers(count)(turn) * SPAN + 1


def with_drafts(scale: Scale) -> list[int]:
    """Whose reviews the pages show."""
    return sorted({reports(scale.people)(turn) for turn in range(max(scale.asked, scale.crowd))})


def token_of(person_id: str) -> str:
    """Of the session of that person."""
    return f"token-{person_id}"


def sign_in(company: Company, person_id: str) -> None:
    """Begin that session, anew if need be."""
    with company.store.write() as tx:
        sessions.end(tx, token_of(person_id))
        sessions.begin(tx, token_of(person_id), person_id, company.real_now, LASTS)


def at_95(values: list[float]) -> float:
    """The value below which 95 of a hundred lie."""
    return sorted(values)[max(0, int(len(values) * 0.95) - 1)]
