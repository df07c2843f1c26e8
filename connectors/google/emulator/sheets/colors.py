"""Colours as Sheets keeps them: eight bits a channel, told as single-precision fractions, with zero left out."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from connectors.google.emulator.errors import Json
from connectors.google.emulator.sheets.book import number_of

_CHANNELS = ("red", "green", "blue")


@cache
def channel(value: float) -> int | float:
    """The fraction that Sheets, which reckons in single precision, tells for *value*: 0.5 becomes 127/255."""
    (given,) = struct.unpack("f", struct.pack("f", min(max(float(value), 0.0), 1.0)))
    (scaled,) = struct.unpack("f", struct.pack("f", given * 255))
    return number_of(_single(int(scaled) / 255))


def _single(value: float) -> float:
    """The shortest decimal fraction that is *value* in single precision, as protocol buffers print it."""
    packed = struct.pack("f", value)
    texts = (f"{struct.unpack('f', packed)[0]:.{digits}g}" for digits in range(1, 10))
    return next(float(text) for text in texts if struct.pack("f", float(text)) == packed)


def color(given: Json) -> Json:
    """A `Color` as it is told."""
    found = {name: channel(given[name]) for name in _CHANNELS if given.get(name)}
    shown: Json = {name: value for name, value in found.items() if value}
    if "alpha" in given:
        shown["alpha"] = given["alpha"]
    return shown


#: A colour and its style, which always go together.
_PAIRS = ("backgroundColor", "foregroundColor", "tabColor", "headerColor", "firstBandColor", "secondBandColor", "color")


def completed(value: Any) -> Any:
    """*value* with every colour rounded and with its style beside it, whichever of the two was given."""
    if isinstance(value, list):
        return [completed(each) for each in value]
    if not isinstance(value, dict):
        return value
    found: Json = {}
    for name, each in value.items():
        plain = name.removesuffix("Style")
        if plain in _PAIRS and isinstance(each, dict):
            _pair(found, plain, each if name != plain else {"rgbColor": each})
        else:
            found[name] = completed(each)
    return found


def _pair(found: Json, name: str, style: Json) -> None:
    if "rgbColor" in style and isinstance(style["rgbColor"], dict):
        rgb = color(style["rgbColor"])
        found[name] = rgb
        found[f"{name}Style"] = {"rgbColor": rgb}
    else:
        found[f"{name}Style"] = dict(style)


def from_hex(text: str) -> Json:
    """A `Color` of ``RRGGBB`` or ``AARRGGBB``."""
    digits = text[-6:]
    return color({name: int(digits[at : at + 2], 16) / 255 for name, at in zip(_CHANNELS, (0, 2, 4), strict=True)})


def to_hex(given: Json) -> str:
    """``RRGGBB`` of a `Color`."""
    return "".join(f"{round(float(given.get(name, 0)) * 255):02X}" for name in _CHANNELS)
