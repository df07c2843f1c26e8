"""How far property tests look: a sample in `make test`, a long way in a soak."""

from __future__ import annotations

from hypothesis import settings

USUAL = 30
FAR = 1000


def examples(count: int) -> int:
    """*count* in `make test`, many times as many in a soak."""
    return max(1, count * settings.default.max_examples // USUAL)
