"""The twenty drafts that were read: any change of a word in them is seen by whoever makes it."""

from __future__ import annotations

import pytest

from sync.review.guard import violations
from sync.review.wording import words_in
from tests.sync.review.golden.drafting import FOLDER, as_markdown, draft_of, records
from tests.sync.review.making import TODAY

MOST_WORDS = 700


def test_there_are_twenty_and_a_draft_of_each() -> None:
    """No draft is kept of somebody who is gone."""
    assert len(records()) == 20
    assert {path.stem for path in FOLDER.glob("*.md")} == set(records())


@pytest.mark.parametrize("name", records())
def test_the_draft_is_the_one_that_was_read(name: str) -> None:
    """To accept another one, run `python -m tests.sync.review.golden.drafting` and read the difference."""
    assert as_markdown(records()[name]) == (FOLDER / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", records())
def test_every_sentence_holds_and_there_are_not_too_many(name: str) -> None:
    """The guard objects to none, and it is a page and a half at most."""
    draft, material = draft_of(records()[name])
    assert violations(draft, material, TODAY) == ()
    assert sum(words_in(one.text) for one in draft.statements) <= MOST_WORDS
