"""Where a person opens a document: an address to click, or a path to look up. Needs no connector."""

from __future__ import annotations

from dataclasses import dataclass

from sync.records import Artifact
from templates.shapes import Kind


@dataclass(frozen=True)
class Where:
    """*address* is "" where a browser cannot open the place; *path* is what people look for then."""

    address: str
    path: str


def where(artifact: Artifact, workspace: str) -> Where:
    """The place of *artifact* in the workspace of that name."""
    if workspace == "google":
        kind = "spreadsheets" if artifact.kind is Kind.GOAL_SHEET else "document"
        return Where(f"https://docs.google.com/{kind}/d/{artifact.ref}/edit", artifact.title)
    address = address_of(artifact.ref, workspace)
    return Where(address, artifact.title if address else artifact.ref)


def address_of(ref: str, workspace: str) -> str:
    """What opens a file or folder of which no more than its *ref* is known; "" where a browser cannot."""
    if workspace == "notion":
        return f"https://www.notion.so/{ref.rpartition('/')[2].replace('-', '')}"
    return f"https://drive.google.com/open?id={ref}" if workspace == "google" else ""
