"""Google's keys are fetched as seldom as they allow, and as soon as they change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from addon.cards.keys import SHORTEST_SECONDS, Keys, NoKeys
from tests.addon.cards.google import KeyServer, key_server


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[KeyServer]:
    """A key server of one test."""
    with key_server() as running:
        yield running


def test_keys_are_kept_as_long_as_they_say(server: KeyServer) -> None:
    """One fetch an hour where the server says so."""
    clock = Clock()
    keys = Keys(server.address, clock)
    assert all(keys.key("real") is not None for _ in range(5))
    clock.now += 3599
    assert keys.key("real") is not None
    assert server.asked == 1
    clock.now += 2
    assert keys.key("real") is not None
    assert server.asked == 2


def test_a_new_key_is_fetched_at_once_and_invented_ones_seldom(server: KeyServer) -> None:
    """A key that is not known yet is looked for, but not oftener than once a minute."""
    clock = Clock()
    keys = Keys(server.address, clock)
    assert keys.key("real") is not None
    clock.now += SHORTEST_SECONDS
    server.names.append("second")
    assert keys.key("second") is not None
    for number in range(50):
        assert keys.key(f"invented-{number}") is None
    assert server.asked == 2


def test_keys_that_hold_still_do_without_a_server(server: KeyServer) -> None:
    """While it is down, known keys go on until they end; then nobody can be told from anybody."""
    clock = Clock()
    keys = Keys(server.address, clock)
    assert keys.key("real") is not None
    server.is_down = True
    clock.now += SHORTEST_SECONDS
    assert keys.key("unknown") is None
    assert keys.key("real") is not None
    clock.now += 3600
    with pytest.raises(NoKeys):
        keys.key("real")
    server.is_down = False
    clock.now += SHORTEST_SECONDS
    assert keys.key("real") is not None
