"""Uploads: content alone, content with its description in one body, and content in pieces."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from connectors.google.emulator.calls import Media
from connectors.google.emulator.errors import GoogleError, Json


@dataclass
class Session:
    """A resumable upload: who began which operation, what it is about, and what arrived so far."""

    operation: str
    path: dict[str, str]
    query: dict[str, list[str]]
    email: str
    body: Json
    type: str
    arrived: bytearray = field(default_factory=bytearray)


def bad_upload(message: str) -> GoogleError:
    """400 for an upload that cannot be read."""
    return GoogleError(400, message, "badContent")


def related(content_type: str, content: bytes) -> tuple[Json, Media]:
    """Description and content of a ``multipart/related`` body. Raises 400."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if not found:
        raise bad_upload("Missing boundary in multipart body.")
    parts = [part for part in content.split(b"--" + found[1].encode())[1:] if not part.startswith(b"--")]
    if len(parts) != 2:
        raise bad_upload("A multipart upload has two parts: the metadata and the media.")
    (_, described), (kind, media) = (_part(part) for part in parts)
    try:
        body = json.loads(described or b"{}")
    except ValueError as error:
        raise bad_upload("The metadata part is no JSON.") from error
    return body, Media(kind, media)


def _part(part: bytes) -> tuple[str, bytes]:
    """Content type and content of one part."""
    head, separator, content = part.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        head, _, content = part.lstrip(b"\n").partition(b"\n\n")
    found = re.search(rb"content-type:\s*([^\r\n]+)", head, re.IGNORECASE)
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    if re.search(rb"content-transfer-encoding:\s*base64", head, re.IGNORECASE):
        import base64

        content = base64.b64decode(content)
    return (found[1].decode().strip() if found else "application/octet-stream"), content


def piece(session: Session, content_range: str, content: bytes) -> bool:
    """Add *content*; whether everything has arrived. Raises 400 for a gap."""
    found = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", content_range) if content_range else None
    if content_range and not found:
        raise bad_upload(f"Failed to parse Content-Range header: {content_range}")
    if found is None:
        session.arrived = bytearray(content)
        return True
    if found[1] is not None:
        start = int(found[1])
        if start > len(session.arrived):
            raise bad_upload(f"The piece begins at {start}, but only {len(session.arrived)} bytes have arrived.")
        session.arrived[start:] = content
    return found[3] != "*" and len(session.arrived) >= int(found[3])
