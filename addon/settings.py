"""Settings: `THROUGHLINE_*` variables over `settings.toml` in the home folder, read once, checked at the start.

`DATABASE_URL` and `PORT`, which platforms set, hold where neither says anything.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "THROUGHLINE_"
FILE = "settings.toml"
SHORTEST_KEY = 32
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class Hidden(ValueError):
    """What is wrong with a value that may hold a password: it is not shown."""


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
    workspace: str = ""
    """``folder``, ``notion`` or ``google``; "" for the one that was connected last, at first the folder."""
    base_url: str = ""
    """Where people open the console, such as ``https://throughline.example.com``; "" is this machine alone."""
    smtp_url: str = field(default="", repr=False)
    """The mail server that sends reminders, such as ``smtp://name:password@mail.example.com:587``; "" sends none."""
    mail_from: str = ""
    """The sender of reminders, such as ``Throughline <reminders@example.com>``."""
    retention_months: int = 0
    """How long after their last day everything about a leaver is erased; 0 is never."""
    trusted_proxies: int = 0
    """How many proxies in front of the console set the ``X-Forwarded-*`` headers."""
    key: str = field(default="", repr=False)
    """What signs cookies and seals the tokens of connected workspaces; "" is the file ``key`` in the home folder."""
    oidc_issuer: str = ""
    """The identity provider, such as ``https://accounts.google.com``; "" leaves sign-in links alone."""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    notion_client_id: str = ""
    """The public connection that the company has registered at Notion, to connect by signing in; "" for a pasted token."""
    notion_client_secret: str = field(default="", repr=False)
    google_client_id: str = ""
    """The OAuth client of the company's own Google Cloud project, to connect by signing in; "" for a service account."""
    google_client_secret: str = field(default="", repr=False)
    notion_api: str = ""
    """Another address than Notion's own: an emulator, for a rehearsal."""
    google_api: str = ""
    """Another address than Google's own: an emulator, for a rehearsal."""
    addon_service_account: str = ""
    """The account that Google calls the sidebar with: ``gcloud workspace-add-ons get-authorization`` tells it."""
    addon_client_id: str = ""
    """The OAuth client of the sidebar, from the same command."""
    addon_domains: tuple[str, ...] = ()
    """Whose accounts are let in: the company's domains in Google Workspace."""

    @property
    def keeps_own_database(self) -> bool:
        """Whether the database is the file in the home folder."""
        return self.database_url == _own_database(self.home)

    @property
    def public_url(self) -> str:
        """Where people open the console."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url or f"http://{host}:{self.port}"

    @property
    def plain_http(self) -> bool:
        """Whether the console is opened without TLS: on this machine alone."""
        return not self.public_url.startswith("https://")


def load(home: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of *home*. Raises SettingsError with every wrong value at once."""
    home = home.expanduser().absolute()
    given, problems = _given(home, environ)
    values: dict[str, Any] = {}
    for name, (text, place) in given.items():
        try:
            values[name] = READERS[name](text)
        except Hidden as error:
            problems.append(f"{place} cannot be used: expected {error}")
        except ValueError as error:
            shown = text.removeprefix("\0") if text.startswith("\0") else repr(text)
            problems.append(f"{place}: {shown} cannot be used: expected {error}")
    problems += _nested(home, values)
    if ("smtp_url" in values) != ("mail_from" in values):
        problems.append("smtp_url and mail_from go together: set both, or neither to send no mail")
    for platform in ("notion", "google"):
        if (f"{platform}_client_id" in values) != (f"{platform}_client_secret" in values):
            problems.append(f"{platform}_client_id and {platform}_client_secret go together: set both, or neither")
    if missing := [name for name in OIDC if "oidc_issuer" in values and name not in values]:
        problems.append(f"oidc_issuer is set, but {' and '.join(missing)} is not: the provider needs all three")
    if missing := [name for name in ADDON if values.keys() & set(ADDON) and name not in values]:
        problems.append(f"the sidebar in Google needs {' and '.join(missing)} as well: docs/publish-the-addon.md")
    if problems:
        raise SettingsError("\n".join(problems))
    values.setdefault("database_url", _own_database(home))
    values["workspace_dir"] = _under(home, values.get("workspace_dir", "workspace"))
    values["private_dir"] = _under(home, values.get("private_dir", "private"))
    return Settings(home=home, **values)


def _nested(home: Path, values: Mapping[str, Any]) -> list[str]:
    """The private root never lies inside the shared one, nor the reverse: who shares one would share the other."""
    shared, private = _under(home, values.get("workspace_dir", "workspace")), _under(home, values.get("private_dir", "private"))
    if shared == private or shared in private.parents or private in shared.parents:
        return [f"private_dir {private} and workspace_dir {shared} lie inside one another: expected two folders apart"]
    return []


def _own_database(home: Path) -> str:
    return f"sqlite:///{home / 'throughline.db'}"


def _under(home: Path, path: str) -> Path:
    return (home / Path(path).expanduser()).absolute()


def _given(home: Path, environ: Mapping[str, str]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Every setting that was given: name to text and the place it was given in.

    The environment wins over the file, and either of them over what a platform gives.
    """
    problems: list[str] = []
    given = {name: (environ[variable], variable) for variable, name in PLATFORM.items() if environ.get(variable)}
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


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip().lower() not in words:
            raise ValueError(" or ".join(words))
        return text.strip().lower()

    return read


def _url(text: str) -> str:
    if not text.strip().startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise Hidden("an address such as sqlite:////path/to/file.db or postgresql://name:password@host/database")
    return text.strip()


def _web_address(text: str) -> str:
    plain = text.strip().rstrip("/")
    parts = urlsplit(plain)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or (parts.scheme == "http" and not local):
        raise ValueError("an address such as https://throughline.example.com")
    return plain


def _key(text: str) -> str:
    if len(text.strip()) < SHORTEST_KEY:
        raise Hidden(f"at least {SHORTEST_KEY} letters and digits that nobody can guess")
    return text.strip()


def _smtp(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        fits = parts.scheme in ("smtp", "smtps") and parts.hostname and not parts.path.strip("/") and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise Hidden("an address such as smtp://name:password@mail.example.com:587, or smtps://... for TLS from the start")
    return text.strip()


def _sender(text: str) -> str:
    _, address = parseaddr(text)
    if "@" not in address or any(char in text for char in "\r\n\0"):
        raise ValueError("an address such as Throughline <reminders@example.com>")
    return text.strip()


def _domains(text: str) -> tuple[str, ...]:
    found = tuple(one.strip().lower() for one in text.split(",") if one.strip())
    if not found or not all(_DOMAIN.fullmatch(one) for one in found):
        raise ValueError("domains such as example.com, example.org")
    return found


READERS: dict[str, Callable[[str], Any]] = {
    "database_url": _url,
    "workspace_dir": _text("a folder"),
    "private_dir": _text("a folder"),
    "lead_days": _whole(0, 60),
    "today": _day,
    "host": _text("a host name or address"),
    "port": _whole(1, 65535),
    "workspace": _one_of("folder", "notion", "google"),
    "base_url": _web_address,
    "smtp_url": _smtp,
    "mail_from": _sender,
    "retention_months": _whole(0, 600),
    "trusted_proxies": _whole(0, 10),
    "key": _key,
    "oidc_issuer": _web_address,
    "oidc_client_id": _text("the client id that the identity provider gave you"),
    "oidc_client_secret": _text("the client secret that the identity provider gave you"),
    "notion_client_id": _text("the client id of the public connection in Notion"),
    "notion_client_secret": _text("the client secret of the public connection in Notion"),
    "google_client_id": _text("the client id of the OAuth client in the Google Cloud console"),
    "google_client_secret": _text("the client secret of the OAuth client in the Google Cloud console"),
    "notion_api": _web_address,
    "google_api": _web_address,
    "addon_service_account": _text("the address of the service account, from gcloud workspace-add-ons get-authorization"),
    "addon_client_id": _text("the client id, from gcloud workspace-add-ons get-authorization"),
    "addon_domains": _domains,
}
NUMBERS = frozenset({"lead_days", "port", "retention_months", "trusted_proxies"})
ADDON = ("addon_service_account", "addon_client_id", "addon_domains")
OIDC = ("oidc_client_id", "oidc_client_secret")
#: Settings that may stand in a file of their own, named by THROUGHLINE_..._FILE.
SECRETS = frozenset({"database_url", "google_client_secret", "key", "notion_client_secret", "oidc_client_secret", "smtp_url"})


#: Variables that platforms set for every program: they hold where nothing else is said.
PLATFORM = {"DATABASE_URL": "database_url", "PORT": "port"}


def home_from(option: str | None, environ: Mapping[str, str]) -> Path:
    """The home folder: `--home`, else THROUGHLINE_HOME, else ``var``."""
    return Path(option or environ.get(f"{PREFIX}HOME") or "var")


def environment() -> Mapping[str, str]:
    """The process's own environment; the only place that reads it."""
    return os.environ
