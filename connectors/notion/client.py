"""Calls to Notion: within its limits, repeated where that is safe, and never blindly where it is not.

`notion_client.Client.request` carries every call, because its named methods drop parameters that they do not know. The
rules of repeating are those of Notion's request limits: 429 and 529 pause everybody and are always tried again, except
when the connection is blocked; what may have been carried out is repeated only when that does no harm.
"""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
from notion_client import Client
from notion_client.errors import HTTPResponseError, InvalidPathParameterError, RequestTimeoutError

from connectors.limiter import Clock, Limiter, Window
from connectors.workspace import Trouble, WorkspaceError

VERSION = "2026-03-11"
BASE_URL = "https://api.notion.com"
QUOTA = "notion"
"""The limiter's key: one for all calls with one token."""
MARGIN = 0.5
"""Seconds by which our window is longer than Notion's: a call takes a little more or less time to arrive."""
PLANS: Mapping[str, tuple[Window, ...]] = {
    "free": (Window(180, 60 + MARGIN),),
    "plus": (Window(180, 60 + MARGIN),),
    "business": (Window(600, 60 + MARGIN),),
    "enterprise": (Window(600, 60 + MARGIN),),
    "off": (),
}
"""Calls per connection in 60 s by plan (Notion's request limits, 2026); `off` is for emulators without limits."""
PAGE = 100
PATIENCE = 8
"""How often a call is tried that the server could not answer."""
LONGEST_PATIENCE = 40
"""How often a call is tried that was over a limit."""
_BLOCKED = "public_api_request_blocked"
_SILENT = logging.getLogger("connectors.notion.client")
_SILENT.addHandler(logging.NullHandler())
_NO_ANSWER = (RequestTimeoutError, httpx.TransportError)


class Refused(WorkspaceError):
    """Notion said no to one call: *status*, its *code* and its words. Repeating the same call will not help.

    For an item of many it is that item's failure; where it concerns all of them, it ends the whole call.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message, trouble=Trouble.SCOPE if code == "restricted_resource" else None)
        self.status, self.code = status, code

    @property
    def is_missing(self) -> bool:
        """Whether the object is not there, or not shared with the connection: Notion does not tell which."""
        return self.status == 404 or self.code == "object_not_found"

    @property
    def is_in_trash(self) -> bool:
        """Whether the object is in the trash, where it can be looked at only."""
        return "in the trash" in str(self)


class Uncertain(Exception):
    """A call that must not be repeated blindly may have been carried out. *committed* is the new object's id, if told."""

    def __init__(self, message: str, committed: str = "") -> None:
        super().__init__(message)
        self.committed = committed


class Api:
    """One connection to Notion, safe between threads.

    *limiter* is asked before each call and told of every pause that Notion orders; all waiting happens on *clock*.
    *http* replaces the network, for an emulator in the same process. *renew* gives another token for one that Notion does
    not accept any more; without it such a token ends the connection.
    """

    def __init__(
        self,
        token: str,
        limiter: Limiter,
        clock: Clock,
        *,
        base_url: str = BASE_URL,
        http: httpx.Client | None = None,
        timeout: float = 70.0,
        jitter: Callable[[], float] = random.random,
        renew: Callable[[str], str] | None = None,
    ) -> None:
        self._token, self._renew = token, renew
        connections = http or httpx.Client(limits=httpx.Limits(max_connections=100, max_keepalive_connections=100))
        self._client = Client(
            client=connections,
            auth=token,
            base_url=base_url,
            notion_version=VERSION,
            timeout_ms=int(timeout * 1000),
            retry=False,
            logger=_SILENT,
            log_level=logging.CRITICAL,
        )
        self._limiter, self._jitter = limiter, jitter
        self.clock = clock
        connections.event_hooks["response"].append(self._note_date)
        self.server_date = ""
        """What the last answer gave as its date."""
        self._counting = threading.Lock()
        self.calls = 0
        """How many calls were sent, repeated ones included."""

    def _note_date(self, response: httpx.Response) -> None:
        self.server_date = response.headers.get("date", self.server_date)

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    # ------------------------------------------------------------ kinds of calls

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Read. Raises Refused and WorkspaceError."""
        return self._repeated("GET", path, None, query)

    def ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A POST that changes nothing, such as a query. Raises Refused and WorkspaceError."""
        return self._repeated("POST", path, body, None)

    def change(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A PATCH that may be carried out twice without harm. Raises Refused and WorkspaceError."""
        return self._repeated("PATCH", path, body, None)

    def make(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A POST that makes something. Raises Uncertain when it may have been carried out, Refused and WorkspaceError."""
        return self._patiently("POST", path, body, None, self._doubted)

    def change_once(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A PATCH that must not be carried out twice. Raises like `make`."""
        return self._patiently("PATCH", path, body, None, self._doubted)

    def listed(self, path: str, about: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """All results of a GET that is given in pages, with the query *about*. Cursors are passed on as they are."""
        query: dict[str, Any] = {**(about or {}), "page_size": PAGE}
        while True:
            answer = self.get(path, query)
            yield from answer.get("results", ())
            if not answer.get("has_more") or not answer.get("next_cursor"):
                return
            query["start_cursor"] = answer["next_cursor"]

    # ------------------------------------------------------------ patience

    def _repeated(
        self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        return self._patiently(method, path, body, query, lambda error: None)

    def _patiently(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        query: Mapping[str, Any] | None,
        doubt: Callable[[Exception], None],
    ) -> dict[str, Any]:
        """Try until there is an answer. *doubt* raises when an error leaves open whether the call was carried out."""
        limited = failed = 0
        renewed = False
        while True:
            self._limiter.acquire(QUOTA)
            with self._counting:
                self.calls += 1
            try:
                token = self._token
                answer: dict[str, Any] = self._client.request(path, method, query=_given(query), body=_given(body), auth=token)
                return answer
            except InvalidPathParameterError as error:
                raise Refused(400, "invalid_request_url", str(error)) from error
            except HTTPResponseError as error:
                if error.status in (429, 529):
                    limited += 1
                    self._pause(error, limited)
                    continue
                if error.status == 401 and not renewed and self._renewed(token):
                    renewed = True
                    continue
                self._explain(error)
                problem: Exception = error
            except _NO_ANSWER as error:
                problem = error
            if not isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
                doubt(problem)
            failed += 1
            if failed >= PATIENCE:
                raise WorkspaceError(f"Notion does not answer: {_why(problem)}. Try again later.", permanent=False)
            self.clock.sleep(self._backoff(failed))

    def _renewed(self, token: str) -> bool:
        """Whether there is another token than the one that was refused. Raises WorkspaceError."""
        if self._renew is not None and token == self._token:
            self._token = self._renew(token)
        return token != self._token

    def _pause(self, error: HTTPResponseError, times: int) -> None:
        """Everybody waits as long as Notion says, however long that is."""
        reason = str((error.additional_data or {}).get("rate_limit_reason", ""))
        if reason == _BLOCKED:
            raise WorkspaceError(
                "Notion has blocked this connection (public_api_request_blocked). Nothing is tried again; write to Notion's "
                "support, then run this again."
            )
        wait = _retry_after(error)
        if times >= LONGEST_PATIENCE:
            raise WorkspaceError(
                f"Notion keeps saying that there are too many calls: {error}.", permanent=False, retry_after=wait
            )
        self._limiter.penalise(QUOTA, self._backoff(times) if wait is None else wait)

    def _explain(self, error: HTTPResponseError) -> None:
        """Raise what trying again will not mend. A conflict of two writers and a fault of the server may pass."""
        if error.status == 401:
            raise WorkspaceError(
                "Notion does not know the token (401). Connect again: throughline connect notion --token-file F --parent URL",
                trouble=Trouble.SIGNED_OUT,
            ) from error
        if error.status < 500 and error.status != 409:
            raise Refused(error.status, _code(error), str(error)) from error

    def _doubted(self, error: Exception) -> None:
        if isinstance(error, HTTPResponseError) and error.status == 409:
            return
        told = getattr(error, "additional_data", None) or {}
        raise Uncertain(_why(error), str(told.get("committed_resource_id", ""))) from error

    def _backoff(self, times: int) -> float:
        return min(60.0, 2.0 ** (times - 1)) * (0.75 + 0.5 * self._jitter())


def _given(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(values) if values is not None else None


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def _code(error: HTTPResponseError) -> str:
    return str(getattr(error.code, "value", error.code))


def _retry_after(error: HTTPResponseError) -> float | None:
    """Seconds, from the header or the body."""
    for text in (error.headers.get("retry-after"), _in_body(error)):
        try:
            return max(0.0, float(text or ""))
        except ValueError:
            continue
    return None


def _in_body(error: HTTPResponseError) -> str:
    try:
        return str(json.loads(error.body)["additional_data"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return ""
