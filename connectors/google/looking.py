"""What changed in the drive: one list of changes, and one read of each file that may read otherwise.

What became of a file beside its text (moved, renamed, another owner, turned into an Office file) is told in a sentence
with it; what cannot be read is told, too, and is looked at again by the next look.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from connectors.crew import Crew
from connectors.google.body import Body, body_of, hashed
from connectors.google.client import Api, Refused
from connectors.google.codec import sheet_version
from connectors.google.cursor import Seen, State, pack, unpack
from connectors.google.files import File, Files, Shelf
from connectors.google.layout import DOCUMENT, DOCX, SHEET, XLSX
from connectors.office import docx
from connectors.office.package import BrokenFile
from connectors.workspace import Changed, Changes, Document, Failed, Vanished

_MASK = "documentId,revisionId,title,comments,tabs(tabProperties,documentTab(body,lists,headers,footers,footnotes),childTabs)"
AT_HAND = 200
"""How many documents of one look are kept as they are; those after them are packed until they are read."""
_TOO_LARGE = "exportSizeLimitExceeded"
_NOT_ALLOWED = frozenset({"cannotExportFile", "cannotDownloadFile", "fileNotExportable", "fileNotDownloadable"})


class Unreadable(Exception):
    """A file that cannot be read now, with the reason as a sentence."""


@dataclass(frozen=True)
class Looked:
    """A file as it was read, and what had become of it."""

    file: File
    version: str
    held: bytes | Body
    """A file's bytes; a document's body, packed or not."""
    notes: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The bytes of a file that is no document."""
        assert isinstance(self.held, bytes)
        return self.held

    def body(self) -> Body:
        """The body of a document."""
        if isinstance(self.held, Body):
            return self.held
        body = pickle.loads(zlib.decompress(self.held))  # noqa: S301 - our own, never out of this process
        assert isinstance(body, Body)
        return body

    def packed(self) -> Looked:
        """The same, small enough to be kept for thousands of files."""
        if isinstance(self.held, bytes):
            return self
        return replace(self, held=zlib.compress(pickle.dumps(self.held, pickle.HIGHEST_PROTOCOL), 1))


class Watch:
    """Looks at the files of one root. What the last look read is handed out once, without another call."""

    def __init__(self, api: Api, files: Files, shelf: Shelf, crew: Crew) -> None:
        self._api, self._files, self._shelf, self._crew = api, files, shelf, crew
        self._headings: dict[str, Mapping[str, str]] = {}
        self.looked: dict[str, Looked] = {}

    # ------------------------------------------------------------ one file

    def look(self, file: File) -> Looked:
        """Read one file. Raises Unreadable, Refused and WorkspaceError."""
        try:
            return self._read(file)
        except Refused as refusal:
            if refusal.reason == _TOO_LARGE:
                raise Unreadable(
                    f"“{file.name}” is too large: Google exports 10 MB at most. Take pictures or old sheets out of it; it "
                    "stays as it is, and is read again then."
                ) from refusal
            if refusal.reason in _NOT_ALLOWED or (refusal.status == 403 and not file.can_download):
                raise Unreadable(
                    f"“{file.name}” may be seen but not exported: allow “Download, print and copy” for viewers, or make the "
                    "service account an editor of it again."
                ) from refusal
            raise
        except BrokenFile as error:
            raise Unreadable(f"“{file.name}” cannot be read: {error}") from error

    def _look_and_pack(self, file: File) -> Looked:
        return self.look(file).packed()

    def _read(self, file: File) -> Looked:
        if file.mime == DOCUMENT:
            return self._document(file)
        if file.mime == SHEET:
            data = self._files.export(file.id, XLSX)
            return Looked(file, sheet_version(data), data, tuple(_state_of(file)))
        data = self._files.download(file.id)
        if file.mime == XLSX:
            return Looked(file, sheet_version(data), data, tuple(_state_of(file)))
        return Looked(file, _office_version(docx.read(data, None)[1]), data, tuple(_state_of(file)))

    def _document(self, file: File) -> Looked:
        editing = {"suggestionsViewMode": "SUGGESTIONS_INLINE"} if file.can_edit else {}
        request = self._api.docs.documents().get(
            documentId=file.id,
            includeTabsContent=True,
            commentsViewMode="COMMENTS_VIEW_MODE_INCLUDED",
            fields=_MASK,
            **editing,
        )
        answer = self._api.get(request)
        known = self._headings.get(file.id, {})
        body = body_of(answer, known)
        headings = {**body.headings, **{id_: text for id_, text in known.items() if id_ in body.headings}}
        notes = [*_state_of(file)]
        if known and not set(known) & set(body.headings):
            notes.append("Every heading of the document is a new one: its content was replaced by an upload. It was read.")
        return Looked(file, body.version, body, tuple(notes), headings)

    # ------------------------------------------------------------ everything that changed

    def changes(self, cursor: str) -> Changes:
        """See `Workspace.changes`."""
        before = unpack(cursor)
        self.looked.clear()
        self._headings = {id_: seen.headings for id_, seen in before.files.items() if seen.headings}
        if not before.token:
            token = self._files.now()
            self._shelf.fill(self._files.all())
            candidates, gone = [file for file in self._shelf.by_id.values() if file.readable], set[str]()
        else:
            told, token = self._files.since(before.token)
            candidates, gone = self._sorted_out(told, before)
        return self._judge(before, token, candidates, gone)

    def _sorted_out(self, told: Sequence[tuple[str, File | None]], before: State) -> tuple[list[File], set[str]]:
        """Files to read and ids of files that are gone. Drive need not list what stood in a folder that went."""
        candidates: list[File] = []
        gone: set[str] = set()
        folders_went = False
        for id_, file in told:
            if file is not None and id_ not in before.files and not self._files.holds(file):
                continue
            if file is None or file.trashed:
                gone.add(id_)
                folders_went = folders_went or (id_ not in before.files and (file is None or file.is_folder))
                self._shelf.forget(id_)
            elif file.is_folder:
                self._shelf.forget(id_)
                self._shelf.add(file)
            else:
                known = before.files.get(id_)
                if known is None or (known.drive_version, known.modified) != (file.version, file.modified):
                    candidates.append(file)
        if folders_went:
            self._shelf.fill(self._files.all())
            gone |= before.files.keys() - self._shelf.by_id.keys()
        return [file for file in candidates if file.id not in gone and file.readable], gone & before.files.keys()

    def _judge(self, before: State, token: str, candidates: Sequence[File], gone: Iterable[str]) -> Changes:
        files = {id_: seen for id_, seen in before.files.items() if id_ not in set(gone)}
        changed: list[Changed] = []
        failed: list[Failed] = []
        at_hand = [partial(self.look, file) for file in candidates[:AT_HAND]]
        results = self._crew.all(at_hand + [partial(self._look_and_pack, file) for file in candidates[AT_HAND:]])
        for file, result in zip(candidates, results, strict=True):
            known = before.files.get(file.id)
            if isinstance(result, Unreadable | Refused):
                if not (isinstance(result, Refused) and result.is_missing):
                    failed.append(Failed(file.id, str(result)))
                    files[file.id] = replace(known, drive_version="") if known else _seen(file, "", {}, drive_version="")
                continue
            if isinstance(result, Exception):
                raise result
            notes = (*self._became(file, known), *result.notes)
            files[file.id] = _seen(file, result.version, result.headings)
            if known is None or known.version != result.version or set(notes) - {*_state_of(file)}:
                version = "" if notes else result.version  # so that what there is to tell is told, whatever stands in it
                changed.append(Changed(file.id, key=file.key, version=version))
                self.looked[file.id] = replace(result, notes=notes)
        vanished = tuple(Vanished(id_) for id_ in before.files if id_ not in files)
        failed += [Failed(id_, str(reason)) for id_, reason in self._again(before, files, candidates)]
        return Changes(tuple(changed), vanished, tuple(failed), pack(State(token, files)))

    def _again(self, before: State, files: Mapping[str, Seen], candidates: Sequence[File]) -> Iterator[tuple[str, str]]:
        """Files that could not be read the last time and of which Drive told nothing since: still the same trouble."""
        looked = {file.id for file in candidates}
        for id_, seen in files.items():
            if not seen.drive_version and id_ not in looked and id_ in before.files:
                yield id_, f"“{seen.name}” could not be read the last time, and nothing was done about it since."

    # ------------------------------------------------------------ what became of a file

    def _became(self, file: File, known: Seen | None) -> Iterator[str]:
        """What happened to a file beside its text, a sentence each."""
        if known is None:
            return
        if known.name != file.name:
            yield f"The file was renamed from “{known.name}” to “{file.name}”; it stays the same artifact."
        if known.parent != file.parent:
            around = self._shelf.by_id.get(file.parent)
            where = f"into “{around.name}”" if around else "to another folder"
            yield (
                f"“{file.name}” was moved {where}: it stays the same artifact, but whoever may open that folder may open it, "
                "too. Move it back, or look at it with: throughline audit"
            )
        if known.owner and file.owner and known.owner != file.owner:
            yield f"“{file.name}” belongs to {file.owner} now, before to {known.owner}."


def _state_of(file: File) -> Iterator[str]:
    """What holds for a file as it is."""
    if file.mime in (XLSX, DOCX):
        yield (
            f"“{file.name}” was turned into an Office file. It is read, and nothing is written in it until somebody saves it "
            "as a Google file again (File → Save as Google …)."
        )
    elif not file.can_edit:
        yield f"“{file.name}” may only be viewed by this connection: nothing is written in it. Make it an editor again."


def _seen(file: File, version: str, headings: Mapping[str, str], drive_version: str | None = None) -> Seen:
    number = file.version if drive_version is None else drive_version
    return Seen(version, number, file.modified, file.key, file.name, file.parent, file.owner, file.mime, headings)


def _office_version(document: Document) -> str:
    parts = [(part.heading, part.paragraphs, [row.cells for row in part.rows]) for part in document.parts]
    return hashed(parts, [(one.heading, one.text, one.place) for one in document.left_overs])
