"""What the system refuses, as sentences for people: each names the file or folder and the way out. Pure."""

from __future__ import annotations

import errno

MAX_FILE = 100_000_000
"""Bytes of a file that is read."""
_SHOWN = 240


class NoFile(OSError):
    """At the path stands a folder, a pipe, a socket or a device."""


def fault(name: str, error: OSError) -> str:
    """A sentence for an *error* of the system with the file or folder *name*."""
    if isinstance(error, FileNotFoundError):
        return f"Nothing stands at {name} any more."
    if isinstance(error, PermissionError):
        return f"{name} is closed to the account this program runs as ({reason(error)}). Give it access, then run again."
    if isinstance(error, NoFile) or error.errno == errno.ENXIO:  # the latter for a socket
        return no_file(name)
    if error.errno == errno.ELOOP:
        return link_there(name)
    if error.errno == errno.EFBIG:
        return f"{name} is larger than {MAX_FILE / 1e6:,.0f} MB and is not read. Take pictures out of it or move it elsewhere."
    if error.errno == errno.ENAMETOOLONG:
        return f"{_shortened(name)} lies too deep in folders. Move it further up."
    return f"{name} could not be used ({reason(error)})."


def no_file(name: str) -> str:
    """For a folder, pipe, socket or device where a file is expected."""
    return f"{name} is no file that can be read (a folder, pipe, socket or device). Put a file there or take it away."


def link_there(name: str) -> str:
    """For a symbolic link."""
    return f"{name} is a symbolic link, and links are not followed. Put the file itself there."


def in_another_form(name: str, sibling: str, what: str, suffix: str) -> str:
    """For a document that is gone, and beside whose place its *sibling* stands, *what* a program made of it."""
    return (
        f"{name} is not there any more, but {sibling} is: {what}, which is not read. Open it and save it as {suffix} under the "
        "former name; or take it away, if the document is meant to be gone."
    )


def odd_name(name: str) -> str:
    """For a *name* with control characters, backslashes or bytes that are no text."""
    return f"The name of {name} holds characters that not every computer can show. Rename it."


def reason(error: OSError) -> str:
    """The system's reason for *error*, without its path."""
    return error.strerror or type(error).__name__


def _shortened(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN // 2]}…{name[-_SHOWN // 2 :]}"
