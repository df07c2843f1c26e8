"""What surrounds every request: tokens, versions, capabilities, limits, faults, change notices, the seed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from notion_client import APIResponseError, AsyncClient, Client

from connectors.emulator.clock import VirtualClock
from connectors.emulator.serving import InProcess, served
from connectors.notion.emulator.provider import create_app
from connectors.notion.emulator.seed import BOT, ROOT_PAGE, BadSeed, Seed, load
from tests.connectors.notion.emulator.conftest import ADA, NOWHERE, QUIET, VERSION, text


def page(title: str = "Page") -> dict[str, Any]:
    """The body of a request for a new page."""
    return {"parent": {"page_id": ROOT_PAGE}, "properties": {"title": {"title": text(title)}}}


# ---------------------------------------------------------------- tokens, versions, errors


@pytest.mark.parametrize(
    ("headers", "status", "code", "message"),
    [
        ({"Authorization": ""}, 401, "unauthorized", "API token is invalid."),
        ({"Authorization": "Bearer invalid_token"}, 401, "unauthorized", "API token is invalid."),
        ({"Notion-Version": "2030-01-01"}, 400, "validation_error", "Notion-Version header failed validation"),
        (
            {"Notion-Version": "2022-06-28"},
            501,
            "not_implemented",
            "The emulator speaks the versions 2025-09-03 and 2026-03-11",
        ),
    ],
)
def test_who_may_ask(http: httpx.Client, headers: dict[str, str], status: int, code: str, message: str) -> None:
    """Each refusal has its status, code and sentence, and a request id like every answer."""
    answer = http.get("/v1/users/me", headers=headers)
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"], body["object"]) == (status, code, status, "error")
    assert message in body["message"]
    assert body["request_id"] == answer.headers["x-notion-request-id"]


def test_a_version_is_required(app: Flask) -> None:
    """400 `missing_version`."""
    with httpx.Client(transport=InProcess(app), base_url="http://notion.test") as client:
        answer = client.get("/v1/users/me", headers={"Authorization": "Bearer ntn_x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "missing_version")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/v1/pages/{NOWHERE}", 404, "object_not_found"),
        ("GET", "/v1/pages/123", 400, "validation_error"),
        ("GET", "/v1/nothing", 400, "invalid_request_url"),
        ("PUT", "/v1/users", 400, "invalid_request_url"),
        ("GET", "/v1/file_uploads", 501, "not_implemented"),
        ("POST", "/v1/blocks/meeting_notes/query", 501, "not_implemented"),
        ("GET", "/v1/agents", 501, "not_implemented"),
    ],
)
def test_what_is_not_there(http: httpx.Client, method: str, path: str, status: int, code: str) -> None:
    """Notion's own answer, or 501 for what Notion has and the emulator has not; both are in the log."""
    answer = http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    call = http.get("/_emulator/calls").json()["calls"][-1]
    assert (call["path"], call["status"]) == (path, status)


def test_the_words_of_an_object_that_is_not_found(http: httpx.Client) -> None:
    """Not found and not shared are one; the integration is named."""
    body = http.get(f"/v1/pages/{NOWHERE}").json()
    assert body["message"] == (
        f"Could not find page with ID: {NOWHERE}. "
        'Make sure the relevant pages and databases are shared with your integration "Throughline".'
    )
    assert list(body) == ["object", "status", "code", "message", "additional_data", "request_id"]
    assert body["additional_data"] == {"integration_id": BOT}


def test_a_workspace_has_no_emojis_of_its_own(http: httpx.Client) -> None:
    """An empty list, whose envelope has no detail."""
    body = http.get("/v1/custom_emojis").json()
    assert {key: body[key] for key in list(body)[:-1]} == {
        "object": "list",
        "type": "custom_emoji",
        "results": [],
        "has_more": False,
        "next_cursor": None,
    }


def test_bodies_that_are_no_good(http: httpx.Client) -> None:
    """Broken JSON and more than 500 KB."""
    assert http.post("/v1/search", content=b"{").json()["code"] == "invalid_json"
    large = http.post("/v1/search", json={"query": "x" * 500_001})
    assert (large.status_code, "too large" in large.json()["message"]) == (400, True)


def test_capabilities_are_the_connections(clock: VirtualClock) -> None:
    """What it may not do is 403; without the right to see addresses, people have none."""
    seed = Seed({"capabilities": ["read_content", "read_user_without_email"], "people": [{"name": "Ada", "email": "a@b.c"}]})
    with httpx.Client(transport=InProcess(create_app(clock, "off", seed)), base_url="http://n", headers=QUIET) as client:
        refused = client.post("/v1/pages", json=page())
        assert (refused.status_code, refused.json()["code"]) == (403, "restricted_resource")
        assert client.get("/v1/users").json()["results"][1]["person"] == {}


def test_oauth_rotates_and_revokes(app: Flask) -> None:
    """A code is good once, a refresh changes both tokens, a revoked token is no good."""
    with httpx.Client(transport=InProcess(app), base_url="http://notion.test", auth=("id", "secret")) as client:
        order = {"grant_type": "authorization_code", "code": "abc", "redirect_uri": "https://a.b"}
        first = client.post("/v1/oauth/token", json=order).json()
        again = client.post("/v1/oauth/token", json=order)
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = client.post("/v1/oauth/token", json=refresh).json()
        assert first["bot_id"] == second["bot_id"]
        assert not {first["access_token"], first["refresh_token"]} & {second["access_token"], second["refresh_token"]}
        token = {"token": second["access_token"]}
        assert client.post("/v1/oauth/introspect", json=token).json()["active"] is True
        assert list(client.post("/v1/oauth/revoke", json=token).json()) == ["request_id"]
        assert client.post("/v1/oauth/introspect", json=token).json()["active"] is False
        bearer = {"Authorization": f"Bearer {token['token']}", "Notion-Version": VERSION}
        assert client.get("/v1/users/me", headers=bearer, auth=None).status_code == 401
        assert client.post("/v1/oauth/token", json=order, auth=("id", "")).status_code == 401


# ---------------------------------------------------------------- limits and faults


@pytest.mark.parametrize(("plan", "status"), [("free", 403), ("business", 200)])
def test_a_free_workspace_of_several_people_has_its_blocks(clock: VirtualClock, plan: str, status: int) -> None:
    """A thousand may ever be made; deleted ones count, and what stands is still read and changed."""
    with httpx.Client(transport=InProcess(create_app(clock, plan)), base_url="http://n", headers=QUIET) as client:
        path = f"/v1/blocks/{ROOT_PAGE}/children"
        line = {"paragraph": {"rich_text": [{"text": {"content": "a line"}}]}}
        for _ in range(10):
            made = client.patch(path, json={"children": [line] * 100}).json()["results"]
        assert client.delete(f"/v1/blocks/{made[0]['id']}").status_code == 200
        refused = client.patch(path, json={"children": [line]})
        assert refused.status_code == status, refused.json()
        assert client.patch(f"/v1/blocks/{made[1]['id']}", json=line).status_code == 200


@pytest.mark.parametrize(("plan", "limit"), [("free", 180), ("business", 600)])
def test_a_plan_has_its_requests_a_minute(clock: VirtualClock, plan: str, limit: int) -> None:
    """They may come in one burst; the next one waits for the window to end and says how long."""
    with httpx.Client(transport=InProcess(create_app(clock, plan)), base_url="http://n", headers=QUIET) as client:
        statuses = [client.get("/v1/users/me").status_code for _ in range(limit)]
        assert set(statuses) == {200}
        clock.advance(20)
        refused = client.get("/v1/users/me")
        assert (refused.status_code, refused.headers["Retry-After"], refused.json()["code"]) == (429, "40", "rate_limited")
        assert refused.json()["additional_data"] == {
            "rate_limit_reason": "public_api_request_rate_limit",
            "retry_after": "40",
        }
        assert client.get("/v1/users/me", headers={"Authorization": "Bearer another"}).status_code == 200
        clock.advance(40)
        assert client.get("/v1/users/me").status_code == 200


def test_a_503_that_committed_tells_what_it_made(http: httpx.Client) -> None:
    """The page exists; blocks that were appended are named too."""
    http.post("/_emulator/faults", json={"kind": "503_after_commit", "operation": "pages.create", "count": 1})
    answer = http.post("/v1/pages", json=page("Saved"))
    more = answer.json()["additional_data"]
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert http.get(f"/v1/pages/{more['committed_resource_id']}").status_code == 200
    assert more["retry_guidance"]
    http.post("/_emulator/faults", json={"kind": "503_after_commit", "operation": "blocks.children.append", "count": 1})
    children = {"children": [{"paragraph": {"rich_text": text("x")}}]}
    more = http.patch(f"/v1/blocks/{ROOT_PAGE}/children", json=children).json()["additional_data"]
    assert more["committed_resource_id"] == ROOT_PAGE
    assert http.get(f"/v1/blocks/{more['committed_child_ids'][0]}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "code", "reason"),
    [
        ("429", "rate_limited", "public_api_space_request_rate_limit"),
        ("529", "service_overload", ""),
        ("500", "internal_server_error", ""),
    ],
)
def test_faults_in_notions_shape(http: httpx.Client, kind: str, code: str, reason: str) -> None:
    """With the waiting time and the limit that was ordered."""
    http.post("/_emulator/faults", json={"kind": kind, "count": 1, "seconds": 90, "reason": reason})
    answer = http.get("/v1/users/me")
    assert (answer.status_code, answer.json()["code"]) == (int(kind), code)
    if reason:
        assert answer.json()["additional_data"] == {"rate_limit_reason": reason, "retry_after": "90"}
        assert answer.headers["Retry-After"] == "90"
    assert http.get("/v1/users/me").status_code == 200


def test_a_dropped_connection_may_have_done_its_work(http: httpx.Client) -> None:
    """Whoever repeats it makes a twin; the search finds both."""
    http.post("/_emulator/faults", json={"kind": "reset_after_commit", "operation": "pages.create", "count": 1})
    with pytest.raises(httpx.ReadError):
        http.post("/v1/pages", json=page("Twin"))
    http.post("/v1/pages", json=page("Twin"))
    assert len(http.post("/v1/search", json={"query": "twin"}).json()["results"]) == 2


def test_reset_is_as_good_as_new(http: httpx.Client) -> None:
    """Pages, calls and faults are forgotten."""
    made = http.post("/v1/pages", json=page()).json()["id"]
    http.post("/_emulator/reset")
    assert http.get(f"/v1/pages/{made}").status_code == 404
    assert http.get("/_emulator/calls").json()["counts"] == {"pages.retrieve": 1}


# ---------------------------------------------------------------- clients over sockets


def test_the_async_client_over_a_socket(app: Flask) -> None:
    """Twenty pages at once, each exactly once."""

    async def many(url: str) -> int:
        async with AsyncClient(auth="ntn_x", notion_version=VERSION, base_url=url, retry=False) as client:
            await asyncio.gather(*(client.pages.create(**page(str(number))) for number in range(20)))
            answer = await client.blocks.children.list(ROOT_PAGE)
            return len(answer["results"])

    with served(app) as url:
        assert asyncio.run(many(url)) == 20


def test_the_clients_own_retry_believes_retry_after(clock: VirtualClock) -> None:
    """Notion's client waits as it is told and then succeeds."""
    app = create_app(clock, "off")
    with app.test_client() as control:
        control.post("/_emulator/faults", json={"kind": "429", "count": 1, "seconds": 1})
    with httpx.Client(transport=InProcess(app)) as inner:
        client = Client(auth="ntn_x", notion_version=VERSION, client=inner, base_url="http://notion.test")
        assert client.users.me()["id"] == BOT  # type: ignore[index]


# ---------------------------------------------------------------- change notices


class Ear:
    """An address that hears."""

    def __init__(self, app: Flask) -> None:
        self.heard: list[tuple[Mapping[str, str], bytes]] = []
        self.answers: list[int] = []
        self.deliveries = app.extensions["emulator"].deliveries
        self.deliveries.send = self.send

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Hear one."""
        self.heard.append((headers, body))
        return self.answers.pop(0) if self.answers else 200

    def events(self) -> list[Any]:
        """What was heard, as JSON."""
        return [json.loads(body) for _, body in self.heard]


def test_notices_are_signed_gathered_and_repeated(app: Flask, http: httpx.Client, clock: VirtualClock) -> None:
    """A token first; then events of one kind about one thing in one notice, again until it is taken."""
    ear = Ear(app)
    order = {"url": "http://there/hook", "event_types": ["page.content_updated"], "gather_seconds": 5}
    token = http.post("/_emulator/hooks", json=order).json()["verification_token"]
    ear.deliveries.run_due()
    assert ear.events() == [{"verification_token": token}]
    made = http.post("/v1/pages", json=page()).json()["id"]
    ear.heard.clear()
    ear.answers = [500, 200]
    for words, person in (("a", {}), ("b", {"X-Emulator-User": "ada@example.com"})):
        children = {"children": [{"paragraph": {"rich_text": text(words)}}]}
        http.patch(f"/v1/blocks/{made}/children", json=children, headers=person)
    for _ in range(20):
        clock.advance(1)
        ear.deliveries.run_due()
    told = [event for event in ear.events() if event["entity"]["id"] == made]
    assert [event["attempt_number"] for event in told] in ([1, 2], [1])
    assert len({event["id"] for event in told}) == 1
    event = told[-1]
    assert event["authors"] == [{"id": BOT, "type": "bot"}, {"id": ADA, "type": "person"}]
    assert len(event["data"]["updated_blocks"]) == 2
    assert event["data"]["parent"] == {"id": ROOT_PAGE, "type": "page"}
    for headers, body in ear.heard:
        signature = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Notion-Signature"] == f"sha256={signature}"


def test_notices_about_rows_and_schemas(app: Flask, http: httpx.Client, clock: VirtualClock) -> None:
    """Created, changed and trashed rows name the data source; a schema names its properties."""
    ear = Ear(app)
    http.post("/_emulator/hooks", json={"url": "http://there/hook"})
    body = {"parent": {"page_id": ROOT_PAGE}, "initial_data_source": {"properties": {"Name": {"title": {}}}}}
    source = http.post("/v1/databases", json=body).json()["data_sources"][0]["id"]
    row = http.post("/v1/pages", json={"parent": {"data_source_id": source}, "properties": {}}).json()["id"]
    http.patch(f"/v1/pages/{row}", json={"properties": {"Name": {"title": text("x")}}})
    http.patch(f"/v1/data_sources/{source}", json={"properties": {"Note": {"rich_text": {}}}})
    http.patch(f"/v1/pages/{row}", json={"in_trash": True})
    clock.advance(2)
    ear.deliveries.run_due()
    events = {event["type"]: event for event in ear.events() if "type" in event}
    assert events["page.created"]["data"]["parent"]["data_source_id"] == source
    assert events["page.properties_updated"]["data"]["updated_properties"] == ["title"]
    assert events["data_source.schema_updated"]["data"]["updated_properties"][0]["action"] == "created"
    assert {"page.deleted", "database.created", "data_source.created"} <= set(events)
    assert events["data_source.content_updated"]["data"]["updated_blocks"] == [{"id": row, "type": "page"}]
    assert http.post("/_emulator/hooks", json={"url": "nowhere"}).status_code == 400


# ---------------------------------------------------------------- the seed


def test_a_seed_says_who_works_here_and_what_is_shared(tmp_path: Path, clock: VirtualClock) -> None:
    """Guests are not listed, pages that are not shared are not found, only its tokens are good."""
    path = tmp_path / "seed.yaml"
    hidden = "33333333-3333-4333-8333-333333333333"
    path.write_text(
        "workspace: Example Ltd\n"
        "tokens: [ntn_good]\n"
        "people:\n"
        "  - {name: Cy, email: cy@example.com}\n"
        f"  - {{name: Guest, email: g@example.com, guest: true, id: {ADA}}}\n"
        "pages:\n"
        f'  - {{title: Open, id: {ROOT_PAGE}, markdown: "## Hello", pages: [{{title: Inside}}]}}\n'
        f"  - {{title: Hidden, id: {hidden}, shared: false}}\n"
    )
    headers = {**QUIET, "Authorization": "Bearer ntn_good"}
    with httpx.Client(
        transport=InProcess(create_app(clock, "off", load(path))), base_url="http://n", headers=headers
    ) as client:
        assert [user["name"] for user in client.get("/v1/users").json()["results"]] == ["Throughline", "Cy"]
        assert client.get(f"/v1/users/{ADA}").json()["name"] == "Guest"
        assert client.get(f"/v1/pages/{hidden}").status_code == 404
        assert client.get(f"/v1/pages/{ROOT_PAGE}/markdown").json()["markdown"].startswith("## Hello\n<page url=")
        assert client.get("/v1/users/me", headers={"Authorization": "Bearer other"}).status_code == 401
        assert client.get("/v1/users/me").json()["bot"]["workspace_name"] == "Example Ltd"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("peeple: []", "peeple is no key"),
        ("people: [{nam: x}]", r"people\[0\].nam is no key"),
        ("pages: [{title: x, pages: [{id: 12}]}]", r"pages\[0\].pages\[0\].id must be a uuid"),
        ("pages: {}", "pages must be a list"),
        ("- x", "must have keys"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_bad_seed_teaches(tmp_path: Path, content: str, message: str) -> None:
    """File and key are named."""
    path = tmp_path / "seed.yaml"
    path.write_text(content)
    with pytest.raises(BadSeed, match=message):
        load(path)


def test_an_unmodified_client_sees_only_what_it_asks_for(notion: Client) -> None:
    """`page.retrieve` of what is no page is 404, as Notion has it."""
    with pytest.raises(APIResponseError) as error:
        notion.pages.retrieve(ADA)
    assert error.value.code == "object_not_found"
