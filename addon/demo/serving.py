"""The demo's console: web server and worker beside each other, on the first free port, until Ctrl-C."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from dataclasses import replace

import click

from addon import settings as configuration
from addon.company import Company
from addon.serving.children import Children
from addon.terminal import BadInput

PORTS_TRIED = 20
LOG = "console.log"
PATIENCE_SECONDS = 60.0


def serve_console(company: Company) -> None:
    """Serve it until Ctrl-C, on the day that the story ends. Raises BadInput when no port can be had, or it cannot start."""
    settings = replace(company.settings, port=_free_port(company.settings.host, company.settings.port))
    company.store.close()
    ours = [sys.executable, "-m", "addon", "--home", str(settings.home)]
    given = {f"{configuration.PREFIX}PORT": str(settings.port)}
    if settings.today:
        given[f"{configuration.PREFIX}TODAY"] = str(settings.today)
    threading.Thread(target=_show, args=(replace(settings, base_url="").public_url,), daemon=True).start()
    log = settings.home / LOG
    with log.open("wb") as into:
        code = Children({"web": [*ours, "web"], "worker": [*ours, "worker"]}, given, into).keep()
    if code:
        raise BadInput(f"the console could not be started; why stands at the end of {log}")
    click.echo("The console is closed; the files and the database stay.", err=True)


def _show(address: str) -> None:
    """Say where it is once it answers, and open it where somebody sits before a screen."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own address
                break
        except OSError:
            time.sleep(0.1)
    click.echo(f"{address}/   You look through HR's eyes; the switcher leads to anybody's. Ctrl-C ends it.", err=True)
    if _has_screen():
        webbrowser.open(address)


def _has_screen() -> bool:
    """Whether a browser would open beside the terminal and not in it."""
    return sys.stderr.isatty() and (sys.platform in ("darwin", "win32") or bool(configuration.environment().get("DISPLAY")))


def _free_port(host: str, first: int) -> int:
    """The first free port from *first* on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise BadInput(f"the console cannot be served on {host}:{port}: {error.strerror}") from error
            else:
                return port
    raise BadInput(f"the ports from {first} to {first + PORTS_TRIED - 1} are all taken: set THROUGHLINE_PORT to a free one")
