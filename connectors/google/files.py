"""Files of one drive: found, made, put into the bin; and what has become of them since."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connectors.google.client import PAGE, Api, Refused, Uncertain
from connectors.google.layout import DOCUMENT, DOCX, FOLDER, FOLDER_KEY, KEY, KIND, ROOT, SHEET, XLSX, joined
from connectors.workspace import Trouble, WorkspaceError

FIELDS = (
    "id,name,mimeType,parents,appProperties,modifiedTime,createdTime,version,trashed,size,driveId,"
    "lastModifyingUser(emailAddress,displayName),capabilities(canEdit,canDownload),owners(emailAddress)"
)
TRIES = 5
MOST_KEYS = 25
"""Keys that are asked for in one search."""
NATIVE = {SHEET, DOCUMENT}
OFFICE = {XLSX, DOCX}


@dataclass(frozen=True)
class File:
    """A file or folder as Drive describes it."""

    id: str
    name: str
    mime: str
    parent: str
    properties: Mapping[str, str]
    modified: str
    created: str
    version: str
    trashed: bool
    drive: str
    editor: str
    """Who changed it last: an address, else a name."""
    can_edit: bool
    can_download: bool
    owner: str
    size: int

    @property
    def key(self) -> str:
        """The logical key that it carries, "" when it carries none."""
        return joined(KEY, self.properties)

    @property
    def kind(self) -> str:
        """The kind of artifact that it was made as."""
        return self.properties.get(KIND, "")

    @property
    def is_folder(self) -> bool:
        """Whether other files stand in it."""
        return self.mime == FOLDER

    @property
    def readable(self) -> bool:
        """Whether somebody's words can stand in it that this program reads."""
        return self.mime in NATIVE or (self.mime in OFFICE and bool(self.key))


def file_of(data: Mapping[str, Any]) -> File:
    """What an answer of Drive describes."""
    editor, can = data.get("lastModifyingUser") or {}, data.get("capabilities") or {}
    owners = data.get("owners") or [{}]
    return File(
        id=str(data["id"]),
        name=str(data.get("name") or ""),
        mime=str(data.get("mimeType") or ""),
        parent=str((data.get("parents") or [""])[0]),
        properties=dict(data.get("appProperties") or {}),
        modified=str(data.get("modifiedTime") or ""),
        created=str(data.get("createdTime") or ""),
        version=str(data.get("version") or ""),
        trashed=bool(data.get("trashed")),
        drive=str(data.get("driveId") or ""),
        editor=str(editor.get("emailAddress") or editor.get("displayName") or ""),
        can_edit=bool(can.get("canEdit", True)),
        can_download=bool(can.get("canDownload", True)),
        owner=str(owners[0].get("emailAddress") or ""),
        size=int(data.get("size") or 0),
    )


@dataclass(frozen=True)
class Root:
    """What HR named: a shared drive, or a folder in somebody's My Drive."""

    id: str
    is_drive: bool


class Files:
    """Calls about files below one root."""

    def __init__(self, api: Api, root: Root, settle: float) -> None:
        self.api, self.root, self._settle = api, root, settle

    def holds(self, file: File) -> bool:
        """Whether *file* is one of this root's. A person's log of changes tells of everything else that is theirs, too."""
        return self.root.is_drive or file.properties.get(ROOT) == self.root.id

    # ------------------------------------------------------------ finding

    def all(self, where: str = "") -> Iterator[File]:
        """Every file and folder outside of the bin. *where* narrows it down in Drive's own words."""
        wanted = ["trashed=false", *([where] if where else [])]
        query: dict[str, Any] = {
            "pageSize": PAGE,
            "fields": f"nextPageToken,files({FIELDS})",
            "supportsAllDrives": True,
            "includeItemsFromAllDrives": True,
            "orderBy": "createdTime",
        }
        if self.root.is_drive:
            query |= {"corpora": "drive", "driveId": self.root.id}
        else:
            wanted.append(f"appProperties has {{ key='{ROOT}' and value='{self.root.id}' }}")
        query["q"] = " and ".join(wanted)
        for data in self.api.listed(self.api.drive.files().list, "files", **query):
            yield file_of(data)

    def with_keys(self, keys: Iterable[str]) -> Iterator[File]:
        """Files that carry one of *keys*, the oldest first."""
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), MOST_KEYS):
            some = wanted[start : start + MOST_KEYS]
            parts = (f"appProperties has {{ key='{KEY}' and value='{_quoted(_first(key))}' }}" for key in some)
            yield from (file for file in self.all(f"({' or '.join(parts)})") if file.key in some)

    def folders(self, key: str) -> Iterator[File]:
        """The folders of that key, the oldest first."""
        return self.all(f"appProperties has {{ key='{FOLDER_KEY}' and value='{_quoted(key)}' }}")

    def look(self, id_: str) -> File | None:
        """The file, in the bin or not; None when it is gone or not shared with us."""
        try:
            return file_of(self.api.get(self.api.drive.files().get(fileId=id_, fields=FIELDS, supportsAllDrives=True)))
        except Refused as refusal:
            if refusal.is_missing:
                return None
            raise

    def one(self, id_: str) -> File | None:
        """The file, unless it is gone or in the bin."""
        file = self.look(id_)
        return file if file is not None and not file.trashed and not file.is_folder else None

    # ------------------------------------------------------------ making

    def make(self, body: dict[str, Any], media: tuple[str, bytes] | None, find: Callable[[], Iterable[File]]) -> File:
        """A new file, exactly once. *find* gives what an unknown outcome may have made. Raises Refused, WorkspaceError."""
        for _ in range(TRIES):
            try:
                return file_of(self.api.make(self._create(body, media)))
            except Uncertain as doubt:
                problem = str(doubt)
            for wait in (0.0, self._settle):
                self.api.clock.sleep(wait)
                made = next((file for file in find() if file.parent == body["parents"][0]), None)
                if made is not None:
                    return made
        raise WorkspaceError(f"Google does not answer: {problem}. Try again later.", permanent=False)

    def _create(self, body: dict[str, Any], media: tuple[str, bytes] | None) -> Any:
        more: dict[str, Any] = {}
        if not self.root.is_drive:  # in My Drive whoever may write may share, unless the file says otherwise
            body = {**body, "writersCanShare": False}
        if media is not None:
            from googleapiclient.http import MediaInMemoryUpload

            more["media_body"] = MediaInMemoryUpload(media[1], mimetype=media[0], resumable=False)
        return self.api.drive.files().create(body=body, fields=FIELDS, supportsAllDrives=True, **more)

    def folder(self, key: str, name: str, parent: str) -> File:
        """A new folder of that key."""
        body = {
            "name": name,
            "mimeType": FOLDER,
            "parents": [parent],
            "appProperties": {FOLDER_KEY: key, ROOT: self.root.id},
        }
        return self.make(body, None, partial(self.folders, key))

    def trash(self, id_: str) -> None:
        """Put it into the bin, where somebody can take it out again. Raises Refused."""
        self.api.get(self.api.drive.files().update(fileId=id_, body={"trashed": True}, fields="id", supportsAllDrives=True))

    # ------------------------------------------------------------ content

    def export(self, id_: str, mime: str) -> bytes:
        """A Google file as another kind. Raises Refused."""
        return bytes(self.api.get(self.api.drive.files().export(fileId=id_, mimeType=mime)))

    def download(self, id_: str) -> bytes:
        """The bytes of a file that is none of Google's. Raises Refused."""
        return bytes(self.api.get(self.api.drive.files().get_media(fileId=id_, supportsAllDrives=True)))

    # ------------------------------------------------------------ the log of changes

    def _logged(self, request: Any) -> Any:
        """What the log of the root answers. Raises WorkspaceError when the root is not there for us any more."""
        try:
            return self.api.get(request)
        except Refused as refusal:
            if not refusal.is_missing:
                raise
            raise WorkspaceError(
                "The shared drive is gone, or not shared with this connection any more. Share it again, then run this again.",
                trouble=Trouble.PLACE,
            ) from refusal

    def now(self) -> str:
        """Where the log of changes ends."""
        query = {"driveId": self.root.id} if self.root.is_drive else {}
        answer = self._logged(self.api.drive.changes().getStartPageToken(supportsAllDrives=True, **query))
        return str(answer["startPageToken"])

    def since(self, token: str) -> tuple[list[tuple[str, File | None]], str]:
        """Ids with the files that changed since *token* (None for removed ones), and the next token."""
        query: dict[str, Any] = {
            "pageSize": PAGE,
            "fields": f"nextPageToken,newStartPageToken,changes(changeType,fileId,removed,file({FIELDS}))",
            "supportsAllDrives": True,
            "includeItemsFromAllDrives": True,
            "includeRemoved": True,
        }
        query |= {"driveId": self.root.id} if self.root.is_drive else {}
        found: list[tuple[str, File | None]] = []
        while True:
            answer = self._logged(self.api.drive.changes().list(pageToken=token, **query))
            for change in answer.get("changes") or ():
                if change.get("changeType", "file") == "file" and change.get("fileId"):
                    data = None if change.get("removed") else change.get("file")
                    found.append((str(change["fileId"]), file_of(data) if data else None))
            if "nextPageToken" not in answer:
                return found, str(answer.get("newStartPageToken") or token)
            token = str(answer["nextPageToken"])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _first(key: str) -> str:
    from connectors.google.layout import split

    return split(KEY, key)[KEY]


# ---------------------------------------------------------------- what stands where


@dataclass
class Shelf:
    """What stands in the drive, as far as this object knows: asked for once, then kept up by what is made."""

    files: Files
    by_id: dict[str, File] = field(default_factory=dict)
    by_key: dict[str, list[str]] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    """Ids of our folders by their keys."""
    _known: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def load(self) -> None:
        """Ask for everything, unless it was asked for already."""
        with self._lock:
            if not self._known:
                self.fill(self.files.all())

    def fill(self, found: Iterable[File]) -> None:
        """This is everything there is."""
        with self._lock:
            self.by_id, self.by_key, self.by_name, self.folders = {}, {}, {}, {}
            for file in found:
                self.add(file)
            self._known = True

    def add(self, file: File) -> None:
        """Note one more."""
        with self._lock:
            self.by_id[file.id] = file
            if file.is_folder:
                if key := file.properties.get(FOLDER_KEY):
                    self.folders.setdefault(key, file.id)
                return
            if file.key:
                self.by_key.setdefault(file.key, []).append(file.id)
            self.by_name.setdefault((file.parent, file.name), []).append(file.id)

    def forget(self, id_: str) -> None:
        """It is gone."""
        with self._lock:
            file = self.by_id.pop(id_, None)
            if file is None:
                return
            for ids in (self.by_key.get(file.key, []), self.by_name.get((file.parent, file.name), [])):
                if id_ in ids:
                    ids.remove(id_)
            self.folders = {key: one for key, one in self.folders.items() if one != id_}

    def above(self, file: File) -> Iterator[File]:
        """The folders around *file*, the nearest first, as far as they are known."""
        at = self.by_id.get(file.parent)
        for _ in range(100):
            if at is None:
                return
            yield at
            at = self.by_id.get(at.parent)
