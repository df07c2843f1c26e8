"""Static files under a name that carries their hash, so that a browser may keep them for a year.

Our own lie in `addon/static`; Bootstrap's come out of the installed package. Nothing is fetched from elsewhere.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, url_for

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

    @app.get("/static/<digest>/<name>", endpoint="asset")
    def asset(digest: str, name: str) -> Response:
        if hashed.get(name) != digest:
            return Response("not found", 404)
        answer = Response(files[name].read_bytes(), content_type=KINDS[files[name].suffix])
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
