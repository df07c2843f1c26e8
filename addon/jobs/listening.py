"""What a platform asks a worker over HTTP: whether it is well, to begin, to end. Nobody's data, and no page.

App Engine takes an instance that does not answer for one that failed, and announces the end of an instance with a request.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, request
from werkzeug.serving import make_server

from addon import app_engine
from addon.company import Company
from addon.health.views import pages
from addon.terminal import BadInput

END_SECONDS = 30
"""How long App Engine waits for the answer to its announcement before it ends the instance."""


def listen(company: Company, port: int, stop: Callable[[], None]) -> None:
    """Answer on *port* for as long as this process lives. *stop* tells the worker to end. Raises BadInput."""
    host = company.settings.host
    try:
        server = make_server(host, port, _answers(company, stop), threaded=True)
    except (OSError, SystemExit) as error:
        raise BadInput(f"the worker cannot answer on {host}:{port}: the port is taken or cannot be had") from error
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # it would note every question
    threading.Thread(target=server.serve_forever, name="listen", daemon=True).start()


def _answers(company: Company, stop: Callable[[], None]) -> Flask:
    app = Flask("worker", static_folder=None)
    app.extensions["company"] = company
    app.register_blueprint(pages)

    @app.get("/_ah/start")
    def start() -> tuple[str, int]:
        return "", HTTPStatus.NO_CONTENT

    @app.get("/_ah/stop")
    def end() -> tuple[str, int]:
        if not app_engine.is_platform(request.environ):
            return "", HTTPStatus.NOT_FOUND
        stop()
        threading.Event().wait(END_SECONDS)  # the end of this process is the answer; until then the instance is left alone
        return "", HTTPStatus.NO_CONTENT

    return app
