"""Questions about wording: in English and German, with the words that raise them."""

from __future__ import annotations

import pytest

from sync.review.language import hints, is_growth, protected, whole


def rules(text: str, before: str = "", after: str = "") -> list[str]:
    """The rules that *text* raises questions by."""
    return [one.rule for one in hints(text, ("Ada Brandt",), before=before, after=after)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("You can be abrasive.", ["L1"]),
        ("Ada ist sehr nett.", ["L1"]),
        ("The migration was difficult.", []),
        ("Die Migration war schwierig.", []),
        ("You were difficult in the call on 3 March.", []),
        ("You had a great year.", ["L2"]),
        ("Tolles Jahr, weiter so!", ["L2"]),
        ("Great job: the import shipped 3 days early.", []),
        ("She never answers.", ["L7"]),
        ("Ein Naturtalent.", ["L7"]),
        ("The natural language parser shipped.", []),
        ("Sie war lange krank.", ["L12"]),
        ("Das Krankenhaus bekam den Export.", []),
        ("He disabled the flag.", []),
        ("After maternity leave she took over the portal.", ["L12"]),
    ],
)
def test_words_that_raise_a_question(text: str, wanted: list[str]) -> None:
    """Traits, praise that fits anybody, gifts and absolutes, and what belongs in no review."""
    assert rules(text) == wanted


def test_an_example_in_the_sentence_beside_it_answers_a_trait() -> None:
    """In the paragraph before or after as well."""
    assert rules("You are quiet. In the review on 4 May you said nothing.") == []
    assert rules("You are quiet.", after="In the review on 4 May you said nothing.") == []
    assert rules("You are quiet.", after="That is fine.") == ["L1"]


def test_a_hint_names_the_sentence_and_its_words() -> None:
    """So that it can be dismissed for this sentence alone, whatever its spaces and case."""
    one, two = hints("Fine. You are bossy. You are  BOSSY.", ())
    assert (one.sentence, one.words) == ("You are bossy.", "bossy")
    assert one.key == two.key


@pytest.mark.parametrize(
    ("patterns", "growth", "wanted"),
    [
        (["Good work in the portal."] * 3, ["Next time ask Bo before the date."], ["L3"]),
        (["Delivered a good portal, 3 days early."] * 3, ["Next time ask Bo before the date."], []),
        (["Delivered a good portal, 3 days early."] * 3, ["Be better.", "Be faster."], ["L4"]),
        (["Delivered the portal."], [], ["L5"]),
        (["Delivered the portal."] * 9, ["Next time ask Bo."], ["L5"]),
        (["Delivered the portal."], ["Next time ask Bo."] * 3, ["L5"]),
        ([], [], []),
    ],
)
def test_a_review_as_a_whole(patterns: list[str], growth: list[str], wanted: list[str]) -> None:
    """Results, next steps and balance."""
    assert [one.rule for one in whole(patterns, growth)] == wanted


def test_what_should_be_different_is_growth() -> None:
    """In both languages; the words for protected grounds are given back."""
    assert is_growth("You should speak up earlier.")
    assert is_growth("Das Thema muss früher auf den Tisch.")
    assert not is_growth("Shipped the portal.")
    assert protected("Sie ist schwanger.") == "schwanger"
