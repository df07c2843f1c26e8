"""Which paragraph begins which section: by bookmark, by style, by title or a former one, and at last by order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from connectors.office.docx_inline import Mark, notes_in
from connectors.office.docx_markup import anchor, same
from connectors.office.docx_text import Grid, Para
from templates.shapes import DocumentShape


@dataclass(eq=False)
class Piece:
    """A paragraph, or the part of one that belongs to a section. *sub* for a heading inside the section."""

    para: Para
    begin: int
    end: int
    sub: bool = False

    @property
    def text(self) -> str:
        """The words alone."""
        return self.para.text[self.begin : self.end]

    def line(self) -> str:
        """The Markdown as a section holds it: list items begin with ``- `` or ``1. ``, headings with ``## ``."""
        if not self.text.strip():
            return ""
        return ("## " if self.sub else self.para.marker) + self.para.markdown(self.begin, self.end)


@dataclass(eq=False)
class Box:
    """A text box, behind the paragraph that it is tied to."""

    element: etree._Element


@dataclass(eq=False)
class Span:
    """A heading and what stands under it. *key* is "" for a heading that the shape does not know."""

    key: str
    heading: str
    head: Para
    items: list[Piece | Grid | Box] = field(default_factory=list)


@dataclass
class Layout:
    """A document cut into sections. *headings* tells for each footnote or comment under which heading it is tied."""

    preamble: list[Piece | Grid | Box] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    headings: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def of(self, key: str) -> list[Span]:
        """The spans of one section: none when its heading is gone, several when it was copied."""
        return [span for span in self.spans if span.key == key]


@dataclass(frozen=True)
class _Start:
    key: str
    begin: int
    end: int
    by_style_alone: bool = False


_Starts = dict[Para, list[_Start]]


def lay_out(blocks: Iterable[Para | Grid], shape: DocumentShape) -> Layout:
    """Cut *blocks* into the sections of *shape*. Nothing is dropped: each block is in the preamble or in one span."""
    content = list(blocks)
    layout = Layout()
    starts = _starts([block for block in content if isinstance(block, Para)], shape, layout.notes)
    titles = _titles(shape)
    for block in content:
        items = layout.spans[-1].items if layout.spans else layout.preamble
        if isinstance(block, Grid):
            items.append(block)
            heading = layout.spans[-1].heading if layout.spans else ""
            layout.headings.update((note, heading) for note in notes_in(block.element))
        else:
            _place(block, starts.get(block, []), titles, layout)
    layout.notes += _missing(layout, shape)
    return layout


def _missing(layout: Layout, shape: DocumentShape) -> Iterator[str]:
    """What to tell of headings that are gone: their text now stands under whatever heading is above it."""
    found = {span.key for span in layout.spans}
    above = ""
    if shape.sections and not any(section.key in found for section in shape.sections):
        yield "The document has none of the template’s headings; its text is kept under the headings that it has."
        return
    for section in shape.sections:
        if section.key in found:
            above = section.title
        elif above:
            yield f"The heading “{section.title}” is gone; text that stood under it is read as part of “{above}”."
        else:
            yield f"The heading “{section.title}” is gone; text that stood under it is read as text at the top."


def _place(para: Para, starts: Sequence[_Start], titles: dict[str, str], layout: Layout) -> None:
    current = layout.spans[-1] if layout.spans else None
    if starts and not _typed_in_heading_style(para, starts, titles, current):
        _cut(para, starts, layout)
    elif 1 <= para.level <= 3 and para.text.strip() and (para.level == 1 or current is None or not current.key) and not starts:
        layout.spans.append(Span("", para.text.strip(), para))
    else:
        items = current.items if current else layout.preamble
        items.append(Piece(para, 0, len(para.text), sub=para.level > 0 and not starts))
    behind = layout.spans[-1] if layout.spans else None
    (behind.items if behind else layout.preamble).extend(Box(box) for box in para.boxes)
    inside = (note for box in para.boxes for note in notes_in(box))
    layout.headings.update((note, behind.heading if behind else "") for note in (*para.notes, *inside))


def _typed_in_heading_style(para: Para, starts: Sequence[_Start], titles: dict[str, str], current: Span | None) -> bool:
    """Some editors keep the heading's style on the line below it: what people type there is no second heading."""
    if current is None or not starts[0].by_style_alone:
        return False
    return current.key == starts[0].key and titles.get(same(para.text)) != current.key


def _cut(para: Para, starts: Sequence[_Start], layout: Layout) -> None:
    """A heading may have been merged with the line above or below it; its bookmark tells where it begins and ends."""
    at = 0
    for start in starts:
        _add_piece(para, at, start.begin, layout)
        layout.spans.append(Span(start.key, para.text[start.begin : start.end].strip(), para))
        at = start.end
    _add_piece(para, at, len(para.text), layout)


def _add_piece(para: Para, begin: int, end: int, layout: Layout) -> None:
    if para.text[begin:end].strip():
        (layout.spans[-1].items if layout.spans else layout.preamble).append(Piece(para, begin, end))


# ---------------------------------------------------------------- finding the headings


def _starts(paras: Sequence[Para], shape: DocumentShape, notes: list[str]) -> _Starts:
    """Where sections begin, surest signs first; a weaker sign counts only for a section that no stronger one found."""
    names = {anchor(section.key).lower(): section.key for section in shape.sections}
    starts: _Starts = {}
    _by_heading(paras, names, starts)
    _by_bookmark(paras, names, starts)
    _by_title(paras, _titles(shape), starts)
    _by_remains(paras, names, starts)
    _by_order(paras, shape, starts, notes)
    return starts


def _titles(shape: DocumentShape) -> dict[str, str]:
    former = {same(title): section.key for section in shape.sections for title in section.former_titles}
    return former | {same(section.title): section.key for section in shape.sections}


def _found(starts: _Starts) -> set[str]:
    return {start.key for found in starts.values() for start in found}


def _covering(para: Para, names: dict[str, str]) -> list[Mark]:
    return [mark for mark in para.marks if mark.name in names and para.text[mark.start : mark.end].strip()]


def _by_heading(paras: Sequence[Para], names: dict[str, str], starts: _Starts) -> None:
    """Paragraphs that look like headings and carry a bookmark or a style of ours."""
    for para in paras:
        own = names.get(para.style.section, "")
        if not (own or para.level) or not para.text.strip():
            continue
        marks = _covering(para, names)
        if len(marks) > 1:
            starts[para] = _spread(marks, names)
            continue
        bookmarked = [names[mark.name] for mark in marks or para.marks if mark.name in names]
        key = bookmarked[0] if marks else own or next(iter(bookmarked), "")
        if key:
            starts[para] = [_Start(key, 0, len(para.text), by_style_alone=not bookmarked)]


def _by_bookmark(paras: Sequence[Para], names: dict[str, str], starts: _Starts) -> None:
    """Bookmarks on plain text: a heading that was demoted or merged with a neighbour."""
    found = _found(starts)
    for para in paras:
        marks = [mark for mark in _covering(para, names) if names[mark.name] not in found]
        if marks and para not in starts:
            starts[para] = _spread(marks, names)


def _spread(marks: Sequence[Mark], names: dict[str, str]) -> list[_Start]:
    ends = [min(mark.end, following.start) for mark, following in pairwise(marks)] + [marks[-1].end]
    return [_Start(names[mark.name], mark.start, end) for mark, end in zip(marks, ends, strict=True) if mark.start < end]


def _by_title(paras: Sequence[Para], titles: dict[str, str], starts: _Starts) -> None:
    """A known title as a heading, or as a plain line when its section was not found otherwise."""
    for headings in (True, False):
        for para in paras:
            key = titles.get(same(para.text), "")
            if not key or para in starts or para.marker or (para.level > 0) is not headings:
                continue
            if para.level == 1 or key not in _found(starts):
                starts[para] = [_Start(key, 0, len(para.text))]


def _by_remains(paras: Sequence[Para], names: dict[str, str], starts: _Starts) -> None:
    """An emptied heading, or an emptied bookmark, still tells where its section begins."""
    for para in paras:
        marks = [mark for mark in para.marks if mark.name in names and names[mark.name] not in _found(starts)]
        own = names.get(para.style.section, "") if not para.text.strip() else ""
        if para in starts:
            continue
        if own and own not in _found(starts):
            starts[para] = [_Start(own, 0, len(para.text))]
        elif marks:
            starts[para] = [_Start(names[marks[0].name], marks[0].start, marks[0].start)]


def _by_order(paras: Sequence[Para], shape: DocumentShape, starts: _Starts, notes: list[str]) -> None:
    """Unknown headings between two known ones are the sections missing there, when there are as many of them."""
    keys = [section.key for section in shape.sections]
    for unknown, missing in list(_gaps(paras, keys, starts)):
        if len(unknown) != len(missing):
            continue
        for para, key in zip(unknown, missing, strict=True):
            starts[para] = [_Start(key, 0, len(para.text))]
            section = shape.section(key)
            notes.append(
                f"The heading “{para.text.strip()}” is read as “{section.title if section else key}”, by its position."
            )


def _gaps(paras: Sequence[Para], keys: Sequence[str], starts: _Starts) -> Iterator[tuple[list[Para], list[str]]]:
    found, unknown, before = _found(starts), list[Para](), -1
    for para in paras:
        if para in starts:
            after = keys.index(starts[para][0].key)
            yield unknown, [key for key in keys[before + 1 : after] if key not in found]
            unknown, before = [], keys.index(starts[para][-1].key)
        elif para.level == 1 and para.text.strip():
            unknown.append(para)
    yield unknown, [key for key in keys[before + 1 :] if key not in found]
