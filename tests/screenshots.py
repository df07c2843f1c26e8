"""`python -m tests.screenshots [HOME]`: the README's pictures, out of the demo company and in the system's Chromium.

HOME is a home in which the demo was played; without one it is played in a folder for temporary files.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import make_server

from addon import create_app
from addon.company import Company
from addon.settings import load
from tests.journeys.browsing import launched, sign_in

DOCS = Path(__file__).parents[1] / "docs"
LARGEST = 300 * 1024
"""A README loads fast."""


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it."""

    name: str
    who: str
    path: str
    """With ``{about}`` for the id of the person whom the page is about."""
    about: str = ""
    width: int = 1280
    height: int = 860
    scheme: str = "light"


PICTURES = (
    Picture("draft", "Rania Qasim", "/reviews/{about}", about="Marco Ferraro", height=1040),
    Picture("leadership", "Chiara Gallo", "/leadership/", height=900),
    Picture("today", "Sanjay Deshpande", "/", width=390, height=844, scheme="dark"),
)


@contextmanager
def served(company: Company) -> Iterator[str]:
    """The console on a port of this machine."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(company), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def take(company: Company, into: Path) -> list[Path]:
    """Take every picture; returns the files."""
    files = []
    with served(company) as address, launched() as chromium:
        for one in PICTURES:
            context = chromium.new_context(
                viewport={"width": one.width, "height": one.height},
                color_scheme=one.scheme,  # type: ignore[arg-type]
                locale="en-GB",
            )
            page = context.new_page()
            sign_in(company, address, page, company.person(one.who))
            page.goto(address + one.path.format(about=company.person(one.about).id if one.about else ""))
            files.append(into / f"{one.name}.png")
            page.screenshot(path=files[-1])
            context.close()
    return files


def main() -> None:
    """Take the pictures of a home that is given, else of one that is played for it."""
    with tempfile.TemporaryDirectory(prefix="throughline-pictures-") as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "demo"
        if not home.exists():
            from click.testing import CliRunner

            from addon.cli import main as throughline

            CliRunner().invoke(throughline, ["--home", str(home), "demo", "--no-serve"], catch_exceptions=False)
        company = Company(load(home, {}))
        files = take(company, DOCS)
        company.close()
    for path in files:
        print(f"{path.relative_to(DOCS.parent)}  {path.stat().st_size // 1024} KB")
    sys.exit(any(path.stat().st_size > LARGEST for path in files))


if __name__ == "__main__":
    main()
