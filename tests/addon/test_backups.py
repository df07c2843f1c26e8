"""`throughline backup` and `restore`: from either kind of database into either kind, all or nothing."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.jobs import Slot
from sync.records import Person, Reporting
from sync.store import Store
from sync.store.archive import TRANSIENT, tables
from sync.store.models import metadata
from sync.store.queries import erasing, jobs, letters, people, reviews, sessions
from tests.journeys.desk import Desk

NEW = Person("new00001", "Nadja Zöe", "n@example.org", reporting=(Reporting("x"),), former_emails=("old@example.org",))


@pytest.fixture
def desk(start: Path, tmp_path: Path) -> Desk:
    """A company of six that has worked for a month."""
    shutil.copytree(start, tmp_path / "home")
    return Desk(tmp_path / "home", "2026-02-02")


@pytest.fixture
def saved(desk: Desk, tmp_path: Path) -> Path:
    """Its backup."""
    desk.ok("backup", str(tmp_path / "company.zip"))
    return tmp_path / "company.zip"


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is kept, but for the line that the restore itself added to the audit trail."""
    with store.read() as tx:
        found = {one.name: sorted((tuple(row) for row in tx.execute(select(one))), key=repr) for one in tables()}
    found["audit"] = [row for row in found["audit"] if row[3] not in ("backup", "restore")]
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """Another home with an empty database."""
    address = request.getfixturevalue("server").fresh() if request.param == "postgresql" else ""
    return Desk(tmp_path / "elsewhere", "2026-02-02", address)


def opened(desk: Desk) -> Store:
    """Its database."""
    return Store.open(desk.database or f"sqlite:///{desk.home}/throughline.db")


def test_a_backup_comes_back_whole_into_either_kind_of_database(desk: Desk, saved: Path, elsewhere: Desk) -> None:
    """Every row of every table; the company goes on working there, and new rows get numbers of their own."""
    assert "Acme is back" in elsewhere.ok("restore", str(saved))
    here, there = opened(desk), opened(elsewhere)
    assert rows(there) == rows(here)
    with there.write() as tx:
        people.save(tx, [NEW])
        reviews.note(tx, datetime.now(UTC), "x", "y", "z")
    assert NEW in _everyone(there)
    here.close()
    there.close()
    assert elsewhere.json("status")["people"] == 7


def _everyone(store: Store) -> tuple[Person, ...]:
    with store.read() as tx:
        return people.everyone(tx)


@pytest.mark.postgres
def test_a_server_is_saved_into_a_file(desk: Desk, saved: Path, tmp_path: Path, server) -> None:  # type: ignore[no-untyped-def]
    """There and back again is the same."""
    there = Desk(tmp_path / "there", "2026-02-02", server.fresh())
    there.ok("restore", str(saved))
    there.ok("backup", str(tmp_path / "again.zip"))
    back = Desk(tmp_path / "back", "2026-02-02")
    back.ok("restore", str(tmp_path / "again.zip"))
    one, other = opened(desk), opened(back)
    assert rows(other) == rows(one)
    one.close()
    other.close()


def test_a_backup_is_for_its_owner_alone_and_holds_no_key(desk: Desk, saved: Path) -> None:
    """What opens links and tokens lies beside the database, never in it."""
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    desk.ok("person", "calendar", "ada@example.org")
    key = (desk.home / "key").read_text().strip()
    desk.ok("backup", str(saved.with_name("later.zip")))
    with zipfile.ZipFile(saved.with_name("later.zip")) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert key.encode() not in everything
    assert b"ada@example.org" in everything


def test_no_file_is_written_over_and_no_company_given_up_by_mistake(desk: Desk, saved: Path, elsewhere: Desk) -> None:
    """Each says what to do instead; --replace does it."""
    assert "exists already" in desk.run("backup", str(saved)).stderr
    elsewhere.ok("restore", str(saved))
    store = opened(elsewhere)
    with store.write() as tx:
        people.save(tx, [NEW])
    refused = elsewhere.run("restore", str(saved))
    assert (refused.exit_code, "--replace" in refused.stderr) == (2, True)
    assert NEW in _everyone(store)
    elsewhere.ok("restore", str(saved), "--replace")
    assert NEW not in _everyone(store)
    store.close()


def tampered(saved: Path, name: str, change) -> Path:  # type: ignore[no-untyped-def]
    """The backup with one of its files changed."""
    bad = saved.with_name("bad.zip")
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(bad, "w") as into:
        for one in archive.namelist():
            into.writestr(one, change(archive.read(one)) if one == name else archive.read(one))
    return bad


def test_a_damaged_or_foreign_file_changes_nothing(desk: Desk, saved: Path, tmp_path: Path) -> None:
    """Each wrong file is named with its reason before a row is touched."""
    before = rows(opened(desk))
    manifest = json.loads(zipfile.ZipFile(saved).read("manifest.json"))
    other = {**manifest, "revision": "0001"}
    (tmp_path / "words.zip").write_text("no zip at all")
    (tmp_path / "short.zip").write_bytes(saved.read_bytes()[:-200])
    for path, words in (
        (tmp_path / "words.zip", "no backup of Throughline"),
        (tmp_path / "short.zip", "no backup of Throughline"),
        (tampered(saved, "tables/person.jsonl", lambda data: data.replace(b"Ada", b"Eve")), "not as it was saved"),
    ):
        result = desk.run("restore", str(path), "--replace")
        assert result.exit_code == 2, result.output
        assert words in result.stderr, result.stderr
    old = tampered(saved, "manifest.json", lambda _data: json.dumps(other).encode())
    assert "made at revision 0001" in desk.run("restore", str(old), "--replace").stderr
    assert rows(opened(desk)) == before


def test_nothing_is_restored_under_a_working_worker(desk: Desk, saved: Path) -> None:
    """It would write into what is being replaced."""
    store = opened(desk)
    now = datetime.now(UTC)
    with store.write() as tx:
        jobs.beat(tx, Slot("w1", "elsewhere:1", now, now))
    assert "stop it" in desk.run("restore", str(saved), "--replace").stderr
    with store.write() as tx:
        jobs.beat(tx, Slot("w1", "elsewhere:1", now, now.replace(year=2025)))
    desk.ok("restore", str(saved), "--replace")
    store.close()


def test_a_restore_signs_everybody_out(desk: Desk) -> None:
    """Neither a session nor a link of before or since works any more, and none lies in the backup."""
    store, now = opened(desk), datetime.now(UTC)
    with store.write() as tx:
        ada = people.find(tx, "ada@example.org")[0].id
        sessions.begin(tx, "before", ada, now, sessions.IDLE)
        sessions.add_link(tx, "link", ada, now + sessions.IDLE)
    desk.ok("backup", str(desk.home / "b.zip"))
    with store.write() as tx:
        sessions.begin(tx, "since", ada, now, sessions.IDLE)
    assert "Every session and sign-in link has ended" in desk.ok("restore", str(desk.home / "b.zip"), "--replace")
    with store.read() as tx:
        assert [sessions.whose(tx, token, now) for token in ("before", "since")] == [None, None]
        assert sessions.link_of(tx, "link", now) is None
    store.close()


def test_a_restore_brings_nobody_back_who_was_erased_since(desk: Desk, elsewhere: Desk, saved: Path) -> None:
    """Neither them nor a word about them; who ended their reminders since is sent none. Elsewhere nobody knows of it."""
    elsewhere.ok("restore", str(saved))
    store = opened(elsewhere)
    with store.write() as tx:
        ada, noor = (people.find(tx, f"{name}@example.org")[0] for name in ("ada", "noor"))
        people.save(tx, [replace(ada, end=date(2026, 1, 31))])
        letters.want(tx, noor.id, False)
    elsewhere.ok("person", "erase", "ada@example.org", "--yes")
    assert "Erased again" in elsewhere.ok("restore", str(saved), "--replace")
    with store.read() as tx:
        assert erasing.tombstones(tx).keys() == {ada.id}
        assert (people.find(tx, "ada@example.org"), erasing.entries_about(tx, ada.id)) == ((), ())
        assert noor.id in letters.opted_out(tx)
    store.close()


def test_every_table_is_saved_or_is_known_to_pass() -> None:
    """A later table is in backups by itself."""
    assert {one.name for one in tables()} | TRANSIENT == set(metadata.tables)
