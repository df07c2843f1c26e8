"""Which criterion a note belongs to: by its own signals, and by what English and German call the same things. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sync.review.vocabulary import CONCEPTS
from templates.shapes import Criterion

OWN_SIGNAL, CONCEPT = 2, 1
"""What a hit of a criterion's own signal counts, and one of a word for the same thing."""
SIGNALS_OF_A_CONCEPT = 2
"""A criterion with so many signals among a concept's words means that concept."""
CLOSE = 0.5
"""A note belongs to every criterion that it touches at least so strongly as the one it touches most."""


def touches(text: str, criterion: Criterion) -> bool:
    """Whether a word of *text* begins with one of the criterion's signals, or with a word for the same thing."""
    return strength(text, criterion) > 0


def strength(text: str, criterion: Criterion) -> int:
    """How strongly *text* points to *criterion*: each signal counts once."""
    folded = text.casefold()
    return OWN_SIGNAL * _hits(_signals(criterion.signals), folded) + CONCEPT * _hits(_related(criterion.signals), folded)


def belongs(texts: Sequence[str], criteria: Sequence[Criterion]) -> Mapping[str, int]:
    """How strongly a note in one or several wordings points to each of *criteria*, by key; only those it belongs to."""
    found = {one.key: max(strength(text, one) for text in texts) for one in criteria}
    most = max(found.values(), default=0)
    return {key: points for key, points in found.items() if points and points >= CLOSE * most}


def support(texts: Iterable[str], criteria: Sequence[Criterion]) -> Counter[str]:
    """How many of *texts* belong to each of *criteria*, by key: what a rating of it could rest on (rule E1)."""
    return Counter(key for text in texts for key in belongs((text,), criteria))


def _hits(signals: re.Pattern[str] | None, folded: str) -> int:
    return 0 if signals is None else len(set(signals.findall(folded)))


@lru_cache(maxsize=512)
def _signals(signals: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of *signals* at the beginning of a word; a signal of several words may have any space between them."""
    return _beginnings(signals)


@lru_cache(maxsize=512)
def _related(signals: tuple[str, ...]) -> re.Pattern[str] | None:
    """What else is called like the things that *signals* mean."""
    own = tuple(signal.casefold() for signal in signals)
    related: dict[str, None] = {}
    for words in CONCEPTS:
        if (
            sum(1 for signal in own if any(signal.startswith(word) or word.startswith(signal) for word in words))
            >= SIGNALS_OF_A_CONCEPT
        ):
            related |= dict.fromkeys(word for word in words if not any(word.startswith(signal) for signal in own))
    return _beginnings(related)


def _beginnings(signals: Iterable[str]) -> re.Pattern[str] | None:
    found = [r"\s+".join(map(re.escape, signal.casefold().split())) for signal in signals if signal.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})") if found else None
