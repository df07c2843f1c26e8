"""What a draft is measured against: the first notes, the latest notes, TextRank, and a summary that knows the answers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

from sync.review.wording import words_in
from tests.eval.people import Case, Fact, sentences_of

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # compiled for the first time, its source warns of its own age
        from summa import summarizer
except ImportError:  # a development dependency: without it TextRank's column stays empty
    summarizer = None


def lead(given: Case, words: int) -> set[str]:
    """The facts in the first notes of the period."""
    return _found(given, _upto(_readable(given), words))


def latest(given: Case, words: int) -> set[str]:
    """The facts in the last notes."""
    return _found(given, _upto(reversed(_readable(given)), words))


def textrank(given: Case, words: int) -> set[str] | None:
    """The facts in what TextRank takes out of all notes, None where `summa` is not installed."""
    if summarizer is None:
        return None
    readable = _readable(given)
    text = "\n".join(words if words.endswith((".", "!", "?")) else f"{words}." for _, words in readable)
    chosen = summarizer.summarize(text, words=words, split=True)
    found: list[tuple[str, str]] = []
    for sentence in chosen:
        found += [(entry_id, sentence) for entry_id, whole in readable if sentence.rstrip(".!?") in whole][:1]
    return _found(given, _upto(found, words))


def oracle(given: Case, words: int) -> set[str]:
    """The facts of the best summary in their own words, by somebody who knows the answers."""
    shown = dict(_readable(given))
    costs = {fact.id: _cost(fact, shown) for fact in given.facts}
    by_value = sorted(given.facts, key=lambda fact: -fact.weight / costs[fact.id])
    kept: set[str] = set()
    for fact in by_value:
        if costs[fact.id] <= words:
            words -= costs[fact.id]
            kept.add(fact.id)
    return kept


def recall(given: Case, found: Iterable[str]) -> float:
    """The share of all weight that *found* has."""
    told = set(found)
    return sum(fact.weight for fact in given.facts if fact.id in told) / sum(fact.weight for fact in given.facts)


def _readable(given: Case) -> list[tuple[str, str]]:
    shared = given.material.shared(given.writer_id, given.person_id, given.material.cycle.review_on)
    return sentences_of(given, shared)


def _upto(lines: Iterable[tuple[str, str]], words: int) -> Iterator[str]:
    for entry_id, text in lines:
        words -= words_in(text)
        if words < 0:
            return
        yield entry_id


def _found(given: Case, entry_ids: Iterable[str]) -> set[str]:
    return {label for one in entry_ids if (label := given.labels[one]).startswith(("fact:", "goal:"))}


def _cost(fact: Fact, shown: dict[str, str]) -> int:
    return min(words_in(shown[one]) for one in fact.tellings if one in shown)
