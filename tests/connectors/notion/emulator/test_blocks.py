"""Blocks, views, comments: every one that can be made, and the limits of a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from notion_client import APIResponseError, Client

from connectors.emulator.clock import VirtualClock
from connectors.notion.emulator.seed import ROOT_PAGE
from tests.connectors.notion.emulator.conftest import ADA, text
from tests.emulators.notion_run import BLOCKS

Add = Callable[..., Any]


def paragraph(words: str, **more: Any) -> dict[str, Any]:
    """A paragraph as a request writes it."""
    return {"type": "paragraph", "paragraph": {"rich_text": text(words), **more}}


def shown(notion: Client, container: str) -> list[str]:
    """The words of the paragraphs in a page or block."""
    answer: Any = notion.blocks.children.list(container)
    return ["".join(part["plain_text"] for part in block[block["type"]].get("rich_text", [])) for block in answer["results"]]


def test_every_block_comes_back_without_its_children(notion: Client) -> None:
    """The payload is complete, children come by their own path, parents are told."""
    made: Any = notion.blocks.children.append(ROOT_PAGE, children=BLOCKS)
    assert len(made["results"]) == len(BLOCKS)
    first = made["results"][0]
    assert list(first) == [
        *("object", "id", "parent", "created_time", "last_edited_time", "created_by", "last_edited_by"),
        *("has_children", "in_trash", "type", "paragraph"),
    ]
    assert first["paragraph"].keys() == {"rich_text", "icon", "color"}
    inside: Any = notion.blocks.children.list(first["id"])
    assert inside["results"][0]["parent"] == {"type": "block_id", "block_id": first["id"]}
    assert all("children" not in block[block["type"]] for block in made["results"])


def test_append_at_start_end_and_after_a_block(notion: Client) -> None:
    """In the order that was asked for."""
    made: Any = notion.blocks.children.append(ROOT_PAGE, children=[paragraph("b"), paragraph("d")])
    after = {"type": "after_block", "after_block": {"id": made["results"][0]["id"]}}
    notion.blocks.children.append(ROOT_PAGE, children=[paragraph("c")], position=after)
    notion.blocks.children.append(ROOT_PAGE, children=[paragraph("a")], position={"type": "start"})
    notion.blocks.children.append(ROOT_PAGE, children=[paragraph("e")], position={"type": "end"})
    assert shown(notion, ROOT_PAGE) == list("abcde")
    with pytest.raises(APIResponseError, match=r"body\.after should be not present"):
        notion.blocks.children.append(ROOT_PAGE, children=[paragraph("x")], after=made["results"][0]["id"])


@pytest.mark.parametrize(
    ("children", "message"),
    [
        ([paragraph("x")] * 101, r"body\.children\.length should be ≤ `100`, instead was `101`"),
        (
            [paragraph("0", children=[paragraph("1", children=[paragraph("2", children=[paragraph("3")])])])],
            "should be not present",
        ),
        ([paragraph("x" * 2001)], r"children\[0\]\.paragraph\.rich_text\[0\]\.text\.content\.length should be ≤ `2000`"),
        ([{"type": "child_page", "child_page": {"title": "x"}}], r"Fix one:\nbody\.children\[0\]\.embed should be defined"),
        (
            [paragraph("x") | {"paragraph": {"rich_text": [{"tetx": {}}]}}],
            r"Fix one:\n.*\.text should .*\n.*\.mention .*\n.*\.equation",
        ),
        ([{"table_row": {"cells": [[]]}}], "cannot stand in a page"),
        ([{"table": {"table_width": 2, "children": [{"table_row": {"cells": [[]]}}]}}], "must match the table width"),
        ([{"column_list": {"children": [{"column": {"children": []}}]}}], "should be ≥ `2`"),
        ([{"divider": {"children": [paragraph("x")]}}], "should be not present"),
        ("no list", "should be an array"),
    ],
)
def test_blocks_that_notion_refuses(notion: Client, children: Any, message: str) -> None:
    """Nothing of such a request is done."""
    with pytest.raises(APIResponseError, match=message):
        notion.blocks.children.append(ROOT_PAGE, children=children)
    assert shown(notion, ROOT_PAGE) == []


def test_two_levels_may_be_nested_and_a_thousand_blocks_sent(notion: Client) -> None:
    """The third level is refused, and so is block 1,001."""
    notion.blocks.children.append(ROOT_PAGE, children=[paragraph("0", children=[paragraph("1", children=[paragraph("2")])])])
    many = [paragraph("0", children=[paragraph("1", children=[paragraph("2")] * 10)]) for _ in range(90)]
    with pytest.raises(APIResponseError, match="blocks in all"):
        notion.blocks.children.append(ROOT_PAGE, children=many)


def test_update_keeps_what_it_does_not_name_and_never_the_type(notion: Client) -> None:
    """A to-do is ticked without being retyped."""
    made: Any = notion.blocks.children.append(ROOT_PAGE, children=[{"to_do": {"rich_text": text("Call"), "color": "red"}}])
    block_id = made["results"][0]["id"]
    changed: Any = notion.blocks.update(block_id, to_do={"checked": True})
    assert (changed["to_do"]["checked"], changed["to_do"]["color"]) == (True, "red")
    assert shown(notion, ROOT_PAGE) == ["Call"]
    with pytest.raises(APIResponseError, match="Block type cannot be changed"):
        notion.blocks.update(block_id, paragraph={"rich_text": []})


def test_a_deleted_block_leaves_the_pages_time_as_it_was(notion: Client, clock: VirtualClock) -> None:
    """As recorded: deletions may be invisible to whoever polls."""
    made: Any = notion.blocks.children.append(ROOT_PAGE, children=[paragraph("x")])
    clock.advance(300)
    gone: Any = notion.blocks.delete(made["results"][0]["id"])
    assert gone["in_trash"] is True
    assert notion.pages.retrieve(ROOT_PAGE)["last_edited_time"] == "2026-03-02T09:00:00.000Z"  # type: ignore[index]
    assert notion.blocks.retrieve(gone["id"])["in_trash"] is True  # type: ignore[index]
    notion.blocks.update(gone["id"], in_trash=False)
    assert shown(notion, ROOT_PAGE) == ["x"]


def test_a_linked_view_stands_on_another_page(notion: Client, goals: str, add: Add) -> None:
    """A person's own rows, filtered, on the person's own page; the view's query tells ids only and expires."""
    mine = add("mine", Owner={"people": [{"id": ADA}]})
    add("other")
    home: Any = notion.pages.create(parent={"page_id": ROOT_PAGE}, properties={"title": text("Ada")})
    view: Any = notion.views.create(
        data_source_id=goals,
        name="Goals",
        type="table",
        create_database={"parent": {"type": "page_id", "page_id": home["id"]}},
        filter={"property": "Owner", "people": {"contains": ADA}},
    )
    database: Any = notion.databases.retrieve(view["parent"]["database_id"])
    assert database["parent"] == {"type": "page_id", "page_id": home["id"]}
    assert database["data_sources"][0]["id"] == goals
    asked: Any = notion.views.queries.create(view["id"])
    assert (asked["results"], asked["total_count"]) == ([{"object": "page", "id": mine["id"]}], 1)
    assert asked["expires_at"] == "2026-03-02T09:15:00.000+00:00"
    with pytest.raises(APIResponseError, match="last view of a database"):
        notion.views.delete(view["id"])


def test_a_result_of_a_view_is_kept_for_fifteen_minutes(notion: Client, goals: str, add: Add, clock: VirtualClock) -> None:
    """Then 404."""
    for number in range(3):
        add(str(number))
    source: Any = notion.data_sources.retrieve(goals)
    views: Any = notion.views.list(database_id=source["parent"]["database_id"])
    view_id = views["results"][0]["id"]
    asked: Any = notion.views.queries.create(view_id, page_size=2)
    rest: Any = notion.views.queries.results(view_id, asked["id"], start_cursor=asked["next_cursor"])
    assert len(rest["results"]) == 1
    clock.advance(900)
    with pytest.raises(APIResponseError, match="Could not find view_query"):
        notion.views.queries.results(view_id, asked["id"])


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"type": "board"}, "configuration.group_by should be defined"),
        ({"type": "table", "filter": {"property": "Nothing", "select": {"equals": "x"}}}, "Could not find property"),
        ({"type": "cloud"}, "type should be one of"),
    ],
)
def test_views_that_notion_refuses(notion: Client, goals: str, order: dict[str, Any], message: str) -> None:
    """A view must fit its data source."""
    source: Any = notion.data_sources.retrieve(goals)
    with pytest.raises(APIResponseError, match=message):
        notion.views.create(data_source_id=goals, name="v", database_id=source["parent"]["database_id"], **order)


def test_views_have_an_order(notion: Client, goals: str) -> None:
    """A new one is last, first or behind another."""
    source: Any = notion.data_sources.retrieve(goals)
    database = source["parent"]["database_id"]

    def add(name: str, **more: Any) -> str:
        view: Any = notion.views.create(data_source_id=goals, name=name, type="list", database_id=database, **more)
        return str(view["id"])

    last, first = add("last"), add("first", position={"type": "start"})
    second = add("second", position={"type": "after_view", "view_id": first})
    listed: Any = notion.views.list(database_id=database)
    ids = [view["id"] for view in listed["results"]]
    assert (ids[0], ids[1], ids[-1]) == (first, second, last)


def test_comments_make_a_discussion(notion: Client) -> None:
    """Answered, changed and deleted; a page lists them."""
    first: Any = notion.comments.create(parent={"page_id": ROOT_PAGE}, rich_text=text("Well done"))
    second: Any = notion.comments.create(discussion_id=first["discussion_id"], markdown="**Thanks**")
    assert second["rich_text"][0]["annotations"]["bold"] is True
    assert first["display_name"] == {"type": "integration", "resolved_name": "Throughline"}
    listed: Any = notion.comments.list(block_id=ROOT_PAGE)
    assert [comment["id"] for comment in listed["results"]] == [first["id"], second["id"]]
    notion.comments.delete(first["id"])
    assert len(notion.comments.list(block_id=ROOT_PAGE)["results"]) == 1  # type: ignore[index]
