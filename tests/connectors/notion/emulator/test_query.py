"""Queries: filters, sorts, parts, the cap of 10,000, stale reads, the schema under them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from notion_client import APIResponseError, Client
from notion_client.helpers import collect_paginated_api

from connectors.emulator.clock import VirtualClock
from connectors.notion.emulator import query
from tests.connectors.notion.emulator.conftest import ADA, BOB, text, words

Add = Callable[..., Any]


def names(answer: Any) -> list[str]:
    """The titles of the rows of an answer."""
    return [words(row["properties"]["Name"]["title"]) for row in answer["results"]]


@pytest.fixture
def four(add: Add) -> None:
    """Four goals: a and b are Ada's, c is Bob's, d is empty."""
    add(
        "a",
        Owner={"people": [{"id": ADA}]},
        Kind={"select": {"name": "Goal"}},
        Weight={"number": 1},
        Key={"rich_text": text("K1")},
    )
    add(
        "b",
        Owner={"people": [{"id": ADA}, {"id": BOB}]},
        Kind={"select": {"name": "Habit"}},
        Weight={"number": 3},
        Due={"date": {"start": "2026-03-01"}},
        Tags={"multi_select": [{"name": "x"}]},
    )
    add(
        "c",
        Owner={"people": [{"id": BOB}]},
        Weight={"number": 2},
        Due={"date": {"start": "2026-04-01"}},
        Done={"checkbox": True},
    )
    add("d", Status={"status": {"name": "Done"}})


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"property": "Owner", "people": {"contains": ADA}}, "ab"),
        ({"property": "Owner", "people": {"is_empty": True}}, "d"),
        ({"property": "Kind", "select": {"equals": "Goal"}}, "a"),
        ({"property": "Kind", "select": {"equals": ["Goal", "Habit"]}}, "ab"),
        ({"property": "Kind", "select": {"does_not_equal": "Goal"}}, "bcd"),
        ({"property": "Status", "status": {"equals": "Not started"}}, "abc"),
        ({"property": "Tags", "multi_select": {"contains": "x"}}, "b"),
        ({"property": "Weight", "number": {"greater_than": 1}}, "bc"),
        ({"property": "Weight", "number": {"is_not_empty": True}}, "abc"),
        ({"property": "Done", "checkbox": {"equals": False}}, "abd"),
        ({"property": "Key", "rich_text": {"equals": "k1"}}, "a"),
        ({"property": "title", "title": {"contains": "C"}}, "c"),
        ({"property": "Due", "date": {"on_or_after": "2026-03-01"}}, "bc"),
        ({"property": "Due", "date": {"before": "today"}}, "b"),
        ({"property": "Due", "date": {"next_month": {}}}, "c"),
        ({"property": "Due", "date": {"past_week": {}}}, "b"),
        ({"timestamp": "created_time", "created_time": {"equals": "2026-03-02T09:00:00Z"}}, "abcd"),
        ({"timestamp": "last_edited_time", "last_edited_time": {"after": "2026-03-02T09:00:00Z"}}, ""),
        (
            {"or": [{"property": "Done", "checkbox": {"equals": True}}, {"property": "Kind", "select": {"equals": "Goal"}}]},
            "ac",
        ),
        (
            {
                "and": [
                    {"property": "Owner", "people": {"contains": BOB}},
                    {"or": [{"property": "Weight", "number": {"equals": 2}}, {"property": "Weight", "number": {"equals": 9}}]},
                ]
            },
            "c",
        ),
        ({}, "abcd"),
    ],
)
def test_filters(notion: Client, goals: str, given: dict[str, Any], expected: str) -> None:
    """Each operator finds what its documentation says."""
    assert "".join(names(notion.data_sources.query(goals, filter=given))) == expected


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("sorts", "expected"),
    [
        ([{"property": "Weight", "direction": "descending"}], "bcad"),
        ([{"property": "Name", "direction": "descending"}], "dcba"),
        ([{"property": "Kind", "direction": "ascending"}, {"property": "Weight", "direction": "descending"}], "abcd"),
        ([{"timestamp": "created_time", "direction": "ascending"}], "abcd"),
    ],
)
def test_sorts(notion: Client, goals: str, sorts: list[dict[str, str]], expected: str) -> None:
    """Empty values come last, either way; options in their own order."""
    assert "".join(names(notion.data_sources.query(goals, sorts=sorts))) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"property": "Nothing", "select": {"equals": "x"}}, "Could not find property with name or id: Nothing"),
        ({"property": "Weight", "select": {"equals": "x"}}, "database property number does not match filter select"),
        ({"property": "Weight", "number": {"equals": "x"}}, 'should be a number, instead was `"x"`'),
        ({"and": [{"or": [{"and": []}]}]}, "should be not present"),
        ({"property": "Due", "date": {"equals": "soon"}}, "valid ISO 8601 date"),
    ],
)
def test_filters_that_notion_refuses(notion: Client, goals: str, given: dict[str, Any], message: str) -> None:
    """400, in Notion's words."""
    with pytest.raises(APIResponseError, match=message):
        notion.data_sources.query(goals, filter=given)


def test_parts_follow_opaque_cursors(notion: Client, goals: str, add: Add) -> None:
    """Every row once; a cursor of another question or of nowhere is refused."""
    for number in range(7):
        add(str(number))
    first: Any = notion.data_sources.query(goals, page_size=3)
    assert (first["has_more"], first["next_cursor"][:2], first["type"]) == (True, "s:", "page_or_data_source")
    assert len(collect_paginated_api(notion.data_sources.query, data_source_id=goals, page_size=3)) == 7
    for cursor in (first["next_cursor"], "nonsense"):
        with pytest.raises(APIResponseError, match="start_cursor provided is invalid"):
            notion.data_sources.query(goals, start_cursor=cursor, filter={"property": "Done", "checkbox": {"equals": True}})
    with pytest.raises(APIResponseError, match="less than or equal to `100`"):
        notion.data_sources.query(goals, page_size=101)


def test_a_query_goes_on_when_rows_vanish_meanwhile(notion: Client, goals: str, add: Add) -> None:
    """Trashed rows simply are not there any more; nothing is told twice."""
    rows = [add(str(number))["id"] for number in range(6)]
    first: Any = notion.data_sources.query(goals, page_size=3)
    notion.pages.update(rows[0], in_trash=True)
    notion.pages.update(rows[4], in_trash=True)
    rest: Any = notion.data_sources.query(goals, start_cursor=first["next_cursor"])
    assert names(first) + names(rest) == ["0", "1", "2", "3", "5"]


def test_the_cap_is_silent_but_for_request_status(
    notion: Client, goals: str, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the cap no row is told, `has_more` is false, and every part says that it is incomplete."""
    monkeypatch.setattr(query, "MAX_RESULTS", 3)
    for number in range(3):
        add(str(number))
    assert "request_status" not in notion.data_sources.query(goals)
    add("3")
    answer: Any = notion.data_sources.query(goals)
    assert (len(answer["results"]), answer["has_more"]) == (3, False)
    assert answer["request_status"] == {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}


def test_stale_reads_show_the_past(notion: Client, goals: str, add: Add, app: Flask, clock: VirtualClock) -> None:
    """New rows are missing, changed rows are old, trashed rows are still there; later all is well."""
    kept, gone = add("kept"), add("gone")
    clock.advance(60)
    with app.test_client() as control:
        control.post("/_emulator/faults", json={"kind": "stale_reads", "seconds": 30, "operation": "data_sources.query"})
    add("new")
    notion.pages.update(kept["id"], properties={"Name": {"title": text("renamed")}})
    notion.pages.update(gone["id"], in_trash=True)
    assert sorted(names(notion.data_sources.query(goals))) == ["gone", "kept"]
    assert notion.pages.retrieve(gone["id"])["in_trash"] is True  # type: ignore[index]
    clock.advance(31)
    assert sorted(names(notion.data_sources.query(goals))) == ["new", "renamed"]


def test_the_schema_is_renamed_grown_and_shrunk(notion: Client, goals: str, add: Add) -> None:
    """Ids stay, new columns are empty in old rows, deleted ones are gone; the title cannot be deleted."""
    page = add("Ship it", Weight={"number": 2})
    weight = page["properties"]["Weight"]["id"]
    changes = {weight: {"name": "Share"}, "Note": {"rich_text": {}}, "Tags": None}
    source: Any = notion.data_sources.update(goals, properties=changes)
    assert source["properties"]["Share"]["id"] == weight
    shown: Any = notion.pages.retrieve(page["id"])
    assert (shown["properties"]["Share"]["number"], shown["properties"]["Note"]["rich_text"]) == (2, [])
    assert "Tags" not in shown["properties"]
    with pytest.raises(APIResponseError, match="Cannot delete title property"):
        notion.data_sources.update(goals, properties={"Name": None})


def test_options_keep_their_ids_when_they_are_renamed(notion: Client, goals: str, add: Add) -> None:
    """A row follows its option; an option that is left out is gone from the row."""
    page = add("Ship it", Kind={"select": {"name": "Goal"}})
    source: Any = notion.data_sources.retrieve(goals)
    goal = next(option for option in source["properties"]["Kind"]["select"]["options"] if option["name"] == "Goal")
    notion.data_sources.update(goals, properties={"Kind": {"select": {"options": [{"id": goal["id"], "name": "Aim"}]}}})
    assert notion.pages.retrieve(page["id"])["properties"]["Kind"]["select"]["name"] == "Aim"  # type: ignore[index]
    notion.data_sources.update(goals, properties={"Kind": {"select": {"options": [{"name": "Other"}]}}})
    assert notion.pages.retrieve(page["id"])["properties"]["Kind"]["select"] is None  # type: ignore[index]


def test_a_database_holds_data_sources(notion: Client, goals: str) -> None:
    """Its id is another, it has no schema, a default view; in the trash, its data source is too."""
    source: Any = notion.data_sources.retrieve(goals)
    database: Any = notion.databases.retrieve(source["parent"]["database_id"])
    assert database["data_sources"] == [{"id": goals, "name": "Goals"}]
    assert "properties" not in database
    assert database["created_time"] == "2026-03-02T09:00:00.000+00:00"
    views: Any = notion.views.list(database_id=database["id"])
    view: Any = notion.views.retrieve(views["results"][0]["id"])
    assert (view["name"], view["type"]) == ("Default view", "table")
    block: Any = notion.blocks.retrieve(database["id"])
    assert block["created_time"] == "2026-03-02T09:00:00.000Z"
    notion.databases.update(database["id"], in_trash=True)
    assert notion.data_sources.retrieve(goals)["in_trash"] is True  # type: ignore[index]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('prop("Weight") * 2 + 1', {"type": "number", "number": 9}),
        ('-prop("Weight") / 8', {"type": "number", "number": -0.5}),
        ('prop("Name") + ": " + prop("Weight")', {"type": "string", "string": "a!: 4"}),
        ('if(prop("Weight") >= 4 && !prop("Done"), "late", "fine")', {"type": "string", "string": "late"}),
        ('prop("Kind").empty() or prop("Kind") == "Habit"', {"type": "boolean", "boolean": True}),
        ('prop("Due")', {"type": "date", "date": None}),
        ('round(2.5) + length("if && !")', {"type": "number", "number": 10}),
        ('dateAdd(now(), 1, "days")', {"type": "unsupported", "unsupported": {}}),
        ('prop("Owner")', {"type": "unsupported", "unsupported": {}}),
        ("1 / 0", {"type": "unsupported", "unsupported": {}}),
        ("(", {"type": "unsupported", "unsupported": {}}),
    ],
)
def test_formulas(notion: Client, goals: str, add: Add, expression: str, expected: dict[str, Any]) -> None:
    """The plain ones are computed, the others are what Notion calls unsupported."""
    notion.data_sources.update(goals, properties={"F": {"formula": {"expression": expression}}})
    assert add("a!", Weight={"number": 4})["properties"]["F"]["formula"] == expected


def test_rollups_sum_up_related_rows(notion: Client, goals: str, add: Add) -> None:
    """Through the relation, leaving out what is in the trash."""
    relation = {"relation": {"data_source_id": goals, "single_property": {}}}
    notion.data_sources.update(goals, properties={"Parts": relation})
    rollup = {"rollup": {"relation_property_name": "Parts", "rollup_property_name": "Weight", "function": "sum"}}
    notion.data_sources.update(goals, properties={"Total": rollup})
    one, two = add("1", Weight={"number": 1}), add("2", Weight={"number": 2})
    whole = add("3", Parts={"relation": [{"id": one["id"]}, {"id": two["id"]}]})
    assert whole["properties"]["Total"]["rollup"] == {"type": "number", "number": 3, "function": "sum"}
    notion.pages.update(two["id"], in_trash=True)
    shown: Any = notion.pages.retrieve(whole["id"])
    assert shown["properties"]["Total"]["rollup"]["number"] == 1
