"""`throughline emulator`: a platform on this machine that the platform's own clients believe."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
from flask import Flask

from addon.terminal import BadInput, say


@click.group()
def emulator() -> None:
    """A platform on this machine, to rehearse a rollout before a real workspace sees it.

    It speaks the platform's own protocol, limits and faults included, keeps everything in memory, and forgets it when
    it ends. Its control paths begin with /_emulator: GET calls tells what was asked, POST faults makes calls go wrong,
    POST hooks names an address for change notices, POST reset starts again.
    """


@emulator.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="Where it listens; 0 takes a free port."
)
@click.option(
    "--plan",
    type=click.Choice(["free", "business", "off"]),
    default="business",
    show_default=True,
    help="Requests a minute: free 180, business 600, off without limit.",
)
@click.option(
    "--seed", "seed_file", type=click.Path(path_type=Path), help="What the workspace holds at first: YAML or JSON, see below."
)
@click.option("--latency", type=click.FloatRange(0, 60), default=0.0, show_default=True, help="Seconds that each call takes.")
def notion(port: int, plan: str, seed_file: Path | None, latency: float) -> None:
    """Notion, versions 2025-09-03 and 2026-03-11.

    Point any client of Notion at http://127.0.0.1:PORT. Every token is good unless it begins with "invalid" or the seed
    lists tokens. A request with the header X-Emulator-User (an e-mail or id) counts as that person's own.

    \b
    A fault, once, at the third page that is created:
      curl -d '{"kind": "503_after_commit", "operation": "pages.create", "n": 3}' \\
           http://127.0.0.1:8090/_emulator/faults
    Kinds: 429 500 503 529 503_after_commit timeout timeout_after_commit reset
    reset_after_commit stale_reads. More keys: method, path, probability, seed,
    count, seconds, reason.

    \b
    Signed change notices to an address:
      curl -d '{"url": "http://127.0.0.1:9000/hook"}' http://127.0.0.1:8090/_emulator/hooks

    \b
    A seed; every key is optional:
      workspace: Example Ltd
      connection: Throughline
      capabilities: [read_content, update_content, insert_content,
                     read_comments, insert_comments, read_user_with_email]
      tokens: [ntn_example]
      people:
        - {name: Ada Byron, email: ada@example.com, guest: false}
      pages:
        - title: Reviews
          shared: true
          markdown: "Hello"
          pages: [{title: Inside}]
    Pages and people may have an id, a uuid. Without a seed there are two people
    and the page Throughline, 11111111-1111-4111-8111-111111111111.
    """
    from connectors.notion.emulator.provider import create_app
    from connectors.notion.emulator.seed import BUILT_IN, BadSeed, Seed, load

    try:
        seed = load(seed_file) if seed_file else Seed(BUILT_IN)
    except BadSeed as error:
        raise BadInput(str(error)) from error
    _serve("Notion", create_app(plan=plan, seed=seed, random=secrets.randbits(64), latency=latency), port)


@emulator.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8091, show_default=True, help="Where it listens; 0 takes a free port."
)
@click.option(
    "--quota",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Whether Google's quotas a minute are enforced, for each user and for the project.",
)
@click.option(
    "--seed",
    "seed_file",
    type=click.Path(path_type=Path),
    help="Who works there and which shared drives there are: YAML, see below.",
)
@click.option("--latency", type=click.FloatRange(0, 60), default=0.0, show_default=True, help="Seconds that each call takes.")
def google(port: int, quota: str, seed_file: Path | None, latency: float) -> None:
    """Google Drive v3, Sheets v4, Docs v1, sign-in and the Admin directory.

    A credentials file of a service account, which is a member of the shared drive of the built-in seed, comes from
    /_emulator/google/credentials; outside shared drives it has no storage, as on Google. A service account that the
    seed does not name signs in with any key and has a My Drive. Every other token, and none, works as
    developer@example.com, unless it begins with "ya29.", "expired" or "invalid".

    \b
    Google's Python client, uploads and batches included:
      build("drive", "v3", credentials=..., static_discovery=False,
            discoveryServiceUrl="http://127.0.0.1:8091/discovery/v1/apis/{api}/{apiVersion}/rest")

    \b
    A fault, once, at the third file that is created:
      curl -d '{"kind": "503_after_commit", "operation": "drive.files.create", "n": 3}' \\
           http://127.0.0.1:8091/_emulator/faults

    \b
    Notices of changes in a shared drive, to an address:
      curl -d '{"url": "http://127.0.0.1:9000/hook", "drive": "0AThroughlineSharedPVA"}' \\
           http://127.0.0.1:8091/_emulator/hooks

    \b
    A seed; every key is optional:
      people:
        - {email: ada@example.com, name: Ada Byron, manager: hr@example.com,
           unit: /Engineering, title: Engineer, suspended: false, admin: false}
      groups: {team@example.com: [ada@example.com]}
      drives:
        - {id: 0AGoals, name: Goals, members: {hr@example.com: organizer},
           restrictions: {domainUsersOnly: true}}
      service_accounts:
        - {email: app@project.iam.gserviceaccount.com, storage: false,
           public_key: "-----BEGIN ..."}
      anonymous: false
    """
    from connectors.google.emulator.app import create_emulator
    from connectors.google.emulator.seed import BadSeed, read_seed

    try:
        seed = read_seed(seed_file) if seed_file else None
        app = create_emulator(quota == "on", seed, latency=latency, random=secrets.randbits(64))
    except BadSeed as error:
        raise BadInput(str(error)) from error
    _serve("Google Workspace", app, port)


def _serve(name: str, app: Flask, port: int) -> None:
    """Serve *app* until Ctrl-C."""
    from connectors.emulator.serving import LOOPBACK, Server

    try:
        server = Server(app, port)
    except OSError as error:
        raise BadInput(f"--port {port} cannot be used at {LOOPBACK}; another program may listen there") from error
    say(f"{name} is at {server.url}. Ctrl-C ends it and forgets everything.")
    try:
        server.serve()
    except KeyboardInterrupt:
        say("Ended.")
