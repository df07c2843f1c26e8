"""How alike two texts are, and which texts of two lists belong together."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from connectors import markdown

ALIKE = 0.6
"""From this likeness on, a text is the other one edited."""
_PHRASE = 12
"""Characters from which on words are not by chance those that stand in the midst of another text."""
_LONG = 1500
_HUGE = 3000
_MANY = 10_000

Item = TypeVar("Item", bound=Hashable)


def plain(text: str) -> str:
    """*text* in the form in which it is compared: words without their looks, composed characters, single blanks."""
    return " ".join(unicodedata.normalize("NFC", markdown.quotable(text)).split())


def likeness(one: str, other: str, at_least: float = 0.0) -> float:
    """0.0 to 1.0; 0.0 as soon as it is surely below *at_least*.

    Long texts are compared word by word; of very long ones, which take minutes so, only how many words they share counts.
    """
    if one == other:
        return 1.0
    words = len(one) > _LONG or len(other) > _LONG
    first, second = (one.split(), other.split()) if words else (list(one), list(other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < at_least or matcher.quick_ratio() < at_least:
        return 0.0
    return matcher.quick_ratio() if len(first) + len(second) > _HUGE else matcher.ratio()


def _kinship(old: str, new: str) -> float:
    """`likeness` of an edit; at least `ALIKE` where one text is all there in the other: words were added, or taken away."""
    ratio = likeness(old, new, ALIKE)
    shorter, longer = sorted((old, new), key=len)
    return max(ratio, ALIKE) if ratio < ALIKE and _holds(longer, shorter) else ratio


def _holds(text: str, words: str) -> bool:
    """Whether *words* stand in *text* as they are, at its beginning or being more than a word or two."""
    at = text.find(words) if words else -1
    if at < 0 or (at > 0 and len(words) < _PHRASE):
        return False
    end = at + len(words)
    return not (text[at - 1 : at].isalnum() and words[0].isalnum()) and not (
        text[end : end + 1].isalnum() and words[-1].isalnum()
    )


def pairs(olds: Sequence[str], news: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which of *olds* became which of *news*, the most alike first; each is used once."""
    found = []
    for old, new in _candidates(len(olds), len(news)):
        ratio = _kinship(olds[old], news[new])
        if ratio >= ALIKE:
            found.append((-ratio, abs(old - new), old, new))
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, _, old, new in sorted(found):
        if old not in used_old and new not in used_new:
            used_old.add(old)
            used_new.add(new)
            yield old, new


def _candidates(olds: int, news: int) -> Iterator[tuple[int, int]]:
    """All pairs; when a whole book was replaced by another, only those that stand in the same place."""
    if olds * news > _MANY:
        yield from zip(range(olds), range(news), strict=False)
    else:
        yield from ((old, new) for old in range(olds) for new in range(news))
