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
from connectors.workspace import Block, Bullet, Document, DocumentContent, NewRow, Paragraph, Row, Rows, Subheading
from sync.records import Entry
from sync.review.guard import Violation
from sync.review.sources import SOURCES, marks_in, renumbered, source_list, without_marks
from sync.review.wording import Voice
from templates.meanings import NOT_RELEASED
from templates.shapes import DocumentShape

RUN = 6
"""So many words in a row are a repetition; a shorter note counts when it stands there whole."""
SIGNS = 8
"""So many signs in a row, in scripts that put no spaces between words."""
_TELLING = 8
"""A note of fewer letters (``ok``, ``late``) is an ordinary word, and no repetition; a sign without spaces counts as two."""
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff"  # Thai and Lao, Myanmar, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo, marks among ideographs
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
)
_SIGN = re.compile(f"[{_SPACELESS}]")
_WORD = re.compile(rf"(?=\w)[{_SPACELESS}]|(?:(?![{_SPACELESS}])\w)+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)|(?<=[。！？])(?=\S)")
SUMMARY = "summary"
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


def unfit(document: Document, written: Document, shape: DocumentShape) -> tuple[Refusal, ...]:
    """Every reason not to take the final text from *document* as it is.

    *written* is what the program wrote there, *shape* what it was made from. These are documents of which it is not sure
    what the writer means to show: a boundary is gone, or it holds text that nobody saw or decided on.
    """
    return (
        *_unbounded(document, shape),
        *_unwritten(document, written, shape),
        *_undecided(document),
        *_beside_sources(document, written),
    )


def filled_rows(document: Document) -> tuple[Row, ...]:
    """The rows of the rating in which something stands."""
    rows = (row for part in document.parts if part.section == RATING for row in part.rows)
    return tuple(row for row in rows if any(cell.text.strip() for cell in row.cells.values()))


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
    if below := source_list(((new[old], sources[old]) for old in new), titles, voice):
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


# ---------------------------------------------------------------- what is not certain


def _unbounded(document: Document, shape: DocumentShape) -> Iterable[Refusal]:
    """Sections for the writer alone without their own heading: their text would be read as part of the one above."""
    headed = {part.section for part in document.parts if part.heading.strip()}
    for section in (found for key in NOT_RELEASED if (found := shape.section(key))):
        guessed = any(f"is read as “{section.title}”, by its position" in note for note in document.notes)
        if guessed or section.key not in headed:
            yield Refusal(
                section.title,
                "this heading is missing, and what stood under it is for you alone: put it back above that text, in the style "
                "of the other headings, and release again",
            )


def _unwritten(document: Document, written: Document, shape: DocumentShape) -> Iterable[Refusal]:
    """A draft that nobody made their own is no review."""
    ours = {_words(without_marks(text)) for part in written.parts for text in part.paragraphs}
    own = (_words(without_marks(text)) for part in document.parts if part.section == SUMMARY for text in part.paragraphs)
    if not any(words and words not in ours for words in own):
        section = shape.section(SUMMARY)
        title = section.title if section else SUMMARY
        yield Refusal("", f"nobody has made this review their own yet: write a few sentences of yours under “{title}” first")


def _undecided(document: Document) -> Iterable[Refusal]:
    """Text that nobody sees, changes that wait for a decision, and two ratings."""
    for note in document.notes:
        if note.startswith("Hidden text"):
            yield Refusal(note, "hidden text would be shown: delete it, or make it visible and judge it")
    for part in document.parts:
        told = {number for number, _ in part.authors}
        for number, author in part.authors:
            text = part.paragraphs[number] if number < len(part.paragraphs) else ""
            yield Refusal(text, f"it is a tracked change by {author}; accept or reject the tracked changes first")
        for one in part.pending:
            if one.paragraph not in told:
                text = part.paragraphs[one.paragraph] if 0 <= one.paragraph < len(part.paragraphs) else one.text
                yield Refusal(text, "words in it are a tracked change; accept or reject the tracked changes first")
    if len(rows := filled_rows(document)) > 1:
        places = ", ".join(row.place for row in rows)
        yield Refusal("", f"more than one row of the rating is filled in ({places}): leave the one that you chose")


def _beside_sources(document: Document, written: Document) -> Iterable[Refusal]:
    """What people typed below the list of sources, which the program makes anew."""
    ours = {plain(text) for part in written.parts if part.section == SOURCES for text in part.paragraphs}
    section = ""
    for part in document.parts:
        section = part.section or section
        if section != SOURCES:
            continue
        heading = [] if part.section or not part.heading else [part.heading]
        for text in (*heading, *part.paragraphs):
            if text.strip() and plain(text) not in ours and not text.lstrip().startswith("["):
                yield Refusal(text, "it stands below the list of sources: move it into the section it belongs to, or delete it")


# ---------------------------------------------------------------- repeated words


class _Secrets:
    """Runs of words that the reader may not see, and those that the reader knows anyway."""

    def __init__(self, hidden: Iterable[Entry], known_texts: Iterable[str]) -> None:
        known = [_words(text) for text in known_texts]
        self._known = known
        self._known_runs = {run for words in known for run in _telling_runs(words)}
        self._runs: dict[tuple[str, ...], Entry] = {}
        self._short: dict[tuple[str, ...], Entry] = {}
        for entry in hidden:
            words = _words(entry.text)
            if runs := tuple(_telling_runs(words)):
                self._runs.update((run, entry) for run in runs if run not in self._known_runs)
            elif _letters(words) >= _TELLING and not any(_contains(one, words) for one in known):
                self._short[words] = entry
        self._lengths = sorted({len(words) for words in self._short})

    def found_in(self, words: tuple[str, ...]) -> Iterable[int]:
        """Where in *words* a hidden run begins."""
        for start in range(len(words)):
            if _run_at(words, start) in self._runs or any(words[start : start + n] in self._short for n in self._lengths):
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


def _letters(words: tuple[str, ...]) -> int:
    return sum(2 if _SIGN.match(word) else len(word) for word in words)


def _telling_runs(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (run for start in range(len(words)) if (run := _run_at(words, start)))


def _run_at(words: tuple[str, ...], start: int) -> tuple[str, ...]:
    """The shortest repetition that begins at *start*: RUN words, SIGNS signs, or some of each; empty at the end."""
    missing = RUN * SIGNS
    for end in range(start, len(words)):
        missing -= RUN if _SIGN.match(words[end]) else SIGNS
        if missing <= 0:
            return words[start : end + 1]
    return ()


def _runs(words: tuple[str, ...], length: int) -> Iterable[tuple[str, ...]]:
    return (words[start : start + length] for start in range(len(words) - length + 1))


def _contains(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return bool(part) and any(run == part for run in _runs(words, len(part)))
