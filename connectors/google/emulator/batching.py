"""Many calls in one HTTP request: https://developers.google.com/workspace/drive/api/guides/performance.

Each counts against the quotas and stands in the log as a call of its own; uploads and downloads are not allowed inside.
"""

from __future__ import annotations

import re
from email.parser import BytesParser
from email.policy import HTTP

from flask import Blueprint, Response, current_app, request

from connectors.google.emulator.errors import GoogleError

#: How many calls a batch may have.
MOST = 100
_EDGE = "batch_emulator"


def blueprint() -> Blueprint:
    """The routes."""
    paths = Blueprint("batch", __name__)
    for path in ("/batch", "/batch/drive/v3", "/batch/sheets/v4", "/batch/docs/v1", "/batch/admin/directory_v1"):
        paths.add_url_rule(path, f"batch{path}", _batch, methods=["POST"])
    return paths


def _batch() -> Response:
    head = f"Content-Type: {request.content_type}\r\n\r\n".encode()
    parts = [part for part in BytesParser(policy=HTTP).parsebytes(head + request.get_data()).walk() if not part.is_multipart()]
    if not parts or not (request.content_type or "").startswith("multipart/"):
        raise GoogleError(400, "Failed to parse batch request.", "badRequest")
    if len(parts) > MOST:
        raise GoogleError(400, f"The batch request contains too many calls: {len(parts)} of at most {MOST}.", "badRequest")
    answers = [_one(str(part["Content-ID"] or ""), _text(part)) for part in parts]
    body = b"".join(b"--" + _EDGE.encode() + b"\r\n" + answer for answer in answers) + f"--{_EDGE}--\r\n".encode()
    return Response(body, 200, content_type=f"multipart/mixed; boundary={_EDGE}")


def _text(part: object) -> bytes:
    found = part.get_payload(decode=True)  # type: ignore[attr-defined]
    return found if isinstance(found, bytes) else b""


def _one(ident: str, text: bytes) -> bytes:
    """The answer to one call, as a part."""
    head, _, body = text.replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    found = re.fullmatch(r"(\w+) (\S+)(?: HTTP/[\d.]+)?", first.strip())
    if not found or "/upload/" in found[2] or "alt=media" in found[2]:
        raise GoogleError(400, "Failed to parse batch request.", "badRequest")
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    for unwanted in ("Host", "host", "Content-Length", "content-length"):
        headers.pop(unwanted, None)
    if "authorization" not in {name.lower() for name in headers} and "Authorization" in request.headers:
        headers["Authorization"] = request.headers["Authorization"]
    answer = current_app.test_client().open(found[2], method=found[1], headers=headers, data=body, base_url=request.host_url)
    content = answer.get_data()
    described = f"Content-Type: application/http\r\nContent-ID: {_answered(ident)}\r\n\r\nHTTP/1.1 {answer.status}\r\n"
    described += f"Content-Type: {answer.content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    return described.encode() + content + b"\r\n"


def _answered(ident: str) -> str:
    return f"<response-{ident.strip('<>')}>" if ident else ""
