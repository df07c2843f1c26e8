"""The folders of one call: looked up and made once, never through a symbolic link."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from connectors.folder.faults import odd_name
from connectors.folder.paths import PLACES, PRIVATE, SHARED, home_ref, owner_folder, owner_token, parts_of, place_ref, token_of
from connectors.folder.scan import has_sidecar
from connectors.folder.writing import Checkpoint
from connectors.workspace import Home, WorkspaceError
from templates.shapes import Place

_CLOSED = 0o700
_FOR_GROUP = 0o770
_OPEN = 0o777  # less the umask
_BIN = ".trash"


class Refused(Exception):
    """A ref or folder that is not used, with the sentence why."""


def separate_roots(root: Path, private: Path) -> dict[str, Path]:
    """The two roots by ref prefix, links resolved. Raises WorkspaceError when one lies inside the other."""
    shared, closed = root.resolve(), private.resolve()
    if _lies_in(closed, shared) or _lies_in(shared, closed):
        raise WorkspaceError(
            f"The private folder {private} and the shared folder {root} lie inside one another, so that whoever has the "
            "outer one could read both. Choose a private folder elsewhere (--private-dir)."
        )
    return {SHARED: shared, PRIVATE: closed}


def _lies_in(inner: Path, outer: Path) -> bool:
    return any(_is_same(folder, outer) for folder in (inner, *inner.parents))


def _is_same(one: Path, other: Path) -> bool:
    """Also on file systems that take ``Team`` and ``team`` for one folder."""
    return one == other or (one.exists() and other.exists() and one.samefile(other))


class Folders:
    """Where refs and homes are on the disk. *touched* collects the folders whose names changed and want a sync."""

    def __init__(self, roots: Mapping[str, Path], checkpoint: Checkpoint) -> None:
        self._roots = roots
        self._checkpoint = checkpoint
        self._checked: dict[str, Path] = dict(roots)
        self._owners: dict[Place, dict[str, str]] = {}
        self._homes: dict[Home, str] = {}
        self._being_edited: dict[str, bool] = {}
        self.touched: set[Path] = set()

    def prepare(self) -> None:
        """Make the roots and the places inside them."""
        for prefix, root in self._roots.items():
            root.mkdir(mode=_CLOSED if prefix == PRIVATE else _OPEN, parents=True, exist_ok=True)
        for place in PLACES:
            self.make(place_ref(place))

    def locate(self, ref: str) -> Path:
        """The path of *ref*. Raises Refused for a ref outside the roots or below a symbolic link, OSError."""
        parts = parts_of(ref)
        if parts is None:
            raise Refused(odd_name(ref) if "\\" in ref else f"{ref!r} names nothing inside this workspace.")
        return self._folder("/".join(parts[:-1])) / parts[-1]

    def _folder(self, ref: str) -> Path:
        waiting = []
        while ref not in self._checked:
            ref, _, name = ref.rpartition("/")
            waiting.append(name)
        for name in reversed(waiting):
            path = self._checked[ref] / name
            ref = f"{ref}/{name}"
            if not stat.S_ISDIR(path.lstat().st_mode):
                raise Refused(f"{ref} is not a folder of its own (links are not followed). Put a real folder there.")
            self._checked[ref] = path
        return self._checked[ref]

    def is_being_edited(self, ref: str) -> bool:
        """Whether an edit in the folder of *ref* was being made when it was first asked."""
        above = ref.rpartition("/")[0]
        if above not in self._being_edited:
            try:
                self._being_edited[above] = has_sidecar(self._folder(above))
            except (OSError, Refused):  # it is gone by now
                self._being_edited[above] = False
        return self._being_edited[above]

    def home(self, home: Home) -> str:
        """The ref of the folder for *home*, made when missing. Raises Refused, OSError."""
        if home not in self._homes:
            ref = home_ref(home, self._owner(home) if home.owner_id else "")
            self.make(ref)
            self._homes[home] = ref
        return self._homes[home]

    def _owner(self, home: Home) -> str:
        """The folder of that person: the one that ends in the id already, for names change and people rename folders."""
        if home.place not in self._owners:
            self._owners[home.place] = self._owner_folders(home.place)
        folder = owner_folder(home.owner_id, home.owner_name)
        return self._owners[home.place].setdefault(owner_token(home.owner_id), folder)

    def _owner_folders(self, place: Place) -> dict[str, str]:
        try:
            with os.scandir(self._folder(place_ref(place))) as entries:
                names = sorted((entry.name for entry in entries if entry.is_dir(follow_symlinks=False)), reverse=True)
        except FileNotFoundError:
            return {}
        return {token: name for name in names if (token := token_of(name))}

    def make(self, ref: str) -> Path:
        """The folder at *ref*, made with all above it. Raises Refused, OSError."""
        if ref not in self._checked:
            above, _, name = ref.rpartition("/")
            path = self.make(above) / name
            try:
                path.mkdir(mode=_mode(ref))
                self.touched.add(path.parent)
                self._checkpoint("create: folder")
            except FileExistsError:
                self._folder(ref)
            self._checked[ref] = path
        return self._checked[ref]

    def bin_for(self, ref: str, unique: str) -> Path:
        """Where *ref* goes in the bin of its own root: what is private never leaves the private root."""
        root, *rest = ref.split("/")
        bin = self._roots[root] / _BIN
        if bin.is_symlink():
            raise Refused(f"The bin {bin} is a symbolic link. Put a real folder there.")
        bin.mkdir(mode=_CLOSED, exist_ok=True)
        return bin.joinpath(unique, *rest)


def _mode(ref: str) -> int:
    if ref.startswith(f"{PRIVATE}/"):
        return _CLOSED
    return _OPEN if ref.startswith(place_ref(Place.COMPANY)) else _FOR_GROUP
