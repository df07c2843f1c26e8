"""The databases below the parent page: made once, found again, mended when people took properties away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from connectors.notion.client import Api, Refused, Uncertain
from connectors.notion.layout import COMMON, GOALS, TITLE, Database, Keeper, Layout, marker_of, title_of
from connectors.notion.values import rich_text, schema_of
from connectors.workspace import Trouble, WorkspaceError
from templates.shapes import Column, ColumnType

TRIES = 6
T = TypeVar("T")
_GOAL_PROPERTIES = {**COMMON, "Sheet": {"rich_text": {}}, "Order": {"number": {}}}


class Databases:
    """What stands below the page *parent*. Safe between threads."""

    def __init__(self, api: Api, parent: str, keeper: Keeper, settle: float) -> None:
        self._api, self._parent, self._keeper, self._settle = api, parent, keeper, settle
        self.layout = Layout.loaded(keeper.load())
        self.fresh: set[str] = set()
        """Databases that this object made: nothing stands in them that it does not know."""

    def save(self) -> None:
        """Keep the layout."""
        self._keeper.save(self.layout.dumped())

    def known(self, key: str) -> Database | None:
        """The database when it was made already."""
        return self.layout.databases.get(key)

    def ensure(self, key: str) -> Database:
        """The database of that name, made if need be. Raises WorkspaceError when the parent page cannot be used."""
        with self.layout.lock:
            found = self.layout.databases.get(key)
            if found is None:
                found = self._found_again(key) or self._made(key)
                self.layout.databases[key] = found
                self.save()
            return found

    def columns(self, wanted: Iterable[Column]) -> dict[str, str]:
        """Property ids of the goals database for the columns of a sheet, by column key; what lacks is added."""
        with self.layout.lock:
            goals = self.ensure(GOALS)
            columns = [column for column in wanted if column.type not in (ColumnType.KEY, ColumnType.PROGRESS)]
            first = next((column.key for column in columns if column.type is ColumnType.TEXT), "")
            names = {column.key: f"{column.key}:{column.type}" for column in columns if column.key != first}
            new = {
                names[column.key]: (column.title, schema_of(column))
                for column in columns
                if column.key in names and names[column.key] not in goals.properties
            }
            if new:
                self._add(goals, new)
            return {first: goals.properties.get("Name", TITLE)} | {key: goals.properties[name] for key, name in names.items()}

    def mend(self, key: str) -> bool:
        """Make properties again that people deleted. Returns whether any lacked. Raises WorkspaceError when all is gone."""
        with self.layout.lock:
            known = self.layout.databases[key]
            try:
                source = self._api.get(f"data_sources/{known.source}")
            except Refused as refusal:
                raise self.gone(key, refusal) from refusal
            ids = {str(value["id"]) for value in source["properties"].values()}
            lost = {name for name, id_ in known.properties.items() if id_ not in ids and name in _wanted(key)}
            if lost:
                self._add(known, {name: (name, dict(_wanted(key)[name])) for name in sorted(lost)})
            forgotten = {name for name, id_ in known.properties.items() if id_ not in ids and name not in lost}
            for name in forgotten:
                del known.properties[name]
            self.save()
            return bool(lost or forgotten)

    def gone(self, key: str, refusal: Refused) -> Exception:
        """What to say when a whole database cannot be used."""
        if not refusal.is_missing and not refusal.is_in_trash:
            return WorkspaceError(f"Notion refuses to work with the database “{title_of(key)}”: {refusal}")
        return WorkspaceError(
            f"The database “{title_of(key)}” is not there any more, or no longer shared with the connection. Restore it from "
            "Notion's trash, or add the connection to it again (••• → Connections), then run this again.",
            trouble=Trouble.PLACE,
        )

    # ------------------------------------------------------------ making

    def _made(self, key: str) -> Database:
        body = {
            "parent": {"type": "page_id", "page_id": self._parent},
            "title": rich_text(title_of(key)),
            "description": rich_text(f"Kept by Throughline. Rename it as you like, but leave this: {marker_of(key)}"),
            "initial_data_source": {"properties": {_shown(key, name): dict(one) for name, one in _wanted(key).items()}},
        }
        try:
            answer = settled(self._api, self._settle, lambda: self._api.make("databases", body), lambda: self._look(key))
        except Refused as refusal:
            raise self._unusable(refusal) from refusal
        self.fresh.add(key)
        return self._read(answer, key)

    def _found_again(self, key: str) -> Database | None:
        answer = self._look(key)
        return self._read(answer, key) if answer else None

    def _look(self, key: str) -> dict[str, Any] | None:
        """The database below the parent page whose description carries the marker of *key*."""
        known = {one.id for one in self.layout.databases.values()}
        try:
            children = list(self._api.listed(f"blocks/{self._parent}/children"))
        except Refused as refusal:
            raise self._unusable(refusal) from refusal
        for child in children:
            if child.get("type") != "child_database" or child["id"] in known:
                continue
            try:
                found = self._api.get(f"databases/{child['id']}")
            except Refused:  # a linked view of something that is not shared
                continue
            said = "".join(str(piece.get("plain_text", "")) for piece in found.get("description", ()))
            if marker_of(key) in said.split() and not found.get("in_trash"):
                return found
        return None

    def _unusable(self, refusal: Refused) -> Exception:
        if not refusal.is_missing:
            return WorkspaceError(f"Notion refuses to make a database below the parent page: {refusal}")
        return WorkspaceError(
            "The parent page is not there, or not shared with the connection. Open it in Notion, add the connection "
            "(••• → Connections), then run this again."
        )

    def _read(self, answer: Mapping[str, Any], key: str) -> Database:
        source = str(answer["data_sources"][0]["id"])
        properties = self._api.get(f"data_sources/{source}")["properties"]
        ids = {name: str(properties[name]["id"]) for name in _wanted(key) if name in properties}
        return Database(str(answer["id"]), source, {**ids, **_title_id(properties)})

    def _add(self, known: Database, wanted: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        """Add properties: our name to the name that people see and the schema. A name that is taken gets a number."""
        source = self._api.get(f"data_sources/{known.source}")
        taken = {str(name) for name in source["properties"]}
        shown: dict[str, str] = {}
        for name, (title, _) in wanted.items():
            shown[name] = next(free for n in range(1, 99) if (free := title if n == 1 else f"{title} {n}") not in taken)
            taken.add(shown[name])
        body = {"properties": {shown[name]: dict(schema) for name, (_, schema) in wanted.items()}}
        answer = self._api.change(f"data_sources/{known.source}", body)
        known.properties |= {name: str(answer["properties"][shown[name]]["id"]) for name in wanted}
        self.save()


def _title_id(properties: Mapping[str, Any]) -> dict[str, str]:
    return {"Name": next((str(one["id"]) for one in properties.values() if one.get("type") == "title"), TITLE)}


def _wanted(key: str) -> Mapping[str, Mapping[str, Any]]:
    return _GOAL_PROPERTIES if key == GOALS else COMMON


def _shown(key: str, name: str) -> str:
    """What people see as the name of a property of ours; it is theirs to change."""
    return "Goal" if key == GOALS and name == "Name" else name


def settled(
    api: Api,
    seconds: float,
    make: Callable[[], T],
    look: Callable[[], T | None],
    committed: Callable[[str], T | None] = lambda id_: None,
) -> T:
    """What *make* makes, exactly once: after an unknown outcome, look, wait until the platform shows it, and look again.

    *committed* gives what stands under an id that Notion named although it answered with an error. Raises Refused and
    WorkspaceError.
    """
    for _ in range(TRIES):
        try:
            return make()
        except Uncertain as doubt:
            problem = str(doubt)
            if doubt.committed and (found := committed(doubt.committed)) is not None:
                return found
        for wait in (0.0, seconds):
            api.clock.sleep(wait)
            if (found := look()) is not None:
                return found
    raise WorkspaceError(f"Notion does not answer: {problem}. Try again later.", permanent=False)
