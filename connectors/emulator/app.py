"""The Flask application under every emulator: it books, spoils and records each call; a `Provider` answers it.

One call passes: the provider names its operation and its caller; the windows book it or refuse it; an armed fault may
refuse it; the provider's view answers; a fault that strikes after the work replaces the answer; the log records it.
Control paths, which no platform has, begin with ``/_emulator``:

==========================  =======================================================================================
``GET  /_emulator/calls``   the log: ``{"total", "counts", "statuses", "calls"}``; see `calls.CallLog.matching`
``GET  /_emulator/faults``  what is armed and how often it struck
``POST /_emulator/faults``  arm one fault, or several as ``{"faults": [...]}``; see `faults.Fault`
``DELETE …/faults``         nothing goes wrong any more
``POST /_emulator/clock``   ``{"advance": seconds}``: put the emulator's clock forward
``POST /_emulator/reset``   as if just started; ``{"keep": "data"}`` forgets only calls, faults and windows
``POST /_emulator/hooks``   ``{"url": …, …}``: where change notices go from now on, as the provider understands it
``GET  /_emulator/hooks``   every attempt to deliver one
==========================  =======================================================================================
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from connectors.emulator.calls import Call, CallLog
from connectors.emulator.clock import Clock, RealClock
from connectors.emulator.deliveries import Deliveries
from connectors.emulator.faults import BadFault, Fault, Faults, parse_fault
from connectors.emulator.windows import Window

log = logging.getLogger(__name__)

CONTROL = "/_emulator"
#: In the WSGI environment: how the connection is to be dropped, and how long that takes. `serving` does it.
DROP = "throughline.drop"


@dataclass(frozen=True)
class Charge:
    """What a call costs: *cost* units of *window* for the caller *key*."""

    window: Window
    key: str
    cost: float = 1


@dataclass(frozen=True)
class Problem:
    """Why a call is refused: *status* as the platform would answer it.

    *reason* is the platform's word for a limit, *retry_after* whole seconds or None, *committed* the answer to the work
    that was done all the same, *detail* a sentence for whoever builds against the emulator.
    """

    status: int
    reason: str = ""
    retry_after: int | None = None
    committed: Response | None = None
    detail: str = ""


class Provider(Protocol):
    """What a platform brings: routes, names, prices, and the shape of its errors."""

    name: str

    def routes(self) -> Iterable[Blueprint]:
        """The platform's own paths. An endpoint's name is its operation unless `operation` says otherwise."""
        ...

    def operation(self) -> str:
        """The name of the operation that Flask's current `request` is, such as ``pages.create``; "" if it is none."""
        ...

    def caller(self) -> str:
        """Who calls: a token's name or a user, never the secret itself."""
        ...

    def charges(self, operation: str, caller: str) -> Sequence[Charge]:
        """What this call costs, dearest refusal first."""
        ...

    def refusal(self, problem: Problem) -> Response:
        """*problem* in the platform's own error shape."""
        ...

    def unknown(self) -> Response:
        """The answer where no route exists: what the platform says, or its shape of "not implemented"."""
        ...

    def crashed(self, error: Exception) -> Response | None:
        """The answer to an exception of a view that the platform knows; None makes it a 500."""
        ...

    def finish(self, response: Response) -> tuple[Response, str]:
        """Last touches to every answer, such as its request id, and that id."""
        ...

    def listen(self, order: Mapping[str, Any]) -> Any:
        """From now on, send change notices as *order* (from ``POST /_emulator/hooks``) says. Raises `BadFault`."""
        ...

    def reset(self) -> None:
        """As if just started."""
        ...


class Emulator:
    """One running emulator: a provider with its clock, log, faults, windows and deliveries."""

    def __init__(self, provider: Provider, clock: Clock, latency: float = 0.0) -> None:
        self.provider, self.clock, self.latency = provider, clock, latency
        self.calls, self.faults, self.deliveries = CallLog(), Faults(), Deliveries(clock)
        self._numbers = itertools.count(1)
        self._windows: set[Window] = set()

    def staleness(self) -> float:
        """How many seconds old the answer to the current read is to be; 0 as a rule."""
        return self.faults.staleness(g.operation, request.method, request.path)

    def before(self) -> Response | None:
        """Book the current request; the refusal if there is one."""
        g.operation, g.caller, g.fault, g.note = self.provider.operation(), self.provider.caller(), None, ""
        self.clock.sleep(self.latency)
        return self._booked() or self._struck()

    def after(self, response: Response) -> Response:
        """Spoil, finish and record the answer to the current request."""
        fault: Fault | None = g.fault
        if fault and fault.after_commit and not fault.drops and response.status_code < 400:
            response = self.provider.refusal(Problem(503, reason=fault.reason, committed=response))
        response, request_id = self.provider.finish(response)
        self._record(0 if fault and fault.drops else response.status_code, request_id)
        return response

    def reset(self, keep_data: bool = False) -> None:
        """Forget calls, faults and windows, and the provider's data unless it is to be kept."""
        self.calls.clear()
        self.faults.clear()
        self.deliveries.clear()
        for window in self._windows:
            window.clear()
        if not keep_data:
            self.provider.reset()

    def _booked(self) -> Response | None:
        for charge in self.provider.charges(g.operation, g.caller):
            self._windows.add(charge.window)
            wait = charge.window.take(charge.key, self.clock.monotonic(), charge.cost)
            if wait:
                return self.provider.refusal(Problem(429, charge.window.reason, wait))
        return None

    def _struck(self) -> Response | None:
        fault = self.faults.strike(g.operation, request.method, request.path)
        g.fault = fault
        if fault is None:
            return None
        if fault.drops:
            request.environ[DROP] = (fault.kind.split("_")[0], fault.seconds)
        if fault.after_commit:
            return None
        if fault.drops:
            return Response(status=500)
        wait = max(1, round(fault.seconds)) if fault.seconds else None
        return self.provider.refusal(Problem(int(fault.kind), fault.reason, wait))

    def _record(self, status: int, request_id: str) -> None:
        fault: Fault | None = g.fault
        self.calls.add(
            Call(
                number=next(self._numbers),
                at=self.clock.now(),
                operation=g.operation or "unknown",
                method=request.method,
                path=request.path,
                status=status,
                caller=g.caller,
                request_id=request_id,
                fault=fault.kind if fault else "",
                note=g.note,
            )
        )


def note(sentence: str) -> None:
    """Say in the log of calls what was special about the current request."""
    g.note = sentence


def running() -> Emulator:
    """The emulator that answers the current request."""
    emulator: Emulator = current_app.extensions["emulator"]
    return emulator


def create_app(provider: Provider, clock: Clock | None = None, latency: float = 0.0) -> Flask:
    """*provider* as a WSGI application. *latency* is how many seconds each call takes on *clock*."""
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    emulator = Emulator(provider, clock or RealClock(), latency)
    app.extensions["emulator"] = emulator
    for blueprint in provider.routes():
        app.register_blueprint(blueprint)
    app.register_blueprint(_control(emulator))
    app.before_request(_unless_control(emulator))
    app.after_request(lambda response: response if _controls() else emulator.after(response))
    app.register_error_handler(Exception, lambda error: _failed(emulator, error))
    return app


def _controls() -> bool:
    return request.path.startswith(CONTROL)


def _unless_control(emulator: Emulator) -> Any:
    return lambda: None if _controls() else emulator.before()


def _failed(emulator: Emulator, error: Exception) -> Response:
    """The platform's answer to a path that it does not have, to its own exceptions, and to a fault of the emulator."""
    if _controls():
        status = error.code or 500 if isinstance(error, HTTPException) else 400 if isinstance(error, BadFault) else 500
        return _said(str(error), status)
    known = emulator.provider.crashed(error)
    if known is not None:
        return known
    if isinstance(error, HTTPException):
        return emulator.provider.unknown()
    log.exception("The %s emulator failed at %s %s.", emulator.provider.name, request.method, request.path)
    note(f"{type(error).__name__}: {error}")
    return emulator.provider.refusal(Problem(500, detail=f"{type(error).__name__}: {error}"))


def _said(sentence: str, status: int = 200) -> Response:
    response = jsonify(message=sentence)
    response.status_code = status
    return response


def _order() -> dict[str, Any]:
    order = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(order, dict):
        raise BadFault("The body is no JSON object.")
    return order


def _control(emulator: Emulator) -> Blueprint:
    """The control paths of *emulator*."""
    control = Blueprint("control", __name__, url_prefix=CONTROL)

    @control.get("/calls")
    def calls() -> Response:
        wanted = request.args.to_dict()
        limit = int(wanted.pop("limit", "100"))
        found = emulator.calls.matching(wanted, limit)
        return jsonify(
            total=emulator.calls.total,
            counts=emulator.calls.counts(),
            statuses=emulator.calls.statuses(),
            calls=[call.shown() for call in found],
        )

    @control.get("/faults")
    def faults() -> Response:
        return jsonify(faults=emulator.faults.shown())

    @control.post("/faults")
    def arm() -> Response:
        order = _order()
        for fault in [parse_fault(each) for each in order.get("faults", [order])]:
            emulator.faults.arm(fault)
        return faults()

    @control.delete("/faults")
    def disarm() -> Response:
        emulator.faults.clear()
        return faults()

    @control.post("/clock")
    def advance() -> Response:
        put_forward = getattr(emulator.clock, "advance", None)
        if put_forward is None:
            raise BadFault("This clock cannot be put forward.")
        put_forward(float(_order().get("advance", 0)))
        return jsonify(now=emulator.clock.now().isoformat())

    @control.post("/reset")
    def reset() -> Response:
        emulator.reset(keep_data=_order().get("keep") == "data")
        return _said("As good as new.")

    @control.post("/hooks")
    def listen() -> Response:
        return jsonify(emulator.provider.listen(_order()))

    @control.get("/hooks")
    def heard() -> Response:
        return jsonify(attempts=emulator.deliveries.shown())

    return control
