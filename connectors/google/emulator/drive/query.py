"""The search language of `files.list`: https://developers.google.com/workspace/drive/api/guides/ref-search-terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.google.emulator.errors import GoogleError, invalid
from connectors.google.emulator.store import DOCUMENT, SHEET, File, Principal, World

#: Whether a file is among what is searched for.
Test = Callable[[File], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<op><=|>=|!=|=|<|>)|(?P<sign>[(){}])|(?P<word>\w+))"""
)
_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,  # type: ignore[operator]
    "<=": lambda left, right: left <= right,  # type: ignore[operator]
    ">": lambda left, right: left > right,  # type: ignore[operator]
    ">=": lambda left, right: left >= right,  # type: ignore[operator]
}


@dataclass(frozen=True)
class Search:
    """A test, and the ids among which alone it can hold; None means any file."""

    test: Test
    among: list[str] | None = None


def bad() -> GoogleError:
    """400 for a query that cannot be read."""
    return invalid("q")


def compile_query(text: str, world: World, who: Principal) -> Search:
    """The search that *text* describes. Raises `GoogleError` 400 if it cannot be read."""
    if not text.strip():
        return Search(lambda file: True)
    parser = _Parser(list(_tokens(text)), world, who)
    search = parser.either()
    if parser.rest:
        raise bad()
    return search


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise bad()
        kind = str(found.lastgroup)
        value = found.group(kind)
        yield (kind, re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "text" else value)
        at = found.end()


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, rest: list[tuple[str, str]], world: World, who: Principal) -> None:
        self.rest, self._world, self._who = rest, world, who

    def either(self) -> Search:
        """Terms joined by ``or``."""
        found = self._both()
        while self._take("word", "or"):
            found = _either(found, self._both())
        return found

    def _both(self) -> Search:
        found = self._one()
        while self._take("word", "and"):
            found = _both(found, self._one())
        return found

    def _one(self) -> Search:
        if self._take("word", "not"):
            inner = self._one()
            return Search(lambda file: not inner.test(file))
        if self._take("sign", "("):
            found = self.either()
            self._need("sign", ")")
            return found
        return self._term()

    def _take(self, kind: str, value: str) -> bool:
        if self.rest and self.rest[0][0] == kind and self.rest[0][1].lower() == value:
            self.rest.pop(0)
            return True
        return False

    def _need(self, kind: str, value: str = "") -> str:
        if not self.rest or self.rest[0][0] != kind or (value and self.rest[0][1] != value):
            raise bad()
        return self.rest.pop(0)[1]

    def _term(self) -> Search:
        if self.rest and self.rest[0][0] == "text":
            value = self.rest.pop(0)[1]
            self._need("word", "in")
            return self._inside(self._need("word"), value)
        field = self._need("word")
        if self._take("word", "in"):
            return self._inside(field, self._need("text"))
        if self._take("word", "has"):
            return self._has(field)
        if self._take("word", "contains"):
            return self._contains(field, self._need("text"))
        if field == "sharedWithMe" and (not self.rest or self.rest[0][0] != "op"):
            return self._compare(field, "=", "true")
        return self._compare(field, self._need("op"), self._value())

    def _value(self) -> str:
        if not self.rest or self.rest[0][0] not in ("text", "word"):
            raise bad()
        return self.rest.pop(0)[1]

    def _inside(self, field: str, value: str) -> Search:
        world = self._world
        if field == "parents":
            folder = world.root(self._who.email) if value == "root" else value
            if folder not in world.files:
                raise GoogleError(404, f"File not found: {value}.", "notFound", "fileId")
            return Search(lambda file: file.parent == folder, list(world.children.get(folder, ())))
        if field not in ("owners", "writers", "readers"):
            raise bad()
        email = self._who.email if value == "me" else value.lower()
        roles = {"owners": ("owner",), "writers": ("writer", "fileOrganizer", "organizer", "owner")}.get(field)
        return Search(
            lambda file: any(
                permission.target == email and (roles is None or permission.role in roles)
                for each in world.lineage(file)
                for permission in each.permissions.values()
            )
        )

    def _has(self, field: str) -> Search:
        self._need("sign", "{")
        self._need("word", "key")
        self._need("op", "=")
        key = self._need("text")
        self._need("word", "and")
        self._need("word", "value")
        self._need("op", "=")
        value = self._need("text")
        self._need("sign", "}")
        app = self._who.app
        if field == "appProperties":
            tagged = self._world.tagged.get((app, key, value), {})
            return Search(lambda file: file.app_properties.get(app, {}).get(key) == value, list(tagged))
        if field == "properties":
            return Search(lambda file: file.properties.get(key) == value)
        raise bad()

    def _contains(self, field: str, value: str) -> Search:
        wanted = value.lower()
        if field == "name":
            return Search(lambda file: _prefixes(file.name.lower(), wanted))
        if field == "mimeType":
            return Search(lambda file: file.mime.startswith(value))
        if field == "fullText":
            return Search(lambda file: wanted in f"{file.name}\n{file.description}\n{self._body(file)}".lower())
        raise bad()

    def _body(self, file: File) -> str:
        """The text of *file*, as far as the emulator has read it."""
        if file.mime == SHEET and file.id in self._world.spreadsheets:
            return str(self._world.spreadsheets[file.id].plain_text())
        if file.mime == DOCUMENT and file.id in self._world.documents:
            return str(self._world.documents[file.id].plain_text())
        return file.content.decode("utf-8", "replace") if file.content and file.content_type.startswith("text/") else ""

    def _compare(self, field: str, operator: str, value: str) -> Search:
        compare = _COMPARE[operator]
        if field in ("createdTime", "modifiedTime", "viewedByMeTime", "sharedWithMeTime"):
            moment = _moment(value)
            return Search(lambda file: compare(self._time(file, field), moment))
        if operator not in ("=", "!="):
            raise bad()
        if field == "name":
            return Search(lambda file: compare(file.name, value))
        if field == "mimeType":
            return Search(lambda file: compare(file.mime, value))
        if field in ("trashed", "starred", "sharedWithMe"):
            return Search(self._truth(field, compare, value))
        if field == "visibility":
            return Search(lambda file: compare(_visibility(self._world, file), value))
        raise bad()

    def _time(self, file: File, field: str) -> datetime:
        if field == "createdTime":
            return file.created
        return file.shared_at.get(self._who.email, file.created) if field == "sharedWithMeTime" else file.modified

    def _truth(self, field: str, compare: Callable[[object, object], bool], value: str) -> Test:
        if value.lower() not in ("true", "false"):
            raise bad()
        wanted = value.lower() == "true"
        if field == "trashed":
            return lambda file: compare(self._world.is_trashed(file), wanted)
        if field == "starred":
            return lambda file: compare(file.starred, wanted)
        return lambda file: compare(file.owner != self._who.email and self._who.email in file.shared_at, wanted)


def _both(left: Search, right: Search) -> Search:
    known = [each.among for each in (left, right) if each.among is not None]
    return Search(lambda file: left.test(file) and right.test(file), min(known, key=len) if known else None)


def _either(left: Search, right: Search) -> Search:
    among = None
    if left.among is not None and right.among is not None:
        among = list(dict.fromkeys([*left.among, *right.among]))
    return Search(lambda file: left.test(file) or right.test(file), among)


def _prefixes(name: str, wanted: str) -> bool:
    """`name contains` matches the beginnings of words only: HelloWorld has Hello, but not World."""
    return bool(re.search(rf"(?:^|\W){re.escape(wanted)}", name))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad() from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _visibility(world: World, file: File) -> str:
    for permission in file.permissions.values():
        if permission.type == "anyone":
            return "anyoneCanFind" if permission.discoverable else "anyoneWithLink"
        if permission.type == "domain":
            return "domainCanFind" if permission.discoverable else "domainWithLink"
    return "limited"
