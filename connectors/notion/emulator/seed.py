"""What the workspace holds when the emulator starts: the built-in one, or a file (YAML or JSON).

Every key is optional::

    workspace: Example Ltd          # its name
    connection: Throughline         # the connection's name, and its bot's
    capabilities: [read_content, update_content, insert_content, read_comments, insert_comments,
                   read_user_with_email]      # or read_user_without_email, or neither
    tokens: [ntn_…]                 # which tokens are good; without it, every one but those that begin with "invalid"
    people:
      - {name: Ada Byron, email: ada@example.com}          # id: optional; guest: true is not listed
    pages:
      - title: Reviews              # id: optional; shared: false keeps it from the connection
        markdown: "Hello"
        pages: [{title: Inside}]
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from connectors.emulator.clock import Clock
from connectors.notion.emulator import content
from connectors.notion.emulator.ids import Ids, as_id
from connectors.notion.emulator.markdown import reading
from connectors.notion.emulator.model import Page, Parent, User, Workspace
from connectors.notion.emulator.rich_text import text
from connectors.notion.emulator.store import Store

#: The page that the built-in workspace shares with the connection.
ROOT_PAGE = "11111111-1111-4111-8111-111111111111"
#: The bot of the connection and its workspace, always the same.
BOT = "b0700000-0000-4000-8000-000000000001"
WORKSPACE = "50ace000-0000-4000-8000-000000000001"

BUILT_IN: Mapping[str, Any] = {
    "workspace": "Rehearsal",
    "people": [
        {"id": "ada00000-0000-4000-8000-000000000001", "name": "Ada Byron", "email": "ada@example.com"},
        {"id": "b0b00000-0000-4000-8000-000000000002", "name": "Bob Kahn", "email": "bob@example.com"},
    ],
    "pages": [{"id": ROOT_PAGE, "title": "Throughline"}],
}
_KEYS = {"workspace", "connection", "capabilities", "tokens", "people", "pages"}
_PERSON = {"id", "name", "email", "guest"}
_PAGE = {"id", "title", "shared", "markdown", "pages"}


class BadSeed(Exception):
    """A seed that cannot be used: a sentence that names the file and the key."""


@dataclass(frozen=True)
class Seed:
    """A seed whose shape was checked."""

    data: Mapping[str, Any]
    name: str = "the built-in workspace"


def load(path: Path) -> Seed:
    """The seed in a file. Raises `BadSeed`."""
    try:
        source = path.read_text(encoding="utf-8")
        data = json.loads(source) if path.suffix == ".json" else yaml.safe_load(source)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadSeed(f"{path} cannot be read: {error}") from error
    seed = Seed(data if data is not None else {}, str(path))
    _check(seed.data, _KEYS, seed.name, "")
    for number, person in enumerate(seed.data.get("people") or []):
        _check(person, _PERSON, seed.name, f"people[{number}].")
    _check_pages(seed.data.get("pages"), seed.name, "pages")
    return seed


def _check_pages(pages: Any, name: str, path: str) -> None:
    if pages is None:
        return
    if not isinstance(pages, list):
        raise BadSeed(f"{name}: {path} must be a list.")
    for number, page in enumerate(pages):
        _check(page, _PAGE, name, f"{path}[{number}].")
        _check_pages(page.get("pages"), name, f"{path}[{number}].pages")


def _check(given: Any, known: set[str], name: str, path: str) -> None:
    if not isinstance(given, dict):
        raise BadSeed(f"{name}: {path.rstrip('.') or 'the whole'} must have keys, such as {', '.join(sorted(known))}.")
    for key in given:
        if key not in known:
            raise BadSeed(f"{name}: {path}{key} is no key. Known are {', '.join(sorted(known))}.")
        if key == "id" and as_id(given[key]) is None:
            raise BadSeed(f"{name}: {path}id must be a uuid, not {given[key]!r}.")


def planted(seed: Seed, clock: Clock, random: int) -> Store:
    """A new workspace with what *seed* says."""
    data = seed.data
    ids = Ids(random)
    connection = str(data.get("connection", "Throughline"))
    capabilities = data.get("capabilities")
    workspace = Workspace(
        WORKSPACE,
        str(data.get("workspace", "Rehearsal")),
        connection,
        BOT,  # Notion answers with the same id for both
        frozenset(data.get("tokens") or ()),
    )
    if capabilities is not None:
        workspace = replace(workspace, capabilities=frozenset(capabilities))
    store = Store(clock, ids, workspace, User(BOT, connection, "bot"))
    for person in data.get("people") or ():
        user_id = as_id(person.get("id")) or ids.random()
        store.put(User(user_id, str(person["name"]), "person", str(person.get("email", "")), bool(person.get("guest", False))))
    _plant_pages(store, data.get("pages") or (), Parent("workspace"))
    return store


def _plant_pages(store: Store, pages: Iterable[Mapping[str, Any]], parent: Parent) -> None:
    for given in pages:
        page_id = as_id(given.get("id")) or store.ids.content()
        owner = next((user.id for user in store.users.values() if user.type == "person"), store.bot.id)
        values = {"title": (text(str(given.get("title", "")), None),)}
        page = Page(page_id, parent, values, store.stamp(owner), shared=bool(given.get("shared", True)))
        store.put_page(page)
        if parent.id:
            store.children[parent.id].append(page.id)
        content.insert(store, page, reading.blocks(str(given.get("markdown", "")), lambda kind, target: None), owner)
        _plant_pages(store, given.get("pages") or (), Parent("page_id", page.id))
