"""How an emulator is reached: over a socket on this machine, or in the same process without one.

A connection that a fault drops is dropped in both: over a socket it is cut, in process the client's own exception rises.
"""

from __future__ import annotations

import io
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

import httpx
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from connectors.emulator.app import DROP, Emulator
from connectors.emulator.clock import Clock

LOOPBACK = "127.0.0.1"


class Dropping:
    """A WSGI application whose spoiled answers never leave the machine: the socket under them is cut."""

    def __init__(self, app: Any, clock: Clock) -> None:
        self._app, self._clock = app, clock

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, unless the answer was marked."""
        started: list[tuple[Any, ...]] = []
        body = self._app(environ, lambda *given: started.append(given))
        drop = environ.get(DROP)
        if drop is None:
            start_response(*started[-1])
            return body  # type: ignore[no-any-return]
        kind, seconds = drop
        if kind == "timeout":
            self._clock.sleep(seconds)
        _cut(environ["werkzeug.socket"])
        raise ConnectionResetError(f"a fault of the kind {kind}")


def _cut(connection: socket.socket) -> None:
    """Close at once, so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


class _Handler(WSGIRequestHandler):
    """HTTP/1.1 with connections that stay open, as the platforms keep them, and no line for each call: the log has them.

    Werkzeug's own handler closes each one after its answer.
    """

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece, when it is whole
    #: Small answers leave at once; else each waits for the other side's delayed acknowledgement.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """A connection was opened."""
        super().setup()
        self.server.open_connections.add(self.connection)  # type: ignore[attr-defined]

    def finish(self) -> None:
        """It ends."""
        self.server.open_connections.discard(self.connection)  # type: ignore[attr-defined]
        super().finish()

    def run_wsgi(self) -> None:
        """One call and its whole answer."""
        self.wfile.flush()  # the go-ahead that some clients wait for before they send a body
        environ = self.make_environ()
        sent = environ["wsgi.input"]
        # What is left of a body unread would be taken for the next call.
        whole = sent.read() if environ.get("wsgi.input_terminated") else sent.read(int(self.headers.get("Content-Length") or 0))
        environ |= {"wsgi.input": io.BytesIO(whole), "wsgi.input_terminated": True}
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Callable[[bytes], object]:
            started.append((status, headers))
            return self.wfile.write

        answer = self.server.app(environ, start)
        try:
            self._answer(*started[-1], b"".join(answer))
        finally:
            if hasattr(answer, "close"):
                answer.close()

    def _answer(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        has_body = int(code) not in (204, 304)
        if has_body:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server:
    """An emulator on a port of this machine, with threads. Port 0 takes a free one: see `url`. Raises `OSError`."""

    def __init__(self, app: Flask, port: int = 0, host: str = LOOPBACK) -> None:
        self._emulator: Emulator = app.extensions["emulator"]
        socket.create_server((host, port)).close()  # raises, where werkzeug would end the program
        self._server: BaseWSGIServer = make_server(
            host, port, Dropping(app, self._emulator.clock), threaded=True, request_handler=_Handler
        )
        # A thread that a fault keeps asleep must not keep the program alive.
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        self._open: set[socket.socket] = set()
        self._server.open_connections = self._open  # type: ignore[attr-defined]
        self.url = f"http://{host}:{self._server.server_port}"
        self._thread: threading.Thread | None = None

    def serve(self) -> None:
        """Serve until interrupted."""
        self._emulator.deliveries.start()
        try:
            self._server.serve_forever()
        finally:
            self._emulator.deliveries.stop()
            self._server.server_close()
            for connection in list(self._open):
                with suppress(OSError):  # somebody else has closed it just now
                    connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Server:
        """Serve from a thread."""
        self._thread = threading.Thread(target=self.serve, name="emulator", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop, and wait until it has."""
        self._server.shutdown()
        if self._thread:
            self._thread.join(timeout=15)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """*app* on a free port while the block runs; the value is its address."""
    with Server(app) as server:
        yield server.url


class InProcess(httpx.BaseTransport):
    """An httpx transport that calls *app* directly, some five times faster than a socket.

    A timeout lets the client's own read timeout pass on the emulator's clock before `httpx.ReadTimeout` rises.
    """

    def __init__(self, app: Flask) -> None:
        self._clock: Clock = app.extensions["emulator"].clock
        self._drop: threading.local = threading.local()
        self._inner = httpx.WSGITransport(app=self._marking(app), raise_app_exceptions=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, or the exception of a dropped connection."""
        response = self._inner.handle_request(request)
        drop: tuple[str, float] | None = self._drop.value
        if drop is None:
            return response
        response.close()
        kind, seconds = drop
        if kind == "reset":
            raise httpx.ReadError("Connection reset by peer", request=request)
        patience = request.extensions.get("timeout", {}).get("read")
        self._clock.sleep(seconds if patience is None else min(seconds, patience))
        raise httpx.ReadTimeout("timed out", request=request)

    def _marking(self, app: Flask) -> Any:
        def marked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            body = app(environ, start_response)
            self._drop.value = environ.get(DROP)
            return body

        return marked
