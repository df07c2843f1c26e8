"""Pages and rows: made, read, changed, moved, trashed; their property values and their sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from notion_client import APIResponseError, Client

from connectors.emulator.clock import VirtualClock
from connectors.notion.emulator.seed import BOT, ROOT_PAGE
from tests.connectors.notion.emulator.conftest import ADA, NOWHERE, text, words

Add = Callable[..., Any]


def test_a_row_answers_with_every_field_in_notions_order(notion: Client, goals: str, add: Add) -> None:
    """Keys, minute times, both parent ids, partial users, no `archived`, the request id last."""
    page = add("Ship it")
    assert list(page) == [
        *("object", "id", "created_time", "last_edited_time", "created_by", "last_edited_by", "cover", "icon", "parent"),
        *("in_trash", "is_archived", "is_locked", "properties", "url", "public_url", "request_id"),
    ]
    database: Any = notion.data_sources.retrieve(goals)
    database_id = database["parent"]["database_id"]
    assert page["parent"] == {"type": "data_source_id", "data_source_id": goals, "database_id": database_id}
    assert page["created_time"] == "2026-03-02T09:00:00.000Z"
    assert page["created_by"] == {"object": "user", "id": BOT}
    assert page["url"] == f"https://app.notion.com/p/Ship-it-{page['id'].replace('-', '')}"


def test_values_come_back_as_notion_shows_them(add: Add) -> None:
    """Each type in its own shape; what was left out is empty, a status begins with its first option."""
    page = add(
        "Ship it",
        Owner={"people": [{"id": ADA}]},
        Tags={"multi_select": [{"name": "new"}, {"name": "newer"}]},
        Due={"date": {"start": "2026-05-01T10:00:00+02:00"}},
        Weight={"number": 0.25},
    )
    shown = page["properties"]
    assert shown["Owner"]["people"][0]["person"]["email"] == "ada@example.com"
    assert [option["name"] for option in shown["Tags"]["multi_select"]] == ["new", "newer"]
    assert shown["Due"]["date"] == {"start": "2026-05-01T10:00:00.000+02:00", "end": None, "time_zone": None}
    assert (shown["Weight"]["number"], shown["Done"]["checkbox"], shown["Kind"]["select"]) == (0.25, False, None)
    assert (shown["Status"]["status"]["name"], shown["Key"]["rich_text"]) == ("Not started", [])


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Foo": {"number": 1}}, "Foo is not a property that exists."),
        ({"Key": {"number": 1}}, "Key is expected to be rich_text."),
        (
            {"Kind": {"multi_select": []}, "Foo": {"number": 1}, "Bar": "x"},
            "Kind is expected to be select. Foo is not a property that exists. Bar is not a property that exists.",
        ),
        ({"Status": {"status": {"name": "Gone"}}}, 'Status option "Gone" does not exist'),
        ({"Owner": {"people": [{"id": NOWHERE}]}}, "Could not find user"),
        ({"Tags": {"multi_select": [{"name": "a,b"}]}}, "commas not allowed"),
        ({"Key": {"rich_text": text("x" * 2001)}}, "content.length should be ≤ `2000`, instead was `2001`"),
        ({"Key": {"rich_text": text("x") * 101}}, "rich_text.length should be ≤ `100`, instead was `101`"),
        ({"Weight": {"number": "3"}}, 'should be a number, instead was `"3"`'),
    ],
)
def test_values_that_notion_refuses(add: Add, properties: dict[str, Any], message: str) -> None:
    """400 with a sentence that names the property."""
    with pytest.raises(APIResponseError) as error:
        add("Bad", **properties)
    assert (error.value.status, error.value.code) == (400, "validation_error")
    assert message in str(error.value)


def test_values_may_be_given_bare(add: Add) -> None:
    """Without the type around them."""
    shown = add("Bare", Weight=4, Kind={"name": "Habit"}, Key=text("k"), Due={"start": "2026-05-01"}, Done=True)["properties"]
    assert (shown["Weight"]["number"], shown["Kind"]["select"]["name"], shown["Done"]["checkbox"]) == (4, "Habit", True)
    assert (words(shown["Key"]["rich_text"]), shown["Due"]["date"]["start"]) == ("k", "2026-05-01")


@pytest.mark.parametrize(
    ("parent", "which"),
    [
        ({}, ("page_id should be defined", "database_id should be defined", "data_source_id should be", "workspace should be")),
        ({"database_id": "no-id"}, ("page_id should be defined", 'database_id should be a valid uuid, instead was `"no-id"`')),
    ],
)
def test_a_parent_that_is_none_is_told_every_way_out(
    http: httpx.Client, parent: dict[str, Any], which: tuple[str, ...]
) -> None:
    """One line for each form that a parent may have."""
    message = http.post("/v1/pages", json={"parent": parent, "properties": {}}).json()["message"]
    first, *lines = message.split("\n")
    assert first == "body failed validation. Fix one:"
    assert len(lines) == 4
    assert all(f"body.parent.{one}" in message for one in which)
    nothing = http.post("/v1/pages", json={}).json()["message"]
    assert nothing == "body failed validation: body.parent should be defined, instead was `undefined`."


def test_a_page_is_made_with_markdown_or_children_not_both(notion: Client) -> None:
    """A first heading 1 becomes the title if none was given."""
    parent = {"type": "page_id", "page_id": ROOT_PAGE}
    page: Any = notion.pages.create(parent=parent, markdown="# My page\n\nHello")
    assert words(page["properties"]["title"]["title"]) == "My page"
    markdown: Any = notion.pages.retrieve_markdown(page["id"])
    assert markdown["markdown"] == "Hello"
    with pytest.raises(APIResponseError, match="should be not present"):
        notion.pages.create(parent=parent, markdown="a", children=[{"paragraph": {"rich_text": []}}])


def test_an_edit_moves_the_time_by_whole_minutes(notion: Client, add: Add, clock: VirtualClock) -> None:
    """Two edits within a minute cannot be told apart."""
    page = add("Ship it")
    clock.advance(59)
    same: Any = notion.pages.update(page["id"], properties={"Done": {"checkbox": True}})
    clock.advance(61)
    later: Any = notion.pages.update(page["id"], properties={"Done": {"checkbox": False}})
    times = [each["last_edited_time"] for each in (same, later)]
    assert times == ["2026-03-02T09:00:00.000Z", "2026-03-02T09:02:00.000Z"]


def test_the_trash(notion: Client, add: Add, http: httpx.Client) -> None:
    """A trashed page can be read and restored, not edited; `archived` went with version 2026-03-11."""
    page = add("Ship it")
    assert notion.pages.update(page["id"], in_trash=True)["in_trash"] is True  # type: ignore[index]
    assert notion.pages.retrieve(page["id"])["in_trash"] is True  # type: ignore[index]
    with pytest.raises(APIResponseError, match="You must unarchive the block before editing"):
        notion.pages.update(page["id"], properties={"Done": {"checkbox": True}})
    assert notion.pages.update(page["id"], in_trash=False)["in_trash"] is False  # type: ignore[index]
    refused = http.patch(f"/v1/pages/{page['id']}", json={"archived": True})
    assert refused.json()["message"] == "body failed validation: body.archived should be not present, instead was `true`."
    old = http.patch(f"/v1/pages/{page['id']}", json={"archived": True}, headers={"Notion-Version": "2025-09-03"}).json()
    assert (old["archived"], old["in_trash"], list(old)[-2]) == (True, True, "archived")


def test_a_row_moves_to_a_page(notion: Client, goals: str, add: Add) -> None:
    """It keeps its title and leaves the data source; nothing moves into itself."""
    page = add("Ship it", "Body")
    moved: Any = notion.pages.move(page["id"], parent={"type": "page_id", "page_id": ROOT_PAGE})
    assert moved["parent"] == {"type": "page_id", "page_id": ROOT_PAGE}
    assert list(moved["properties"]) == ["title"]
    assert notion.data_sources.query(goals)["results"] == []  # type: ignore[index]
    with pytest.raises(APIResponseError, match="into itself"):
        notion.pages.move(page["id"], parent={"type": "page_id", "page_id": page["id"]})


def test_more_than_25_references_come_from_the_property_itself(notion: Client, goals: str, add: Add) -> None:
    """A page shows 25 and `has_more`; the property's endpoint shows all, in parts."""
    single = {"relation": {"data_source_id": goals, "single_property": {}}}
    notion.data_sources.update(goals, properties={"Related": single})
    others = [add(str(number))["id"] for number in range(30)]
    page = add("Many", Related={"relation": [{"id": other} for other in others]})
    shown = page["properties"]["Related"]
    assert (len(shown["relation"]), shown["has_more"]) == (25, True)
    first: Any = notion.pages.properties.retrieve(page["id"], property_id=shown["id"], page_size=20)
    rest: Any = notion.pages.properties.retrieve(page["id"], property_id="Related", start_cursor=first["next_cursor"])
    assert first["property_item"]["next_url"].endswith(first["next_cursor"])
    assert [item["relation"]["id"] for item in first["results"] + rest["results"]] == others
    assert rest["property_item"] == {"id": shown["id"], "next_url": None, "type": "relation", "relation": {}}


def test_two_way_relations_keep_in_step(notion: Client, goals: str, add: Add) -> None:
    """The other side exists, is named by Notion, and shows what this side says."""
    dual = {"relation": {"data_source_id": goals, "type": "dual_property", "dual_property": {}}}
    source: Any = notion.data_sources.update(goals, properties={"Parent": dual})
    twin = source["properties"]["Parent"]["relation"]["dual_property"]["synced_property_name"]
    assert twin == "Related to Goals (Parent)"
    parent, child = add("Parent"), add("Child")
    notion.pages.update(child["id"], properties={"Parent": {"relation": [{"id": parent["id"]}]}})
    shown: Any = notion.pages.retrieve(parent["id"])
    assert shown["properties"][twin]["relation"] == [{"id": child["id"]}]
    notion.pages.update(child["id"], properties={"Parent": {"relation": []}})
    shown = notion.pages.retrieve(parent["id"])
    assert shown["properties"][twin]["relation"] == []


def test_filter_properties_shows_only_those(http: httpx.Client, add: Add) -> None:
    """By name or encoded id, in either spelling of the parameter."""
    page = add("Ship it")
    owner = page["properties"]["Owner"]["id"]
    answer = http.get(f"/v1/pages/{page['id']}?filter_properties[]=title&filter_properties[]={owner}")
    assert set(answer.json()["properties"]) == {"Name", "Owner"}
    refused = http.get(f"/v1/pages/{page['id']}?filter_properties=Nothing")
    assert refused.json()["message"] == "Could not find property with name or id: Nothing"
