"""Bold, italic and links inside a line, there and back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.markdown import Run, literal, marked, marked_cell, parsed, plain, quotable, settled

TEXTS = st.text("ab *[]()\\|_\n\u00a0é-#1.", max_size=12)
TARGETS = st.sampled_from(["", "", "https://example.com/a_(b)", "x y", "*", "mailto:a@b.c", "a"])
RUNS = st.lists(st.builds(Run, TEXTS, st.booleans(), st.booleans(), TARGETS), max_size=6)


@given(RUNS)
def test_the_words_come_back_whatever_their_look(runs: list[Run]) -> None:
    """Taking the marks away gives the text that was marked, and the marks tell each look again."""
    line = marked(runs)
    assert plain(line) == "".join(run.text for run in runs)
    assert parsed(line) == settled(runs)


@given(st.one_of(st.text(), TEXTS))
def test_text_without_a_look_comes_back(text: str) -> None:
    """Whatever signs a person typed, they are never taken for marks."""
    assert plain(literal(text)) == text
    assert parsed(literal(text)) == settled([Run(text)])


@given(RUNS, RUNS)
def test_a_cell_never_holds_a_bar_or_a_mark_that_reaches_out_of_it(left: list[Run], right: list[Run]) -> None:
    """Cells beside each other read as the words of each."""
    line = f"| {marked_cell(left)} | {marked_cell(right)} |"
    words = [" ".join("".join(run.text for run in runs).split()) for runs in (left, right)]
    assert " ".join(plain(line).split()) == " ".join(f"| {words[0]} | {words[1]} |".split())


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        ([Run("we "), Run("shipped", bold=True), Run(" it")], "we **shipped** it"),
        ([Run("we"), Run(" shipped ", bold=True), Run("it")], "we **shipped** it"),
        ([Run("so", italic=True), Run(" so", bold=True, italic=True)], "*so **so***"),
        ([Run("a", bold=True), Run("b", italic=True)], "**a***b*"),
        ([Run("un"), Run("believ", bold=True), Run("able")], "un**believ**able"),
        ([Run("see "), Run("a ", link="http://x.org"), Run("b ", link="http://x.org")], "see [a b](http://x.org) "),
        ([Run("https://x.org", link="https://x.org/")], "https://x.org"),
        ([Run("a@b.c", link="mailto:a@b.c")], "a@b.c"),
        ([Run("x", link="a b(c)")], "[x](a%20b%28c%29)"),
        ([Run("5 * 3, a*b, C:\\temp, [1], f(x)")], "5 * 3, a*b, C:\\temp, [1], f(x)"),
        ([Run("2*3*4")], "2\\*3\\*4"),
        ([Run("**not bold**")], "\\*\\*not bold\\*\\*"),
        ([Run("2*3 is "), Run("six", bold=True)], "2\\*3 is **six**"),
        ([Run("[a](b)")], "\\[a\\](b)"),
        ([Run(" ", bold=True)], " "),
    ],
)
def test_marks_stand_where_a_writer_would_put_them(runs: list[Run], line: str) -> None:
    """Spaces stay outside of marks, a link that shows its target is no link, and escapes are rare."""
    assert marked(runs) == line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("- we **won**", "we won"),
        ("  1. [x](y) *z*", "x z"),
        ("## Details", "Details"),
        ("2024 - a year", "2024 - a year"),
        ("#1 of all", "#1 of all"),
        ("half **open", "half **open"),
    ],
)
def test_a_quotation_has_no_marks(line: str, words: str) -> None:
    """What a person quotes is the words, not the hyphen of a list nor the stars of a bold word."""
    assert quotable(line) == words


def test_a_very_long_line_takes_no_longer_than_its_length() -> None:
    """Stars and brackets that never close do not make reading slow."""
    start = time.process_time()
    for hostile in ("*a ", "[a](b ", "**", "[", "\\*", "[x](y)", "*a*"):
        plain(hostile * 20_000)
        literal(hostile * 20_000)
    assert time.process_time() - start < 5
