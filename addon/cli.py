"""The command line. Each feature brings its own commands; this file only gathers them."""

from __future__ import annotations

from importlib import import_module

import click

from addon.company import Company, load_settings
from addon.terminal import BadInput, operator
from sync.store import StoreError

#: Command to the module and object that holds it; imported when it is called, so that `--help` is quick.
COMMANDS = {
    "init": "addon.setup.commands:init",
    "key": "addon.setup.commands:key",
    "signin-link": "addon.signin.commands:signin_link",
    "signin-unbind": "addon.signin.commands:signin_unbind",
    "signout": "addon.signin.commands:signout",
    "connect": "addon.connections.commands:connect",
    "doctor": "addon.connections.commands:doctor",
    "confirm-access": "addon.connections.commands:confirm_access",
    "people": "addon.people.commands:people",
    "goals": "addon.people.commands:goals",
    "leave": "addon.people.commands:leave",
    "peers": "addon.people.commands:peers",
    "notes": "addon.notes.commands:notes",
    "pack": "addon.packs.commands:pack",
    "cycle": "addon.cycles.commands:cycle",
    "plan": "addon.provisioning.commands:plan",
    "apply": "addon.provisioning.commands:apply",
    "recreate": "addon.provisioning.commands:recreate",
    "audit": "addon.provisioning.commands:audit",
    "sync": "addon.evidence.commands:sync",
    "evidence": "addon.evidence.commands:evidence",
    "history": "addon.evidence.history:history",
    "relink": "addon.evidence.relinking:relink",
    "confirm": "addon.evidence.relinking:confirm",
    "draft": "addon.reviews.commands:draft",
    "review": "addon.reviews.reading:review",
    "mark": "addon.reviews.marking:mark",
    "unraised": "addon.reviews.marking:unraised",
    "stale": "addon.reviews.staleness:stale",
    "release": "addon.reviews.commands:release",
    "status": "addon.status.commands:status",
    "person": "addon.person.commands:person",
    "remind": "addon.reminders.commands:remind",
    "jobs": "addon.jobs.commands:jobs",
    "worker": "addon.jobs.commands:worker",
    "backup": "addon.backups.commands:backup",
    "restore": "addon.backups.commands:restore",
    "addon": "addon.cards.commands:addon",
    "web": "addon.serving.commands:web",
    "serve": "addon.serving.commands:serve",
    "demo": "addon.demo.commands:demo",
    "emulator": "addon.emulators.commands:emulator",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a company meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a database that cannot be used is one sentence, whichever command meets it."""
        try:
            return super().invoke(ctx)
        except StoreError as error:
            raise BadInput(str(error)) from error


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--home", metavar="DIR", help="Where database, settings and keys are. Default: $THROUGHLINE_HOME, else var.")
@click.version_option(package_name="throughline")
@click.pass_context
def main(context: click.Context, home: str | None) -> None:
    """Goal sheets, check-ins and reviews in the folder a company already uses.

    Throughline provisions documents, reads back what people write in them, and drafts reviews in which every sentence
    cites its source.

    \b
    The usual order:
      throughline init                          the organisation and its first admin
      throughline people import PEOPLE.csv      who works here, who reports to whom
      throughline cycle create 2026-h1 ...      a period with a rhythm and a template pack
      throughline plan                          what would be made; nothing is written
      throughline apply --plan HASH             make exactly that
      throughline sync                          read back what people wrote
      throughline notes import NOTES ...        what a manager wrote before, shown first
      throughline draft --all                   a review draft for everybody
      throughline release PERSON                show a finished review to its subject

    Exit codes: 0 fine; 1 something was not done (items failed, a release was refused, a question was not answered);
    2 what was given cannot be used, and nothing was done.
    """
    context.obj = Company(load_settings(home), operator())
    context.call_on_close(context.obj.close)
