"""Whether a finished review may be shown to its subject, and the new document that shows it. Pure.

The final text is a person's own. It is refused, with the sentence, where it repeats what its reader may not see or still
carries a sentence of the draft whose source changed. What passes goes into a new document with a fresh history.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.markdown import plain
from connectors.workspace import Block, Bullet, DocumentContent, NewRow, Paragraph, Rows, Subheading
from sync.records import Entry
from sync.review.guard import Violation
from sync.review.sources import SOURCES, marks_in, renumbered, source_list, without_marks
from sync.review.wording import Voice
from templates.meanings import NOT_RELEASED
from templates.shapes import DocumentShape

RUN = 6
"""So many words in a row are a repetition; a shorter note counts when it stands there whole."""
_TELLING = 8
"""A note of fewer letters (``ok``, ``late``) is an ordinary word, and no repetition."""
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
RATING = "rating"
FOR_YOU = "for-you"

Sections = Mapping[str, Sequence[str]]
"""The final text: section key to its paragraphs."""


@dataclass(frozen=True)
class Refusal:
    """A sentence that keeps a review from being shown, and why."""

    sentence: str
    reason: str


@dataclass(frozen=True)
class _Sentence:
    text: str
    words: tuple[str, ...]


def check(final: Sections, hidden: Iterable[Entry], known: Iterable[str], changed: Iterable[Violation]) -> tuple[Refusal, ...]:
    """Every reason not to show *final*; empty when it may be shown.

    *hidden* is what its reader may not see, of whomever; *known* are texts that the reader may: words that stand in both
    are no secret. *changed* are the stale statements of the drafts that the text may have come from.
    """
    refusals = [*_misplaced(final)]
    if not any(_words(paragraph) for key, paragraphs in final.items() if key != SOURCES for paragraph in paragraphs):
        refusals.append(Refusal("", "the review is empty: write it into the manager review document first"))
    sentences = {key: _sentences(paragraphs) for key, paragraphs in final.items()}
    secrets = _Secrets(hidden, known)
    for inside in sentences.values():
        refusals += _repeated(inside, secrets)
    everything = [sentence for key, inside in sentences.items() if key != SOURCES for sentence in inside]
    refusals += _outdated(everything, changed)
    return tuple(dict.fromkeys(refusals))


def released_content(
    shape: DocumentShape,
    final: Sections,
    sources: Mapping[int, Entry],
    titles: Mapping[str, str],
    voice: Voice,
    rating: tuple[NewRow, ...] = (),
    facts: tuple[tuple[str, str], ...] = (),
) -> DocumentContent:
    """The released review: the final text in *shape*, with the sources that it still points to, numbered from 1.

    *sources* are the entries behind the numbers in the text, those alone that both sides may see; a number of the
    text's own list of sources that has none is taken out. *rating* is what a person chose, where the pack shows it in a table.
    """
    own = [section.key for section in shape.sections if section.key != SOURCES]
    used = dict.fromkeys(n for key in own for text in final.get(key, ()) for n in marks_in(text) if n in sources)
    new = {old: number for number, old in enumerate(used, start=1)}
    dead = {n for line in final.get(SOURCES, ()) for n in marks_in(line)[:1]} - set(sources)
    sections: dict[str, tuple[Block, ...]] = {}
    for key in own:
        texts = (renumbered(text, new, dead) for text in final.get(key, ()))
        rows = (Rows(rating),) if key == RATING and rating else ()
        written = (*(_block(text) for text in texts if text.strip()), *rows)
        if written:
            sections[key] = written
    added = (Paragraph(text) for text in final.get(SOURCES, ()) if text.strip() and not text.lstrip().startswith("["))
    if below := (*source_list(((new[old], sources[old]) for old in new), titles, voice), *added):
        sections[SOURCES] = below
    return DocumentContent(shape, sections, facts)


def _block(text: str) -> Block:
    """A paragraph as read, to be written: its words; bold and links stay in the manager's own document."""
    line = text.lstrip()
    if line.startswith("## "):
        return Subheading(plain(line.removeprefix("## ")))
    return Bullet(plain(line.removeprefix("- "))) if line.startswith("- ") else Paragraph(plain(text))


# ---------------------------------------------------------------- what stands in the wrong place


def _misplaced(final: Sections) -> Iterable[Refusal]:
    for key in (*NOT_RELEASED, FOR_YOU):
        if any(text.strip() for text in final.get(key, ())):
            yield Refusal(final[key][0], f"the section “{key}” is for its writer alone and is never released")


# ---------------------------------------------------------------- repeated words


class _Secrets:
    """Runs of words that the reader may not see, and those that the reader knows anyway."""

    def __init__(self, hidden: Iterable[Entry], known_texts: Iterable[str]) -> None:
        known = [_words(text) for text in known_texts]
        self._known = known
        self._known_runs = {run for words in known for run in _runs(words, RUN)}
        self._runs: dict[tuple[str, ...], Entry] = {}
        self._short: dict[tuple[str, ...], Entry] = {}
        for entry in hidden:
            words = _words(entry.text)
            if len(words) >= RUN:
                self._runs.update((run, entry) for run in _runs(words, RUN) if run not in self._known_runs)
            elif sum(map(len, words)) >= _TELLING and not any(_contains(one, words) for one in known):
                self._short[words] = entry
        self._lengths = sorted({len(words) for words in self._short})

    def found_in(self, words: tuple[str, ...]) -> Iterable[int]:
        """Where in *words* a hidden run begins."""
        for start in range(len(words)):
            if words[start : start + RUN] in self._runs or any(words[start : start + n] in self._short for n in self._lengths):
                yield start


def _repeated(sentences: Sequence[_Sentence], secrets: _Secrets) -> Iterable[Refusal]:
    """Sentences of a section in which a hidden run begins; a run may go on into the next sentence."""
    owner = [sentence for sentence in sentences for _ in sentence.words]
    words = tuple(word for sentence in sentences for word in sentence.words)
    for start in secrets.found_in(words):
        reason = "it repeats a note that the reader of this review may not see; say it in your own words or leave it out"
        yield Refusal(owner[start].text, reason)


def _outdated(sentences: Sequence[_Sentence], changed: Iterable[Violation]) -> Iterable[Refusal]:
    words = tuple(word for sentence in sentences for word in sentence.words)
    for violation in changed:
        if _contains(words, _words(violation.statement.text)):
            yield Refusal(
                violation.statement.text, f"it comes from the draft and {violation.reason}; correct it or draft again"
            )


def _sentences(paragraphs: Iterable[str]) -> list[_Sentence]:
    texts = (text for paragraph in paragraphs for text in _SENTENCE.split(paragraph.strip()) if text)
    return [_Sentence(text, _words(without_marks(text))) for text in texts]


def _words(text: str) -> tuple[str, ...]:
    """The words of *text* whatever its look, case, punctuation, quotation marks and invisible characters."""
    folded = unicodedata.normalize("NFKC", plain(text)).casefold()
    return tuple(_WORD.findall("".join(sign for sign in folded if unicodedata.category(sign) != "Cf")))


def _runs(words: tuple[str, ...], length: int) -> Iterable[tuple[str, ...]]:
    return (words[start : start + length] for start in range(len(words) - length + 1))


def _contains(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return bool(part) and any(run == part for run in _runs(words, len(part)))
