"""Sections are found whatever happened to their headings."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document as open_with_library

from tests.connectors.office.docx_kit import (
    SHAPE,
    WINS_STYLE,
    assert_nothing_lost,
    built,
    document,
    p,
    part,
    r,
    typed,
    under,
    wins_heading,
)


def as_heading_1(heading: str) -> str:
    return heading.replace("TL_wins", "Heading1", 1)


def without_bookmark(heading: str) -> str:
    start, end = heading.index("<w:bookmarkStart"), heading.index("<w:r>")
    heading = heading[:start] + heading[end:]
    return heading[: heading.index("<w:bookmarkEnd")] + "</w:p>"


HEADING_EDITS: dict[str, Callable[[str], str]] = {
    "untouched": lambda heading: heading,
    "renamed": lambda heading: heading.replace(">Wins<", ">Our successes<"),
    "style lost": as_heading_1,
    "style and title lost": lambda heading: as_heading_1(heading).replace(">Wins<", ">Our successes<"),
    "demoted to text": lambda heading: heading.replace(WINS_STYLE, ""),
    "bookmark lost": without_bookmark,
    "bookmark and title lost": lambda heading: without_bookmark(heading).replace(">Wins<", ">Our successes<"),
    "only the title left": lambda heading: without_bookmark(as_heading_1(heading)),
    "only the title left, as text": lambda heading: without_bookmark(heading).replace(WINS_STYLE, ""),
    "only its place left": lambda heading: without_bookmark(as_heading_1(heading)).replace(">Wins<", ">Our successes<"),
    "emptied": lambda heading: heading.replace(r("Wins"), ""),
    "emptied, style lost": lambda heading: heading.replace(r("Wins"), "").replace(WINS_STYLE, ""),
}


@pytest.mark.parametrize("way", HEADING_EDITS)
def test_a_section_is_found_whatever_happened_to_its_heading(way: str) -> None:
    """Bookmark, style, title or order: each alone is enough, and the neighbours keep their text."""
    data = under(under(built(), "wins", p(r("we won"))), "blockers", p(r("a wall")))
    heading = wins_heading(data)
    data = typed(data, (heading, HEADING_EDITS[way](heading)))
    found = document(data)
    assert [one.section for one in found.parts] == [section.key for section in SHAPE.sections]
    assert part(found, "wins").paragraphs == ("we won",)
    assert part(found, "blockers").paragraphs == ("a wall",)
    assert_nothing_lost(data)


def test_a_heading_found_by_its_place_alone_is_noted() -> None:
    """A guess by order tells what it took for what."""
    data = built()
    heading = wins_heading(data)
    found = document(typed(data, (heading, HEADING_EDITS["only its place left"](heading))))
    assert found.notes == ("The heading “Our successes” is read as “Wins”, by its position.",)


def test_a_heading_merged_into_the_line_above_is_cut_at_its_bookmark() -> None:
    """Backspace at the beginning of a heading does not move its section's text to the section above."""
    data = under(built(), "wins", p(r("we won")))
    heading = wins_heading(data)
    merged = p(r("last point") + heading[heading.index("<w:bookmarkStart") : -6])
    found = document(typed(data, (heading, merged)))
    assert part(found, "actions").paragraphs == ("last point",)
    assert (part(found, "wins").heading, part(found, "wins").paragraphs) == ("Wins", ("we won",))


def test_a_copied_heading_gives_a_second_part() -> None:
    """Both copies of a section are read, under the same section."""
    data = built()
    copy = without_bookmark(wins_heading(data))
    data = under(data, "notes", copy + p(r("more wins")))
    assert [one.paragraphs for one in document(data).parts if one.section == "wins"] == [(), ("more wins",)]
    assert_nothing_lost(data)


def test_text_typed_in_the_headings_own_style_is_text() -> None:
    """A line below a heading that kept the heading's style belongs to the section."""
    data = under(built(), "wins", p(r("we won a prize"), "TL_wins"))
    assert part(document(data), "wins").paragraphs == ("we won a prize",)


def test_a_former_title_is_known() -> None:
    """A file from before a section was renamed reads into the section of today."""
    library = open_with_library()
    library.add_heading("OTHER  notes", 1)
    library.add_paragraph("kept")
    stream = io.BytesIO()
    library.save(stream)
    assert part(document(stream.getvalue()), "notes").paragraphs == ("kept",)


def test_a_file_that_lost_every_style_and_bookmark_is_read_by_its_words() -> None:
    """Headings by their titles, guidance by its text: enough when another editor dropped our styles."""
    library = open_with_library()
    for section in SHAPE.sections:
        library.add_heading(section.title.upper(), 1)
        library.add_paragraph(section.prompt)
        library.add_paragraph(f"about {section.key}")
    stream = io.BytesIO()
    library.save(stream)
    found = document(stream.getvalue())
    assert [(one.section, one.paragraphs) for one in found.parts] == [(s.key, (f"about {s.key}",)) for s in SHAPE.sections]
    assert_nothing_lost(stream.getvalue())


def test_a_tracked_deletion_of_a_heading_leaves_its_section_in_place() -> None:
    """A heading that was struck out, not yet accepted, still tells where its section begins."""
    data = under(built(), "wins", p(r("we won")))
    heading = wins_heading(data)
    struck = heading.replace(r("Wins"), '<w:del w:id="80" w:author="A"><w:r><w:delText>Wins</w:delText></w:r></w:del>')
    assert part(document(typed(data, (heading, struck))), "wins").paragraphs == ("we won",)
