"""Every request and answer held against Google's discovery documents, independently of what the emulator checks itself."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from connectors.google.emulator import discovery


class Unfaithful(AssertionError):
    """A request or an answer that Google's own description does not allow."""


class Checked:
    """A WSGI application around the emulator that remembers what does not fit.

    *lenient* switches off the requests' side for the few clients that send what Google ignores (gspread's `withLink`).
    """

    def __init__(self, app: Any, lenient: bool = False) -> None:
        self.app, self.lenient, self.checked = app, lenient, 0
        self.problems: list[str] = []
        self.extensions = app.extensions

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the emulator does, and look at both sides."""
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size) if size else b""
        environ["wsgi.input"] = io.BytesIO(body)
        told: list[Any] = []

        def remembered(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told[:] = [status, dict(headers)]
            return start_response(status, headers, *rest)

        answer = b"".join(self.app(environ, remembered))
        self._look(environ, body, told[0], told[1], answer)
        return [answer]

    def settle(self) -> None:
        """Raise if anything did not fit."""
        if self.problems:
            raise Unfaithful("\n".join(self.problems[:10]))

    def _look(self, environ: dict[str, Any], body: bytes, status: str, headers: dict[str, str], answer: bytes) -> None:
        verb = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", environ["REQUEST_METHOD"])
        path = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]).partition("?")[0].lstrip("/")
        match = discovery.match(verb, path)
        if match is None or status.startswith(("501", "308")):
            return
        self.checked += 1
        method = match.method
        if not status.startswith("4") and not self.lenient:
            self._request(method, match.path, environ, body)
        if "json" in headers.get("Content-Type", "") and answer:
            value = json.loads(answer)
            if status.startswith("2"):
                self._answer(method, value)
            else:
                self._refusal(method, status, value)

    def _request(self, method: discovery.Method, path: Any, environ: dict[str, Any], body: bytes) -> None:
        kind = str(environ.get("CONTENT_TYPE") or "").encode()
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        known = {*method.parameters, *method.common, "upload_id"}
        self.problems += [f"{method.id}: unknown parameter {name}" for name in query if name not in known]
        needed = {name for name, described in method.parameters.items() if described.get("required")}
        self.problems += [f"{method.id}: missing {name}" for name in needed if not path.get(name) and not query.get(name)]
        for name, values in query.items():
            allowed = method.parameters.get(name, {}).get("enum")
            self.problems += [f"{method.id}: {name}={value}" for value in values if allowed and value not in allowed]
        described = body if body[:1] == b"{" else _first_part(body) if b"multipart/related" in kind else b""
        if method.request and described:
            found = discovery.check(method.api, method.request, json.loads(described))
            self.problems += [f"{method.id} request: {each.why}" for each in found]

    def _answer(self, method: discovery.Method, value: Any) -> None:
        if method.response:
            found = discovery.check(method.api, method.response, value)
            self.problems += [f"{method.id} answer: {each.where}: {each.why}" for each in found]

    def _refusal(self, method: discovery.Method, status: str, value: Any) -> None:
        error = value.get("error") or {}
        if str(error.get("code")) != status[:3] or not error.get("message"):
            self.problems.append(f"{method.id}: {status} with {value}")
        shape = "status" if method.api in ("sheets.v4", "docs.v1") else "errors"
        if shape not in error:
            self.problems.append(f"{method.id}: a refusal without {shape}: {value}")


def _first_part(body: bytes) -> bytes:
    """The JSON of an upload that brings its description along."""
    _, _, rest = body.replace(b"\r\n", b"\n").partition(b"\n\n")
    return rest.partition(b"\n--")[0]
