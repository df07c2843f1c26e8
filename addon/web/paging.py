"""Which page of a long list is meant."""

from __future__ import annotations

from flask import request

#: More than any list here has; a larger number, which somebody made up, is more than a database counts.
LARGEST = 2**31 - 1


def number_of(name: str, otherwise: int) -> int:
    """The number that the address gives under *name*, from 1 on."""
    return min(max(1, request.args.get(name, otherwise, type=int)), LARGEST)


def page_number() -> int:
    """Of the page that the address asks for, the first one where it asks for none."""
    return number_of("page", 1)
