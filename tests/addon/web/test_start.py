"""How a web process starts: with little, and at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "connectors.folder",
    "connectors.notion",
    "connectors.google",
    "connectors.office",
    "alembic",
    "dbos",
    "numpy",
    "scipy",
    "sklearn",
    "openpyxl",
    "docx",
    "lxml",
    "notion_client",
    "googleapiclient",
    "authlib",
)


def test_the_console_starts_without_connectors_engines_and_migrations(tmp_path: Path) -> None:
    """What a page does not need is not imported before it is needed."""
    program = (
        "import json, sys; from pathlib import Path; from addon import create_app; from addon.company import Company; "
        f"from addon.settings import load; create_app(Company(load(Path({str(tmp_path)!r}), {{}}))); "
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = json.loads(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
    assert not [name for name in loaded if any(name == one or name.startswith(f"{one}.") for one in HEAVY)]
