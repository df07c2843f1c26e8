"""One installation, opened: its settings, its store, its workspace, its clock."""

from __future__ import annotations

import os
import secrets
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import click

from addon import app_engine
from addon import settings as configuration
from addon.disk import make_home
from addon.settings import Settings
from addon.terminal import BadInput, remark
from sync.access import Directory, Viewer
from sync.records import Cycle, Person
from sync.store import Store, StoreError
from sync.store.queries import cycles, leases, people
from templates.loader import load_sources
from templates.shapes import Pack

if TYPE_CHECKING:
    from connectors.workspace import Workspace

#: The setting in the database that names the workspace that was connected last.
WORKSPACE_SETTING = "workspace"
#: Letters and digits that nobody mixes up when reading an id aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


DEMO_SETTING = "demo"


def new_id(length: int = 8) -> str:
    """A fresh opaque id."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@dataclass
class Company:
    """What every command works on. Opened lazily: a command that needs no workspace touches none."""

    settings: Settings
    operator: str = ""
    """Who types, for the audit trail; "" in a process that nobody sits at."""
    _packs: dict[tuple[str, str], Pack] = field(default_factory=dict, init=False, repr=False)
    _directory: tuple[str, Directory] = field(default=("none read", Directory(())), init=False, repr=False)
    _reading: Lock = field(default_factory=Lock, init=False, repr=False)

    @cached_property
    def store(self) -> Store:
        """The database. Raises BadInput when there is none yet, or it cannot be opened."""
        if not self.has_database:
            raise BadInput(f"there is no company in {self.settings.home} yet: run `throughline init`, or give another --home")
        store = open_store(self.settings)
        store.operator = self.operator
        free_leases(store)
        return store

    @property
    def has_database(self) -> bool:
        """Whether there is one, or it is a server's affair to say so."""
        return not self.settings.keeps_own_database or (self.settings.home / "throughline.db").exists()

    @cached_property
    def looked_at(self) -> Store:
        """The database without a look at its schema, for asking whether it is there at all. Raises StoreError."""
        return self.store if "store" in self.__dict__ else Store.look(self.settings.database_url)

    def close(self) -> None:
        """Give back what was opened."""
        self.leave_workspace()
        for name in ("store", "looked_at"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def leave_workspace(self) -> None:
        """Give back the connections to the workspace, if there are any; the next look opens it anew."""
        workspace = self.__dict__.pop("workspace", None)
        if hasattr(workspace, "close"):
            workspace.close()

    @cached_property
    def workspace_name(self) -> str:
        """``folder``, ``notion`` or ``google``: what the settings say, else what was connected last."""
        if self.settings.workspace:
            return self.settings.workspace
        with self.store.read() as tx:
            return people.setting(tx, WORKSPACE_SETTING) or "folder"

    @cached_property
    def workspace(self) -> Workspace:
        """Where people work: the folder of Office files, or the connected platform. Raises BadInput."""
        if self.workspace_name == "notion":
            from addon.connections.opening import open_notion

            return open_notion(self)
        if self.workspace_name == "google":
            from addon.connections.google_opening import open_google

            return open_google(self)
        # Imported here: a web process serves its pages without any connector.
        from connectors.folder.workspace import FolderWorkspace

        workspace = FolderWorkspace(self.settings.workspace_dir, self.settings.private_dir)
        workspace.prepare()
        return workspace

    @property
    def settle_seconds(self) -> float:
        """How long the workspace may take to show what was written to it; a folder shows it at once."""
        return float(getattr(self.workspace, "settle", 0.0))

    def sleep(self, seconds: float) -> None:
        """Wait, on the workspace's own clock if it has one."""
        getattr(self.workspace, "sleep", time.sleep)(seconds)

    @property
    def today(self) -> date:
        """The local calendar day, or the one that the settings pretend."""
        return self.settings.today or datetime.now().astimezone().date()

    @property
    def now(self) -> datetime:
        """This instant; on the pretended day, at this time of day."""
        now = datetime.now(UTC)
        return datetime.combine(self.settings.today, now.timetz()) if self.settings.today else now

    @property
    def real_now(self) -> datetime:
        """This instant, whatever day the settings pretend: sessions and links end by the real clock."""
        return datetime.now(UTC)

    @cached_property
    def is_demo(self) -> bool:
        """Whether these people are fictional, so that anybody may look through their eyes."""
        with self.store.read() as tx:
            return people.setting(tx, DEMO_SETTING) == "yes"

    @property
    def holder(self) -> str:
        """Who holds a lease: this process, named so that a person can find it."""
        return f"{this_machine()}:{os.getpid()}"

    @property
    def directory(self) -> Directory:
        """Everybody, leavers included, for questions of access; read again only when somebody was changed."""
        with self.store.read() as tx:
            edition = people.edition(tx)
            if edition != self._directory[0]:
                with self._reading:  # of many who ask at once, one reads
                    if edition != self._directory[0]:
                        self._directory = edition, Directory(people.everyone(tx))
        return self._directory[1]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, leavers included."""
        return self.directory.people

    def person(self, words: str) -> Person:
        """The one person that *words* (id, e-mail, name) mean. Raises BadInput when none or several are."""
        with self.store.read() as tx:
            found = people.find(tx, words)
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f"{one.name} <{one.email}>" for one in found)
            raise BadInput(f"{words!r} means {len(found)} people: {several}; use the e-mail address")
        raise BadInput(f"nobody is called {words!r}: give an id, an e-mail address or a full name (`throughline people list`)")

    def viewer(self, words: str) -> Viewer:
        """The person that *words* mean, as somebody who looks."""
        return Viewer(self.person(words).id, self.directory)

    def cycle(self, wanted: str | None) -> Cycle:
        """The cycle of that id, else the running one; when several run, which one is taken is said. Raises BadInput."""
        with self.store.read() as tx:
            found = cycles.get(tx, wanted) if wanted else cycles.running(tx, self.today)
            every = cycles.all_cycles(tx)
        known = [cycle.id for cycle in every]
        if found is None and wanted:
            raise BadInput(f"there is no cycle {wanted!r}; there are: {', '.join(known) or 'none yet'}")
        if found is None:
            raise BadInput("there is no cycle yet: create one with `throughline cycle create`")
        others = [cycle.id for cycle in every if cycle.id != found.id and cycle.start <= self.today <= cycle.end]
        if others and not wanted:
            remark(f"Cycle {found.id}; {', '.join(others)} run{'s' if len(others) == 1 else ''}, too: --cycle chooses.")
        return found

    def pack(self, cycle: Cycle) -> Pack:
        """The pack that *cycle* froze; read once, for it never changes."""
        frozen = (cycle.id, cycle.pack_version)
        if frozen not in self._packs:
            with self.store.read() as tx:
                self._packs[frozen] = load_sources(cycle.pack_name, cycles.pack_sources(tx, cycle.id))
        return self._packs[frozen]


def this_machine() -> str:
    """The name of this machine; on App Engine, where all of them have one name, of this instance."""
    return app_engine.instance() or socket.gethostname()


def free_leases(store: Store) -> None:
    """End the leases of processes that run no more: nobody has to wait for one that was killed."""
    with store.read() as tx:
        ended = [holder for holder in leases.holders(tx) if has_ended(holder)]
    for holder in ended:
        with store.write() as tx:
            leases.free(tx, holder)


def has_ended(holder: str) -> bool:
    """Whether *holder* is a process of this machine that surely runs no more."""
    host, _, process = holder.rpartition(":")
    if host != this_machine() or not process.isdecimal() or os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def open_store(settings: Settings) -> Store:
    """The database of these settings, created if need be. Raises BadInput."""
    if settings.keeps_own_database:
        make_home(settings)
    try:
        return Store.open(settings.database_url)
    except StoreError as error:
        raise BadInput(str(error)) from error


def of(context: click.Context) -> Company:
    """The installation that this command line means."""
    company: Company = context.obj
    return company


def load_settings(home: str | None) -> Settings:
    """The settings of this process. Raises BadInput with every wrong value."""
    environ = configuration.environment()
    try:
        return configuration.load(configuration.home_from(home, environ), environ)
    except configuration.SettingsError as error:
        raise BadInput(str(error)) from error
