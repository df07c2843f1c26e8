"""Tracked changes that nobody has accepted or rejected: where they are and who made them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from connectors.office.docx_markup import W
from connectors.workspace import Pending

_INSERTED, _DELETED = (W + "ins", W + "moveTo"), (W + "del", W + "moveFrom")
_CELLS = (W + "cellIns", W + "cellDel")
_SHOWN = 60


def is_tracked(element: etree._Element) -> bool:
    """Whether an insertion, deletion or move in *element* waits for a decision."""
    return next(element.iter(*_INSERTED, *_DELETED, *_CELLS), None) is not None


def pending_in(element: etree._Element, number: int = -1) -> Pending | None:
    """What waits in *element*, the paragraph of that *number*; None when nothing does, or nothing but empty lines."""
    if not any(_is_own(change, element) for change in element.iter(*_INSERTED, *_DELETED, *_CELLS)):
        return None
    texts = (text for text in element.iter(W + "t", W + "delText") if (text.text or "").strip() and _is_own(text, element))
    words = [(text, _change_around(text)) for text in texts]
    standing = [(text, change) for text, change in words if change is None or change.tag in _INSERTED]
    if not words:
        return None
    names = dict.fromkeys("" if change is None else change.get(W + "author", "").strip() for _, change in standing)
    return Pending(_beginning(text for text, _ in standing or words), number, tuple(names))


def _is_own(inner: etree._Element, element: etree._Element) -> bool:
    """Whether *inner* belongs to *element* itself: to no text box that is tied to it, and not to a paragraph's mark alone."""
    mark = inner.getparent()
    if mark is not None and mark.tag == W + "rPr":
        return False
    for around in inner.iterancestors():
        if around is element:
            return True
        if around.tag == W + "txbxContent":
            return False
    return False


def _change_around(text: etree._Element) -> etree._Element | None:
    """The deletion in which *text* lies, else its insertion; a deletion lies inside the insertion that it takes back."""
    around = list(text.iterancestors(*_INSERTED, *_DELETED))
    return next((one for one in around if one.tag in _DELETED), around[0] if around else None)


def _beginning(texts: Iterator[etree._Element]) -> str:
    """The words in order, those of several paragraphs parted by a blank."""
    pieces, before = list[str](), None
    for text in texts:
        paragraph = next(text.iterancestors(W + "p"), None)
        pieces += [" "] if pieces and paragraph is not before else []
        pieces.append(text.text or "")
        before = paragraph
    whole = " ".join("".join(pieces).split())
    return whole if len(whole) <= _SHOWN else whole[: _SHOWN - 1] + "…"


def author_of_all(pending: Pending) -> str:
    """Who inserted everything that stands there, "" when nobody did or not all of it."""
    return pending.names[0] if len(pending.names) == 1 else ""
