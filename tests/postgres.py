"""A PostgreSQL server of the tests' own, from the package index, and a fresh database in it for each test."""

from __future__ import annotations

import importlib.util
import itertools
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url

from sync.store import Store

_numbers = itertools.count()


def is_here() -> bool:
    """Whether this machine has one; there is none for every Python and processor."""
    return importlib.util.find_spec("pgserver") is not None


@contextmanager
def serving() -> Iterator[Postgres]:
    """A server in a folder of its own, while the block runs: run by root, it belongs to another user."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pgserver

        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Postgres(make_url(server.get_uri()).set(drivername="postgresql+psycopg"))
        finally:
            # At once, without writing down what is thrown away.
            os.kill(int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
            server.cleanup()


class Postgres:
    """A running server."""

    def __init__(self, address: URL) -> None:
        self._address = address
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def fresh(self) -> str:
        """The address of a new database with the current schema and nothing in it."""
        return self._new(f"TEMPLATE {self._template}")

    def bare(self) -> str:
        """The address of a new database without any table."""
        return self._new("")

    def copy(self, address: str) -> str:
        """The address of a copy of another database, to which nobody is connected."""
        return self._new(f"TEMPLATE {make_url(address).database}")

    def _new(self, like: str) -> str:
        name = f"t{next(_numbers)}"
        self._do(f"CREATE DATABASE {name} {like}")
        return self._address.set(database=name).render_as_string(hide_password=False)

    @property
    @cache  # noqa: B019 - there is one server in a test process
    def _template(self) -> str:
        address = self.bare()
        Store.open(address).close()
        return str(make_url(address).database)

    def _do(self, *statements: str) -> None:
        engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()
