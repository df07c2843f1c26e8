"""What the folder workspace's tests do again and again, as programs and as people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx

from connectors.folder.scan import OURS
from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import (
    Edit,
    Failed,
    FillSection,
    Home,
    NewItem,
    Paragraph,
    Snapshot,
)
from templates.shapes import Place
from tests.connectors.samples import CHECK_IN

HIDDEN = Home(Place.PRIVATE, "m1", "Bo Chen", ("Ada Brandt",))


class Crash(BaseException):
    """The process ends here; nothing of the program's own may catch it."""


def folder(base: Path, checkpoint: Callable[[str], None] = lambda step: None) -> FolderWorkspace:
    """A workspace in *base*, which need not be there yet."""
    return FolderWorkspace(base / "team", base / "managers", fsync=False, checkpoint=checkpoint)


def at(base: Path, ref: str) -> Path:
    """The path of a ref."""
    root, _, rest = ref.partition("/")
    return base / {"shared": "team", "private": "managers"}[root] / rest


def made(workspace: FolderWorkspace, *items: NewItem) -> list[str]:
    """The refs of *items*, created or adopted."""
    results = list(workspace.create(items))
    return [result.ref for result in results if not isinstance(result, Failed)]


def version(workspace: FolderWorkspace, ref: str) -> str:
    """The present version of a check-in."""
    (snapshot,) = workspace.read([(ref, CHECK_IN)])
    assert isinstance(snapshot, Snapshot), snapshot
    return snapshot.version


def filling(workspace: FolderWorkspace, ref: str, text: str = "We shipped it. " * 40) -> Edit:
    """An edit that can be made twice: it fills the wins."""
    return Edit(ref, version(workspace, ref), CHECK_IN, (FillSection("wins", (Paragraph(text),)),))


def own_files(base: Path) -> list[Path]:
    """Temporary files and sidecars that are still there."""
    return [path for path in base.rglob(f"{OURS}*") if path.is_file()]


def type_into(path: Path, section: str, text: str) -> None:
    """Type a paragraph below a heading and save, as a person does."""
    document = docx.Document(str(path))
    paragraphs = document.paragraphs
    start = next(number for number, paragraph in enumerate(paragraphs) if paragraph.text == section)
    following = next((each for each in paragraphs[start + 1 :] if _is_heading(each)), None)
    if following is not None:
        following.insert_paragraph_before(text)
    else:
        document.add_paragraph(text)
    document.save(str(path))


def _is_heading(paragraph: object) -> bool:
    style = getattr(paragraph, "style", None)
    while style is not None:
        if str(style.name).startswith("Heading"):
            return True
        style = style.base_style
    return False
