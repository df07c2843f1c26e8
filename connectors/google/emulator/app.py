"""The emulator as an application: every call is routed, checked, answered and told in Google's own shapes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, g, request

from connectors.emulator.app import Charge, Problem, create_app, note, running
from connectors.emulator.clock import Clock, RealClock
from connectors.emulator.deliveries import Notice
from connectors.google.emulator import batching, discovery, signin, wire
from connectors.google.emulator.auth import Tokens, check_scopes
from connectors.google.emulator.calls import Call, Handler, Media, Reply, not_implemented
from connectors.google.emulator.drive import channels
from connectors.google.emulator.drive.uploads import Session, bad_upload, piece, related
from connectors.google.emulator.errors import STATUSES, GoogleError, Json
from connectors.google.emulator.fields import select
from connectors.google.emulator.operations import HANDLERS, V2
from connectors.google.emulator.quotas import BY_REASON, Quotas
from connectors.google.emulator.seed import ANYBODY, DEFAULT, plant
from connectors.google.emulator.store import Principal, World

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_V2 = "upload/drive/v2/files/"
#: When, and after which answers, Google sends a notice again: https://developers.google.com/workspace/drive/api/guides/push.
_REPEATED = frozenset({500, 502, 503, 504})
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
            email = str(account["email"]).lower()
            self.tokens.storing[email] = bool(account.get("storage"))
            if account.get("public_key"):
                self.tokens.keys[email] = str(account["public_key"])

    # ------------------------------------------------------------ what the kit asks

    def routes(self) -> Iterable[Blueprint]:
        """Sign-in, batches, the discovery documents, and one road for every method of every API."""
        google = Blueprint("google", __name__)
        google.add_url_rule("/", view_func=self._answer, defaults={"path": ""}, methods=_VERBS)
        google.add_url_rule("/<path:path>", view_func=self._answer, methods=_VERBS)
        return [signin.blueprint(self), batching.blueprint(), google]

    def operation(self) -> str:
        """Google's name for the method, such as ``drive.files.list``."""
        g.match = discovery.match(wire.verb(), wire.path())
        if g.match is not None:
            return str(g.match.method.id)
        if wire.path().startswith(_V2):
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
            return wire.refused(wire.over(quota.service, quota.metric, quota.name, quota.per_user), problem.retry_after)
        status, reason = problem.status, problem.reason
        if status == 429 and reason.startswith(("user", "sharing")):
            status = 403
        sentences = {429: "Rate limit exceeded", 403: "User rate limit exceeded.", 500: "Internal error encountered."}
        sentences |= {503: "The service is currently unavailable.", 501: "Not implemented."}
        message = sentences.get(status, "Backend Error")
        if problem.detail:
            message = f"{message} ({problem.detail})"
        return wire.refused(GoogleError(status if status in STATUSES else 503, message, reason), problem.retry_after)

    def unknown(self) -> Response:
        """501, in the shape of the API that the path belongs to."""
        note(f"Not implemented: {request.method} {request.path}")
        return wire.refused(not_implemented(f"{request.method} {request.path}"))

    def crashed(self, error: Exception) -> Response | None:
        """Google's own refusals."""
        if not isinstance(error, GoogleError):
            return None
        note(error.message)
        return wire.refused(error)

    def finish(self, response: Response) -> tuple[Response, str]:
        """A request id, which Google has in a header of its own, and what its answers say to caches and browsers."""
        with self._lock:
            ident = self.world.new_id(20, "e")
        response.headers["X-GUploader-UploadID" if "upload" in request.path else "X-Request-Id"] = ident
        for name, value in wire.common_headers().items():
            response.headers.setdefault(name, value)
        return response, ident

    def listen(self, order: Mapping[str, Any]) -> Any:
        """Open a channel on the changes of a shared drive (``drive``), or of the developer."""
        with self._lock:
            body = {"id": self.world.new_id(20, "c"), "type": "web_hook", "address": str(order.get("url") or "")}
            body |= {"token": str(order["token"])} if order.get("token") else {}
            query = {"pageToken": [str(len(self.world.log) + 1)], "supportsAllDrives": ["true"]}
            query |= {"driveId": [str(order["drive"])]} if order.get("drive") else {}
            opened = channels.watch_changes(Call(self.world, Principal(ANYBODY), {}, query, body, base=wire.base()))
        self.tell()
        return opened

    # ------------------------------------------------------------ one call

    def _answer(self, path: str) -> Response:
        """The answer of one method of one API."""
        if path.startswith(("discovery/", "$discovery/")):
            return wire.described(path)
        if g.denied is not None:
            raise g.denied
        with self._lock:
            reply = self._routed()
        self.tell()
        return wire.sent(reply)

    def _routed(self) -> Reply:
        session = self.world.uploads.get(request.args.get("upload_id", ""))
        if session is not None:
            return self._continued(session)
        match: discovery.Match | None = g.match
        if match is None:
            if wire.path().startswith(_V2) and request.method in ("PUT", "POST"):
                ident = wire.path().removeprefix(_V2).partition("/")[0]
                uploaded = Media(request.content_type or "", request.get_data())
                return wire.reply(V2(self._call({"fileId": ident}, {}, uploaded)))
            raise not_implemented(f"{request.method} /{wire.path()}")
        handler = HANDLERS.get(match.method.id)
        if handler is None:
            raise not_implemented(match.method.id)
        check_scopes(g.who, match.method.api, wire.verb() == "GET")
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
        return wire.json_body(), None

    def _done(self, handler: Handler, method: discovery.Method, call: Call) -> Reply:
        wire.check(method, call)
        reply = wire.reply(handler(call))
        if isinstance(reply.body, dict) and call.mask:
            reply = Reply(reply.status, select(reply.body, call.mask), reply.type, reply.headers)
        return reply

    def _call(self, path: Mapping[str, str], body: Json, media: Media | None, method: discovery.Method | None = None) -> Call:
        query = wire.query()
        mask = wire.mask(query.get("fields", [""])[-1], method)
        return Call(self.world, g.who, path, query, body, media, mask, wire.base(), running().staleness())

    # ------------------------------------------------------------ resumable uploads

    def _begun(self, match: discovery.Match, body: Json) -> Reply:
        """A session for content that comes in pieces."""
        ident = self.world.new_id(60, "A")
        kind = request.headers.get("X-Upload-Content-Type") or str(body.get("mimeType") or "application/octet-stream")
        query = {name: values for name, values in wire.query().items() if name not in ("uploadType", "upload_id")}
        self.world.uploads[ident] = Session(match.method.id, dict(match.path), query, g.who.email, body, kind)
        glue = "&" if request.query_string else "?"
        location = f"{wire.base()}{request.full_path.rstrip('?')}{glue}upload_id={ident}"
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
        mask = wire.mask(session.query.get("fields", [""])[-1], method)
        call = Call(self.world, g.who, session.path, session.query, session.body, media, mask, wire.base())
        return self._done(HANDLERS[session.operation], method, call)

    # ------------------------------------------------------------ push

    def tell(self) -> None:
        """Queue the notices that the last change calls for."""
        with self._lock:
            found = channels.messages(self.world) if self.world.channels else []
        for message in found:
            running().deliveries.add(
                Notice(message.channel.address, _built(message), message.state, _PAUSES, repeated=_REPEATED)
            )

    def holding(self) -> threading.RLock:
        """The lock under which the world is changed."""
        return self._lock


def _built(message: channels.Message) -> Any:
    return lambda attempt: (message.headers, message.body)


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
