"""The Notion emulator put together: paths, tokens, versions, capabilities, limits, errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from flask import Blueprint, Flask, Response, g, request

from connectors.emulator.app import Charge, Emulator, Problem, note, running
from connectors.emulator.app import create_app as create_emulator
from connectors.emulator.clock import Clock, RealClock
from connectors.emulator.windows import FixedWindow
from connectors.notion.emulator import checks
from connectors.notion.emulator.asking import Asking, Begin, as_json
from connectors.notion.emulator.errors import NotionError, written
from connectors.notion.emulator.routes import (
    blocks,
    comments,
    custom_emojis,
    data_sources,
    databases,
    oauth,
    pages,
    search,
    tasks,
    users,
    views,
)
from connectors.notion.emulator.seed import BUILT_IN, Seed, planted
from connectors.notion.emulator.shapes import Shapes
from connectors.notion.emulator.store import Store
from connectors.notion.emulator.webhooks import Webhooks

#: Requests in a window of a minute, by plan. https://developers.notion.com/reference/request-limits.
PLANS: Mapping[str, int | None] = {"free": 180, "business": 600, "off": None}
WINDOW = 60.0
#: Bytes of one upload, on the Free plan and on all others; the only thing by which a client can tell the plan.
FREE_UPLOAD, PAID_UPLOAD = 5 * 1024**2, 5 * 1024**3
LIMIT_REASON = "public_api_request_rate_limit"

VERSIONS = ("2025-09-03", "2026-03-11")
OLD_VERSIONS = ("2021-05-11", "2021-05-13", "2021-08-16", "2022-02-22", "2022-06-28")
#: Who acts instead of the connection: the id or e-mail of a person. Notion has no such header.
ACTING = "X-Emulator-User"
#: Blocks that a Free workspace with more than one member may ever make; https://developers.notion.com/reference/workspace-block-limits
#: gives the status, not the words.
FREE_BLOCKS = 1000
BLOCKS_USED_UP = "This workspace has used all the blocks of the Free plan. Upgrade it to make more."

#: What a 503 says after a write that was done: https://developers.notion.com/reference/request-limits.
COMMITTED = (
    "The change was saved, but the response could not be built in time. Read the object again instead of repeating the write."
)
_RETRY_GUIDANCE = ("Read the object again to confirm the saved change.", "Do not repeat the write.")
#: What a connection must be allowed to do, by operation.
_CAPABILITIES: tuple[tuple[str, str], ...] = (
    (r"comments\.(list|retrieve)", "read_comments"),
    (r"comments\.", "insert_comments"),
    (r"users\.(list|retrieve)", "read_user"),
    (r".*\.(create|append|insert)$", "insert_content"),
    (r".*\.(update|delete|move)$", "update_content"),
    (r"(pages|blocks|databases|data_sources|views|search|custom_emojis)\.", "read_content"),
)


class Notion:
    """Notion as a `connectors.emulator.app.Provider`."""

    name = "notion"

    def __init__(self, clock: Clock, plan: str, seed: Seed, random: int) -> None:
        self._clock, self._plan, self._seed, self._random = clock, plan, seed, random
        limit = PLANS[plan]
        self._window = None if limit is None else FixedWindow(limit, WINDOW, LIMIT_REASON)
        self.store: Store
        self.webhooks: Webhooks
        self.emulator: Emulator | None = None
        self.reset()

    def reset(self) -> None:
        """The workspace of the seed again."""
        self.store = planted(self._seed, self._clock, self._random)
        most = FREE_UPLOAD if self._plan == "free" else PAID_UPLOAD
        self.store.workspace = replace(self.store.workspace, max_upload=most)
        self.webhooks = Webhooks(self.store)
        self.store.hear = lambda event: self.webhooks.hear(event)
        self.store.remembers = lambda: self.emulator is not None and self.emulator.faults.can_be_stale

    def routes(self) -> Iterable[Blueprint]:
        """Every path that this emulator knows."""
        begin: Begin = self._begin
        modules = (users, pages, blocks, databases, data_sources, views, comments, search, oauth, tasks, custom_emojis)
        return [module.blueprint(begin) for module in modules]

    # ------------------------------------------------------------ the kit's questions

    def operation(self) -> str:
        """Such as ``data_sources.query``; an operation that Notion has and this emulator has not goes by Notion's name."""
        g.request_id = self.store.ids.random()
        if request.endpoint:
            return "search" if request.endpoint == "search.search" else request.endpoint.replace("-", ".")
        return _known_elsewhere(request.method, request.path) or ""

    def caller(self) -> str:
        """A fingerprint of the token."""
        token = _token()
        return sha256(token.encode()).hexdigest()[:8] if token else "nobody"

    def charges(self, operation: str, caller: str) -> Sequence[Charge]:
        """One request of the connection's window."""
        return [Charge(self._window, caller)] if self._window else []

    def finish(self, response: Response) -> tuple[Response, str]:
        """The request id in a header."""
        response.headers["x-notion-request-id"] = g.request_id
        return response, g.request_id

    def refusal(self, problem: Problem) -> Response:
        """A problem as Notion says it."""
        more: dict[str, Any] = {}
        if problem.status in (429, 529) and problem.retry_after is not None:
            more["retry_after"] = str(problem.retry_after)
        if problem.status == 429:
            more = {"rate_limit_reason": problem.reason or LIMIT_REASON, **more}
        if problem.committed is not None:
            more = _committed(problem.committed)
        code, message = _REFUSALS[problem.status]
        if problem.committed is not None:
            message = COMMITTED
        response = as_json(NotionError(problem.status, code, problem.detail or message, more).body(), problem.status)
        if problem.retry_after is not None:
            response.headers["Retry-After"] = str(problem.retry_after)
        return response

    def unknown(self) -> Response:
        """501 for what Notion has and this emulator has not, else Notion's own answer."""
        elsewhere = _known_elsewhere(request.method, request.path)
        if elsewhere:
            note(f"not implemented: {elsewhere}")
            return self.refusal(Problem(501, detail=f"The emulator does not implement {elsewhere}."))
        return as_json(NotionError(400, "invalid_request_url", "Invalid request URL.").body(), 400)

    def crashed(self, error: Exception) -> Response | None:
        """A `NotionError` is an answer."""
        if isinstance(error, NotionError):
            note(error.message)
            body = error.body()
            if error.code == "invalid_grant":
                body["error"] = error.code
            return as_json(body, error.status)
        return None

    def listen(self, order: Mapping[str, Any]) -> Any:
        """Subscribe an address to change notices."""
        return self.webhooks.subscribe(order, running().deliveries)

    # ------------------------------------------------------------ one request

    def _begin(self) -> Asking:
        """Who asks and what. Raises `NotionError` if they may not, or not so."""
        operation = g.operation
        public = operation.startswith("oauth.")
        by = self.store.bot.id if public else self._author()
        version = VERSIONS[-1] if public else _version()
        if not public:
            self._allowed(operation)
        email = "read_user_with_email" in self.store.workspace.capabilities
        shapes = Shapes(self.store, version, email)
        return Asking(self.store, by, version, _body(), request.args, shapes, running().staleness)

    def _author(self) -> str:
        """The user who acts. Raises 401."""
        token, store = _token(), self.store
        granted = store.grants.access.get(token)
        known = granted is not None or token in store.workspace.tokens
        free = not store.workspace.tokens and not token.startswith("invalid")
        if not token or token in store.grants.revoked or not (known or free):
            raise NotionError(401, "unauthorized", "API token is invalid.")
        acting = request.headers.get(ACTING)
        if acting:
            user = next((user for user in store.users.values() if acting in (user.id, user.email)), None)
            if user is None:
                raise NotionError(401, "unauthorized", f"{ACTING} names nobody: {acting}.")
            return user.id
        return granted.bot_id if granted else store.bot.id

    def _allowed(self, operation: str) -> None:
        capabilities = self.store.workspace.capabilities
        for pattern, capability in _CAPABILITIES:
            if re.match(pattern, operation):
                held = any(each.startswith(capability) for each in capabilities)
                if not held:
                    raise NotionError(403, "restricted_resource", "Insufficient permissions for this endpoint.")
                if capability == "insert_content" and self._is_full():
                    raise NotionError(403, "restricted_resource", BLOCKS_USED_UP)
                return

    def _is_full(self) -> bool:
        """Whether a Free workspace with several members has used up its blocks."""
        members = sum(user.type == "person" and not user.guest for user in self.store.users.values())
        return self._plan == "free" and members > 1 and self.store.blocks_made >= FREE_BLOCKS


def _token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _version() -> str:
    version = request.headers.get("Notion-Version")
    if version is None:
        raise NotionError(
            400,
            "missing_version",
            "Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.",
        )
    if version in OLD_VERSIONS:
        raise NotionError(501, "not_implemented", f"The emulator speaks the versions {' and '.join(VERSIONS)}, not {version}.")
    if version not in VERSIONS:
        choice = ", ".join(f'`"{each}"`' for each in (*OLD_VERSIONS, *VERSIONS))
        raise NotionError(
            400,
            "validation_error",
            f"Notion-Version header failed validation: Notion-Version header should be one of {choice}, "
            f"instead was `{written(version)}`.",
        )
    return version


def _body() -> Mapping[str, Any]:
    """The JSON object of a request, {} if it has none. Raises 400."""
    if request.method in ("GET", "DELETE"):
        return {}
    raw = request.get_data()
    checks.payload(len(raw))
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise NotionError(400, "invalid_json", "Error parsing JSON body.") from None
    if not isinstance(body, dict):
        raise NotionError(
            400, "validation_error", f"body failed validation: body should be an object, instead was `{written(body)}`."
        )
    return body


def _committed(response: Response) -> dict[str, Any]:
    """What the answer to a write that was saved would have told."""
    body = response.get_json(silent=True) or {}
    children = [each["id"] for each in body.get("results", ()) if "id" in each]
    resource = body.get("id") or (request.view_args or {}).get("block_id")
    listed: dict[str, Any] = {"from": "publicApi", "elapsed_ms": "55012", "deadline_ms": "55000"}
    if resource:
        listed["committed_resource_id"] = resource
    if children:
        listed["committed_child_ids"] = children
    return {**listed, "retry_guidance": list(_RETRY_GUIDANCE)}


_REFUSALS: Mapping[int, tuple[str, str]] = {
    429: ("rate_limited", "You have been rate limited. Please try again in a few minutes."),
    500: ("internal_server_error", "Unexpected error occurred."),
    501: ("not_implemented", "The emulator does not implement this."),
    503: ("service_unavailable", "Public API service is temporarily unavailable, please try again later."),
    529: ("service_overload", "The service is overloaded. Please try again later."),
}


#: Operations that Notion has and this emulator has not: method, path, Notion's name.
_ELSEWHERE: tuple[tuple[str, str, str], ...] = (
    ("GET|POST", r"/v1/file_uploads", "file uploads"),
    ("GET|POST", r"/v1/file_uploads/[^/]+(/send|/complete)?", "file uploads"),
    ("POST", r"/v1/blocks/meeting_notes(/query)?", "meeting notes"),
    ("GET|POST|PATCH|DELETE", r"/v1/(agents|sessions|threads)(/.*)?", "agents"),
    ("POST", r"/v1/databases/[^/]+/query", "queries of databases, which ended with version 2022-06-28"),
    ("GET", r"/v1/databases", "the list of databases, which ended with version 2021-08-16"),
    ("GET", r"/v1/oauth/authorize", "the consent page of OAuth"),
    ("GET|POST|PATCH|DELETE|PUT", r"/admin/.*", "the Admin API"),
)


def _known_elsewhere(method: str, path: str) -> str | None:
    for methods, pattern, name in _ELSEWHERE:
        if method in methods.split("|") and re.fullmatch(pattern, path.rstrip("/")):
            return name
    return None


def create_app(
    clock: Clock | None = None, plan: str = "business", seed: Seed | None = None, random: int = 0, latency: float = 0.0
) -> Flask:
    """The emulator as a WSGI application.

    *plan* is one of `PLANS`; *random* makes ids repeatable; *latency* is how many seconds each call takes on *clock*.
    """
    clock = clock or RealClock()
    notion = Notion(clock, plan, seed or Seed(BUILT_IN), random)
    app = create_emulator(notion, clock, latency)
    notion.emulator = app.extensions["emulator"]
    app.extensions["notion"] = notion
    return app
