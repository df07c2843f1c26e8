"""Many values in one question, no more at once than every database takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

CHUNK = 500


def chunks(items: Iterable[str]) -> Iterator[Sequence[str]]:
    """*items* in order, at most `CHUNK` at a time."""
    whole = list(items)
    return (whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK))
