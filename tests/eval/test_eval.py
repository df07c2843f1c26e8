"""A small sample of the evaluation: what must be nought is nought, and a judge that finds nothing would be noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.records import Citation, Draft, StatementKind
from sync.review.compose import compose
from tests.eval.__main__ import lines
from tests.eval.evaluate import Result, evaluate
from tests.eval.judge import judge
from tests.eval.people import MADE_AT, PRIVATE, TODAY, WRONG_PERSON, Case, case

PEOPLE = 4


@pytest.fixture(scope="module", params=["open", "held_out"])
def result(request: pytest.FixtureRequest) -> Result:
    """A few people of a bank."""
    return evaluate(request.param, range(PEOPLE), mutated=1)


def drafted(given: Case) -> Draft:
    """The draft about somebody."""
    return compose(given.material, given.writer_id, given.person_id, draft_id="d", made_at=MADE_AT, today=TODAY)


def test_nothing_is_unsupported_invented_leaked_or_about_somebody_else(result: Result) -> None:
    """The guard and the judge agree."""
    found = result.verdict
    assert found.quotations > 10 * PEOPLE
    assert (result.violations, found.unsupported, found.numbers, found.strangers, found.leaks, found.out_of_period) == ([],) * 6


def test_a_draft_tells_more_than_the_first_or_the_most_central_notes(result: Result) -> None:
    """And the summary that knows the answers tells more still."""
    assert result.best_baseline < result.mean("draft") < result.mean("oracle")


def test_every_mutation_is_caught(result: Result) -> None:
    """Number, name, date, deletion and edit; "not" where a draft has one."""
    assert {"number", "name", "date", "deletion", "edit after drafting"} <= set(result.mutations)
    assert result.missed == []


def test_the_table_names_every_target(result: Result) -> None:
    """Each line has a figure; those with a target say whether it is met."""
    table = list(lines(result))
    assert all(line.figure for line in table)
    assert sum(line.met is not None for line in table) >= 15


def test_the_same_seed_gives_the_same_person() -> None:
    """Whoever repeats a figure gets it."""
    assert case(3, "open").material.entries == case(3, "open").material.entries
    assert case(3, "open").material.entries != case(4, "open").material.entries


def test_the_judge_finds_what_is_put_before_it() -> None:
    """A stranger's deed, a private note, an invented number, other words, a false witness."""
    given = case(1, "open")
    draft = drafted(given)
    quoted = next(one for one in draft.statements if one.kind is StatementKind.QUOTATION)
    figure = next(one for one in draft.statements if one.kind is StatementKind.FIGURE)

    def found(**changes: object):
        return judge(given, replace(draft, statements=(replace(quoted, **changes),)))

    stranger = next(one for one in given.entries.values() if given.labels[one.id] == WRONG_PERSON)
    secret = next(one for one in given.entries.values() if given.labels[one.id] == PRIVATE)
    assert found(citations=(Citation(stranger.id, stranger.hash),)).strangers
    assert found(text=given.material.voice.quotation(secret), citations=(Citation(secret.id, secret.hash),)).leaks
    assert found(text=quoted.text.replace(" ", " very ", 1)).unsupported
    assert found(citations=(*quoted.citations, Citation(stranger.id, stranger.hash))).unsupported
    wrong = replace(figure, text=figure.text.replace("hours on", "1234 hours on"))
    assert judge(given, replace(draft, statements=(wrong,))).numbers
