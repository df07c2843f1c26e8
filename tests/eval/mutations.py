"""A draft in which one thing was changed, or whose source was: each must be caught."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from sync.records import Draft, Statement, StatementKind
from sync.review.guard import stale, violations
from sync.review.material import Material
from tests.eval.people import TODAY, Case

_DENIAL = re.compile(r"\b(?:not|no|never|nicht|kein\w*|nobody|niemand)\b ?", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:January|February|March|April|May|June)\b")


@dataclass(frozen=True)
class Mutation:
    """What was changed, and whether it was noticed."""

    kind: str
    text: str
    caught: bool


def mutations(given: Case, draft: Draft) -> Iterator[Mutation]:
    """Every change that this draft has room for."""
    for at, one in enumerate(draft.statements):
        for kind, change in _CHANGES.items():
            text = change(given, one)
            if text != one.text and one.citations:
                changed = replace(
                    draft, statements=(*draft.statements[:at], replace(one, text=text), *draft.statements[at + 1 :])
                )
                found = violations(changed, given.material, TODAY)
                yield Mutation(kind, text, any(violation.statement.text == text for violation in found))
    yield from _sources(given, draft)


def _sources(given: Case, draft: Draft) -> Iterator[Mutation]:
    """Each source is deleted once, and edited once."""
    for one in (one for one in draft.statements if one.kind is StatementKind.QUOTATION):
        cited = one.citations[-1].entry_id
        rest = tuple(entry for entry in given.material.entries if entry.id != cited)
        edited = replace(given.entries[cited], text=given.entries[cited].text + " Not at all.")
        for kind, entries in (("deletion", rest), ("edit after drafting", (*rest, edited))):
            yield Mutation(kind, one.text, one in _stale(draft, replace(given.material, entries=entries)))


def _stale(draft: Draft, material: Material) -> list[Statement]:
    return [violation.statement for violation in stale(draft, material, TODAY)]


def _number(given: Case, one: Statement) -> str:
    return re.sub(r"\d+", lambda found: str(int(found.group()) + 1), one.text, count=1)


def _name(given: Case, one: Statement) -> str:
    people = given.material.directory.people
    for person, other in pairwise(people):
        if person.name in one.text:
            return one.text.replace(person.name, other.name)
    return one.text


def _denial(given: Case, one: Statement) -> str:
    return _DENIAL.sub("", one.text, count=1)


def _date(given: Case, one: Statement) -> str:
    return _MONTH.sub(lambda found: "October", one.text, count=1)


_CHANGES: dict[str, Callable[[Case, Statement], str]] = {"number": _number, "name": _name, "not": _denial, "date": _date}
