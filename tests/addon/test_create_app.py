"""The console's process: what it loads, how soon it answers, and what its log tells."""

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
FIRST_BYTE_SECONDS = 1.0
COLD_START = """
import sys, time
begun = time.process_time()
from addon import create_app
from addon.company import Company, load_settings
answer = create_app(Company(load_settings(sys.argv[1]))).test_client().get("/healthz")
first_byte = time.process_time() - begun
assert answer.status_code == 200
assert create_app(Company(load_settings(sys.argv[1]))).test_client().get("/readyz").status_code == 503
import json
print(json.dumps([first_byte, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def cold_start(start: Path) -> tuple[float, list[str]]:
    """Seconds of work to the first byte, the best of three, and every module that was loaded then."""
    runs = []
    for _ in range(3):
        command = [sys.executable, "-c", COLD_START, str(start)]
        runs.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    return min(runs)[0], runs[0][1]


def test_the_console_loads_no_connector_engine_migration_or_numeric_library(cold_start: tuple[float, list[str]]) -> None:
    """Neither to start, nor to say whether it is well."""
    loaded = [name for name in cold_start[1] if any(name == one or name.startswith(f"{one}.") for one in NEVER)]
    assert loaded == []


def test_the_first_byte_comes_within_a_second_of_a_cold_start(cold_start: tuple[float, list[str]]) -> None:
    """Imports, settings, the app and its first answer, in a process of its own; others on this machine are not counted."""
    assert cold_start[0] < FIRST_BYTE_SECONDS


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
