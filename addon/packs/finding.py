"""A template pack by name or folder."""

from __future__ import annotations

from pathlib import Path

from addon.terminal import BadInput
from templates import loader
from templates.shapes import Pack


def find(name_or_directory: str) -> Pack:
    """A built-in pack by name, else the pack in that folder. Raises PackError or BadInput."""
    if name_or_directory in loader.built_in_names():
        return loader.load(loader.built_in(name_or_directory))
    folder = Path(name_or_directory)
    if not folder.is_dir():
        raise BadInput(
            f"{name_or_directory!r} is neither a built-in pack ({', '.join(loader.built_in_names())}) nor a folder that exists"
        )
    return loader.load(folder)
