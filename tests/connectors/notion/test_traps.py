"""The traps of Notion's API, each met once: what is capped, cut, hidden, renamed, deleted or blocked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from connectors.crew import Crew, sound
from connectors.emulator.clock import VirtualClock
from connectors.emulator.faults import Fault
from connectors.emulator.serving import InProcess
from connectors.limiter import MemoryLimiter, always
from connectors.notion.client import PLANS, Api, Refused
from connectors.notion.cursor import State, pack, unpack
from connectors.notion.emulator.provider import create_app
from connectors.notion.layout import Database, Forgetful
from connectors.notion.rows import minute, minutes_before
from connectors.notion.workspace import NotionWorkspace
from connectors.workspace import (
    Adopted,
    AppendRows,
    Changed,
    Created,
    Document,
    Edit,
    Failed,
    FillSection,
    Grants,
    NewItem,
    NewRow,
    Paragraph,
    Snapshot,
    Stale,
    Table,
    Vanished,
    WorkspaceError,
)
from templates.shapes import DocumentShape, TableShape
from tests.connectors.notion.house import PEOPLE, TOKEN, House, email, goal_of, house, id_of, seed
from tests.connectors.samples import CHECK_IN, GOALS, check_in, sheet


@pytest.fixture(scope="module")
def running() -> Iterator[House]:
    """One emulator for the module."""
    with house({email(name): name.title() for name in (*PEOPLE, *(f"p{number}" for number in range(30)))}) as made:
        yield made


@pytest.fixture
def notion(running: House) -> Iterator[House]:
    """A workspace as good as new."""
    running.emulator.reset()
    made = House(running.app, running.url, running.clock)
    yield made
    made.close()


@pytest.fixture
def workspace(notion: House) -> NotionWorkspace:
    """Our side."""
    return notion.open()


def _for_ada(item: NewItem) -> NewItem:
    return replace(item, about=email("ada"), grants=Grants((email("ada"), email("bo")), (email("hr"),)))


def _made(workspace: NotionWorkspace, *items: NewItem) -> list[str]:
    results = list(workspace.create(items))
    assert all(isinstance(one, Created) for one in results), results
    return [one.ref for one in results if isinstance(one, Created)]


def _read(workspace: NotionWorkspace, ref: str, shape: TableShape | DocumentShape | None = None) -> Snapshot:
    (snapshot,) = workspace.read([(ref, shape)])
    assert isinstance(snapshot, Snapshot), snapshot
    return snapshot


def _table(workspace: NotionWorkspace, ref: str) -> Table:
    content = _read(workspace, ref, GOALS).content
    assert isinstance(content, Table)
    return content


def _source(workspace: NotionWorkspace, key: str) -> str:
    return workspace.databases.layout.databases[key].source


# ---------------------------------------------------------------- limits of answers


class Scripted(httpx.BaseTransport):
    """A server that answers queries as Notion does when there are more rows than it gives."""

    def __init__(self, rows: list[dict[str, Any]], most: int) -> None:
        self.rows, self.most, self.asked = rows, most, 0
        self.cursors: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One page of a query, by creation time."""
        self.asked += 1
        body = json.loads(request.content)
        since = body.get("filter", {}).get("created_time", {}).get("on_or_after", "")
        found = [row for row in self.rows if row["created_time"] >= since][: self.most]
        capped = len([row for row in self.rows if row["created_time"] >= since]) > self.most
        cursor = str(body.get("start_cursor", ""))
        if cursor:
            assert cursor in self.cursors
        start = int(cursor.rsplit("~", 1)[1]) if cursor else 0
        part, following = found[start : start + 100], start + 100
        more = following < len(found)
        self.cursors.append(f"s:opaque?{since}/~{following}")
        answer = {"results": part, "has_more": more, "next_cursor": self.cursors[-1] if more else None}
        if capped:
            answer["request_status"] = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
        return httpx.Response(200, json=answer)


def _rows(count: int, a_minute: int) -> list[dict[str, Any]]:
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    moments = (minute(first + timedelta(minutes=number // a_minute)) for number in range(count))
    return [{"id": f"id-{number}", "created_time": moment, "properties": {}} for number, moment in enumerate(moments)]


def _scripted(rows: list[dict[str, Any]], most: int) -> tuple[NotionWorkspace, Scripted]:
    server, clock = Scripted(rows, most), VirtualClock()
    api = Api(TOKEN, MemoryLimiter(always(), clock), clock, http=httpx.Client(transport=server))
    workspace = NotionWorkspace(api, "parent")
    workspace.databases.layout.databases["working/check-in"] = Database("d", "s", {"Key": "k"})
    return workspace, server


def test_beyond_ten_thousand_rows_every_row_comes_once() -> None:
    """The cap is windowed by creation, cursors are passed on as they are, and doubles are dropped."""
    workspace, server = _scripted(_rows(2345, 40), 1000)
    found = [page.id for page in workspace._rows.all("working/check-in")]
    assert sorted(found) == sorted(f"id-{number}" for number in range(2345))
    assert server.asked < 2345 / 100 + 10


def test_too_many_rows_of_one_minute_are_said_and_never_left_out() -> None:
    """Where no window can help, the look fails rather than forget rows."""
    workspace, _ = _scripted(_rows(2345, 5000), 1000)
    with pytest.raises(WorkspaceError, match="same minute"):
        list(workspace._rows.all("working/check-in"))


def test_more_than_25_people_on_a_row_are_all_seen(notion: House, workspace: NotionWorkspace) -> None:
    """A query shows 25 of them; access that a person took away is noticed behind these, too."""
    everybody = tuple(email(f"p{number}") for number in range(30))
    (ref,) = _made(workspace, replace(check_in(), grants=Grants(everybody)))
    assert list(workspace.audit({ref: Grants(everybody)})) == []
    drifts = list(workspace.audit({ref: Grants(everybody[:29])}))
    assert [(one.ref, one.certain) for one in drifts] == [(ref, False)]
    assert "p29@example.org was added to “Shared with”" in drifts[0].reason


def test_rights_that_people_changed_are_drift(notion: House, workspace: NotionWorkspace) -> None:
    """Added, taken out, and the property itself gone."""
    item = _for_ada(check_in())
    (ref,) = _made(workspace, item)
    cy = notion.person().call("GET", "users")["results"]
    user = next(one["id"] for one in cy if one.get("person", {}).get("email") == email("cy"))
    notion.person().sets(id_of(ref), {"Shared with": {"people": [{"object": "user", "id": user}]}})
    reasons = " ".join(one.reason for one in workspace.audit({ref: item.grants}))
    assert "cy@example.org was added" in reasons
    assert "ada@example.org is missing" in reasons
    source = _source(workspace, "working/check-in")
    notion.person().call("PATCH", f"data_sources/{source}", {"properties": {"Shared with": None}})
    assert any("is gone" in one.reason for one in workspace.audit({ref: item.grants}))


def test_a_body_that_is_cut_is_not_read_at_all(
    notion: House, workspace: NotionWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a page would look as if people had deleted the rest: it fails, and the next look asks again."""
    (ref,) = _made(workspace, check_in())
    get = workspace.api.get
    part = {"markdown": "the rest", "truncated": False, "unknown_block_ids": []}

    def cut(path: str, query: Any = None, *, unknown: tuple[str, ...], closed: bool = False) -> dict[str, Any]:
        if path.endswith(f"{id_of(ref)}/markdown"):
            return {"markdown": "## Wins\nhalf", "truncated": True, "unknown_block_ids": list(unknown)}
        if path == "pages/block-1/markdown":
            if closed:
                raise Refused(404, "object_not_found", "Could not find block.")
            return part
        return get(path, query)

    monkeypatch.setattr(workspace.api, "get", partial(cut, unknown=()))
    (failed,) = workspace.read([(ref, CHECK_IN)])
    assert isinstance(failed, Failed)
    assert "too long" in failed.reason
    looked = workspace.changes("")
    assert [one.subject for one in looked.failed] == [ref]
    monkeypatch.setattr(workspace.api, "get", partial(cut, unknown=("block-1",), closed=True))
    (hidden,) = workspace.read([(ref, CHECK_IN)])
    assert isinstance(hidden, Failed)
    assert "not shared" in hidden.reason
    monkeypatch.setattr(workspace.api, "get", partial(cut, unknown=("block-1",)))
    content = _read(workspace, ref, CHECK_IN).content
    assert isinstance(content, Document)
    assert content.parts[0].paragraphs == ("half", "the rest")


def test_comments_on_documents_are_read_on_request(notion: House, workspace: NotionWorkspace) -> None:
    """With who wrote them, at one call more for each document that changed; a new comment is a change; unasked, none."""
    (ref,) = _made(workspace, _for_ada(check_in()))
    asking = notion.open(comments=True)
    cursor = asking.changes("").cursor
    page = {"parent": {"page_id": id_of(ref)}}
    notion.person(email("bo")).call("POST", "comments", page | {"rich_text": [{"text": {"content": "Well done, Ada"}}]})
    notion.person().types(ref, "Wins", "one")
    notion.counts()
    found = asking.changes(cursor)
    assert found.changed == (Changed(ref),)
    content = _read(asking, ref, CHECK_IN).content
    counts = notion.counts()
    assert (counts["pages.markdown.retrieve"], counts["comments.list"]) == (1, 1)
    assert isinstance(content, Document)
    assert [(left.text, left.place) for left in content.left_overs] == [("Well done, Ada", "comment by bo@example.org")]
    notion.person().call("POST", "comments", page | {"rich_text": [{"text": {"content": "Thank you"}}]})
    assert asking.changes(found.cursor).changed == (Changed(ref),)
    notion.counts()
    unasked = _read(notion.open(), ref, CHECK_IN).content
    assert isinstance(unasked, Document)
    assert unasked.left_overs == ()
    assert "comments.list" not in notion.counts()


# ---------------------------------------------------------------- what people do to databases


def test_renamed_databases_properties_and_options_stay_what_they_are(notion: House, workspace: NotionWorkspace) -> None:
    """Ids count, not names; a new process finds its way, too."""
    (ref,) = _made(workspace, sheet())
    goals = _source(workspace, "working/goal")
    person = notion.person()
    person.call("PATCH", f"data_sources/{goals}", {"properties": {"Goal": {"name": "Ziel"}, "Target": {"name": "Soll"}}})
    database = workspace.databases.layout.databases["working/goal"].id
    person.call("PATCH", f"databases/{database}", {"title": [{"text": {"content": "Ziele"}}]})
    table = _table(notion.open(), ref)
    assert (table.rows[0].cells["title"].text, table.rows[0].cells["target"].number) == ("Ship it", 12.5)
    assert table.columns["target"] == "Soll"


def test_columns_that_people_add_are_kept(notion: House, workspace: NotionWorkspace) -> None:
    """In goals as unknown columns, on pages as text beside the body; both are changes."""
    table, document = _made(workspace, sheet(), check_in())
    cursor = workspace.changes("").cursor
    person = notion.person()
    for key in ("working/goal", "working/check-in"):
        person.call("PATCH", f"data_sources/{_source(workspace, key)}", {"properties": {"Mood": {"rich_text": {}}}})
    mood = {"Mood": {"rich_text": [{"text": {"content": "fine"}}]}}
    person.sets(goal_of(workspace, table, "g1")["id"], mood)
    person.sets(id_of(document), mood)
    assert set(workspace.changes(cursor).changed) == {Changed(table), Changed(document)}
    assert _table(workspace, table).rows[0].cells["?Mood"].text == "fine"
    content = _read(workspace, document, CHECK_IN).content
    assert isinstance(content, Document)
    assert [(left.heading, left.text) for left in content.left_overs] == [("Mood", "fine")]


def test_properties_that_people_delete_are_made_again(notion: House, workspace: NotionWorkspace) -> None:
    """When the next row needs them; what stood in them is gone, and nothing else is."""
    _made(workspace, check_in())
    notion.person().call("PATCH", f"data_sources/{_source(workspace, 'working/check-in')}", {"properties": {"About": None}})
    (ref,) = _made(notion.open(), check_in("other", "Other"))
    assert _read(workspace, ref, CHECK_IN).key == "other"


def test_a_deleted_database_is_said_with_its_name(notion: House, workspace: NotionWorkspace) -> None:
    """Nobody concludes that every check-in is gone."""
    (ref,) = _made(workspace, check_in())
    cursor = workspace.changes("").cursor
    database = workspace.databases.layout.databases["working/check-in"].id
    notion.person().call("PATCH", f"databases/{database}", {"in_trash": True})
    for work in (lambda: workspace.changes(cursor), lambda: workspace.exists([ref, f"{ref}x"])):
        with pytest.raises(WorkspaceError, match="“Check-ins” is not there any more"):
            work()


def test_what_is_forgotten_is_found_again(notion: House, workspace: NotionWorkspace) -> None:
    """Without anything remembered, databases and rows are found by their marks: nothing is made twice."""
    items = (_for_ada(sheet()), _for_ada(check_in()))
    refs = _made(workspace, *items)
    again = list(notion.open(Forgetful()).create(items))
    assert [(type(one), one.ref) for one in again if isinstance(one, Adopted)] == [(Adopted, ref) for ref in refs]
    counts = notion.counts()
    assert counts["pages.create"] == 1 + 1 + 2  # a home, a goal, two rows
    assert counts["views.create"] == 3


# ---------------------------------------------------------------- rows that move, copies, rows of one's own


def test_a_page_dragged_out_of_its_database_has_vanished(notion: House, workspace: NotionWorkspace) -> None:
    """It carries no key any more; a day later it is missed, and its evidence stays."""
    (ref,) = _made(workspace, check_in())
    cursor = workspace.changes("").cursor
    elsewhere = notion.person().call("POST", "pages", {"parent": {"workspace": True}, "properties": {}})
    notion.person().call("POST", f"pages/{id_of(ref)}/move", {"parent": {"type": "page_id", "page_id": elsewhere["id"]}})
    assert workspace.changes(cursor).vanished == ()
    notion.later()
    assert workspace.changes(cursor).vanished == (Vanished(ref),)


def test_old_answers_are_no_disappearance(notion: House, workspace: NotionWorkspace) -> None:
    """A sweep that does not show a new row looks it up before it says anything."""
    (ref,) = _made(workspace, check_in())
    cursor = workspace.changes("").cursor
    notion.later()
    (other,) = _made(workspace, check_in("other", "Other"))
    state = unpack(cursor)
    seen = replace(state.pages[id_of(ref)], key="other")
    cursor = pack(replace(state, pages={**state.pages, id_of(other): seen}))
    notion.emulator.faults.arm(Fault("stale_reads", operation="data_sources.query", seconds=3600.0))
    assert workspace.changes(cursor).vanished == ()


def test_a_goal_that_somebody_adds_belongs_to_their_newest_sheet(notion: House, workspace: NotionWorkspace) -> None:
    """In a view of one's own, Notion fills in the employee and nothing else."""
    (ref,) = _made(workspace, _for_ada(sheet()))
    cursor = workspace.changes("").cursor
    page = goal_of(workspace, ref, "g1")
    values = {
        "Goal": {"title": [{"text": {"content": "Learn Norwegian"}}]},
        "Employee": {"people": [{"object": "user", "id": page["properties"]["Employee"]["people"][0]["id"]}]},
    }
    parent = {"type": "data_source_id", "data_source_id": _source(workspace, "working/goal")}
    notion.person().call("POST", "pages", {"parent": parent, "properties": values, "markdown": "every **day**"})
    found = workspace.changes(cursor)
    assert found.changed == (Changed(ref),)
    watched, fresh = _read(workspace, ref, GOALS), _read(workspace, ref, GOALS)
    assert watched.version == fresh.version
    assert watched.modified_by == email("ada")
    table = _table(workspace, ref)
    assert [(row.key, row.cells["title"].text) for row in table.rows] == [("g1", "Ship it"), ("", "Learn Norwegian")]
    assert [(left.heading, left.text) for left in table.left_overs] == [("Learn Norwegian", "every **day**")]
    (written,) = workspace.write([Edit(ref, fresh.version, GOALS, (AppendRows((NewRow("g2", {"title": "Third"}),)),))])
    assert [row.key for row in _table(workspace, ref).rows] == ["g1", "g2", ""], written


def test_guests_and_strangers_are_named_and_made_when_they_appear(notion: House, workspace: NotionWorkspace) -> None:
    """Not before: a page without its people is nobody's."""
    item = replace(check_in(), about="new@example.org", grants=Grants((email("ada"), "new@example.org")))
    other = _for_ada(check_in("other", "Other"))
    first, second = workspace.create([item, other])
    assert isinstance(first, Failed)
    assert "new@example.org" in first.reason
    assert isinstance(second, Created)


# ---------------------------------------------------------------- times


def test_times_are_asked_for_in_whole_minutes_two_minutes_early() -> None:
    """Notion rounds down and compares minutes."""
    moment = datetime(2026, 3, 2, 9, 7, 59, tzinfo=UTC)
    assert minute(minutes_before(moment, 2)) == "2026-03-02T09:05:00.000Z"


def test_a_second_edit_in_the_same_minute_is_seen(notion: House, workspace: NotionWorkspace) -> None:
    """Its time says nothing; its content does."""
    (ref,) = _made(workspace, check_in())
    notion.person().types(ref, "Wins", "one")
    cursor = workspace.changes("").cursor
    notion.person().types(ref, "Wins", "two")
    assert workspace.changes(cursor).changed == (Changed(ref),)


def test_a_damaged_cursor_is_said() -> None:
    """With the way out."""
    with pytest.raises(WorkspaceError, match="clear it"):
        unpack("nonsense")
    assert unpack(pack(State())) == State()


# ---------------------------------------------------------------- limits of calls


def _paced(fault: Fault | None, plan: str = "off") -> tuple[Any, Api, VirtualClock]:
    clock = VirtualClock()
    app = create_app(clock, plan=plan, seed=seed())
    if fault:
        app.extensions["emulator"].faults.arm(fault)
    http = httpx.Client(transport=InProcess(app))
    api = Api(TOKEN, MemoryLimiter(always(*PLANS[plan]), clock), clock, http=http, jitter=lambda: 0.5)
    return app, api, clock


@pytest.mark.parametrize("kind", ["429", "529"])
def test_a_long_pause_is_kept_by_everybody(kind: str) -> None:
    """Retry-After beyond a minute is honoured, and other threads wait as well."""
    app, api, clock = _paced(Fault(kind, at=1, count=1, seconds=200.0))
    api.get("users/me")
    assert clock.monotonic() >= 200
    app.extensions["emulator"].faults.arm(Fault(kind, at=1, count=1, seconds=90.0))
    sound(Crew(4, clock).all([partial(api.get, "users/me")] * 8))
    assert clock.monotonic() >= 290


def test_a_blocked_connection_never_tries_again() -> None:
    """`public_api_request_blocked` is for a person."""
    app, api, _ = _paced(Fault("429", reason="public_api_request_blocked", seconds=5.0))
    with pytest.raises(WorkspaceError, match="blocked"):
        api.get("users/me")
    assert app.extensions["emulator"].calls.total == 1


def test_the_plan_is_used_up_and_never_overrun() -> None:
    """180 calls a minute: no answer is 429, and no minute is wasted."""
    app, api, clock = _paced(None, "free")
    sound(Crew(8, clock).all([partial(api.get, "users/me")] * 400))
    assert set(app.extensions["emulator"].calls.statuses()) == {"200"}
    assert 120 <= clock.monotonic() < 123


def test_a_page_that_people_edit_is_never_replaced(notion: House, workspace: NotionWorkspace) -> None:
    """Bodies are changed by search and replacement only; what somebody typed in between makes the edit stale."""
    (ref,) = _made(workspace, check_in())
    version = _read(workspace, ref, CHECK_IN).version
    notion.emulator.calls.clear()
    sent: list[Any] = []
    once = workspace.api.change_once

    def noted(path: str, body: Any) -> Any:
        sent.append(body)
        notion.person().writes(ref, "## Wins\nall anew")
        return once(path, body)

    workspace.api.change_once = noted  # type: ignore[method-assign]
    (result,) = workspace.write([Edit(ref, version, CHECK_IN, (FillSection("wins", (Paragraph("ours"),)),))])
    assert isinstance(result, Stale)
    assert [body["type"] for body in sent] == ["update_content"]
    assert notion.person().body(ref) == "## Wins\nall anew"
