"""What the selector sees of a note: stems, numbers, dates and negations, in English and German alike. Pure.

Nothing here is shown to anybody: quotations stay as they were typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from sync.review.vocabulary import ENGLISH, GERMAN, MONTHS, NEGATIONS, PLAIN

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CLAUSES = re.compile(r"[,.;:!?()]\s|\s[–—-]\s|\n")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}})?|\b\d{{1,2}}\.?\s+(?:{_MONTH})\b|\b(?:{_MONTH})\s+\d{{1,2}}\b",
    re.IGNORECASE,
)
_ENDINGS = (
    "ments",
    "ment",
    "ings",
    "ing",
    "ungen",
    "ung",
    "ied",
    "ies",
    "ern",
    "est",
    "ed",
    "es",
    "en",
    "er",
    "em",
    "ly",
    "s",
    "e",
    "t",
)
_STEM = 7
_SHORT = 4
_REACH = 3
"""So many words a negation reaches."""


@dataclass(frozen=True)
class Features:
    """One text, taken apart."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words as typed."""
        return tuple(_WORD.findall(self.text))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Its words without regard to case."""
        return tuple(word.casefold() for word in self.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of words that carry meaning."""
        return frozenset(stem(word) for word in self.folded if len(word) > 2 and word not in PLAIN)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Amounts, without those that are parts of dates."""
        return frozenset(found.rstrip(".,:") for found in _NUMBER.findall(_DATE.sub(" ", self.text)))

    @cached_property
    def dates(self) -> frozenset[str]:
        """Days and months that are named, as typed but for case and spaces."""
        return frozenset(" ".join(found.casefold().replace(".", " ").split()) for found in _DATE.findall(self.text))

    @cached_property
    def german(self) -> bool:
        """Whether it is German rather than English, by the words in between."""
        return sum(word in GERMAN for word in self.folded) > sum(word in ENGLISH for word in self.folded)

    @cached_property
    def denied(self) -> frozenset[str]:
        """The stems of what is denied: the words of meaning right after a negation."""
        found: set[str] = set()
        for clause in _CLAUSES.split(self.text.casefold()):
            words = _WORD.findall(clause)
            for at, word in enumerate(words):
                if word in NEGATIONS or word.endswith(("n't", "n’t")):
                    found |= {stem(after) for after in words[at + 1 : at + 1 + _REACH]} & self.stems
        return frozenset(found)


def stem(word: str) -> str:
    """The part of a folded word that its forms have in common, roughly: endings off, at most seven letters."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            word = word.removesuffix(ending)
            break
    return word[:_STEM]
