"""The console's process: what it loads, what it answers first, and what its log tells."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon import create_app
from addon.company import Company
from addon.logs import Lines
from addon.settings import load

#: What a page never needs: a process that loads it starts late and grows large.
NEVER = (
    "alembic", "dbos", "gspread", "google", "googleapiclient", "notion_client", "openpyxl", "docx", "lxml", "numpy", "pandas",
    "scipy", "sklearn", "connectors.folder", "connectors.google", "connectors.memory", "connectors.notion", "connectors.office",
    "connectors.people", "sync.engine",
)  # fmt: skip
COLD_START = """
import json, sys
from addon import create_app
from addon.company import Company, load_settings
client = create_app(Company(load_settings(sys.argv[1]))).test_client()
assert client.get("/healthz").status_code == 200
assert client.get("/readyz").status_code == 503
print(json.dumps(sorted(sys.modules)))
"""


def test_the_console_loads_no_connector_engine_migration_or_numeric_library(start: Path) -> None:
    """Neither to start, nor to say whether it is well; `make bench` says how soon its first byte comes."""
    command = [sys.executable, "-c", COLD_START, str(start)]
    names = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert [name for name in names if any(name == one or name.startswith(f"{one}.") for one in NEVER)] == []


def test_a_database_that_is_not_there_is_named_by_readyz_without_its_password(start: Path) -> None:
    """The process answers all the same; it does not begin by waiting for a database."""
    company = Company(load(start, {"THROUGHLINE_DATABASE_URL": "postgresql://ada:s3cret@127.0.0.1:1/none"}))
    client = create_app(company).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "does not answer" in answer.get_json()["database"]
    assert "s3cret" not in answer.get_data(as_text=True)
    company.close()


def test_a_schema_of_another_revision_is_named_by_readyz(tmp_path: Path) -> None:
    """A database without our tables is not ready."""
    company = Company(load(tmp_path, {}))
    found = create_app(company).test_client().get("/readyz").get_json()
    assert found["database"] == "ok"
    assert "revision none" in found["schema"]
    company.close()


# ---------------------------------------------------------------- logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, as it is written."""
    into = io.StringIO()
    handler = logging.StreamHandler(into)
    handler.setFormatter(Lines())
    names = ("throughline.test", "elsewhere")
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.INFO)
    yield into
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def test_a_log_line_is_json_with_ids_and_counts(lines: io.StringIO) -> None:
    """One object a line."""
    logging.getLogger("throughline.test").info("job ended", extra={"job": "sync-1", "counts": {"new": 3}})
    told = json.loads(lines.getvalue())
    assert (told["event"], told["job"], told["counts"], told["level"]) == ("job ended", "sync-1", {"new": 3}, "info")


def test_the_words_of_an_error_are_not_logged(lines: io.StringIO) -> None:
    """Its kind and its places are; nor is what another library puts into its messages, but for numbers."""
    secret = "Ada is often late"
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("throughline.test").exception("job failed")
    logging.getLogger("elsewhere").warning("could not read %s in %d ms", secret, 12, extra={"text": secret})
    assert secret not in lines.getvalue()
    failed, other = map(json.loads, lines.getvalue().splitlines())
    assert failed["error"] == "ValueError"
    assert "test_create_app.py" in failed["where"][0]
    assert (other["event"], other["values"]) == ("could not read %s in %d ms", [12])
