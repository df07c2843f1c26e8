"""How clients whose addresses are fixed reach the emulator."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from werkzeug.serving import WSGIRequestHandler, make_server


class Redirected(HTTPAdapter):
    """Sends every request to *url* instead of the host that it names."""

    def __init__(self, url: str) -> None:
        self._url = url
        super().__init__()

    def send(self, request: PreparedRequest, **more: Any) -> Response:  # type: ignore[override]
        """The same path and query on the emulator."""
        assert request.url
        request.url = self._url + "/" + request.url.partition("://")[2].partition("/")[2]
        return super().send(request, **more)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def served_on(app: Any) -> Iterator[str]:
    """*app* on a free port while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    server.block_on_close = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
