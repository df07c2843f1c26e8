"""Drafts for generated people through the program's own steps, and the figures about them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from sync.review.compose import compose
from sync.review.guard import violations
from tests.eval import baselines
from tests.eval.judge import Verdict, judge, told
from tests.eval.mutations import mutations
from tests.eval.people import MADE_AT, TODAY, Case, case

WORDS = 350
"""The length at which a draft and the baselines are compared."""


@dataclass
class Result:
    """What all drafts of one bank came to."""

    people: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    violations: list[str] = field(default_factory=list)
    recalls: dict[str, list[float]] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)
    whole_words: list[int] = field(default_factory=list)
    whole_recall: list[float] = field(default_factory=list)
    mutations: dict[str, list[bool]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def mean(self, name: str) -> float:
        """The mean weighted recall of a way to summarise; 0 when it was not measured."""
        found = self.recalls.get(name, [])
        return sum(found) / len(found) if found else 0.0

    @property
    def best_baseline(self) -> float:
        """The better of the baselines."""
        return max(self.mean(one) for one in ("lead", "latest", "textrank"))


def evaluate(bank: str, seeds: Iterable[int], mutated: int) -> Result:
    """Draft everybody of *seeds* at full length and at `WORDS` words; mutate the drafts of the first *mutated* people."""
    result = Result()
    for number, seed in enumerate(seeds):
        given = case(seed, bank)
        _draft(result, given, with_mutations=number < mutated)
    return result


def _draft(result: Result, given: Case, *, with_mutations: bool) -> None:
    before = time.process_time()
    whole = compose(given.material, given.writer_id, given.person_id, draft_id="d", made_at=MADE_AT, today=TODAY)
    result.milliseconds.append((time.process_time() - before) * 1000)
    short = compose(given.material, given.writer_id, given.person_id, draft_id="d", made_at=MADE_AT, today=TODAY, words=WORDS)
    result.people += 1
    for draft in (whole, short):
        result.violations += [f"{one.reason}: {one.statement.text}" for one in violations(draft, given.material, TODAY)]
        _add(result.verdict, judge(given, draft))
    facts, used = told(given, short, WORDS)
    result.words.append(used)
    found = {
        "draft": facts,
        "lead": baselines.lead(given, WORDS),
        "latest": baselines.latest(given, WORDS),
        "textrank": baselines.textrank(given, WORDS),
        "oracle": baselines.oracle(given, WORDS),
    }
    for name, some in found.items():
        if some is not None:
            result.recalls.setdefault(name, []).append(baselines.recall(given, some))
    every, words = told(given, whole, 10_000)
    result.whole_words.append(words)
    result.whole_recall.append(baselines.recall(given, every))
    if with_mutations:
        for one in mutations(given, whole):
            result.mutations.setdefault(one.kind, []).append(one.caught)
            if not one.caught:
                result.missed.append(f"{one.kind}: {one.text}")


def _add(total: Verdict, one: Verdict) -> None:
    for each in fields(Verdict):
        setattr(total, each.name, getattr(total, each.name) + getattr(one, each.name))
