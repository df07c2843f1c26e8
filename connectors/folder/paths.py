"""Refs, file names and folders of the folder workspace, purely: what a thing is called, never whether it is there.

A ref is a POSIX path whose first part names the root: ``shared/Company/...``, ``shared/Working/Ada Brandt - p7k3/...``,
``shared/Reviews/...`` or ``private/<manager>/...``. No place lies inside another one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from connectors.workspace import DocumentContent, Home, NewItem, TableContent
from templates.shapes import Place

SHARED = "shared"
PRIVATE = "private"
PLACES = {
    Place.COMPANY: (SHARED, "Company"),
    Place.WORKING: (SHARED, "Working"),
    Place.REVIEWS: (SHARED, "Reviews"),
    Place.PRIVATE: (PRIVATE,),
}
TABLE_SUFFIXES = frozenset({".xlsx", ".xlsm"})
DOCUMENT_SUFFIXES = frozenset({".docx", ".docm"})
OFFICE_SUFFIXES = TABLE_SUFFIXES | DOCUMENT_SUFFIXES
OTHER_FORMS = {
    ".doc": "a Word document of the old format", ".odt": "an OpenDocument text", ".rtf": "a Rich Text document",
    ".pages": "a Pages document", ".gdoc": "a link to a Google document", ".xls": "an Excel workbook of the old format",
    ".xlsb": "a binary Excel workbook", ".ods": "an OpenDocument spreadsheet", ".numbers": "a Numbers document",
    ".gsheet": "a link to a Google sheet", ".csv": "a table of plain text", ".pdf": "a PDF", ".html": "a web page",
    ".htm": "a web page", ".mht": "a web archive", ".txt": "plain text", ".md": "plain text", ".zip": "a ZIP archive",
}  # fmt: skip
"""What programs make of a document when it is saved in another form: suffix to what it is."""
MAX_NAME = 120
"""Bytes of a file or folder name in UTF-8, its suffix included: leaves room for deep folders on every system."""

_FORBIDDEN = re.compile('[\x00-\x1f\x7f/\\\\:*?"<>|\u2028\u2029\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)", re.IGNORECASE)
_PLAIN_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._@+-]{0,38}[A-Za-z0-9])?")


def safe_name(text: str, suffix: str = "") -> str:
    """*text* as a name that Windows, macOS and Linux all take, with *suffix* (".docx"): NFC, at most `MAX_NAME` bytes.

    A name that had to be cut ends in four hex digits of the whole, so that long titles stay apart.
    """
    name = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text))
    name = re.sub(r"\s+", " ", name).strip(" ").rstrip(". ")
    # A leading dot or tilde hides a file or makes it look like a lock file; a reserved word is a device on Windows.
    if not name or name[0] in ".~" or _RESERVED.match(name):
        name = f"_{name}"
    return _cut(name, MAX_NAME - len(suffix.encode())) + suffix


def _cut(name: str, size: int) -> str:
    if len(name.encode()) <= size:
        return name
    mark = f"~{short_hash(name)}"
    return name.encode()[: size - len(mark)].decode(errors="ignore").rstrip(". ") + mark


def short_hash(text: str) -> str:
    """Four hex digits that tell *text* from others."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:4]


def owner_token(owner_id: str) -> str:
    """What stands for a person's id at the end of folder names: the id, or its safe form with a hash when it is odd."""
    if _PLAIN_ID.fullmatch(owner_id):
        return owner_id
    plain = re.sub(r"[^A-Za-z0-9]+", "-", owner_id).strip("-")[:24]
    return f"{plain or 'id'}-{hashlib.sha256(owner_id.encode(errors='surrogatepass')).hexdigest()[:8]}"


def owner_folder(owner_id: str, owner_name: str) -> str:
    """The folder of a person: ``Ada Brandt - p7k3``. Only the name is ever shortened."""
    token = owner_token(owner_id)
    name = safe_name(owner_name)
    return f"{_cut(name, MAX_NAME - len(token) - 3)} - {token}"


def token_of(folder: str) -> str:
    """The owner token that a folder's name ends in; "" for a folder of somebody's own."""
    return folder.rpartition(" - ")[2] if " - " in folder else ""


def akin(ref: str, former: str) -> bool:
    """Whether a document may have moved from *former* to *ref*: never into another place or another owner's folder."""
    (place, owner), (former_place, former_owner) = _area(ref), _area(former)
    return place == former_place and (owner == former_owner or not owner or not former_owner)


def _area(ref: str) -> tuple[str, str]:
    """Its place, and the token of whose folder it lies in ("" for nobody's)."""
    parts = ref.split("/")
    depth = 1 if parts[0] == PRIVATE else 2
    return "/".join(parts[:-1][:depth]), token_of(parts[depth]) if len(parts) > depth + 1 else ""


def place_ref(place: Place) -> str:
    """The ref of the folder of a *place*."""
    return "/".join(PLACES[place])


def home_ref(home: Home, owner: str) -> str:
    """The ref of a *home*, the owner's folder being called *owner* ("" for the company)."""
    return "/".join((*PLACES[home.place], *((owner,) if owner else ()), *(safe_name(part) for part in home.inner)))


def file_name(item: NewItem) -> str:
    """The file name of an artifact: its title, as a workbook or a document."""
    return safe_name(item.title, suffix_for(item.content))


def suffix_for(content: TableContent | DocumentContent) -> str:
    """``.xlsx`` for a table, ``.docx`` for a document."""
    return ".xlsx" if isinstance(content, TableContent) else ".docx"


def suffix_of(name: str) -> str:
    """The suffix of a name or ref, in lower case, with its dot; "" when there is none."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def stem_of(ref: str) -> str:
    """A ref without its suffix, in one form of letters: ``Check-in.docx`` and ``Check-in.ODT`` have the same."""
    folder, slash, name = ref.rpartition("/")
    stem = name.removesuffix(name[-len(suffix_of(name)) :]) if suffix_of(name) else name
    return unicodedata.normalize("NFC", f"{folder}{slash}{stem}")


def parts_of(ref: str) -> tuple[str, ...] | None:
    """The parts of a *ref*, root first; None when it names nothing inside the two roots."""
    root, *rest = ref.split("/")
    inside = bool(rest) and all(part not in ("", ".", "..") and "\0" not in part and "\\" not in part for part in rest)
    return (root, *rest) if root in (SHARED, PRIVATE) and inside else None


def lock_names(name: str) -> tuple[str, ...]:
    """What Office and LibreOffice call the lock file of *name*; Word drops up to two characters of longer names."""
    return (f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#")
