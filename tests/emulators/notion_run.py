"""A tour of the Notion emulator through Notion's own Python client, touching every operation and every kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from notion_client import APIResponseError, Client
from notion_client.errors import HTTPResponseError

from connectors.notion.emulator.seed import ROOT_PAGE

ADA = "ada00000-0000-4000-8000-000000000001"
NOWHERE = "00000000-0000-4000-8000-000000000000"


def text(words: str, **look: Any) -> list[dict[str, Any]]:
    """Rich text of one part."""
    return [{"type": "text", "text": {"content": words}, **({"annotations": look} if look else {})}]


SCHEMA: dict[str, Any] = {
    "Name": {"title": {}},
    "Key": {"rich_text": {}},
    "Owner": {"people": {}},
    "Status": {"status": {}},
    "Kind": {"select": {"options": [{"name": "Goal", "color": "blue"}]}},
    "Tags": {"multi_select": {"options": [{"name": "a"}]}},
    "Weight": {"number": {"format": "percent"}},
    "Due": {"date": {}},
    "Done": {"checkbox": {}},
    "Link": {"url": {}},
    "Mail": {"email": {}},
    "Phone": {"phone_number": {}},
    "Files": {"files": {}},
    "Number": {"unique_id": {"prefix": "G"}},
    "Made": {"created_time": {}},
    "Made by": {"created_by": {}},
    "Edited": {"last_edited_time": {}},
    "Edited by": {"last_edited_by": {}},
    "Sum": {"formula": {"expression": "1 + 1"}},
}

ROW: dict[str, Any] = {
    "Name": {"title": text("Ship it")},
    "Key": {"rich_text": text("k/1", bold=True)},
    "Owner": {"people": [{"object": "user", "id": ADA}]},
    "Status": {"status": {"name": "Done"}},
    "Kind": {"select": {"name": "Goal"}},
    "Tags": {"multi_select": [{"name": "a"}, {"name": "new"}]},
    "Weight": {"number": 0.5},
    "Due": {"date": {"start": "2026-06-30", "end": "2026-07-01"}},
    "Done": {"checkbox": True},
    "Link": {"url": "https://example.com"},
    "Mail": {"email": "ada@example.com"},
    "Phone": {"phone_number": "+49 30 1"},
    "Files": {"files": [{"name": "a.pdf", "type": "external", "external": {"url": "https://example.com/a.pdf"}}]},
}

BLOCKS: list[dict[str, Any]] = [
    {"paragraph": {"rich_text": text("Words"), "color": "red", "children": [{"quote": {"rich_text": text("Inside")}}]}},
    {"heading_1": {"rich_text": text("One")}},
    {"heading_2": {"rich_text": text("Two"), "is_toggleable": True, "children": [{"divider": {}}]}},
    {"heading_3": {"rich_text": text("Three")}},
    {"bulleted_list_item": {"rich_text": text("Point")}},
    {"numbered_list_item": {"rich_text": text("First")}},
    {"to_do": {"rich_text": text("Do"), "checked": True}},
    {"toggle": {"rich_text": text("Open"), "children": [{"paragraph": {"rich_text": text("Hidden")}}]}},
    {"callout": {"rich_text": text("Look"), "icon": {"type": "emoji", "emoji": "💡"}}},
    {"code": {"rich_text": text("x = 1"), "language": "python"}},
    {"equation": {"expression": "e = mc^2"}},
    {"divider": {}},
    {"breadcrumb": {}},
    {"table_of_contents": {}},
    {"bookmark": {"url": "https://example.com"}},
    {"embed": {"url": "https://example.com"}},
    {"image": {"type": "external", "external": {"url": "https://example.com/a.png"}}},
    {
        "table": {
            "table_width": 2,
            "has_column_header": True,
            "has_row_header": False,
            "children": [{"table_row": {"cells": [text("a"), text("b")]}}],
        }
    },
    {
        "column_list": {
            "children": [
                {"column": {"children": [{"paragraph": {"rich_text": text("left")}}]}},
                {"column": {"children": [{"paragraph": {"rich_text": text("right")}}]}},
            ]
        }
    },
    {"synced_block": {"synced_from": None, "children": [{"paragraph": {"rich_text": text("same")}}]}},
]


def refused(call: Callable[[], Any]) -> None:
    """*call*, which the platform refuses."""
    try:
        call()
    except (APIResponseError, HTTPResponseError):
        return
    raise AssertionError("The emulator should have refused.")


def tour(notion: Client, raw: Callable[..., Any]) -> None:
    """Everything once. *raw* sends what the client cannot: method, path, JSON, headers."""
    source_id, database_id = _tables(notion)
    page_id = _rows(notion, source_id)
    _bodies(notion, page_id)
    _blocks(notion, page_id)
    _views(notion, source_id, database_id, page_id)
    _people(notion, page_id)
    _tokens(notion)
    _refusals(notion, raw, source_id)
    _end(notion, page_id, source_id, database_id)


def _tables(notion: Client) -> tuple[str, str]:
    database: Any = notion.databases.create(
        parent={"type": "page_id", "page_id": ROOT_PAGE},
        title=text("Goals"),
        description=text("What we want"),
        icon={"type": "emoji", "emoji": "🎯"},
        initial_data_source={"properties": SCHEMA},
    )
    notion.databases.retrieve(database["id"])
    notion.databases.update(database["id"], title=text("Goals 2026"), is_inline=True)
    source = database["data_sources"][0]["id"]
    related = {
        "Parent": {"relation": {"data_source_id": source, "type": "dual_property", "dual_property": {}}},
        "Alone": {"relation": {"data_source_id": source, "type": "single_property", "single_property": {}}},
    }
    notion.data_sources.update(source, properties=related)
    rollup = {"relation_property_name": "Parent", "rollup_property_name": "Weight", "function": "sum"}
    notion.data_sources.update(source, properties={"Total": {"rollup": rollup}, "Mail": {"name": "E-mail"}})
    notion.data_sources.retrieve(source)
    notion.data_sources.list_templates(source)
    second: Any = notion.data_sources.create(
        parent={"type": "database_id", "database_id": database["id"]},
        properties={"Name": {"title": {}}},
        title=text("More"),
    )
    notion.data_sources.update(second["id"], in_trash=True)
    return source, database["id"]


def _rows(notion: Client, source: str) -> str:
    parent = {"type": "data_source_id", "data_source_id": source}
    properties = {("E-mail" if name == "Mail" else name): value for name, value in ROW.items()}
    page: Any = notion.pages.create(
        parent=parent, properties=properties, children=BLOCKS, icon={"type": "emoji", "emoji": "🚀"}
    )
    other: Any = notion.pages.create(parent=parent, properties={"Name": {"title": text("Other")}}, markdown="## Wins\n\n- ")
    notion.pages.update(page["id"], properties={"Parent": {"relation": [{"id": other["id"]}]}, "Kind": {"select": None}})
    notion.pages.retrieve(page["id"])
    for name in ("title", "Parent", "Owner", "Weight", "Kind", "Total", "Made", "Edited by", "Number", "Sum"):
        notion.pages.properties.retrieve(page["id"], property_id=name)
    notion.data_sources.query(source, page_size=1)
    notion.data_sources.query(
        source,
        filter={
            "and": [{"property": "Owner", "people": {"contains": ADA}}, {"property": "Done", "checkbox": {"equals": True}}]
        },
        sorts=[{"property": "Due", "direction": "descending"}, {"timestamp": "last_edited_time", "direction": "ascending"}],
    )
    notion.search(query="ship", sort={"timestamp": "last_edited_time", "direction": "ascending"})
    notion.search(filter={"property": "object", "value": "data_source"}, page_size=1)
    return str(page["id"])


def _bodies(notion: Client, page: str) -> None:
    notion.pages.retrieve_markdown(page)
    change = {"content_updates": [{"old_str": "- Point", "new_str": "- Points"}]}
    notion.pages.update_markdown(page, type="update_content", update_content=change)
    notion.pages.update_markdown(page, type="insert_content", insert_content={"content": "More"})
    asynchronous: Any = notion.request(
        f"pages/{page}/markdown",
        "PATCH",
        body={"type": "insert_content", "insert_content": {"content": "Later"}, "allow_async": True},
    )
    notion.request(f"async_tasks/{asynchronous['id']}", "GET")


def _blocks(notion: Client, page: str) -> None:
    made: Any = notion.blocks.children.append(page, children=BLOCKS[:3], position={"type": "start"})
    first = made["results"][0]["id"]
    notion.blocks.children.append(page, children=BLOCKS[3:4], position={"type": "after_block", "after_block": {"id": first}})
    notion.blocks.retrieve(first)
    notion.blocks.retrieve(page)
    notion.blocks.update(first, paragraph={"rich_text": text("Changed")})
    listed: Any = notion.blocks.children.list(page, page_size=5)
    notion.blocks.children.list(page, start_cursor=listed["next_cursor"])
    notion.blocks.children.list(ROOT_PAGE)
    notion.blocks.delete(first)


def _views(notion: Client, source: str, database: str, page: str) -> None:
    view: Any = notion.views.create(
        data_source_id=source,
        name="Ada",
        type="table",
        create_database={"parent": {"type": "page_id", "page_id": page}},
        filter={"property": "Owner", "people": {"contains": ADA}},
        sorts=[{"property": "Due", "direction": "ascending"}],
    )
    notion.databases.retrieve(view["parent"]["database_id"])
    tab: Any = notion.views.create(data_source_id=source, name="All", type="list", database_id=database)
    notion.views.retrieve(tab["id"])
    notion.views.update(tab["id"], name="Everything")
    notion.views.list(database_id=database)
    asked: Any = notion.views.queries.create(tab["id"], page_size=1)
    notion.views.queries.results(tab["id"], asked["id"], start_cursor=asked["next_cursor"])
    notion.views.queries.delete(tab["id"], asked["id"])
    notion.views.delete(tab["id"])


def _people(notion: Client, page: str) -> None:
    notion.users.list(page_size=2)
    notion.users.me()
    notion.users.retrieve(ADA)
    comment: Any = notion.comments.create(parent={"page_id": page}, rich_text=text("Well done"))
    notion.comments.create(discussion_id=comment["discussion_id"], rich_text=text("Thanks"))
    notion.comments.list(block_id=page)
    notion.comments.retrieve(comment["id"])
    notion.comments.update(comment["id"], rich_text=text("Very well done"))
    notion.comments.delete(comment["id"])


def _tokens(notion: Client) -> None:
    given: Any = notion.oauth.token("id", "secret", grant_type="authorization_code", code="code", redirect_uri="https://a.b")
    token = given["access_token"]
    notion.oauth.introspect("id", "secret", token=token)
    notion.oauth.token("id", "secret", grant_type="refresh_token", refresh_token=given["refresh_token"])
    notion.oauth.revoke("id", "secret", token=token)


def _refusals(notion: Client, raw: Callable[..., Any], source: str) -> None:
    refused(lambda: notion.pages.retrieve(NOWHERE))
    refused(lambda: notion.pages.retrieve("no-id"))
    refused(lambda: notion.data_sources.query(source, filter={"property": "Nothing", "select": {"equals": "x"}}))
    raw("GET", "/v1/users/me", headers={"Authorization": "Bearer invalid"})
    raw("GET", "/v1/users/me", headers={"Authorization": "Bearer ntn_x", "Notion-Version": ""})
    for kind in ("429", "500", "503", "503_after_commit"):
        raw("POST", "/_emulator/faults", {"kind": kind, "count": 1})
        raw("POST", "/v1/pages", {"parent": {"page_id": ROOT_PAGE}, "properties": {"title": {"title": text("Spoiled")}}})


def _end(notion: Client, page: str, source: str, database: str) -> None:
    notion.pages.move(page, parent={"type": "page_id", "page_id": ROOT_PAGE})
    notion.pages.update(page, in_trash=True)
    notion.pages.update(page, in_trash=False)
    notion.blocks.delete(page)
    notion.databases.update(database, in_trash=True)
