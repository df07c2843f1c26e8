"""Edits of files: cells of a sheet through gspread, sections of a document under its revision id. Never a whole file anew."""

from __future__ import annotations

from collections.abc import Callable

from connectors.google.body import words_of
from connectors.google.cells import writes_for
from connectors.google.client import Api, Refused, Uncertain
from connectors.google.editing import steps_for
from connectors.google.files import File
from connectors.google.layout import DOCUMENT, SHEET
from connectors.google.looking import Looked
from connectors.office.package import EditRefused
from connectors.workspace import Edit, Failed, Stale, Unchanged, WorkspaceError, Written
from templates.shapes import DocumentShape, TableShape

TRIES = 5
LookAt = Callable[[File], Looked]


class Writer:
    """Carries out edits."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def write(self, edit: Edit, looked: Looked, look: LookAt) -> Written | Unchanged | Stale | Failed:
        """Make *edit* on the file that was *looked* at just now. Raises EditRefused before anything is written."""
        if looked.version != edit.version:
            return Stale(edit.ref, looked.version)
        if looked.file.mime not in (SHEET, DOCUMENT):
            raise EditRefused(looked.notes[0] if looked.notes else "This is no file of Google's.")
        if not looked.file.can_edit:
            raise EditRefused(looked.notes[0] if looked.notes else "This file may only be viewed.")
        if looked.file.mime == SHEET:
            if not isinstance(edit.shape, TableShape):
                raise EditRefused("A sheet stands there, and the edit is for a document.")
            return self._cells(edit, edit.shape, looked, look)
        if not isinstance(edit.shape, DocumentShape):
            raise EditRefused("A document stands there, and the edit is for a sheet.")
        return self._sections(edit, edit.shape, looked, look)

    def _cells(self, edit: Edit, shape: TableShape, looked: Looked, look: LookAt) -> Written | Unchanged | Stale:
        """All cells in one call. After an unknown outcome the sheet itself tells whether they were written."""
        for tries in range(TRIES):
            writes = writes_for(looked.data, shape, edit.changes)
            if not writes:
                return Unchanged(edit.ref, looked.version) if tries == 0 else Written(edit.ref, looked.version)
            if looked.version != edit.version:
                return Stale(edit.ref, looked.version)
            try:
                self._api.write_cells(looked.file.id, {"valueInputOption": "RAW", "data": writes})
                return Written(edit.ref, look(looked.file).version)
            except Uncertain:
                looked = look(looked.file)
        raise WorkspaceError("Google does not answer. Try again later.", permanent=False)

    def _sections(self, edit: Edit, shape: DocumentShape, looked: Looked, look: LookAt) -> Written | Unchanged | Stale:
        """All requests in one batch, which Docs carries out only on the revision that they were computed from."""
        for _ in range(TRIES):
            body = looked.body()
            steps = steps_for(body, shape, edit.changes)
            if not steps:
                return Unchanged(edit.ref, looked.version)
            call = {
                "requests": [request for step in steps for request in step.requests],
                "writeControl": {"requiredRevisionId": body.revision},
            }
            try:
                self._api.make(self._api.docs.documents().batchUpdate(documentId=looked.file.id, body=call))
                return Written(edit.ref, look(looked.file).version)
            except (Refused, Uncertain) as problem:
                now = look(looked.file)
                if isinstance(problem, Refused) and (problem.status != 400 or now.body().revision == body.revision):
                    raise
                if now.version != looked.version:
                    made = isinstance(problem, Uncertain) and _holds(now, [word for step in steps for word in step.words])
                    return Written(edit.ref, now.version) if made else Stale(edit.ref, now.version)
                looked = now
        raise WorkspaceError("Google does not answer. Try again later.", permanent=False)


def _holds(looked: Looked, words: list[str]) -> bool:
    """Whether all of *words* stand in the document."""
    text = "\n".join(line for tab in looked.body().tabs for block in tab.blocks for line in words_of(block))
    return all(word.replace("\x0b", "\n") in text for word in words)
