"""Whatever people build in Docs and Sheets, every text in them is read exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.google.body import body_of
from connectors.google.document import document_of
from connectors.google.workspace import GoogleWorkspace
from connectors.markdown import plain, quotable
from connectors.workspace import Created, Document, Snapshot, Table
from tests.connectors.google.house import House, email, house
from tests.connectors.samples import CHECK_IN, GOALS, TEXTS, sheet
from tests.effort import examples

Json = dict[str, Any]
_STYLES = ("NORMAL_TEXT", "HEADING_1", "HEADING_2", "HEADING_3", "TITLE", "SUBTITLE")
_TITLES = [section.title for section in CHECK_IN.sections]


def _element(kind: str, text: str) -> Json:
    if kind == "person":
        return {"person": {"personId": "p", "personProperties": {"name": text, "email": "a@example.org"}}}
    if kind == "dateElement":
        return {"dateElement": {"dateElementProperties": {"displayText": text}}}
    if kind == "dropdown":
        return {"dropdown": {"dropdownProperties": {"displayValue": text}}}
    if kind == "richLink":
        return {"richLink": {"richLinkProperties": {"title": text, "uri": "https://example.org/x"}}}
    looks = {"bold": len(text) % 3 == 0, "italic": len(text) % 4 == 0}
    suggested = {"suggestedInsertionIds": ["s1"]} if kind == "suggested" else {}
    return {"textRun": {"content": text, "textStyle": looks, **suggested}}


_KINDS = ("textRun", "textRun", "textRun", "person", "dateElement", "dropdown", "richLink", "suggested")


def _paragraph(elements: Sequence[Json], style: str, bullet: bool) -> Json:
    inside: Json = {
        "elements": [*elements, {"textRun": {"content": "\n"}}],
        "paragraphStyle": {"namedStyleType": style, "headingId": f"h.{id(elements)}"},
    }
    return {"paragraph": inside | ({"bullet": {"listId": "l", "nestingLevel": 1}} if bullet else {})}


@st.composite
def _documents(draw: st.DrawFn) -> tuple[Json, list[str]]:
    """A document with all the texts in it, each with a number so that none is part of another."""
    numbers, texts = count(1), list[str]()

    def word() -> str:
        texts.append(f"{draw(TEXTS)}§{next(numbers)}¶")
        return texts[-1]

    def paragraph() -> Json:
        if draw(st.integers(0, 4)) == 0:
            return _paragraph([_element("textRun", draw(st.sampled_from(_TITLES)))], draw(st.sampled_from(_STYLES)), False)
        elements = [_element(draw(st.sampled_from(_KINDS)), word()) for _ in range(draw(st.integers(0, 3)))]
        return _paragraph(elements, draw(st.sampled_from(_STYLES)), draw(st.booleans()))

    def table() -> Json:
        cells = [{"content": [paragraph() for _ in range(draw(st.integers(1, 2)))]} for _ in range(draw(st.integers(1, 4)))]
        return {"table": {"tableRows": [{"tableCells": cells}, {"tableCells": [{"content": [paragraph()]} for _ in cells]}]}}

    def tab(number: int) -> Json:
        content = [table() if draw(st.integers(0, 5)) == 0 else paragraph() for _ in range(draw(st.integers(0, 8)))]
        inside: Json = {"body": {"content": content}}
        if draw(st.booleans()):
            inside |= {"headers": {"x": {"content": [paragraph()]}}, "footnotes": {"y": {"content": [paragraph()]}}}
        return {"tabProperties": {"tabId": f"t.{number}", "title": f"Tab {number}"}, "documentTab": inside}

    tabs = [tab(number) for number in range(draw(st.integers(1, 3)))]
    comment = {"headPost": {"content": word(), "author": {"displayName": "Bo"}}, "replies": [{"content": word()}]}
    return {"tabs": tabs, "comments": [comment]}, texts


def _read(document: Document) -> Iterator[str]:
    for part in document.parts:
        yield part.heading
        yield from (plain(quotable(line)) for line in part.paragraphs)
        for row in part.rows:
            yield row.key
            yield from (cell.text for cell in row.cells.values())
    yield from (plain(one.text) for one in document.left_overs)
    yield from document.template_text


@settings(max_examples=examples(60), deadline=None)
@given(_documents())
def test_every_text_of_a_document_is_read_exactly_once(given_: tuple[Json, list[str]]) -> None:
    """In a part, a left-over or the template's text: chips, tables, tabs, headers, footnotes, comments, suggestions."""
    document, texts = given_
    everything = "\n".join(_read(document_of(body_of(document), CHECK_IN)))
    for text in texts:
        mark = text[text.index("§") :]
        assert everything.count(mark) == 1, (text, everything)
        assert " ".join(text.split()) in " ".join(plain(everything).split()) or any(sign in text for sign in "*[]\\|"), text


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[House, GoogleWorkspace]]:
    """An emulated workspace."""
    with house() as made:
        yield made, made.open()


def test_every_cell_that_people_typed_is_read(place: tuple[House, GoogleWorkspace]) -> None:
    """Wherever it stands: in the table, beside it, above it, far below, on another sheet."""
    google, workspace = place
    person = google.person(email("hr"))
    numbers = count(1)
    rows = st.integers(1, 30).filter(lambda row: row != 2)  # the sentence there is one merged cell: nobody types under it

    @settings(max_examples=examples(8), deadline=None)
    @given(st.lists(st.tuples(rows, st.integers(0, 12), TEXTS), min_size=1, max_size=6))
    def check(cells: list[tuple[int, int, str]]) -> None:
        number = next(numbers)
        (made,) = workspace.create([sheet(f"sheet {number}", f"Sheet {number}")])
        assert isinstance(made, Created)
        typed = {f"{'ABCDEFGHIJKLM'[column]}{row}": f"{text}§{at}§" for at, (row, column, text) in enumerate(cells)}
        data = [{"range": f"Goals!{place_}", "values": [[text]]} for place_, text in typed.items()]
        person.call("POST", f"v4/spreadsheets/{made.ref}/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
        (seen,) = workspace.read([(made.ref, GOALS)])
        assert isinstance(seen, Snapshot)
        assert isinstance(seen.content, Table)
        table = seen.content
        found = [*(cell.text for row in table.rows for cell in row.cells.values()), *(row.key for row in table.rows)]
        found += [*(one.text for one in table.left_overs), *table.template_text, *table.columns.values()]
        for text in typed.values():
            assert sum(text in one for one in found) == 1, (text, found)

    check()
