"""From what somebody writes on the platform to what the console shows, with and without its notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.store.queries import hooks
from tests.journeys.listening import Place, listening


@pytest.fixture(scope="module", params=["notion", "google"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A company on each platform."""
    with listening(tmp_path_factory.mktemp("hooks"), str(request.param)) as made:
        yield made


def test_what_is_written_there_is_shown_here_by_itself(place: Place) -> None:
    """Nobody asks for a sync; one edit after the other arrives."""
    for number in range(2):
        before = len(place.syncs())
        place.seconds_until_shown(f"Came by itself, number {number}.")
        assert len(place.syncs()) > before


def test_without_notices_the_next_look_finds_it(place: Place) -> None:
    """Whatever is wrong with the notices: they are refused here, and the schedule asks for a sync all the same."""
    with place.company.store.write() as tx:
        for one in hooks.secrets_of(tx, hooks.NOTION):
            hooks.forget_secret(tx, one.id)
        for channel in hooks.channels(tx):
            hooks.forget_channel(tx, channel.id)
    place.types("Found by the next look.")
    place.sync()
    assert place.shows("Found by the next look.")
