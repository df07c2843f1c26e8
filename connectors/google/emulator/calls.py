"""One call as its handler sees it, and the answer that it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.google.emulator.errors import GoogleError, Json, invalid
from connectors.google.emulator.fields import Mask
from connectors.google.emulator.store import Principal, World


@dataclass(frozen=True)
class Media:
    """Uploaded bytes and what they are."""

    type: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """A request, read: *query* holds every value of a parameter in order; *stale* is how old an answer is to be, in seconds."""

    world: World
    who: Principal
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    media: Media | None = None
    mask: Mask | None = None
    base: str = ""
    stale: float = 0.0

    def text(self, name: str, default: str = "") -> str:
        """The last value of a parameter."""
        return self.query.get(name, [default])[-1] if self.query.get(name) else default

    def all(self, name: str) -> list[str]:
        """Every value of a repeated parameter."""
        return list(self.query.get(name, ()))

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean parameter. Python clients write True."""
        value = self.text(name).lower()
        return value == "true" if value else default

    def count(self, name: str, default: int, least: int, most: int) -> int:
        """A number between *least* and *most*, both included."""
        value = self.text(name)
        if not value:
            return default
        if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
            raise invalid(name, f"Invalid value '{value}'. Values must be within the range: [{least}, {most}]")
        return int(value)

    @property
    def now(self) -> datetime:
        """The time on the emulator's clock."""
        return self.world.clock.now()

    @property
    def as_of(self) -> datetime:
        """The moment of which a search tells; the past if reads are stale."""
        return self.now - timedelta(seconds=self.stale)


@dataclass(frozen=True)
class Reply:
    """An answer that is not simply JSON with 200."""

    status: int = 200
    body: Json | bytes | None = None
    type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)


#: Answers one operation.
Handler = Callable[[Call], "Json | Reply"]


def not_implemented(what: str) -> GoogleError:
    """501: Google has it, this emulator does not."""
    return GoogleError(501, f"The emulator does not implement {what}.", "notImplemented")
