"""What people write in the console: a quick note, or a word of recognition, as an entry of the ledger. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from connectors import markdown
from sync.records import Entry, EntryKind, Visibility, fingerprint

#: A note is short; a document is the place for more.
LONGEST = 4000


class NotANote(ValueError):
    """The text cannot be kept; the message says why and what to do."""


@dataclass(frozen=True)
class QuickNote:
    """A text that *by* wrote about *about* on *day*."""

    about: str
    by: str
    text: str
    kind: EntryKind
    visibility: Visibility
    day: date


def entry_of(note: QuickNote, now: datetime, nonce: str) -> Entry:
    """The entry of *note*. *nonce* comes with the form: the same form sent twice is one note. Raises NotANote."""
    text = "\n".join(line.rstrip() for line in note.text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))
    text = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or sign in "\u200c\u200d")
    if not text.strip():
        raise NotANote("there is nothing in this note yet: write a sentence, then save it")
    if len(text) > LONGEST:
        raise NotANote(
            f"this note has {len(text)} characters; {LONGEST} fit. Put the rest into a second one or into a document"
        )
    key = f"console/{note.about}/{note.by}"
    return Entry(
        id=fingerprint(key, nonce, text),
        about=note.about,
        by=note.by,
        kind=note.kind,
        text=markdown.literal(text),
        visibility=note.visibility,
        happened_on=note.day,
        recorded_at=now,
        artifact_key=key,
        anchor="note",
        place="Written in the console",
    )
