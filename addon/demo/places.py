"""Where the story takes place: in which documents people write, and with which hands."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from addon.company import Company
from addon.demo import handwriting
from addon.demo.cast import Cast
from addon.demo.story import Edit


class Place(Protocol):
    """What the story needs of a workspace beyond the program's own commands."""

    hands: int
    """How many people write at the same time, each in another document."""

    def set_up(self, company: Company, cast: Cast) -> None:
        """Make the workspace usable, once the company is founded."""

    def write(self, company: Company, ref: str, edit: Edit) -> None:
        """Somebody makes an edit of the story in the document at *ref*. Raises HandwritingError."""

    def shown(self, company: Company, ref: str) -> str:
        """How a person finds the document."""

    def days_pass(self, days: int) -> None:
        """The story goes on that many days later."""

    def told(self) -> tuple[str, ...]:
        """What was special about it, as sentences for the report."""

    def close(self) -> None:
        """The story is over."""


class FolderPlace:
    """Office files in a folder, edited as Word, Excel and LibreOffice do it."""

    hands = 1

    def set_up(self, company: Company, cast: Cast) -> None:
        """A folder needs nothing."""

    def write(self, company: Company, ref: str, edit: Edit) -> None:
        """Open the file, write, save."""
        handwriting.write(self._path(company, ref), edit.by.hand, edit.at, edit.strokes)

    def shown(self, company: Company, ref: str) -> str:
        """The file's path."""
        return str(self._path(company, ref))

    def days_pass(self, days: int) -> None:
        """Files have the machine's own times."""

    def told(self) -> tuple[str, ...]:
        """Nothing special."""
        return ()

    def close(self) -> None:
        """The files stay."""

    def _path(self, company: Company, ref: str) -> Path:
        root, _, rest = ref.partition("/")
        settings = company.settings
        return (settings.workspace_dir if root == "shared" else settings.private_dir) / rest
