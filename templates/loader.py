"""Template packs on disk: load one, check one, list and copy those that come along, and read a frozen one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from templates.checking import read_pack
from templates.nodes import MOST_BYTES, TOO_LARGE, Problem, unknown
from templates.shapes import Pack

__all__ = ["PackError", "Problem", "built_in", "built_in_names", "check", "copy", "load", "load_sources"]

_PACKS = Path(__file__).parent / "packs"


class PackError(Exception):
    """A pack cannot be used. *problems* are all its mistakes; the message has one on each line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def load(folder: Path) -> Pack:
    """The pack in *folder*, whose name is the pack's. Raises `PackError` with every mistake."""
    pack, problems = _read(folder)
    if pack is None:
        raise PackError(problems)
    return pack


def check(folder: Path) -> tuple[Problem, ...]:
    """Every mistake of the pack in *folder*, by file and line; empty exactly when `load` succeeds."""
    return _read(folder)[1]


def load_sources(name: str, sources: Mapping[str, str]) -> Pack:
    """A frozen pack from its file names and texts (`Pack.sources`). Raises `PackError`."""
    pack, problems = read_pack(name, sources)
    if pack is None:
        raise PackError(problems)
    return pack


def built_in_names() -> tuple[str, ...]:
    """The packs that come along."""
    return tuple(sorted(folder.name for folder in _PACKS.iterdir() if (folder / "pack.yaml").is_file()))


def built_in(name: str) -> Path:
    """The folder of the built-in pack *name*. Raises `PackError` with the nearest name there is."""
    if name not in built_in_names():
        raise PackError([Problem("packs", 0, "", unknown(name, "a built-in pack", built_in_names()))])
    return _PACKS / name


def copy(name: str, target: Path) -> None:
    """Copy the built-in pack *name* to *target* for people to change.

    Raises `PackError` when there is no such pack, or when *target* is a file or a folder with something in it.
    """
    source = built_in(name)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise PackError([Problem(str(target), 0, "", "is there already and not empty; name a new folder")])
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.glob("*.yaml")):
        (target / file.name).write_bytes(file.read_bytes())


def _read(folder: Path) -> tuple[Pack | None, tuple[Problem, ...]]:
    if not folder.is_dir():
        return None, (Problem(str(folder), 0, "", "is not a folder; a pack is a folder of YAML files"),)
    files = [file for file in sorted(folder.iterdir()) if _belongs(file)]
    if not files:
        return None, (Problem(str(folder), 0, "", "holds no YAML file; copy a built-in pack into it to begin with"),)
    texts = {file.name: _text(file) for file in files}
    unreadable = {name: text for name, text in texts.items() if isinstance(text, Problem)}
    pack, problems = read_pack(folder.resolve().name, {name: t for name, t in texts.items() if not isinstance(t, Problem)})
    if not unreadable:
        return pack, problems
    others = [problem for problem in problems if problem.file not in unreadable]
    return None, tuple(sorted([*unreadable.values(), *others]))


def _belongs(file: Path) -> bool:
    """Files of editors and systems (`.DS_Store`, `._pack.yaml`) and texts beside the pack are nobody's mistake."""
    return file.suffix.lower() in (".yaml", ".yml") and not file.name.startswith(".") and file.is_file()


def _text(file: Path) -> str | Problem:
    """The text of *file* byte for byte, or why there is none."""
    try:
        if file.stat().st_size > MOST_BYTES:
            return Problem(file.name, 0, "", TOO_LARGE)
        content = file.read_bytes()
    except OSError as error:
        return Problem(file.name, 0, "", f"cannot be read: {error.strerror}")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Problem(file.name, line, "", f"is not UTF-8: byte {content[error.start]:#04x}; save it as UTF-8")
