"""Static files under a name that carries their hash, so that a browser may keep them for a year, packed.

Our own lie in `addon/static`; Bootstrap's come out of the installed package. Nothing is fetched from elsewhere. Pages
are not packed here: how well somebody's words pack tells a stranger about them.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, request, url_for

OWN = Path(__file__).parent.parent / "static"
PACKAGED = {"bootstrap.min.css": ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css")}
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
YEAR = 365 * 24 * 60 * 60


def setup_assets(app: Flask) -> None:
    """The route of the files, and `asset_url` for the pages."""
    files = {path.name: path for path in OWN.iterdir() if path.suffix in KINDS} | {
        name: _inside(package, path) for name, (package, path) in PACKAGED.items()
    }
    hashed = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in files.items()}

    @cache
    def packed(name: str) -> bytes:
        return gzip.compress(files[name].read_bytes(), mtime=0)

    @app.get("/static/<digest>/<name>", endpoint="asset")
    def asset(digest: str, name: str) -> Response:
        if hashed.get(name) != digest:
            return Response("not found", 404)
        may_pack = request.accept_encodings["gzip"] > 0
        answer = Response(packed(name) if may_pack else files[name].read_bytes(), content_type=KINDS[files[name].suffix])
        answer.vary.add("Accept-Encoding")
        if may_pack:
            answer.content_encoding = "gzip"
        answer.cache_control.max_age = YEAR
        answer.cache_control.immutable = True
        answer.cache_control.public = True
        return answer

    @app.template_global()
    def asset_url(name: str) -> str:
        return url_for("asset", digest=hashed[name], name=name)


def _inside(package: str, path: str) -> Path:
    """A file of an installed package, found without importing it."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise RuntimeError(f"the package {package} is not installed: run `make demo` or install requirements.txt again")
    return Path(found.origin).parent / path
