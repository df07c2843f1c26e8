"""Edits of rows: a body by search and replacement at one place, a sheet by its rows. Never a whole body anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connectors.notion.client import Api, Refused, Uncertain
from connectors.notion.document import version_of
from connectors.notion.editing import EditRefused, Replacement, replacements
from connectors.notion.looking import Looked
from connectors.notion.members import Members
from connectors.notion.rows import Page, Rows
from connectors.notion.sheets import Sheets
from connectors.workspace import Edit, Failed, Stale, Unchanged, WorkspaceError, Written
from templates.shapes import DocumentShape, TableShape

TRIES = 5
LookAt = Callable[[Page], Looked]


class Writer:
    """Carries out edits."""

    def __init__(self, api: Api, rows: Rows, sheets: Sheets, members: Members) -> None:
        self._api, self._rows, self._sheets, self._members = api, rows, sheets, members

    def write(self, edit: Edit, page: Page, looked: Looked, look: LookAt) -> Written | Unchanged | Stale | Failed:
        """Make *edit* on the row *page*, which was *looked* at just now. Raises EditRefused before anything is written."""
        if looked.version != edit.version:
            return Stale(edit.ref, looked.version)
        if looked.goals is not None:
            if not isinstance(edit.shape, TableShape):
                raise EditRefused("A goal sheet stands there, and the edit is for a document.")
            if not self._sheets.edit(page, looked, edit.shape, edit.changes):
                return Unchanged(edit.ref, looked.version)
            return Written(edit.ref, look(page).version)
        if not isinstance(edit.shape, DocumentShape):
            raise EditRefused("A document stands there, and the edit is for a goal sheet.")
        steps = replacements(looked.body, edit.shape, edit.changes, self._members.name_of)
        if not steps:
            return Unchanged(edit.ref, looked.version)
        return self._replace(edit, page, looked, look, steps)

    def _replace(self, edit: Edit, page: Page, looked: Looked, look: LookAt, steps: Sequence[Replacement]) -> Written | Stale:
        """All replacements in one call. After an unknown outcome the body itself tells whether they were made."""
        updates = [{"old_str": step.old, "new_str": step.new} for step in steps]
        call = {"type": "update_content", "update_content": {"content_updates": updates}}
        for _ in range(TRIES):
            try:
                answer = self._api.change_once(f"pages/{page.id}/markdown", call)
                return Written(edit.ref, version_of(str(answer.get("markdown", "")), looked.beside))
            except Refused as refusal:
                now = look(page)
                if refusal.status == 400 and now.version != looked.version:
                    return Stale(edit.ref, now.version)
                raise
            except Uncertain:
                now = look(page)
                if now.version != looked.version:
                    made = all(_is_made(step, now.body) for step in steps)
                    return Written(edit.ref, now.version) if made else Stale(edit.ref, now.version)
        raise WorkspaceError("Notion does not answer. Try again later.", permanent=False)


def _is_made(step: Replacement, body: str) -> bool:
    return step.new in body and (step.old in step.new or step.old not in body)
