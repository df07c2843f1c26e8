"""Settings: `THROUGHLINE_*` variables over `settings.toml` in the home folder, read once, checked at the start."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

PREFIX = "THROUGHLINE_"
FILE = "settings.toml"


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it, its place and what was expected."""


@dataclass(frozen=True)
class Settings:
    """Everything that one installation decides for itself."""

    home: Path
    """Database, settings and keys."""
    database_url: str
    workspace_dir: Path
    """The shared root: company, working and reviews folders."""
    private_dir: Path
    """The second root: managers' private folders."""
    lead_days: int = 7
    """How many days ahead of its date a check-in is provisioned."""
    today: date | None = None
    """Pretend that today is this day: for rehearsals and the demo."""
    host: str = "127.0.0.1"
    port: int = 8080


def load(home: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of *home*. Raises SettingsError with every wrong value at once."""
    home = home.expanduser().absolute()
    given, problems = _given(home, environ)
    values: dict[str, Any] = {}
    for name, (text, place) in given.items():
        try:
            values[name] = READERS[name](text)
        except ValueError as error:
            shown = text.removeprefix("\0") if text.startswith("\0") else repr(text)
            problems.append(f"{place}: {shown} cannot be used: expected {error}")
    problems += _nested(home, values)
    if problems:
        raise SettingsError("\n".join(problems))
    values.setdefault("database_url", f"sqlite:///{home / 'throughline.db'}")
    values["workspace_dir"] = _under(home, values.get("workspace_dir", "workspace"))
    values["private_dir"] = _under(home, values.get("private_dir", "private"))
    return Settings(home=home, **values)


def _nested(home: Path, values: Mapping[str, Any]) -> list[str]:
    """The private root never lies inside the shared one, nor the reverse: who shares one would share the other."""
    shared, private = _under(home, values.get("workspace_dir", "workspace")), _under(home, values.get("private_dir", "private"))
    if shared == private or shared in private.parents or private in shared.parents:
        return [f"private_dir {private} and workspace_dir {shared} lie inside one another: expected two folders apart"]
    return []


def _under(home: Path, path: str) -> Path:
    return (home / Path(path).expanduser()).absolute()


def _given(home: Path, environ: Mapping[str, str]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Every setting that was given: name to text and the place it was given in. The environment wins."""
    problems: list[str] = []
    given: dict[str, tuple[str, str]] = {}
    path = home / FILE
    for name, value in _table(path, problems).items():
        if name not in READERS:
            problems.append(f"{path}: {name!r} is not a setting{_nearest(name)}")
        else:
            given[name] = (value if isinstance(value, str) else _as_text(name, value), f"{path}: {name}")
    for variable, value in sorted(environ.items()):
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or name in ("home", "home_file"):
            continue
        if name.endswith("_file") and name.removesuffix("_file") in SECRETS:
            try:
                given[name.removesuffix("_file")] = (Path(value).read_text("utf-8").strip(), variable)
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{variable}: the file {value!r} cannot be read: {error}")
        elif name not in READERS:
            problems.append(f"{variable} is not a setting{_nearest(name)}")
        elif f"{variable}_FILE" not in environ or name not in SECRETS:
            given[name] = (value, variable)
        else:
            problems.append(f"{variable} and {variable}_FILE are both set: keep one of them")
    return given, problems


def _as_text(name: str, value: object) -> str:
    """A TOML value as its reader takes it: numbers and days where they belong, otherwise something that no reader takes."""
    fits = (int,) if name in NUMBERS else (date,) if name == "today" else ()
    return str(value) if isinstance(value, fits) and not isinstance(value, bool) else f"\0{value!r}"


def _table(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path} cannot be read: {error}")
        return {}


def _nearest(name: str) -> str:
    close = get_close_matches(name, list(READERS), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(sorted(READERS))}"


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("a day such as 2026-03-02") from None


def _text(what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.strip() or "\0" in text:
            raise ValueError(what)
        return text.strip()

    return read


def _url(text: str) -> str:
    if not text.startswith("sqlite:///"):
        raise ValueError("an address such as sqlite:////path/to/file.db")
    return text.strip()


READERS: dict[str, Callable[[str], Any]] = {
    "database_url": _url,
    "workspace_dir": _text("a folder"),
    "private_dir": _text("a folder"),
    "lead_days": _whole(0, 60),
    "today": _day,
    "host": _text("a host name or address"),
    "port": _whole(1, 65535),
}
NUMBERS = frozenset({"lead_days", "port"})
#: Settings that may stand in a file of their own, named by THROUGHLINE_..._FILE.
SECRETS = frozenset({"database_url"})


def home_from(option: str | None, environ: Mapping[str, str]) -> Path:
    """The home folder: `--home`, else THROUGHLINE_HOME, else ``var``."""
    return Path(option or environ.get(f"{PREFIX}HOME") or "var")


def environment() -> Mapping[str, str]:
    """The process's own environment; the only place that reads it."""
    return os.environ
