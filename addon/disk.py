"""What an installation keeps on its own disk, and which settings take its place where that disk cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

from addon import keys
from addon.settings import Settings
from addon.terminal import BadInput


def require_place(settings: Settings) -> None:
    """Before the start of what runs for long. Raises BadInput with the names of all settings that are missing."""
    missing = [name for name, is_missing in _wanted(settings) if is_missing]
    if missing and (reason := why_not_written(settings.home)):
        raise BadInput(f"{reason}: set {' and '.join(missing)}")


def _wanted(settings: Settings) -> list[tuple[str, bool]]:
    has_key = bool(settings.key) or (settings.home / keys.FILE).exists()
    return [("DATABASE_URL", settings.keeps_own_database), ("THROUGHLINE_KEY", not has_key)]


def make_home(settings: Settings) -> None:
    """The home folder. Raises BadInput when it cannot be made."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = why_not_written(settings.home) or f"{settings.home} cannot be made: {error.strerror}"
        raise BadInput(f"{reason}: give another --home, or set DATABASE_URL and THROUGHLINE_KEY") from error


def why_not_written(folder: Path) -> str:
    """Why this process can write nothing into *folder*, which need not be there yet; "" when it can."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir():
        return f"{there} is a file"
    if os.access(there, os.W_OK):
        return ""
    is_read_only = hasattr(os, "statvfs") and os.statvfs(there).f_flag & os.ST_RDONLY
    return f"the disk of {folder} is read-only" if is_read_only else f"this user can write nothing into {folder}"
