"""`throughline worker` and `throughline jobs`: the process that does long work, and what it did."""

from __future__ import annotations

from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.disk import require_place
from addon.jobs.asking import ask
from addon.terminal import BadInput, give_json, json_option, say, table
from sync.jobs import Job, Record
from sync.store.queries import jobs as records

DRAIN_SECONDS = 25
IN_THE_CONSOLE = frozenset({Job.PUSH, Job.WRITE, Job.RELEASE, Job.EDIT, Job.CONNECT})
"""Asked for by the one whose review, action or goal it is, or with a secret that was given on a page: signed in."""
NEEDS = {Job.APPLY: "the hash of a plan", Job.ERASE: "the id of a person"}


@click.command()
@click.option("--name", metavar="NAME", help="Which worker this is, the same after a restart. Default: this machine's name.")
@click.option(
    "--drain",
    type=click.IntRange(0, 3600),
    default=DRAIN_SECONDS,
    show_default=True,
    help="How many seconds a running job gets to end when the worker is told to stop.",
)
@click.option(
    "--health-port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Answer /healthz and /readyz there, and what App Engine asks. Default: no port is opened.",
)
@click.pass_context
def worker(context: click.Context, name: str | None, drain: int, health_port: int | None) -> None:
    """Do jobs until told to stop: provisioning, syncs, drafts, reminders, and what the schedule asks for.

    SIGTERM and Ctrl-C let running jobs end; SIGHUP begins anew as a fresh process. A job that was cut short is taken up
    by the next worker, and nothing is done twice. A database in a file has one worker; several, each with a --name, share
    a PostgreSQL server. `throughline serve` starts one beside the web server.
    """
    from addon.jobs.worker import work
    from addon.logs import setup_logs
    from addon.serving.children import end_with_parent

    setup_logs()
    end_with_parent()
    settings = companies.of(context).settings
    require_place(settings)
    work(Company(settings), name or companies.this_machine(), drain, health_port)


@click.group(invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, the newest first.")
@json_option
@click.pass_context
def jobs(context: click.Context, limit: int, as_json: bool) -> None:
    """The jobs that were asked for last, and what became of them."""
    if context.invoked_subcommand is not None:
        return
    with companies.of(context).store.read() as tx:
        found = records.latest(tx, limit)
        workers = records.slots(tx)
    if as_json:
        seen = [{"name": one.name, "process": one.process, "seen_at": one.seen_at.isoformat()} for one in workers]
        give_json({"jobs": [_row(one) for one in found], "workers": seen})
        return
    rows = [(one.id, one.state, f"{one.asked_at:%Y-%m-%d %H:%M}", _figures(one) or one.message) for one in found]
    table(("job", "state", "asked for (UTC)", "what it did"), rows)
    if not workers:
        say("No worker is running: start one with `throughline worker`, or `throughline serve`.")


@jobs.command("ask")
@click.argument("name", type=click.Choice([job.value for job in Job if job not in IN_THE_CONSOLE]))
@click.argument("argument", required=False, default="")
@json_option
@click.pass_context
def ask_for(context: click.Context, name: str, argument: str, as_json: bool) -> None:
    """Have a worker do the job NAME now. `apply` takes the hash of a plan, `erase` a person's id, `draft` a cycle's id."""
    job = Job(name)
    if job in NEEDS and not argument:
        raise BadInput(f"{name} needs {NEEDS[job]}")
    job_id = ask(companies.of(context), job, argument)
    if as_json:
        give_json({"job": job_id})
    else:
        say(f"{job_id} waits for a worker; `throughline jobs` says what became of it.")


def _row(one: Record) -> dict[str, Any]:
    return {
        "id": one.id,
        "job": one.name.value,
        "argument": one.argument,
        "state": one.state.value,
        "asked_at": one.asked_at.isoformat(),
        "begun_at": one.begun_at.isoformat() if one.begun_at else None,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "worker": one.worker,
        "attempts": one.attempts,
        "counts": dict(one.counts or {}),
        "message": one.message,
    }


def _figures(one: Record) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted((one.counts or {}).items()) if count)
