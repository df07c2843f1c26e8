"""Access as Drive tells it beside access as it is meant to be, folder by folder and file by file; and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from connectors.crew import Crew
from connectors.google.client import Refused
from connectors.google.files import File, Shelf
from connectors.google.keeping import Granted
from connectors.google.layout import ABOUT as ABOUT_PROPERTY
from connectors.google.layout import AREAS, FOLDER_KEY, OWNED, STANDING, Grant, area_of, at_home, joined, wanted_by, way_to
from connectors.google.sharing import Difference, Sharing, differences, told
from connectors.workspace import Drift, Failed, Grants, Unchanged, Written
from templates.shapes import Place


@dataclass
class Spot:
    """A folder or file and what is meant for it. A folder that is not *exact* may lack what its files are granted.

    *around* is the shared folder in which a file stands.
    """

    file: File
    wanted: dict[str, Grant] = field(default_factory=dict)
    exact: bool = True
    around: Spot | None = None


class Access:
    """The access to everything below one root."""

    def __init__(self, shelf: Shelf, sharing: Sharing, granted: Granted, crew: Crew) -> None:
        self._shelf, self._sharing, self._granted, self._crew = shelf, sharing, granted, crew

    # ------------------------------------------------------------ comparing

    def audit(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """What is not as meant, the folders first."""
        self._shelf.load()
        self._sharing.members()
        yield from self._misplaced()
        yield from self._strayed(grants)
        yield from self._compared(grants, self._of)

    def mend(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Make it as meant; what was mended, and with `certain` False what could not be.

        What was moved is left as it is: only a person can tell where it should be, and who was to read it there.
        """
        self._shelf.load()
        self._sharing.members()
        for moved in (*self._misplaced(), *self._strayed(grants)):
            yield replace(moved, certain=False)
        yield from self._compared(grants, self._mended)

    def _compared(self, grants: Mapping[str, Grants], look: Callable[[Spot], list[Difference]]) -> Iterator[Drift]:
        def reasons(spot: Spot) -> list[str]:
            return [f"“{spot.file.name}”: {told(one)}" for one in look(spot)]

        return self._each([(spot.file, partial(reasons, spot)) for spot in self._spots(grants)])

    def _each(self, looks: Sequence[tuple[File, Callable[[], list[str]]]]) -> Iterator[Drift]:
        """What each look has to say of its file; for one that Drive refuses, that."""
        for (file, _), found in zip(looks, self._crew.all([look for _, look in looks]), strict=True):
            if isinstance(found, Refused):
                yield Drift(file.id, f"“{file.name}”: {found}", certain=False)
            elif isinstance(found, Exception):
                raise found
            else:
                yield from (Drift(file.id, reason) for reason in found)

    def _of(self, spot: Spot) -> list[Difference]:
        given = {target: grant.role for target, grant in spot.around.wanted.items()} if spot.around else {}
        found = differences(spot.wanted, self._sharing.of(spot.file.id, given), self._sharing.members())
        return found if spot.exact else [one for one in found if one.wanted is None]

    def _mended(self, spot: Spot) -> list[Difference]:
        found = self._of(spot)
        self._sharing.mend(spot.file.id, found)
        return found

    def _misplaced(self) -> Iterator[Drift]:
        """Folders of people that stand inside others: whoever may open those may open them, too."""
        for key, id_ in self._shelf.folders.items():
            parts = key.split("/")
            around = self._shelf.folders.get(f"area/{parts[1]}") if parts[0] == "home" else None
            file = self._shelf.by_id[id_]
            if around is not None and file.parent != around:
                yield Drift(
                    id_,
                    f"The folder “{file.name}” was moved: whoever may open the folder around it may open it, too. Move it back "
                    f"into “{AREAS[parts[1]]}”.",
                )

    def _strayed(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Files that stand in a folder where they do not belong, and copies of files that do, with who may open them there."""
        keys = {file.key: one for ref, one in grants.items() if (file := self._shelf.by_id.get(ref)) and file.key}
        looks = []
        for file in self._shelf.by_id.values():
            meant = grants.get(file.id) or keys.get(file.key)
            if meant is None or file.trashed or file.is_folder:
                continue
            around, area = self.home_of(file)
            if around is not None and not _belongs(file, around, meant):
                what = "stands" if file.id in grants else "is a copy that stands"
                looks.append((file, partial(self._stray, file, what, around, area, meant)))
        yield from self._each(looks)

    def _stray(self, file: File, what: str, around: File, area: str, meant: Grants) -> list[str]:
        """What is told of a stray *file*, in one sentence with whoever may open it and is not meant to."""
        given = {} if self._sharing.root.is_drive else {one.target: one.role for one in self._sharing.of(around.id)}
        reached = {one.target for one in self._sharing.of(file.id, given)}
        openers = sorted(reached - wanted_by(meant, area).keys() - self._sharing.members().keys())
        who = f"{' and '.join(openers)} may open it there. " if openers else ""
        return [f"“{file.name}” {what} in “{around.name}”, where it does not belong. {who}{self._back(file, meant)}"]

    def _back(self, file: File, meant: Grants) -> str:
        """Where it belongs."""
        assert meant.home is not None
        way = way_to(meant.home, file.kind)
        home = self._shelf.by_id.get(self._shelf.folders.get(way.home, ""))
        area = AREAS[area_of(meant.home, file.kind)]
        return f"Move it back into {f'“{home.name}” in ' if home else ''}“{area}”."

    # ------------------------------------------------------------ what is meant

    def _spots(self, grants: Mapping[str, Grants]) -> list[Spot]:
        folders = {
            id_: Spot(self._shelf.by_id[id_], exact=True) for key, id_ in self._shelf.folders.items() if key.startswith("area/")
        }
        files: list[Spot] = []
        for ref, one in grants.items():
            file = self._shelf.by_id.get(ref)
            if file is None:
                continue
            home, area = self.home_of(file)
            if home is not None and not _belongs(file, home, one):
                continue  # it tells nothing of the folder around it, and nothing is granted where it should not stand
            spot = folders.setdefault(home.id, Spot(home, exact=False)) if home is not None else None
            files.append(Spot(file, wanted_by(one, area), around=spot))
            if spot is None:
                continue
            wanted = at_home(area, file.kind, one, joined(ABOUT_PROPERTY, file.properties))
            if _decides(file.kind, area) and not (spot.exact and spot.wanted):
                spot.wanted, spot.exact = dict(wanted), True
            elif not spot.exact:
                spot.wanted |= wanted
        return [*folders.values(), *files]

    def home_of(self, file: File) -> tuple[File | None, str]:
        """The folder around *file* that is shared, and its area; none for a file that was moved away from all of them."""
        for folder in self._shelf.above(file):
            kind, _, rest = folder.properties.get(FOLDER_KEY, "").partition("/")
            area = rest.partition("/")[0]
            if kind == "home" or (kind == "area" and area == Place.COMPANY):
                return folder, area
        return None, ""

    # ------------------------------------------------------------ sharing

    def share(self, ref: str, grants: Grants, file: File) -> Written | Unchanged | Failed:
        """Give exactly *grants*: on the folder of its person where its kind decides about that, else on the file."""
        home, area = self.home_of(file)
        if home is not None and not _belongs(file, home, grants):
            return Failed(ref, f"“{file.name}” stands in “{home.name}”, where it does not belong. {self._back(file, grants)}")
        wanted = wanted_by(grants, area)
        changed, around = False, None
        if home is not None and _decides(file.kind, area):
            at = at_home(area, file.kind, grants, joined(ABOUT_PROPERTY, file.properties))
            if area in OWNED:
                self._granted.note({ref: at})
                at = self._needed_by_others(home, ref) | at
            around = Spot(home, dict(at))
            changed = bool(self._mended(around))
            self._granted.note({home.id: at})
        elif home is not None and not self._sharing.root.is_drive:
            given = self._sharing.of(home.id)
            around = Spot(home, {one.target: Grant(one.target, one.role) for one in given})
        changed = bool(self._mended(Spot(file, wanted, around=around))) or changed
        return Written(ref, "") if changed else Unchanged(ref, "")

    def _needed_by_others(self, home: File, ref: str) -> dict[str, Grant]:
        """What *home* grants and some other file in it rests on: who may only read one paper keeps writing the others.

        A file that was never shared anew rests on all of it.
        """
        targets = self._granted.of(home.id)
        if targets is None:
            targets = frozenset(one.target for one in self._sharing.of(home.id) if one.direct)
        others = [one for one in self._shelf.by_id.values() if one.key and one.id != ref and not one.trashed]
        noted = [self._granted.of(one.id) for one in others if (around := self.home_of(one)[0]) and around.id == home.id]
        return {one: Grant(one, "writer") for one in targets if any(known is None or one in known for known in noted)}


def _belongs(file: File, home: File, meant: Grants) -> bool:
    """Whether *file* belongs in the shared folder *home* that is around it."""
    return meant.home is None or way_to(meant.home, file.kind).home == home.properties.get(FOLDER_KEY)


def _decides(kind: str, area: str) -> bool:
    """Whether artifacts of *kind* say who may open the folder of their person."""
    return kind in STANDING if area == Place.WORKING else True
