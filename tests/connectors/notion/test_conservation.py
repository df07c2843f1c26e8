"""Whatever blocks people build in Notion, every text in them is read exactly once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.emulator.clock import RealClock
from connectors.markdown import plain, quotable
from connectors.notion.client import VERSION
from connectors.notion.document import document_of, lay_out, markdown_of
from connectors.notion.emulator.provider import create_app
from connectors.notion.emulator.seed import ROOT_PAGE
from connectors.workspace import Document, DocumentContent
from tests.connectors.notion.house import TOKEN, seed
from tests.connectors.samples import CHECK_IN, TEXTS, check_in
from tests.effort import examples

_PLAIN = ("paragraph", "heading_1", "heading_2", "heading_3", "quote", "bulleted_list_item", "numbered_list_item", "to_do")
_OUTER = ("toggle", "callout", "bulleted_list_item", "quote", "to_do")
_APP = create_app(RealClock(), plan="off", seed=seed())
_CLIENT = _APP.test_client()
Json = dict[str, Any]


def _call(method: str, path: str, body: Json | None = None) -> Json:
    headers = {"Authorization": f"Bearer {TOKEN}", "Notion-Version": VERSION}
    answer = _CLIENT.open(f"/v1/{path}", method=method, json=body, headers=headers)
    data: Json = json.loads(answer.get_data())
    assert answer.status_code == 200, data
    return data


def _rich(text: str) -> list[Json]:
    looks = {"bold": len(text) % 3 == 0, "italic": len(text) % 4 == 0, "code": len(text) % 7 == 0}
    return [{"type": "text", "text": {"content": text}, "annotations": looks}]


def _block(kind: str, text: str, inside: list[Json]) -> Json:
    payload: Json = {"rich_text": _rich(text)} | ({"children": inside} if inside else {})
    return {"type": kind, kind: payload}


def _table(cells: list[str]) -> Json:
    row = {"type": "table_row", "table_row": {"cells": [_rich(cell) for cell in cells]}}
    return {"type": "table", "table": {"table_width": len(cells), "children": [row]}}


def _columns(left: str, right: str) -> Json:
    sides = [{"type": "column", "column": {"children": [_block("paragraph", text, [])]}} for text in (left, right)]
    return {"type": "column_list", "column_list": {"children": sides}}


@st.composite
def _pages(draw: st.DrawFn) -> tuple[list[Json], list[str]]:
    """Blocks and all the texts in them, each with a number so that none is part of another."""
    texts: list[str] = []
    numbers = count(1)

    def text() -> str:
        texts.append(f"«{next(numbers)}:{draw(TEXTS)}»")
        return texts[-1]

    blocks = []
    for kind in draw(st.lists(st.sampled_from((*_PLAIN, *_OUTER, "table", "columns")), min_size=1, max_size=6)):
        if kind == "table":
            blocks.append(_table([text(), text()]))
        elif kind == "columns":
            blocks.append(_columns(text(), text()))
        else:
            outer = text()
            inner = [_block(draw(st.sampled_from(_PLAIN[:1] + _PLAIN[4:])), text(), [])] if kind in _OUTER else []
            blocks.append(_block(kind, outer, inner))
    return blocks, texts


def _read(document: Document) -> Iterator[str]:
    yield from document.template_text
    yield from (line for left in document.left_overs for line in map(quotable, left.text.split("\n")))
    for part in document.parts:
        yield part.heading
        yield from (plain(line) for line in part.paragraphs)
        yield from (cell.text for row in part.rows for cell in row.cells.values())


@settings(max_examples=examples(20))
@given(_pages())
def test_every_text_of_a_page_is_read_exactly_once(page: tuple[list[Json], list[str]]) -> None:
    """Built block by block at the end of a check-in, read as Markdown, taken apart."""
    blocks, texts = page
    item = check_in()
    assert isinstance(item.content, DocumentContent)
    parent = {"type": "page_id", "page_id": ROOT_PAGE}
    made = _call("POST", "pages", {"parent": parent, "properties": {}, "markdown": markdown_of(item.content)})
    _call("PATCH", f"blocks/{made['id']}/children", {"children": blocks})
    markdown = str(_call("GET", f"pages/{made['id']}/markdown")["markdown"])
    said = "\n".join(_read(document_of(lay_out(markdown, CHECK_IN), CHECK_IN)))
    flat = said.replace("\\|", "|")
    assert [text for text in texts if said.count(text) != 1 and flat.count(text) != 1] == []
