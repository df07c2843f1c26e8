"""A released review as text: what its document was made with, each version as its reader got it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from addon.web.addresses import Where, where
from addon.web.seat import Seat
from connectors.workspace import Document, Part
from sync.access import Action, Paper, Phase
from sync.pull.serial import from_json
from sync.records import Person, Release
from sync.review.service import Desk
from sync.store.queries import artifacts, reviews
from templates.shapes import DocumentShape, Kind


@dataclass(frozen=True)
class Cell:
    """A figure of a table, with the title of its column."""

    title: str
    text: str


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it."""

    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Version:
    """One version of a released review, and what its reader said to it."""

    release: Release
    by: str
    place: Where
    sections: tuple[Section, ...]
    acknowledged: tuple[datetime, str] | None


def versions(mine: Seat, desk: Desk, about: Person) -> tuple[Version, ...]:
    """Every version that the one who looks may read, the latest first; none when nothing was released."""
    with mine.company.store.read() as tx:
        done = reviews.releases_of(tx, desk.cycle.id, about.id)
        readable = [one for one in done if _may_read(mine, one)]
        papers = artifacts.with_grounds(tx, [one.artifact_key for one in readable])
        said = reviews.acknowledgements(tx, about.id)
    shape = desk.template(Kind.RELEASED_REVIEW)[1]
    found = []
    for one in reversed(readable):
        if one.artifact_key in papers:
            paper, workspace, ground = papers[one.artifact_key]
            content = from_json(ground)
            sections = _sections(content, shape) if isinstance(content, Document) else ()
            place, by = where(paper, workspace), mine.directory.name(one.by)
            found.append(Version(one, by, place, sections, said.get(one.artifact_key)))
    return tuple(found)


def _may_read(mine: Seat, release: Release) -> bool:
    return mine.may(Action.READ, Paper(Kind.RELEASED_REVIEW, release.person_id, release.by, Phase.RELEASED))


def _sections(document: Document, shape: DocumentShape) -> tuple[Section, ...]:
    return tuple(_section(part, shape) for part in document.parts if part.paragraphs or part.rows)


def _section(part: Part, shape: DocumentShape) -> Section:
    known = shape.section(part.section)
    titles = {column.key: column.title for column in known.columns} if known else {}
    rows = tuple(tuple(Cell(titles.get(key, key), cell.text) for key, cell in row.cells.items()) for row in part.rows)
    return Section(part.heading or (known.title if known else ""), part.paragraphs, rows)
