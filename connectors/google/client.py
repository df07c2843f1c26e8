"""Calls to Google: within its quotas, repeated where that is safe, and never blindly where it is not.

Every call goes through the unmodified google-api-python-client, or through gspread, with repeating left to us: their own
would send creates twice. 429 and the 403s that mean "too fast" pause everybody and were surely not carried out; what may
have been carried out is repeated only when that does no harm.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import requests

from connectors.google.quotas import cost_of
from connectors.google.transport import Transport
from connectors.limiter import Clock, Limiter
from connectors.workspace import Trouble, WorkspaceError

if TYPE_CHECKING:
    from gspread.http_client import HTTPClient

PATIENCE = 8
"""How often a call is tried that the server could not answer."""
LONGEST_PATIENCE = 40
"""How often a call is tried that was over a quota."""
TOO_FAST = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "sharingRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
NOT_GRANTED = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
FULL = frozenset({"storageQuotaExceeded", "teamDriveFileLimitExceeded", "dailyLimitExceeded", "quotaExceeded"})
PAGE = 1000
T = TypeVar("T")


class Refused(Exception):
    """Google said no to one call: *status*, its *reason* and its words. Repeating the same call will not help."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason = status, reason

    @property
    def is_missing(self) -> bool:
        """Whether the file is not there, or not shared with us: Google does not tell which."""
        return self.status == 404


class Uncertain(Exception):
    """A call that must not be repeated blindly may have been carried out."""


class _Limited(Exception):
    """Too fast; nothing was carried out."""

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


class _Broken(Exception):
    """No good answer. *carried_out* says whether the call may have been."""

    def __init__(self, message: str, carried_out: bool) -> None:
        super().__init__(message)
        self.carried_out = carried_out


class _Service:
    """A service of google-api-python-client that makes each of its collections, such as `files()`, once: it takes 60 ms."""

    def __init__(self, service: Any) -> None:
        self._service = service
        self._made: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[[], Any]:
        if name not in self._made:
            self._made[name] = getattr(self._service, name)()
        return lambda: self._made[name]


class Api:
    """One identity at Google, safe between threads.

    *limiter* is asked before each call and told of every pause that Google orders; all waiting happens on *clock*.
    """

    def __init__(
        self, transport: Transport, limiter: Limiter, clock: Clock, jitter: Callable[[], float] = random.random
    ) -> None:
        self.transport, self._limiter, self._jitter = transport, limiter, jitter
        self.clock = clock
        self._counting = threading.Lock()
        self.calls: Counter[str] = Counter()
        """How many calls of each method were sent, repeated ones included."""

    def close(self) -> None:
        """Give back the connections."""
        self.transport.close()

    # ------------------------------------------------------------ the clients

    @cached_property
    def drive(self) -> Any:
        """Drive v3."""
        return self._service("drive", "v3")

    @cached_property
    def docs(self) -> Any:
        """Docs v1."""
        return self._service("docs", "v1")

    @cached_property
    def directory(self) -> Any:
        """Admin directory v1."""
        return self._service("admin", "directory_v1")

    def _service(self, name: str, version: str) -> Any:
        from googleapiclient.discovery import build

        return _Service(build(name, version, http=self.transport, static_discovery=True))

    # ------------------------------------------------------------ kinds of calls

    def get(self, request: Any) -> Any:
        """Carry out a call that may be carried out twice without harm. Raises Refused and WorkspaceError."""
        return self._patiently(request.methodId, lambda: self._execute(request), lambda broken: None)

    def make(self, request: Any) -> Any:
        """Carry out a call that must not be carried out twice. Raises Uncertain when it may have been, Refused."""
        return self._patiently(request.methodId, lambda: self._execute(request), _doubted)

    def write_cells(self, id_: str, body: dict[str, Any]) -> Any:
        """`values.batchUpdate` through gspread. Raises like `make`."""
        work = partial(self._through_gspread, lambda sheets: sheets.values_batch_update(id_, body))
        return self._patiently("sheets.spreadsheets.values.batchUpdate", work, _doubted)

    def read_cells(self, id_: str, ranges: list[str]) -> Any:
        """`values.batchGet` through gspread. Raises like `get`."""
        work = partial(self._through_gspread, lambda sheets: sheets.values_batch_get(id_, ranges))
        return self._patiently("sheets.spreadsheets.values.batchGet", work, lambda broken: None)

    def look_at_sheet(self, id_: str, fields: str) -> Any:
        """`spreadsheets.get` through gspread. Raises like `get`."""
        work = partial(self._through_gspread, lambda sheets: sheets.fetch_sheet_metadata(id_, {"fields": fields}))
        return self._patiently("sheets.spreadsheets.get", work, lambda broken: None)

    def listed(self, method: Callable[..., Any], field: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All entries of a list that is given in pages."""
        token = None
        while True:
            answer = self.get(method(**query, **({"pageToken": token} if token else {})))
            yield from answer.get(field) or ()
            token = answer.get("nextPageToken")
            if not token:
                return

    # ------------------------------------------------------------ patience

    def _patiently(self, operation: str, work: Callable[[], T], doubt: Callable[[_Broken], None]) -> T:
        """Try until there is an answer. *doubt* raises when an error leaves open whether the call was carried out."""
        quota, cost = cost_of(operation)
        limited = failed = 0
        while True:
            if quota is not None:
                self._limiter.acquire(quota.key, cost)
            with self._counting:
                self.calls[operation] += 1
            try:
                return work()
            except _Limited as pause:
                limited += 1
                if limited >= LONGEST_PATIENCE:
                    message = f"Google keeps saying that there are too many calls: {pause}"
                    raise WorkspaceError(message, permanent=False, retry_after=pause.wait) from pause
                wait = self._backoff(limited) if pause.wait is None else pause.wait
                self._limiter.penalise(quota.key if quota else "google", wait)
            except _Broken as broken:
                if broken.carried_out:
                    doubt(broken)
                failed += 1
                if failed >= PATIENCE:
                    raise WorkspaceError(f"Google does not answer: {broken}. Try again later.", permanent=False) from broken
                self.clock.sleep(self._backoff(failed))

    def _backoff(self, times: int) -> float:
        return min(64.0, 2.0 ** (times - 1)) * (0.75 + 0.5 * self._jitter())

    # ------------------------------------------------------------ one call

    def _execute(self, request: Any) -> Any:
        from googleapiclient.errors import HttpError

        try:
            return self._sent(lambda: request.execute(http=self.transport, num_retries=0))
        except HttpError as error:
            wait = error.resp.get("retry-after")
            raise _judged(int(error.resp.status), error.content, wait) from error

    def _through_gspread(self, work: Callable[[HTTPClient], T]) -> T:
        from gspread.exceptions import APIError
        from gspread.http_client import HTTPClient

        try:
            with self.transport.session() as session:
                # gspread asks for credentials and does without them when it is given a session
                return self._sent(lambda: work(HTTPClient(None, session=session)))  # type: ignore[arg-type]
        except APIError as error:
            answer = error.response
            raise _judged(answer.status_code, answer.content, answer.headers.get("retry-after")) from error

    def _sent(self, work: Callable[[], T]) -> T:
        from google.auth import exceptions

        try:
            self.transport.sign_in()
            return work()
        except exceptions.RefreshError as error:
            if error.retryable:
                raise _Broken(_first(error), carried_out=False) from error
            raise WorkspaceError(
                f"Google does not accept the credentials ({_first(error)}). Connect again: throughline connect google "
                "--credentials-file F --drive ID",
                trouble=Trouble.SCOPE if "invalid_scope" in _first(error) else Trouble.SIGNED_OUT,
            ) from error
        except exceptions.TransportError as error:
            raise _Broken(str(error), carried_out=False) from error
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise _Broken(_why(error), carried_out=False) from error
        except (requests.exceptions.RequestException, http.client.HTTPException, OSError) as error:
            raise _Broken(_why(error), carried_out="refused" not in str(error).lower()) from error


def _doubted(broken: _Broken) -> None:
    raise Uncertain(str(broken)) from broken


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def _first(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__


def _judged(status: int, content: bytes, wait: str | None) -> Exception:
    """What an answer that is no success means."""
    reason, message = _told(content)
    if status == 429 or (status == 403 and reason in TOO_FAST):
        return _Limited(message, float(wait) if wait and wait.isdigit() else None)
    if status == 401:
        return WorkspaceError(
            "Google does not know the sign-in any more (401). Connect again: throughline connect google",
            trouble=Trouble.SIGNED_OUT,
        )
    if status == 403 and reason in NOT_GRANTED:
        return WorkspaceError(
            f"Google: {message} Connect again, and allow everything that is asked for.", trouble=Trouble.SCOPE
        )
    if status == 403 and reason in FULL:
        return WorkspaceError(f"Google has no room for more: {message} Use a shared drive, or free some space.")
    if status >= 500 and status != 501:
        return _Broken(f"{status} {message}", carried_out=True)
    return Refused(status, reason, message)


def _told(content: bytes) -> tuple[str, str]:
    """Google's word for the reason and its sentence, from either shape of error."""
    try:
        error = json.loads(content)["error"]
        message = str(error.get("message") or "")
        reasons = [str(one.get("reason")) for one in (*(error.get("errors") or ()), *(error.get("details") or ()))]
        reason = next((one for one in reasons if one and one != "None"), str(error.get("status") or ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", content[:200].decode("utf-8", "replace")
    return reason, message
