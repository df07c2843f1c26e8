"""Writing entries about one artifact: deterministic ids, supersession and withdrawal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sync.pull.intents import Context
from sync.records import Artifact, Entry, EntryKind, Figure, Visibility, fingerprint


class Notebook:
    """The entries of an artifact so far, and those that this read adds.

    An id is made of artifact, anchor, text and how often that text stood there before, so that repeating a batch adds
    nothing, and the same words typed again after they were taken out are a new entry.
    """

    def __init__(self, artifact: Artifact, context: Context, entries: Iterable[Entry]) -> None:
        known = tuple(entries)
        replaced = {entry.supersedes for entry in known}
        self.current = tuple(entry for entry in known if not entry.withdrawn and entry.id not in replaced)
        self.written: list[Entry] = []
        self._artifact, self._context = artifact, context
        self._generations = Counter((entry.anchor, entry.text) for entry in known if not entry.withdrawn)

    def add(
        self,
        kind: EntryKind,
        text: str,
        anchor: str,
        place: str,
        *,
        by: str,
        visibility: Visibility,
        happened_on: date,
        figure: Figure | None = None,
        supersedes: str = "",
    ) -> Entry:
        """Write an entry and return it."""
        generation = self._generations[anchor, text]
        self._generations[anchor, text] += 1
        entry = Entry(
            id=fingerprint(self._artifact.key, anchor, text, generation),
            about=self._artifact.person_id,
            by=by,
            kind=kind,
            text=text,
            visibility=visibility,
            happened_on=happened_on,
            recorded_at=self._context.now,
            artifact_key=self._artifact.key,
            anchor=anchor,
            place=place,
            figure=figure,
            supersedes=supersedes,
        )
        self.written.append(entry)
        return entry

    def withdraw(self, entry: Entry) -> None:
        """Write that the text of *entry* was taken out."""
        self.written.append(
            replace(
                entry,
                id=fingerprint(self._artifact.key, "withdrawn", entry.id),
                text="",
                figure=None,
                by="",
                happened_on=self._context.today,
                recorded_at=self._context.now,
                supersedes=entry.id,
                withdrawn=True,
            )
        )
