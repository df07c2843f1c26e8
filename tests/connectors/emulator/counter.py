"""A platform with three operations, small enough to see what the kit does with every call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request

from connectors.emulator.app import Charge, Problem
from connectors.emulator.windows import Window


class Counter:
    """Counts up at ``POST /count``, tells at ``GET /count``, breaks at ``GET /broken``."""

    name = "counter"

    def __init__(self, *windows: Window) -> None:
        self.value = 0
        self.windows = windows
        self.heard: list[Mapping[str, Any]] = []

    def routes(self) -> Iterable[Blueprint]:
        """The three paths."""
        paths = Blueprint("counter", __name__)

        @paths.post("/count")
        def up() -> Response:
            self.value += 1
            return jsonify(value=self.value)

        @paths.get("/count")
        def tell() -> Response:
            return jsonify(value=self.value)

        @paths.get("/broken")
        def broken() -> Response:
            raise ZeroDivisionError("broken on purpose")

        return [paths]

    def operation(self) -> str:
        """Such as ``counter.up``."""
        return request.endpoint or ""

    def caller(self) -> str:
        """Whoever the header names."""
        return request.headers.get("X-Caller", "somebody")

    def charges(self, operation: str, caller: str) -> Sequence[Charge]:
        """Counting up costs two."""
        return [Charge(window, caller, 2 if operation == "counter.up" else 1) for window in self.windows]

    def refusal(self, problem: Problem) -> Response:
        """As JSON with what the caller needs to know."""
        committed = problem.committed.get_json() if problem.committed else None
        response = jsonify(error=problem.status, reason=problem.reason, committed=committed, detail=problem.detail)
        response.status_code = problem.status
        if problem.retry_after is not None:
            response.headers["Retry-After"] = str(problem.retry_after)
        return response

    def unknown(self) -> Response:
        """Not implemented."""
        return self.refusal(Problem(501))

    def crashed(self, error: Exception) -> Response | None:
        """No exception is known."""
        return None

    def finish(self, response: Response) -> tuple[Response, str]:
        """Mark the answer."""
        response.headers["X-Request"] = f"r{self.value}"
        return response, f"r{self.value}"

    def listen(self, order: Mapping[str, Any]) -> Any:
        """Remember who wants to hear."""
        self.heard.append(order)
        return {"heard": len(self.heard)}

    def reset(self) -> None:
        """Start at nothing again."""
        self.value = 0
