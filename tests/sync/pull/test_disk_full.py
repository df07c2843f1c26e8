"""A disk that is full at any write of a sync: one sentence, nothing half stored, and the next sync converges."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event

from addon.cli import main
from sync.store import Store, StoreError, models
from sync.store.queries import ledger
from tests.sync.pull.folder_world import FolderWorld, fill
from tests.sync.pull.world import ADA, CYCLE, NOW, World, check_in, open_world

FILES = 60
PAGE = 4096


@pytest.fixture
def busy_world(tmp_path: Path) -> Iterator[World]:
    """Sixty check-ins in which somebody has typed since the last pull, one copy, one that is gone."""
    for world in open_world(tmp_path):
        refs = [world.provision(check_in(date(2026, 1, 5) + timedelta(days=n))) for n in range(FILES)]
        world.pull()
        for ref in refs:
            world.workspace.type_into(ref, "wins", f"Win in {ref}. " + "More words. " * 20)
        copy = world.workspace.copy(refs[0])
        world.workspace.type_into(copy, "wins", "Only in the copy.")
        world.workspace.remove(refs[-1])
        yield world


@contextmanager
def room_for(store: Store, pages: int) -> Iterator[None]:
    """While the block runs, the database may grow by *pages* and no more."""
    with store.read() as tx:
        now = tx.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: Any, _record: Any, _proxy: Any, most: int = now + pages) -> None:
        connection.execute(f"PRAGMA max_page_count={most}")

    event.listen(store._engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(store._engine, "checkout", limit)
        event.listen(store._engine, "checkout", _unlimited)


def _unlimited(connection: Any, _record: Any, _proxy: Any) -> None:
    connection.execute("PRAGMA max_page_count=1073741823")


def _sweep(soak: bool) -> tuple[int, ...]:
    return tuple(range(80)) if soak else (0, 2, 5, 9, 14, 20, 79)


def test_a_database_without_room_at_any_write_is_made_good(busy_world: World, tmp_path: Path, request: Any) -> None:
    """However far the sync came, it says that the disk is full, and the next one ends as if nothing had happened."""
    busy_world.store.close()
    refused = done = 0
    for pages in _sweep(request.config.getoption("--soak")):
        shutil.copy(tmp_path / "t.db", tmp_path / "one.db")
        store = Store.open(f"sqlite:///{tmp_path}/one.db")
        world = World(store, busy_world.workspace, busy_world.now)
        said = _pull_with(world, pages)
        assert not said or ("the disk is full" in said and "free some space" in said)
        refused += bool(said)
        done += not said
        world.pull()
        assert world.pull().quiet
        _assert_whole(store)
        store.close()
        for name in ("one.db-wal", "one.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
    assert refused >= 3
    assert done


def _pull_with(world: World, pages: int) -> str:
    """What stopped a pull for which the database has so much room; "" when nothing did."""
    try:
        with room_for(world.store, pages):
            world.pull()
    except StoreError as error:
        return str(error)
    return ""


def _assert_whole(store: Store) -> None:
    """Every text once: sixty wins less the one whose file is gone, and the copy's."""
    with store.read() as tx:
        texts = [row.text for row in tx.execute(models.entry.select())]
        assert len(texts) == len(set(texts)) == FILES
        assert len(ledger.about(tx, ADA.id)) == FILES
        assert ledger.dirty(tx, "memory") == ()
        assert tx.execute(models.lease.select()).all() == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB, where this machine lets a test have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root and mount for a small tmpfs")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _home(home: Path) -> FolderWorld:
    store = Store.open(f"sqlite:///{home / 'throughline.db'}")
    fill(store)
    return FolderWorld(store, home.parent / "company")


def _sync(home: Path, company: Path) -> Result:
    settings = {
        "THROUGHLINE_WORKSPACE_DIR": str(company / "shared"),
        "THROUGHLINE_PRIVATE_DIR": str(company / "private"),
        "THROUGHLINE_TODAY": str(NOW.date()),
    }
    return CliRunner().invoke(main, ["--home", str(home), "sync"], env=settings)


def test_a_real_disk_that_is_full_ends_in_one_sentence(small_disk: Path, request: Any) -> None:
    """The database stands on a disk that fills up; the command ends with exit code 2, and with room again it is right."""
    world = _home(small_disk)
    company = small_disk.parent / "company"
    count = 8
    refs = [world.provision(check_in(CYCLE.start + timedelta(days=n))) for n in range(count)]
    world.store.close()
    assert _sync(small_disk, company).exit_code == 0
    refused = 0
    steps = (0, 1, 2, 4, 8, 16, 24, 32, 48, 64) if request.config.getoption("--soak") else (0, 2, 8, 24)
    for step, free in enumerate(steps):
        for ref in refs:
            world.type_into(ref, "What went well", f"Win {step} in {ref}. " + "Many more words here. " * 30)
        ballast = small_disk / "ballast"
        left = shutil.disk_usage(small_disk).free - free * PAGE
        ballast.write_bytes(b"x" * max(left, 0))
        result = _sync(small_disk, company)
        if result.exit_code:
            assert result.exit_code == 2, result.output
            assert "error: the disk is full" in result.output
            assert "Traceback" not in result.output
            refused += 1
        ballast.unlink()
        assert _sync(small_disk, company).exit_code == 0
        assert "Nothing changed." in _sync(small_disk, company).output
    assert refused
    store = Store.open(f"sqlite:///{small_disk / 'throughline.db'}")
    with store.read() as tx:
        assert len(ledger.about(tx, ADA.id)) == len(steps) * count
        assert len(tx.execute(models.entry.select()).all()) == len(steps) * count
    store.close()
