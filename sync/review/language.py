"""Questions to ask about the wording of a review, sentence by sentence and as a whole (rules L1 to L5, L7 and L12). Pure.

A hint never judges and never rewrites: it names the words and asks what would make them fair. English and German.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sync.records import fingerprint
from sync.review.lexicon import (
    CLICHES,
    COPULAS,
    EVALUATIVE,
    FIXED,
    GROWTH_WORDS,
    NEXT_STEP,
    PEOPLE,
    PROTECTED,
    RESULTS,
    SITUATION,
    TRAITS,
)

LEAST_OUTCOMES = 0.4
"""Rule L3: the least share of evaluative sentences that name a result."""
LEAST_ACTIONABLE = 0.5
"""Rule L4: the least share of growth sentences that name a next step."""
GROWTH_SHARE = (0.15, 0.60)
"""Rule L5: between these shares of growth a review counts as balanced."""
FEWEST = 3
"""Shares of fewer sentences say nothing."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=\S)")


@dataclass(frozen=True)
class Hint:
    """Words of a sentence, and the question that they raise."""

    rule: str
    """``L1`` ... of the review rules."""
    sentence: str
    """"" when it is about the review as a whole."""
    words: str
    question: str

    @property
    def key(self) -> str:
        """What a dismissal names: the same sentence under the same rule."""
        return fingerprint(self.rule, " ".join(self.sentence.casefold().split()))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph."""
    return tuple(one.strip() for one in _SENTENCE.split(text) if one.strip())


def hints(text: str, names: Iterable[str] = (), *, before: str = "", after: str = "") -> tuple[Hint, ...]:
    """What to ask about a paragraph. *names* are those of the person; *before* and *after* are the paragraphs around it."""
    inside = sentences(text)
    around = (before, *inside, after)
    trait = _about(tuple(names))
    found: list[Hint] = []
    for number, one in enumerate(inside, start=1):
        exampled = any(SITUATION.search(near) for near in around[number - 1 : number + 2])
        if (hit := trait.search(one)) and not exampled:
            found.append(Hint("L1", one, hit["word"], "This names a trait. What did they do, when, and what was the effect?"))
        if (hit := CLICHES.search(one)) and not exampled:
            found.append(Hint("L2", one, hit[0], "This would fit anybody. Which situation do you think of?"))
        if hit := FIXED.search(one):
            found.append(Hint("L7", one, hit[0], "Is it without exception, or a gift? How often, or by which effort?"))
        if words := protected(one):
            question = "This touches health, family or a protected ground. Does it belong in a review at all?"
            found.append(Hint("L12", one, words, question))
    return tuple(found)


def whole(patterns: Sequence[str], growth: Sequence[str]) -> tuple[Hint, ...]:
    """What to ask about a review as a whole: its sentences on how the work was done, and those on growth."""
    found: list[Hint] = []
    judged = [one for one in patterns if EVALUATIVE.search(one)]
    with_result = [one for one in judged if RESULTS.search(one)]
    if len(judged) >= FEWEST and len(with_result) < LEAST_OUTCOMES * len(judged):
        said = f"{len(with_result)} of {len(judged)} judging sentences name a result"
        found.append(Hint("L3", "", said, "What came of it, for whom? Add the number, the thing delivered or the goal."))
    actionable = [one for one in growth if NEXT_STEP.search(one)]
    if growth and len(actionable) < LEAST_ACTIONABLE * len(growth):
        said = f"{len(actionable)} of {len(growth)} growth sentences name a next step"
        found.append(Hint("L4", "", said, "What would they do next time, with whom, by when?"))
    return (*found, *_balance(len(patterns), len(growth)))


def protected(text: str) -> str:
    """The words of *text* that name health, family or a protected ground, "" when none do. No draft quotes such a note."""
    hit = PROTECTED.search(text)
    return hit[0] if hit else ""


def is_growth(text: str) -> bool:
    """Whether *text* says what should be different: a suggestion for a person to look at, never a decision."""
    return GROWTH_WORDS.search(text) is not None


def _balance(strengths: int, growth: int) -> Iterable[Hint]:
    if not strengths + growth:
        return
    if not strengths or not growth:
        missing = "strength" if not strengths else "growth point"
        yield Hint("L5", "", f"no {missing}", f"A review has both. Which {missing} would you name, with an example?")
    elif not GROWTH_SHARE[0] <= (share := growth / (strengths + growth)) <= GROWTH_SHARE[1]:
        said = f"{share * 100:.0f} % of the sentences are about growth"
        yield Hint("L5", "", said, "Is that how the period was? Between 15 and 60 % is usual.")


@lru_cache(maxsize=256)
def _about(names: tuple[str, ...]) -> re.Pattern[str]:
    """Traits that are said of the person, with at most two words on either side of the verb."""
    known = (re.escape(part) for name in names for part in name.split() if len(part) > 1)
    who, few = "|".join((PEOPLE, *known)), r"(?:\w+\s+){0,2}"
    return re.compile(rf"\b(?:{who})\s+{few}?(?:{COPULAS})\s+{few}?(?P<word>{TRAITS})\b", re.IGNORECASE)
