"""New artifacts: folders, grants and files, one call each, and never twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from connectors.crew import Crew
from connectors.google.client import Refused
from connectors.google.codec import Upload, upload_of
from connectors.google.files import File, Files, Shelf
from connectors.google.keeping import Granted
from connectors.google.layout import Grant, Spot, Way, area_of, at_home, properties_of, wanted_by, way_to
from connectors.google.sharing import Sharing, differences
from connectors.workspace import Created, Failed, NewItem


@dataclass(frozen=True)
class Order:
    """An item that can be made now: where, and what is granted on its person's folder and on the file itself."""

    item: NewItem
    way: Way
    home: Mapping[str, Grant]
    own: Mapping[str, Grant]


def order_of(item: NewItem) -> Order:
    """Where *item* goes and who gets access by what."""
    way, area = way_to(item.home, item.kind), area_of(item.home, item.kind)
    home = at_home(area, item.kind, item.grants, item.about)
    wanted = wanted_by(item.grants, area)
    return Order(item, way, home, {email: grant for email, grant in wanted.items() if email not in home})


class Maker:
    """Makes artifacts."""

    def __init__(self, files: Files, shelf: Shelf, sharing: Sharing, crew: Crew, granted: Granted) -> None:
        self._files, self._shelf, self._sharing, self._crew, self._granted = files, shelf, sharing, crew, granted

    def make(self, orders: Sequence[Order]) -> list[Created | Failed | Exception]:
        """Make them all: first the folders around them, from the top, then what those grant, then the files."""
        problems: dict[str, Exception] = {}
        if any(one.home or one.own for one in orders):
            self._sharing.members()  # before several threads ask for it at once
        fresh = self._folders(orders, problems)
        self._grants(orders, fresh, problems)
        return self._crew.all([partial(self._whole, one, problems) for one in orders])

    # ------------------------------------------------------------ folders

    def _folders(self, orders: Sequence[Order], problems: dict[str, Exception]) -> set[str]:
        """Make the folders that are missing; the keys of those that were made."""
        made: set[str] = set()
        for depth in range(max((len(one.way.spots) for one in orders), default=0)):
            spots = {one.way.spots[depth].key: one.way.spots[depth] for one in orders if depth < len(one.way.spots)}
            missing = [spot for spot in spots.values() if spot.key not in self._shelf.folders and spot.parent not in problems]
            for spot in spots.values():
                if spot.parent in problems:
                    problems[spot.key] = problems[spot.parent]
            results = self._crew.all([partial(self._folder, spot) for spot in missing])
            for spot, result in zip(missing, results, strict=True):
                if isinstance(result, Exception):
                    problems[spot.key] = result
                else:
                    made.add(spot.key)
        return made

    def _folder(self, spot: Spot) -> File:
        parent = self._shelf.folders[spot.parent] if spot.parent else self._files.root.id
        file = self._files.folder(spot.key, spot.name, parent)
        self._shelf.add(file)
        return file

    # ------------------------------------------------------------ grants

    def _grants(self, orders: Sequence[Order], fresh: set[str], problems: dict[str, Exception]) -> None:
        """Give the folders of people what their first artifact asks for. A stopped run is carried on."""
        homes: dict[str, Mapping[str, Grant]] = {}
        for one in orders:
            key = one.way.home
            if key not in problems and key in self._shelf.folders and self._granted.of(self._shelf.folders[key]) is None:
                homes.setdefault(key, one.home)
        results = self._crew.all([partial(self._grant, key, grants, key in fresh) for key, grants in homes.items()])
        problems |= {key: result for key, result in zip(homes, results, strict=True) if isinstance(result, Exception)}
        self._granted.note({self._shelf.folders[key]: homes[key] for key in homes if key not in problems})

    def _grant(self, key: str, grants: Mapping[str, Grant], is_fresh: bool) -> None:
        id_ = self._shelf.folders[key]
        if is_fresh:
            self._sharing.give(id_, grants.values())
            return
        found = differences(grants, self._sharing.of(id_), self._sharing.members())
        self._sharing.mend(id_, [one for one in found if one.wanted is not None])

    # ------------------------------------------------------------ the artifact

    def _whole(self, one: Order, problems: Mapping[str, Exception]) -> Created | Failed:
        """The file with its content in one call, then what is granted on it alone."""
        for spot in one.way.spots:
            if spot.key in problems:
                raise problems[spot.key]
        upload = upload_of(one.item)
        file = self._file(one, upload)
        self._shelf.add(file)
        if own := self._on_file(one):
            self._sharing.give(file.id, own.values())
        return Created(one.item.key, file.id, upload.version)

    def _on_file(self, one: Order) -> dict[str, Grant]:
        """What is granted on the file: its own, and what the folder around it was not given when it was made."""
        given = self._granted.of(self._shelf.folders.get(one.way.home, "")) or frozenset()
        return {**one.own, **{target: grant for target, grant in one.home.items() if target not in given}}

    def _file(self, one: Order, upload: Upload) -> File:
        """In the folder where it belongs; one that was deleted meanwhile is made anew, once."""
        try:
            return self._send(one, upload)
        except Refused as refusal:
            if not (refusal.is_missing or refusal.reason == "parentNotAFolder"):
                raise
            for spot in one.way.spots:
                if (id_ := self._shelf.folders.get(spot.key)) and ((seen := self._files.look(id_)) is None or seen.trashed):
                    self._shelf.forget(id_)
            problems: dict[str, Exception] = {}
            fresh = self._folders([one], problems)
            self._grants([one], fresh, problems)
            if problems:
                raise next(iter(problems.values())) from refusal
            return self._send(one, upload)

    def _send(self, one: Order, upload: Upload) -> File:
        item = one.item
        body = {
            "name": item.title,
            "mimeType": upload.mime,
            "parents": [self._shelf.folders[one.way.last]],
            "appProperties": properties_of(item, self._files.root.id, upload.own),
        }
        known = set(self._shelf.by_key.get(item.key, ()))

        def find() -> Iterable[File]:
            return (file for file in self._files.with_keys([item.key]) if file.id not in known)

        return self._files.make(body, (upload.media_type, upload.data), find)

    def complete(self, one: Order, file: File) -> None:
        """What is granted on the file alone may be missing when a stopped run made it."""
        if own := self._on_file(one):
            found = differences(own, self._sharing.of(file.id), self._sharing.members())
            self._sharing.mend(file.id, [each for each in found if each.wanted is not None])
