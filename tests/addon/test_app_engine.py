"""On App Engine: instances are told apart although all have one host name, and callers although one proxy brings them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from addon import create_app
from addon.company import Company, has_ended, this_machine
from addon.settings import load
from addon.web.safety import limiter

KEY = {"THROUGHLINE_KEY": "k" * 43}


def guesses(app: Flask, caller: str, times: int) -> list[int]:
    """What a caller gets who guesses sign-in links."""
    client = app.test_client()
    return [client.get("/signin/link/guess", headers={"X-Appengine-User-Ip": caller}).status_code for _ in range(times)]


@pytest.fixture
def console(start: Path, tmp_path: Path) -> Iterator[Flask]:
    """A console behind one proxy, with its limits on."""
    shutil.copytree(start, tmp_path / "home")
    company = Company(load(tmp_path / "home", KEY | {"THROUGHLINE_TRUSTED_PROXIES": "1"}))
    limiter.enabled = True
    yield create_app(company)
    limiter.enabled = False
    company.close()


@pytest.fixture
def on_app_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is an instance."""
    monkeypatch.setenv("GAE_INSTANCE", "00c61b117c")


def test_another_instance_is_not_taken_for_ended(on_app_engine: None) -> None:
    """It has the same host name, and here no process of its number: what it holds stays its own."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert this_machine() == "00c61b117c"
    assert not has_ended(f"another-instance:{gone.pid}")
    assert not has_ended(f"localhost:{gone.pid}")
    assert has_ended(f"00c61b117c:{gone.pid}")


def test_who_guesses_shuts_out_nobody_else(on_app_engine: None, console: Flask) -> None:
    """Everybody comes through the same proxy; each is counted by their own address."""
    assert guesses(console, "203.0.113.9", 11)[-1] == 429
    assert guesses(console, "203.0.113.10", 1) == [404]


def test_elsewhere_that_header_is_anybodys_word(console: Flask) -> None:
    """Nobody escapes the limit by writing it."""
    codes = [guesses(console, f"203.0.113.{number}", 1)[0] for number in range(11)]
    assert codes[-1] == 429
