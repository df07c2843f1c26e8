"""The rows of one data source, found by the value of a property without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from connectors.notion.emulator.model import Page

#: What of a stored value can be looked up: property type to the keys of a value.
KEYS_OF: dict[str, Any] = {
    "select": lambda value: (value,) if value else (),
    "status": lambda value: (value,) if value else (),
    "multi_select": lambda value: value or (),
    "people": lambda value: value or (),
    "relation": lambda value: value or (),
    "title": lambda value: (text_key(value),),
    "rich_text": lambda value: (text_key(value),),
    "number": lambda value: () if value is None else (value,),
    "checkbox": lambda value: (bool(value),),
    "email": lambda value: (value.casefold(),) if value else (),
    "url": lambda value: (value.casefold(),) if value else (),
    "phone_number": lambda value: (value.casefold(),) if value else (),
    "unique_id": lambda value: (value,) if value else (),
}


def text_key(value: Iterable[Mapping[str, Any]] | None) -> str:
    """Text as filters compare it."""
    return "".join(part["plain_text"] for part in value or ()).casefold()


class Rows:
    """Page ids in the order of creation, with an index for each property that was ever asked for."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self._indexes: dict[tuple[str, str], defaultdict[Hashable, dict[str, None]]] = {}
        #: Grows with every change, so that results may be kept until then.
        self.version = 0
        self.results: dict[str, tuple[int, list[Page]]] = {}

    def __len__(self) -> int:
        """How many rows there are, those in the trash included."""
        return len(self._pages)

    def all(self) -> Iterable[Page]:
        """Every row, those in the trash included."""
        return self._pages.values()

    def put(self, page: Page, former: Page | None) -> None:
        """Add *page*, or put it in the place of *former*."""
        self.version += 1
        self._pages[page.id] = page
        for (property_id, kind), index in self._indexes.items():
            before = () if former is None else KEYS_OF[kind](former.values.get(property_id))
            after = KEYS_OF[kind](page.values.get(property_id))
            if before != after:
                _forget(index, before, page.id)
                for key in after:
                    index[key][page.id] = None

    def remove(self, page: Page) -> None:
        """Take *page* out: it moved elsewhere."""
        self.version += 1
        self._pages.pop(page.id, None)
        for (property_id, kind), index in self._indexes.items():
            _forget(index, KEYS_OF[kind](page.values.get(property_id)), page.id)

    def having(self, property_id: str, kind: str, key: Hashable) -> list[Page]:
        """The rows whose property has that key."""
        index = self._indexes.get((property_id, kind)) or self._built(property_id, kind)
        return [self._pages[page_id] for page_id in index.get(key, ())]

    def _built(self, property_id: str, kind: str) -> defaultdict[Hashable, dict[str, None]]:
        index: defaultdict[Hashable, dict[str, None]] = defaultdict(dict)
        for page in self._pages.values():
            for key in KEYS_OF[kind](page.values.get(property_id)):
                index[key][page.id] = None
        self._indexes[property_id, kind] = index
        return index


def _forget(index: Mapping[Hashable, dict[str, None]], keys: Iterable[Hashable], page_id: str) -> None:
    for key in keys:
        if key in index:
            index[key].pop(page_id, None)
