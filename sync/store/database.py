"""Open the database, bring it to the current schema, hand out transactions."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import SQLITE_FULL, SQLITE_IOERR, sqlite_version, sqlite_version_info
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

if TYPE_CHECKING:
    from psycopg.abc import Buffer

MIGRATIONS = Path(__file__).parent / "migrations"
#: The newest revision in `migrations/versions`; a test keeps it true. Known here so that opening a current database
#: needs no migration tool.
HEAD = "0010"
#: What SQLite needs to open a database at all: with less it says no more than "disk I/O error".
ROOM_TO_OPEN = 256 * 1024
_FULL = ("no space left", "is full")
#: How long a writer waits for others.
BUSY_SECONDS = 30
#: Whoever writes to PostgreSQL holds this lock until the end of the transaction: one writer at a time, as in SQLite, so
#: that what a transaction has read stays true until it is kept.
WRITER_LOCK = 7_468_726_675
OPERATOR = "throughline_operator"
"""The option of a transaction that tells who sits at this process."""


class StoreError(Exception):
    """The database cannot be used; the message says which one, why and what to do."""


class Store:
    """One open database. `read` and `write` give a transaction to the functions in `sync.store.queries`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self.operator = ""
        """Who sits at this process, for the audit trail; "" where nobody does, as in a web server or a worker."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Open *url* (``sqlite:///path`` or ``postgresql://...``), creating and migrating as needed. Raises StoreError."""
        store = cls.look(url)
        engine = store._engine
        if engine.dialect.name == "sqlite":
            _keep_to_ourselves(engine)
        try:
            _migrate(engine)
        except DatabaseError as error:
            store.close()
            raise StoreError(_why(engine, error, "cannot be opened")) from error
        except StoreError:
            store.close()
            raise
        return store

    @classmethod
    def look(cls, url: str) -> Store:
        """The same without a look at the schema or even at the database: for a process that must answer at once.

        Raises StoreError when *url* can never be one.
        """
        try:
            address = _with_driver(make_url(url))
            engine = create_engine(address, pool_pre_ping=address.get_backend_name() == "postgresql")
        except (ArgumentError, ModuleNotFoundError) as error:
            raise StoreError(f"the database address cannot be used: {_without_address(error, url)}") from error
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        else:
            _prepare_postgresql(engine)
        return cls(engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file that only processes of this machine share."""
        return self._engine.dialect.name == "sqlite"

    @property
    def revision(self) -> str:
        """Of the schema that is there, "" for none. Raises StoreError when the database does not answer."""
        with self.read() as tx:
            return _revision(tx)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database. Never hold it across I/O elsewhere. Raises StoreError."""
        with self._teaching(), self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is kept when the block ends and undone when it raises. Never hold it across I/O elsewhere.

        One writer at a time: another one waits. Raises StoreError when the database has no room or cannot be reached;
        nothing of the block is kept then.
        """
        with self._in_turn(), self._teaching(), self._engine.connect() as connection:
            _begin_writing(connection)
            yield connection.execution_options(**{OPERATOR: self.operator})
            connection.commit()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads of this process line up here: before SQLite they would sleep and ask again, ever more seldom.

        Whoever has waited for as long as SQLite lets one wait goes on and hears from SQLite what is the matter.
        """
        had_turn = self._turn.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if had_turn:
                self._turn.release()

    def forget_for_good(self) -> None:
        """Rewrite the database, so that nothing of what was deleted is left in its files. Raises StoreError.

        It waits for others to end what they read. The write-ahead log of a PostgreSQL server is its administrator's.
        """
        with self._teaching(), self._engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not self.is_sqlite:
                plain.exec_driver_sql("VACUUM (FULL, ANALYZE)")
                return
            plain.exec_driver_sql("VACUUM")
            busy = plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        if busy:
            raise StoreError("somebody reads the database for long: what was erased may still be in its log; run this again")

    @contextmanager
    def _teaching(self) -> Iterator[None]:
        """A fault of the disk or the server as one sentence; a fault of ours stays what it is."""
        try:
            yield
        except OperationalError as error:
            raise StoreError(_why(self._engine, error, "cannot be used right now")) from error

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def books_of(url: str) -> str:
    """Where the job engine keeps its books: a file beside the database, or a schema of its own in the same server."""
    address = _with_driver(make_url(url))
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "throughline.db")
        address = address.set(database=str(path.with_name(f"{path.stem}-jobs{path.suffix}")))
    return address.render_as_string(hide_password=False)


def prepare_books(url: str) -> str:
    """The same, for the process that opens them: a file is nobody else's and has a write-ahead log. Raises StoreError."""
    books = books_of(url)
    engine = create_engine(books)
    if engine.dialect.name == "sqlite":
        if cannot_keep_books(sqlite_version_info, sys.version_info[:2]):
            raise StoreError(
                f"SQLite {sqlite_version} of this Python is too old for the job engine, which needs 3.42: use Python 3.11, "
                "a Python with a newer SQLite, or a PostgreSQL server (database_url)"
            )
        _keep_to_ourselves(engine)
        _prepare_sqlite(engine)
        with engine.connect():  # from now on it has that log
            pass
    engine.dispose()
    return books


def cannot_keep_books(sqlite: tuple[int, ...], python: tuple[int, ...]) -> bool:
    """Whether the job engine would fail at its first row: from Python 3.12 on it counts on a newer SQLite."""
    return python >= (3, 12) and sqlite < (3, 42)


def _why(engine: Engine, error: DatabaseError, what: str) -> str:
    """What happened to the database and what to do."""
    reason = str(error.orig)
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    no_room = code == SQLITE_FULL or (code == SQLITE_IOERR and _free_bytes(engine) < ROOM_TO_OPEN)
    if no_room or any(word in reason.casefold() for word in _FULL):
        return (
            f"the disk is full: there was no room to write to the database {engine.url!r}. What was stored before is kept; "
            "free some space there, then run this again"
        )
    return f"the database {engine.url!r} {what}: {reason}. What was stored before is kept"


def _free_bytes(engine: Engine) -> int:
    """How much room is left beside the database file."""
    return shutil.disk_usage(Path(engine.url.database or ".").absolute().parent).free


def _keep_to_ourselves(engine: Engine) -> None:
    """The database holds what is private to single people: nobody but its owner may read the file.

    SQLite gives the files beside it the same mode. Raises StoreError.
    """
    name = engine.url.database
    if not name or name == ":memory:":
        return
    path = Path(name)
    try:
        # Only a new file is opened: closing one that is there would end the locks that SQLite holds on it in this process.
        if not path.exists():
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES) if path.is_file() else "this is not a file")
        for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            if one.exists() and one.stat().st_mode & 0o077:
                one.chmod(0o600)
    except OSError as error:
        raise StoreError(f"the database {str(path)!r} cannot be opened: {error.strerror}") from error


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, full durability, and transactions that begin when we say so (the driver's own begin only at a write)."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(engine: Engine) -> None:
    """Text without the sign of number 0, which PostgreSQL takes nowhere and SQLite everywhere: nobody's words need it."""
    from psycopg.types.string import StrDumper

    class WithoutZero(StrDumper):
        def dump(self, obj: str) -> Buffer | None:
            return super().dump(obj.replace("\0", ""))

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.adapters.register_dumper(str, WithoutZero)


def _with_driver(url: URL) -> URL:
    """PostgreSQL through psycopg, whichever of its usual names the address has."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _without_address(error: Exception, url: str) -> str:
    """What is wrong, without the password that the address may hold."""
    return str(error).replace(url, "it").replace(repr(url), "it")


def _begin_writing(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
    if found > HEAD:
        raise StoreError(f"the database is at revision {found}, this program knows {HEAD}: install the newer program again")
    if found != HEAD:
        _upgrade(engine)


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        _begin_writing(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "postgresql":
            _as_sqlite_takes_text(connection)
        connection.commit()


def _as_sqlite_takes_text(connection: Connection) -> None:
    """Text of any length, ordered by its characters: PostgreSQL would refuse long names and order by the server's language."""
    columns = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND data_type IN ('character varying', 'text') AND (collation_name IS DISTINCT FROM 'C' "
            "OR character_maximum_length IS NOT NULL) ORDER BY table_name, ordinal_position"
        )
    ).all()
    quote = connection.dialect.identifier_preparer.quote
    for table, column in columns:
        connection.exec_driver_sql(f'ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)} TYPE text COLLATE "C"')
