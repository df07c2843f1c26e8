"""`throughline serve` and `throughline web`: the console with its worker, and the console alone."""

from __future__ import annotations

import socket
import sys

import click

from addon import company as companies
from addon.company import Company
from addon.disk import require_place
from addon.terminal import BadInput
from sync.store.queries import people


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """The console and a worker beside it; SIGTERM or Ctrl-C ends both, SIGHUP starts both anew.

    What ends by itself is started again. Of a demo it serves the demo's console: look through anybody's eyes. Where no home
    is named and no company was set up, that is the demo made earlier.
    """
    from addon.demo.commands import own_company
    from addon.demo.serving import serve_console

    company = to_serve(companies.of(context), own_company(context))
    require_place(company.settings)
    with company.store.read() as tx:
        is_demo = people.setting(tx, "demo") == "yes"
    if is_demo:
        serve_console(company)
        return
    _serve(company)


def to_serve(here: Company, demo: Company) -> Company:
    """The company that was set up, before a demo that was made."""
    return here if here.has_database or not demo.has_database else demo


def _serve(company: Company) -> None:
    from addon.logs import setup_logs
    from addon.serving.children import Children

    _free(company)
    company.close()
    setup_logs()
    ours = [sys.executable, "-m", "addon", "--home", str(company.settings.home)]
    click.echo(f"{company.settings.public_url}   Ctrl-C ends it.", err=True)
    sys.exit(Children({"web": [*ours, "web"], "worker": [*ours, "worker"]}).keep())


@click.command()
@click.pass_context
def web(context: click.Context) -> None:
    """The console alone; its jobs are done by a `throughline worker` elsewhere.

    SIGTERM lets pages that are being made end, SIGHUP starts the console anew without refusing anybody.
    """
    from addon.serving.children import end_with_parent, is_child
    from addon.serving.server import Server

    company = companies.of(context)
    require_place(company.settings)
    company.store.close()  # it was made and brought up to date before the first page is asked for
    if not is_child():  # a former one that was killed may hold the port for a moment; gunicorn waits for it
        _free(company)
    end_with_parent()
    Server(Company(company.settings)).run()


def _free(company: Company) -> None:
    """Raises BadInput when the port is taken or cannot be had."""
    host, port = company.settings.host, company.settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise BadInput(
                f"the console cannot be served on {host}:{port}: {error.strerror}; set THROUGHLINE_HOST or THROUGHLINE_PORT"
            ) from error
