"""How Google's clients reach Google: over sessions that one call at a time uses, to Google or to an emulator.

google-api-python-client takes any object with httplib2's `request`. Ours stands on requests, as gspread does, because
httplib2 sends a request again by itself when a connection breaks, creates included.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from google.auth.credentials import Credentials


class Elsewhere(HTTPAdapter):
    """Sends every request to *base* instead of the host that it names."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *given: Any, **more: Any) -> requests.Response:
        """The same path and query at the other address."""
        request.url = f"{self._base}/{str(request.url).partition('://')[2].partition('/')[2]}"
        return super().send(request, *given, **more)


class Transport:
    """Sessions for one identity. *base* is "" for Google itself; *adapter* replaces the network."""

    def __init__(
        self,
        credentials: Credentials,
        base: str = "",
        timeout: float = 90.0,
        adapter: Callable[[], HTTPAdapter] | None = None,
    ) -> None:
        self._credentials, self._timeout = credentials, timeout
        self._is_elsewhere = bool(base) or adapter is not None
        self._adapter = adapter or (lambda: Elsewhere(base) if base else HTTPAdapter(max_retries=0))
        self._idle: list[requests.Session] = []
        self._signing = threading.Lock()
        self.server_date = ""
        """What the last answer gave as its date."""

    @contextmanager
    def session(self) -> Iterator[requests.Session]:
        """A session that nobody else uses meanwhile; its connections stay open for the next."""
        try:
            found = self._idle.pop()
        except IndexError:
            found = self._new_session()
        try:
            yield found
        finally:
            self._idle.append(found)

    def _new_session(self) -> requests.Session:
        from google.auth.transport.requests import AuthorizedSession

        made = AuthorizedSession(self._credentials, auth_request=self._signing_request)  # type: ignore[no-untyped-call]
        self._lead(made)
        made.hooks["response"].append(self._note_date)
        return made

    def _note_date(self, response: requests.Response, *given: Any, **more: Any) -> None:
        self.server_date = response.headers.get("date", self.server_date)

    def sign_in(self) -> None:
        """Fetch a token if there is none, one thread at a time. Raises google.auth's exceptions."""
        if not self._credentials.valid:
            with self._signing:
                if not self._credentials.valid:
                    self._credentials.refresh(self._signing_request)  # type: ignore[no-untyped-call]

    @cached_property
    def _signing_request(self) -> Any:
        """What google-auth asks for tokens with: at the same address as everything else."""
        from google.auth.transport.requests import Request

        session = requests.Session()
        self._lead(session)
        return Request(session)

    def _lead(self, session: requests.Session) -> None:
        """Where its calls go. The company's proxy leads to Google, never to what stands in for it."""
        session.trust_env = not self._is_elsewhere
        session.mount("https://", self._adapter())
        session.mount("http://", self._adapter())

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 5,
        connection_type: object = None,
    ) -> tuple[Any, bytes]:
        """What googleapiclient asks of an httplib2.Http."""
        import httplib2

        with self.session() as session:
            answer = session.request(
                method, uri, data=body, headers=dict(headers or {}), timeout=self._timeout, allow_redirects=False
            )
        shown = {name.lower(): value for name, value in answer.headers.items()}
        shown["status"] = str(answer.status_code)
        response = httplib2.Response(shown)
        response.reason = answer.reason
        return response, answer.content

    def close(self) -> None:
        """Give back the connections."""
        while self._idle:
            self._idle.pop().close()
        if signing := self.__dict__.pop("_signing_request", None):
            signing.session.close()
