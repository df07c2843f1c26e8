"""The web server: gunicorn around the console, with a log of which page took how long, never of who asked for what."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from flask import Flask, Response, g, request, request_started
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from addon.company import Company
from addon.logs import setup_logs

log = logging.getLogger("throughline.web")

PROCESSES, THREADS = 2, 8
MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes a file of a random name there and unlinks it at once
PATIENCE_SECONDS = 25
"""How long a page that is being made gets to end when the server is told to stop."""


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with settings of ours alone: no file and no variable of its own changes them."""

    def __init__(self, company: Company) -> None:
        self._company = company
        super().__init__()

    def load_config(self) -> None:
        """As gunicorn asks for it."""
        settings = self._company.settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        for name, value in {
            "bind": f"{host}:{settings.port}",
            "workers": PROCESSES,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": PATIENCE_SECONDS,
            "proc_name": "throughline-web",
            "logger_class": Quiet,
            "control_socket_disable": True,
            "worker_tmp_dir": _beats_in(),
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The console, made in each process of its own: connections are never shared across a fork."""
        from addon import create_app

        app = create_app(Company(self._company.settings))
        request_started.connect(_begin, app)  # before the guard, which answers for whoever is nobody yet
        app.after_request(_note)
        return app


def _beats_in() -> str | None:
    """Where the signs of life of the processes are written: into memory where there is such a place, no disk delays them."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


class Quiet(Logger):  # type: ignore[misc]
    """gunicorn's words in our log, its access log nowhere: a path may hold somebody's id or secret."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn calls it, at the start and at each SIGHUP."""
        setup_logs()
        self.error_log.setLevel(logging.INFO)

    def access(self, *_told: object) -> None:
        """See `_note`."""

    def reopen_files(self) -> None:
        """There are none."""


def _begin(_app: Flask) -> None:
    g.begun = time.perf_counter()


def _note(answer: Response) -> Response:
    """The page by its name in the program, not by its path."""
    milliseconds = round((time.perf_counter() - g.begun) * 1000, 1)
    page = request.endpoint or "none"
    log.info("answered", extra={"page": page, "method": request.method, "status": answer.status_code, "ms": milliseconds})
    return answer
