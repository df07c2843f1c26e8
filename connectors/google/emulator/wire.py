"""Calls as they come off the wire, and answers as they go onto it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, quote

from flask import Response, request

from connectors.google.emulator import discovery
from connectors.google.emulator.calls import Call, Reply, not_implemented
from connectors.google.emulator.errors import GoogleError, Json, bad_request
from connectors.google.emulator.fields import BadMask, Mask, parse

#: Paths of Sheets and Docs; everything else answers in Drive's shape.
_CANONICAL = ("v4/", "v1/documents")


def verb() -> str:
    """The method that is meant, which a long GET says in a header."""
    return request.headers.get("X-HTTP-Method-Override", request.method).upper()


def path() -> str:
    """The path as it was sent, still percent-encoded where the server keeps it."""
    raw = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or quote(request.path))
    if "://" in raw:
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    return raw.partition("?")[0].lstrip("/")


def base() -> str:
    """Where the emulator was reached."""
    return request.host_url.rstrip("/")


def query() -> dict[str, list[str]]:
    """Every parameter; a long GET that came as a POST has them in its body."""
    query = {name: list(values) for name, values in request.args.lists()}
    if request.headers.get("X-HTTP-Method-Override"):
        query |= parse_qs(request.get_data(as_text=True), keep_blank_values=True)
    return query


def json_body() -> Json:
    """The JSON of the body. Raises 400."""
    text = request.get_data()
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError as error:
        if not path().startswith(_CANONICAL):
            raise GoogleError(400, "Parse Error", "parseError") from error
        raise bad_request(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise bad_request("Invalid JSON payload received. The root is no object.")
    return _set_only(body) if path().startswith(_CANONICAL) else body


def _set_only(value: Any, field: str = "") -> Any:
    """*value* as Sheets and Docs take it: a name that is null means nothing, a list in a list of messages is part of it."""
    if isinstance(value, list):
        if field != "values":
            value = [one for each in value for one in (each if isinstance(each, list) else [each])]
        return [_set_only(each, field) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _set_only(each, name) for name, each in value.items() if each is not None}


def mask(text: str, method: discovery.Method | None) -> Mask | None:
    """The `fields` parameter, checked against what the method answers."""
    if not text or method is None:
        return None
    try:
        mask = parse(text)
    except BadMask as error:
        raise _bad_mask(method, text) from error
    if method.response:
        wrong = discovery.unknown_path(method.api, method.response, mask)
        if wrong:
            raise _bad_mask(method, wrong)
    return mask


def _bad_mask(method: discovery.Method, path: str) -> GoogleError:
    if method.api in ("drive.v3", "admin.directory_v1"):
        return GoogleError(400, f"Invalid field selection {path}", "invalidParameter", "fields")
    why = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return bad_request("Request contains an invalid argument.", (path, why))


def check(method: discovery.Method, call: Call) -> None:
    """400 for what Sheets and Docs do not know; Drive does not mind."""
    if method.api not in ("sheets.v4", "docs.v1"):
        return
    known = {*method.parameters, *method.common}
    for name in call.query:
        if name not in known and name != "upload_id":
            why = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
            why += f"Field '{name}' could not be found in request message."
            raise bad_request(why, ("", why))
    found = discovery.check(method.api, method.request, call.body) if method.request and call.body else []
    if found:
        raise bad_request("\n".join(each.why for each in found), *((each.where, each.why) for each in found))


def reply(given: Json | Reply) -> Reply:
    """What a handler gave, as a whole answer."""
    return given if isinstance(given, Reply) else Reply(200, given)


def sent(reply: Reply) -> Response:
    """*reply* on the wire; indented only if the client asks, for that takes ten times as long."""
    body = reply.body
    if isinstance(body, dict):
        body = (
            json.dumps(body, ensure_ascii=False, indent=2 if request.args.get("prettyPrint") == "true" else None) + "\n"
        ).encode()
    response = Response(body or b"", reply.status, content_type=reply.type if body else "text/html")
    response.headers.update(reply.headers)
    return response


def common_headers() -> dict[str, str]:
    """What every answer says to caches and browsers, as seen on the real service."""
    safe = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "X-XSS-Protection": "0"}
    if path().startswith(_CANONICAL):
        return safe | {"Cache-Control": "private", "Vary": "Origin, X-Origin, Referer"}
    never = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate", "Pragma": "no-cache"}
    return safe | never | {"Expires": "Mon, 01 Jan 1990 00:00:00 GMT", "Vary": "Origin, X-Origin"}


def refused(error: GoogleError, wait: int | None = None) -> Response:
    """*error* in the shape of the API that was called; *wait* in seconds."""
    canonical = path().startswith(_CANONICAL)
    response = sent(Reply(error.status, error.canonical() if canonical else error.legacy()))
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    if wait is not None and not canonical:
        response.headers["Retry-After"] = str(wait)
    return response


def over(service: str, metric: str, name: str, per_user: bool) -> GoogleError:
    """The refusal of a quota, in the words of its API."""
    if service in ("drive", "admin"):
        if per_user:
            return GoogleError(
                403,
                "User Rate Limit Exceeded. Rate of requests for user exceed configured project quota.",
                "userRateLimitExceeded",
            )
        return GoogleError(403, "Rate Limit Exceeded", "rateLimitExceeded")
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{name}' of service '{service}.googleapis.com' "
        "for consumer 'project_number:1'."
    )
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {"service": f"{service}.googleapis.com", "quota_limit": name, "consumer": "projects/1"},
    }
    return GoogleError(429, message, "rateLimitExceeded", details=[info])


def described(path: str) -> Response:
    """A discovery document whose addresses are the emulator's."""
    parts = path.split("/")
    name, version = (
        (parts[3], parts[4]) if path.startswith("discovery/") and len(parts) > 4 else ("", request.args.get("version", ""))
    )
    wanted = {"drive": "drive.v3", "sheets": "sheets.v4", "docs": "docs.v1", "admin": "admin.directory_v1"}.get(name, "")
    if wanted and wanted.partition(".")[2] != version:
        wanted = ""
    if not wanted:
        raise not_implemented(f"the description {path}")
    root = base() + "/"
    service = "drive/v3/" if name == "drive" else ""
    shown = dict(discovery.document(wanted)) | {"rootUrl": root, "baseUrl": root + service, "servicePath": service}
    shown.pop("mtlsRootUrl", None)
    return sent(Reply(200, shown))
