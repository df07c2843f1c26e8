"""`kill -9` after any write of a sync: the next one converges."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.store import Store, models
from sync.store.queries import ledger
from templates.shapes import Kind
from tests.sync.pull.folder_world import FolderWorld, open_folder_world
from tests.sync.pull.world import NOW, artifact, check_in

FILES = 60
POINTS = ("linked", "batch", "batch", "batch", "cursor")
"""What a sync of this folder stores: what is gone, two batches of documents, one copy, the cursor."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty check-ins with something new in each, a copy, and a document that is gone."""
    with open_folder_world(tmp_path) as world:
        refs = [world.provision(check_in(date(2026, 1, 5) + timedelta(days=n))) for n in range(FILES)]
        gone = world.provision(artifact(Kind.QUICK_NOTES))
        world.pull()
        for ref in refs:
            world.type_into(ref, "What went well", f"Win in {ref}.")
        world.type_into(world.copy(refs[0], "Mine.docx"), "Notes", "Only in the copy.")
        world.path(gone).unlink()
    return tmp_path


def test_a_killed_sync_is_made_good(folder: Path, request: Any) -> None:
    """No entry twice, none missing, and nothing left to say."""
    soak = request.config.getoption("--soak")
    for count in range(1, len(POINTS) + 1) if soak else (1, 3, 5):
        database = folder / f"{count}.db"
        shutil.copy(folder / "t.db", database)
        command = [sys.executable, "-m", "tests.sync.pull.killed", str(database), str(folder / "company"), str(count)]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3])
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert tuple(ended.stdout.split()) == POINTS[:count]
        store = Store.open(f"sqlite:///{database}")
        world = FolderWorld(store, folder / "company", NOW + timedelta(hours=2))
        world.pull()
        assert world.pull().quiet
        with store.read() as tx:
            texts = [row.text for row in tx.execute(models.entry.select())]
            assert len(texts) == len(set(texts)) == FILES + 1
            assert ledger.dirty(tx, "folder") == ()
            assert len(tx.execute(models.artifact.select().where(models.artifact.c.state == "unlinked")).all()) == 1
        store.close()
