"""The emulator as an application: every call is routed, checked, answered and told in Google's own shapes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, quote

from flask import Blueprint, Flask, Response, g, request

from connectors.emulator.app import Charge, Problem, create_app, note, running
from connectors.emulator.clock import Clock, RealClock
from connectors.emulator.deliveries import Notice
from connectors.google.emulator import batching, discovery, signin
from connectors.google.emulator.auth import CREDENTIALS_KEY_ID, Tokens, check_scopes, public_pem
from connectors.google.emulator.calls import Call, Handler, Media, Reply, not_implemented
from connectors.google.emulator.drive import changes
from connectors.google.emulator.drive.uploads import Session, bad_upload, piece, related
from connectors.google.emulator.errors import STATUSES, GoogleError, Json, bad_request
from connectors.google.emulator.fields import BadMask, Mask, parse, select
from connectors.google.emulator.operations import HANDLERS, V2
from connectors.google.emulator.quotas import BY_REASON, Quotas
from connectors.google.emulator.seed import ANYBODY, DEFAULT, SERVICE_ACCOUNT, plant
from connectors.google.emulator.store import Principal, World

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
#: Paths of Sheets and Docs; everything else answers in Drive's shape.
_CANONICAL = ("v4/", "v1/documents")
_V2 = "upload/drive/v2/files/"
#: Statuses after which Google sends a notice again: https://developers.google.com/workspace/drive/api/guides/push.
_PAUSES = (1.0, 10.0, 60.0)


class Google:
    """The provider: Drive, Sheets, Docs, the directory and sign-in over one `World`."""

    name = "google"

    def __init__(self, clock: Clock, quota: bool = False, seed: Mapping[str, Any] | None = None, random: int = 0) -> None:
        self._clock, self._seed, self._random = clock, DEFAULT if seed is None else seed, random
        self.quotas = Quotas(quota)
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """As if just started."""
        self.world = World(self._clock, self._random)
        plant(self.world, self._seed)
        self.tokens = Tokens(self.world, anonymous=bool(self._seed.get("anonymous", True)))
        for account in self._seed.get("service_accounts") or ():
            if account.get("public_key"):
                self.tokens.keys[str(account["email"]).lower()] = str(account["public_key"])

    # ------------------------------------------------------------ what the kit asks

    def routes(self) -> Iterable[Blueprint]:
        """Sign-in, batches, the discovery documents, and one road for every method of every API."""
        google = Blueprint("google", __name__)
        google.add_url_rule("/", view_func=self._answer, defaults={"path": ""}, methods=_VERBS)
        google.add_url_rule("/<path:path>", view_func=self._answer, methods=_VERBS)
        return [signin.blueprint(self), batching.blueprint(), google]

    def operation(self) -> str:
        """Google's name for the method, such as ``drive.files.list``."""
        g.match = discovery.match(_verb(), _path())
        if g.match is not None:
            return str(g.match.method.id)
        if _path().startswith(_V2):
            return "drive.files.update"
        return signin.OPERATIONS.get(request.path, "batch" if request.path.startswith("/batch") else "")

    def caller(self) -> str:
        """The account; "" if nobody signed in."""
        g.who, g.denied = None, None
        try:
            parameter = request.args.get("access_token", "")
            g.who = self.tokens.who(request.headers.get("Authorization", ""), parameter)
        except GoogleError as error:
            g.denied = error
        return g.who.email if g.who else ""

    def charges(self, operation: str, caller: str) -> Sequence[Charge]:
        """From the quotas, if they are enforced."""
        if g.who is None or operation == "batch":
            return ()
        return self.quotas.charges(operation, caller, g.who.app, request.args.get("alt") == "media")

    def refusal(self, problem: Problem) -> Response:
        """Of a quota in that API's words; of a fault with its status and reason."""
        quota = BY_REASON.get(problem.reason)
        if quota is not None:
            return _refused(_over(quota.service, quota.metric, quota.name, quota.per_user), problem.retry_after)
        status, reason = problem.status, problem.reason
        if status == 429 and reason.startswith(("user", "sharing")):
            status = 403
        sentences = {429: "Rate limit exceeded", 403: "User rate limit exceeded.", 500: "Internal error encountered."}
        sentences |= {503: "The service is currently unavailable.", 501: "Not implemented."}
        message = sentences.get(status, "Backend Error")
        if problem.detail:
            message = f"{message} ({problem.detail})"
        return _refused(GoogleError(status if status in STATUSES else 503, message, reason), problem.retry_after)

    def unknown(self) -> Response:
        """501, in the shape of the API that the path belongs to."""
        note(f"Not implemented: {request.method} {request.path}")
        return _refused(not_implemented(f"{request.method} {request.path}"))

    def crashed(self, error: Exception) -> Response | None:
        """Google's own refusals."""
        if not isinstance(error, GoogleError):
            return None
        note(error.message)
        return _refused(error)

    def finish(self, response: Response) -> tuple[Response, str]:
        """A request id, which Google has in a header of its own."""
        with self._lock:
            ident = self.world.new_id(20, "e")
        response.headers["X-GUploader-UploadID" if "upload" in request.path else "X-Request-Id"] = ident
        response.headers.setdefault("Vary", "Origin, X-Origin, Referer")
        return response, ident

    def listen(self, order: Mapping[str, Any]) -> Any:
        """Open a channel on the changes of a shared drive (``drive``), or of the developer."""
        with self._lock:
            body = {"id": self.world.new_id(20, "c"), "type": "web_hook", "address": str(order.get("url") or "")}
            body |= {"token": str(order["token"])} if order.get("token") else {}
            query = {"pageToken": [str(len(self.world.log) + 1)], "supportsAllDrives": ["true"]}
            query |= {"driveId": [str(order["drive"])]} if order.get("drive") else {}
            opened = changes.watch_changes(Call(self.world, Principal(ANYBODY), {}, query, body, base=_base()))
        self.tell()
        return opened

    # ------------------------------------------------------------ one call

    def _answer(self, path: str) -> Response:
        """The answer of one method of one API."""
        if path.startswith(("discovery/", "$discovery/")):
            return _described(path)
        if g.denied is not None:
            raise g.denied
        with self._lock:
            reply = self._routed()
        self.tell()
        return _sent(reply)

    def _routed(self) -> Reply:
        session = self.world.uploads.get(request.args.get("upload_id", ""))
        if session is not None:
            return self._continued(session)
        match: discovery.Match | None = g.match
        if match is None:
            if _path().startswith(_V2) and request.method in ("PUT", "POST"):
                ident = _path().removeprefix(_V2).partition("/")[0]
                uploaded = Media(request.content_type or "", request.get_data())
                return _reply(V2(self._call({"fileId": ident}, {}, uploaded)))
            raise not_implemented(f"{request.method} /{_path()}")
        handler = HANDLERS.get(match.method.id)
        if handler is None:
            raise not_implemented(match.method.id)
        check_scopes(g.who, match.method.api, _verb() == "GET")
        body, media = self._content(match)
        if match.upload and request.args.get("uploadType") == "resumable":
            return self._begun(match, body)
        return self._done(handler, match.method, self._call(match.path, body, media, match.method))

    def _content(self, match: discovery.Match) -> tuple[Json, Media | None]:
        """The JSON and the media of the current request."""
        kind = request.content_type or ""
        if match.upload and kind.startswith("multipart/"):
            return related(kind, request.get_data())
        if match.upload and request.args.get("uploadType") == "media":
            return {}, Media(kind, request.get_data())
        if request.headers.get("X-HTTP-Method-Override"):
            return {}, None
        return _json_body(), None

    def _done(self, handler: Handler, method: discovery.Method, call: Call) -> Reply:
        _check(method, call)
        reply = _reply(handler(call))
        if isinstance(reply.body, dict) and call.mask:
            reply = Reply(reply.status, select(reply.body, call.mask), reply.type, reply.headers)
        return reply

    def _call(self, path: Mapping[str, str], body: Json, media: Media | None, method: discovery.Method | None = None) -> Call:
        query = _query()
        mask = _mask(query.get("fields", [""])[-1], method)
        return Call(self.world, g.who, path, query, body, media, mask, _base(), running().staleness())

    # ------------------------------------------------------------ resumable uploads

    def _begun(self, match: discovery.Match, body: Json) -> Reply:
        """A session for content that comes in pieces."""
        ident = self.world.new_id(60, "A")
        kind = request.headers.get("X-Upload-Content-Type") or str(body.get("mimeType") or "application/octet-stream")
        query = {name: values for name, values in _query().items() if name not in ("uploadType", "upload_id")}
        self.world.uploads[ident] = Session(match.method.id, dict(match.path), query, g.who.email, body, kind)
        glue = "&" if request.query_string else "?"
        location = f"{_base()}{request.full_path.rstrip('?')}{glue}upload_id={ident}"
        return Reply(200, b"", "text/plain", {"Location": location, "X-GUploader-UploadID": ident})

    def _continued(self, session: Session) -> Reply:
        """One more piece; the answer of the operation when it was the last."""
        if session.email != g.who.email:
            raise bad_upload("This upload was begun by somebody else.")
        if not piece(session, request.headers.get("Content-Range", ""), request.get_data()):
            ranges = {"Range": f"bytes=0-{len(session.arrived) - 1}"} if session.arrived else {}
            return Reply(308, b"", "text/plain", ranges)
        self.world.uploads.pop(request.args["upload_id"])
        method = discovery.methods()[session.operation]
        media = Media(session.type, bytes(session.arrived))
        mask = _mask(session.query.get("fields", [""])[-1], method)
        call = Call(self.world, g.who, session.path, session.query, session.body, media, mask, _base())
        return self._done(HANDLERS[session.operation], method, call)

    # ------------------------------------------------------------ push

    def tell(self) -> None:
        """Queue the notices that the last change calls for."""
        with self._lock:
            found = changes.messages(self.world) if self.world.channels else []
        for message in found:
            running().deliveries.add(Notice(message.channel.address, _built(message), message.state, _PAUSES))

    def holding(self) -> threading.RLock:
        """The lock under which the world is changed."""
        return self._lock


def _built(message: changes.Message) -> Any:
    return lambda attempt: (message.headers, message.body)


# ---------------------------------------------------------------- reading the request


def _verb() -> str:
    return request.headers.get("X-HTTP-Method-Override", request.method).upper()


def _path() -> str:
    """The path as it was sent, still percent-encoded where the server keeps it."""
    raw = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or quote(request.path))
    if "://" in raw:
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    return raw.partition("?")[0].lstrip("/")


def _base() -> str:
    return request.host_url.rstrip("/")


def _query() -> dict[str, list[str]]:
    """Every parameter; a long GET that came as a POST has them in its body."""
    query = {name: list(values) for name, values in request.args.lists()}
    if request.headers.get("X-HTTP-Method-Override"):
        query |= parse_qs(request.get_data(as_text=True), keep_blank_values=True)
    return query


def _json_body() -> Json:
    text = request.get_data()
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError as error:
        raise bad_request(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise bad_request("Invalid JSON payload received. The root is no object.")
    return _set_only(body) if _path().startswith(_CANONICAL) else body


def _set_only(value: Any) -> Any:
    """*value* without names that are null, which mean nothing to Sheets and Docs; a null among values stays."""
    if isinstance(value, list):
        return [_set_only(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _set_only(each) for name, each in value.items() if each is not None}


def _mask(text: str, method: discovery.Method | None) -> Mask | None:
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


def _check(method: discovery.Method, call: Call) -> None:
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


# ---------------------------------------------------------------- answering


def _reply(given: Json | Reply) -> Reply:
    return given if isinstance(given, Reply) else Reply(200, given)


def _sent(reply: Reply) -> Response:
    """*reply* on the wire; indented only if the client asks, for that takes ten times as long."""
    body = reply.body
    if isinstance(body, dict):
        body = (
            json.dumps(body, ensure_ascii=False, indent=2 if request.args.get("prettyPrint") == "true" else None) + "\n"
        ).encode()
    response = Response(body or b"", reply.status, content_type=reply.type if body else "text/html")
    response.headers.update(reply.headers)
    return response


def _refused(error: GoogleError, wait: int | None = None) -> Response:
    canonical = _path().startswith(_CANONICAL)
    response = _sent(Reply(error.status, error.canonical() if canonical else error.legacy()))
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    if wait is not None and not canonical:
        response.headers["Retry-After"] = str(wait)
    return response


def _over(service: str, metric: str, name: str, per_user: bool) -> GoogleError:
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


def _described(path: str) -> Response:
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
    base = _base() + "/"
    described = dict(discovery.document(wanted)) | {
        "rootUrl": base,
        "baseUrl": base,
        "servicePath": "drive/v3/" if name == "drive" else "",
    }
    described["baseUrl"] = base + described["servicePath"]
    described.pop("mtlsRootUrl", None)
    return _sent(Reply(200, described))


def create_emulator(
    quota: bool = False,
    seed: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
    latency: float = 0.0,
    random: int = 0,
) -> Flask:
    """The emulator as a WSGI application.

    *seed* is what `seed.read_seed` gives, *latency* seconds a call, *random* where ids and tokens begin. Raises `BadSeed`.
    """
    clock = clock or RealClock()
    return create_app(Google(clock, quota, seed, random), clock, latency)


def provider_of(app: Flask) -> Google:
    """The provider inside *app*."""
    found: Google = app.extensions["emulator"].provider
    return found


def hand_out_key(provider: Google) -> None:
    """From now on the service account of the emulator's own credentials file has to sign with its key."""
    provider.tokens.keys.setdefault(SERVICE_ACCOUNT, public_pem(CREDENTIALS_KEY_ID))
