"""The demo's own home: made fresh, never in place of anything that is no demo."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

from addon.company import DEMO_SETTING, Company, has_ended, open_store
from addon.demo.calendar import FIRST_DAY
from addon.settings import FILE, Settings
from addon.setup.commands import ORGANISATION_SETTING
from addon.terminal import BadInput
from sync.store.queries import jobs, people

DATABASE, BOOKS = "throughline.db", "throughline-jobs.db"
SILENCE = timedelta(seconds=60)
"""After so long without a sign of life nobody serves the earlier demo."""

IMPORTS = "import"
"""The folder in the demo's home with the lists that were imported."""


def prepare(settings: Settings) -> Settings:
    """A fresh home for a demo. An earlier demo in it is removed; anything else is refused with BadInput."""
    home = settings.home
    own = (f"sqlite:///{home / DATABASE}", home / "workspace", home / "private")
    if (settings.database_url, settings.workspace_dir, settings.private_dir) != own:
        raise BadInput(
            "a demo keeps everything in its own home: unset database_url, workspace_dir and private_dir, or use another --home"
        )
    if (home / DATABASE).exists():
        _require_demo(settings)
        _clear(settings)
    elif used := [path.name for path in (settings.workspace_dir, settings.private_dir) if path.exists()]:
        raise BadInput(
            f"{home} holds {' and '.join(used)} but no demo: give another --home, so that nothing of yours is touched"
        )
    fresh = replace(settings, today=FIRST_DAY)
    store = open_store(fresh)
    with store.write() as tx:
        people.set_setting(tx, DEMO_SETTING, "yes")
    store.close()
    return fresh


def _require_demo(settings: Settings) -> None:
    store = open_store(settings)
    with store.read() as tx:
        is_demo = people.setting(tx, DEMO_SETTING) == "yes"
        name = people.setting(tx, ORGANISATION_SETTING) or "another company"
        now = Company(settings).real_now
        serving = [one for one in jobs.slots(tx) if not has_ended(one.process) and not one.silent(now, SILENCE)]
    store.close()
    if not is_demo:
        raise BadInput(f"{name} lives in {settings.home}, and it is no demo: give another --home, such as --home var/demo")
    if serving:
        raise BadInput(f"the demo in {settings.home} is being served, as {serving[0].process}: end it with Ctrl-C first")


def _clear(settings: Settings) -> None:
    for folder in (settings.workspace_dir, settings.private_dir, settings.home / IMPORTS):
        if folder.exists():
            shutil.rmtree(folder)
    for name in (DATABASE, BOOKS):
        for end in ("", "-wal", "-shm"):
            (settings.home / f"{name}{end}").unlink(missing_ok=True)
    (settings.home / FILE).unlink(missing_ok=True)
