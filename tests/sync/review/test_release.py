"""What may not stand in a review that its subject reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.workspace import Bullet, Document, NewRow, Paragraph, Rows, Subheading, as_read
from sync.review.guard import stale
from sync.review.release import check, released_content
from sync.review.sources import blocks, listed, numbers, source_list
from templates.shapes import DocumentShape, Kind
from tests.sync.review.making import NOTES, PACK, TODAY, drafted, material, note, private

SECRET = private("He looked bored in the planning round and I doubt that he will stay until summer.")
FINE = {"summary": ["You shipped the import early. Thank you for the way you did it."]}


def refused(text: str, *hidden, seen=(), changed=()) -> list[str]:
    """The sentences that keep a review from being shown."""
    return [one.sentence for one in check({**FINE, "growth": [text]}, hidden or (SECRET,), [one.text for one in seen], changed)]


def test_a_review_in_the_managers_own_words_may_be_shown() -> None:
    """No refusal."""
    assert check(FINE, (SECRET,), [one.text for one in NOTES], ()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "All well. I doubt that he will stay until autumn. Thanks.",
        "All well. i DOUBT, that “he will” stay! Thanks.",
        "All well. I doubt that he\u00ad will stay. Thanks.",
        "All well. I doubt\u200b that\u00a0he will stay. Thanks.",
        "All well. Ｉ doubt that he will stay. Thanks.",
        "All well. I doubt [3] that he will stay. Thanks.",
    ],
)
def test_six_words_of_a_hidden_note_are_refused_with_the_sentence(text: str) -> None:
    """Whatever the case, punctuation, quotation marks, invisible characters or numbers of sources between them."""
    sentences = refused(text)
    assert sentences
    assert all(one in text and "All well" not in one and "Thanks" not in one for one in sentences)


def test_a_run_over_the_end_of_a_sentence_is_refused() -> None:
    """Cutting a note into two sentences or paragraphs does not hide it."""
    assert refused("I doubt that he. Will stay until summer.") != []
    assert [one.sentence for one in check({"growth": ["I doubt that", "he will stay until"]}, (SECRET,), (), ())]


def test_five_words_are_no_repetition() -> None:
    """Ordinary turns of phrase stay possible."""
    assert refused("I doubt that he will enjoy it.") == []


def test_a_short_note_is_refused_as_a_whole() -> None:
    """A note of three words, or of one random token, where it stands complete."""
    assert refused("He is often unreliable here.", private("often unreliable")) == ["He is often unreliable here."]
    assert refused("He is often late.", private("often unreliable")) == []
    assert refused("See qx81zk772 for it.", private("qx81zk772")) == ["See qx81zk772 for it."]


def test_a_note_of_one_ordinary_word_is_no_secret() -> None:
    """A private “ok” does not forbid the word."""
    assert refused("That is ok with me.", private("ok")) == []


def test_words_that_the_reader_has_read_anyway_are_no_secret() -> None:
    """A private note that copies a shared one does not forbid quoting the shared one."""
    shared = note("I doubt that he will stay until the end.", SECRET.happened_on)
    assert refused("I doubt that he will stay.", SECRET, seen=(shared,)) == []


@given(st.lists(st.from_regex(r"qx[0-9]{8}", fullmatch=True), min_size=1, max_size=10), st.integers(0, 9))
def test_every_run_of_a_note_of_tokens_is_found(tokens, where) -> None:
    """No place in a hidden note can be copied."""
    start = min(where, max(0, len(tokens) - 6))
    copied = " ".join(tokens[start : start + 6])
    assert refused(f"We said: {copied}, in short.", private(" ".join(tokens))) != []


_SIGNS = st.sampled_from("他她看起来不想再留在我们团队里面ひらがなカタカナกขคงจกຂຄງကခဂកខគ\U00020001")


@given(st.lists(_SIGNS, min_size=8, max_size=24), st.integers(0, 16), st.sampled_from(["", " ", "，", "\u200b"]))
def test_every_run_of_eight_signs_of_a_script_without_spaces_is_found(signs, where, between) -> None:
    """Inside a longer sentence, with whatever stands between the signs."""
    start = min(where, len(signs) - 8)
    copied = between.join(signs[start : start + 8])
    assert refused(f"总的来说我们都很高兴{copied}谢谢你所做的一切", private("".join(signs))) != []


def test_a_hidden_note_in_chinese_is_refused_with_its_sentence_alone() -> None:
    """A long note by eight signs, a short one as a whole; ordinary turns of phrase stay possible."""
    hidden = private("我觉得他夏天之前就会离开我们的团队。")
    assert refused("你做得很好。有人说他夏天之前就会离开，不过没关系。谢谢！", hidden) == [
        "有人说他夏天之前就会离开，不过没关系。"
    ]
    assert refused("你做得很好，我们的团队谢谢你。", hidden) == []
    assert refused("听说他要辞职了，真可惜。", private("他要辞职了")) == ["听说他要辞职了，真可惜。"]
    assert refused("你做得很好。", private("很好")) == []


def test_a_hidden_note_that_mixes_scripts_is_refused() -> None:
    """Words and signs count together."""
    assert refused("He said 他夏天之前 and then we all left.", private("他夏天之前 and then we all agreed")) != []


def test_a_sentence_of_the_draft_that_went_stale_is_refused_with_the_reason() -> None:
    """The person must not read what its source no longer says."""
    whole = material()
    now = replace(whole, entries=tuple(one for one in whole.entries if "did not miss" not in one.text))
    changed = stale(drafted(whole), now, TODAY)
    (kept,) = [one.statement.text for one in changed]
    (refusal,) = check({"patterns": [f"- {kept} [3]"]}, (), (), changed)
    assert refusal.sentence == kept
    assert "gone" in refusal.reason
    assert check(FINE, (), (), changed) == ()


def test_an_empty_review_is_refused() -> None:
    """Blank paragraphs and a bare list of sources are empty too."""
    for final in ({}, {"summary": ["", "  –  "]}, {"sources": ["[1] Check-in, Wins"]}):
        (refusal,) = check(final, (), (), ())
        assert refusal.reason.startswith("the review is empty")


def test_what_is_for_the_writer_alone_is_refused() -> None:
    """Questions to settle first, and the list beside the draft."""
    for key in ("questions", "for-you"):
        (refusal,) = check({**FINE, key: ["Ask about the move."]}, (), (), ())
        assert "never released" in refusal.reason


# ---------------------------------------------------------------- the document


def shape() -> DocumentShape:
    """The pack's released review."""
    found = PACK.templates[Kind.RELEASED_REVIEW].shape
    assert isinstance(found, DocumentShape)
    return found


def test_the_draft_becomes_numbered_sentences_and_a_list_of_sources() -> None:
    """Each sentence carries the numbers of its sources; the list names place, day and author."""
    whole, draft = material(), drafted(material())
    entries = {one.id: one for one in whole.entries}
    filled = blocks(draft, entries, {"2026-h1/ada/check-in/2026-03-09": "Check-in 9 March"}, whole.voice)
    assert list(filled) == ["outcomes", "patterns", "growth", "questions", "sources"]
    number = next(n for one, n in numbers(draft, entries).items() if "did not miss" in entries[one].text)
    assert Paragraph(f"[{number}] Check-in 9 March, Notes, 9 March, Ben Cole (manager)") in filled["sources"]
    assert Bullet(f"“She did not miss a deadline this month.” – Ben Cole (manager), 9 March [{number}]") in filled["patterns"]
    assert filled["patterns"].count(Subheading("Delivers what was agreed")) == 1


def test_the_cells_of_one_goal_are_one_source() -> None:
    """A sentence about a goal carries one number, and the list names its row once."""
    draft = drafted(material())
    entries = {one.id: replace(one, place="Goals!A7, Now") if one.figure else one for one in material().entries}
    filled = blocks(draft, entries, {}, material().voice)
    assert [one.text.endswith(" [1]") for one in filled["outcomes"] if isinstance(one, Bullet)] == [True]
    assert len(filled["sources"]) == len(set(numbers(draft, entries).values()))


def test_the_numbers_of_a_document_are_read_from_its_own_list() -> None:
    """Whatever draft it was filled from, and though a person deleted lines."""
    whole = material()
    lines = [one.text for one in source_list([(7, NOTES[2]), (9, NOTES[4])], {}, whole.voice) if isinstance(one, Paragraph)]
    assert listed([*lines, "See also the wiki", "[12] something else"], NOTES, {}, whole.voice) == {7: NOTES[2], 9: NOTES[4]}


def test_the_released_review_is_the_final_text_with_the_sources_it_points_to() -> None:
    """Numbered anew from 1; a source of which nothing is left, or that both may not see, is not listed."""
    final = {
        "summary": ["Well done [5], as in [2024]."],
        "patterns": ["- Dates were kept. [7]", "- Again [5] [8]"],
        "sources": ["[5] a", "[7] b", "[8] gone", "[9] c"],
    }
    sources = {5: NOTES[2], 7: NOTES[3], 9: NOTES[4]}
    rating = (NewRow("", {"point": "Fully"}),)
    content = released_content(shape(), final, sources, {}, material().voice, rating)
    assert content.sections["summary"] == (Paragraph("Well done [1], as in [2024]."),)
    assert content.sections["patterns"] == (Bullet("Dates were kept. [2]"), Bullet("Again [1]"))
    assert content.sections["rating"] == (Rows(rating),)
    assert [one.text[:3] for one in content.sections["sources"] if isinstance(one, Paragraph)] == ["[1]", "[2]"]
    assert isinstance(as_read(content), Document)
    assert "growth" not in content.sections


def test_sections_that_the_pack_does_not_release_stay_behind() -> None:
    """Only what the released review's own shape has can stand in it."""
    content = released_content(shape(), {**FINE, "questions": ["qx"], "for-you": ["qx"]}, {}, {}, material().voice)
    assert "qx" not in repr(content.sections)
