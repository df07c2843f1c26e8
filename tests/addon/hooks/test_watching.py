"""Channels of Drive: opened, renewed with overlap, closed once their successor has proven itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from addon.company import Company
from addon.hooks.watching import watch
from addon.settings import load
from connectors.google.channels import needs_successor, superseded
from connectors.google.emulator.drive.channels import Channel as Opened
from sync.store.queries import hooks, people
from tests.connectors.google.house import DRIVE, House, house
from tests.journeys.desk import founded

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Life:
    """A channel by its dates."""

    id: str
    made_at: datetime
    until: datetime
    heard_at: datetime | None = None


@pytest.mark.parametrize(
    ("age", "left", "needed"),
    [(0 * DAY, 7 * DAY, False), (6 * DAY, DAY + HOUR, False), (6 * DAY, DAY - HOUR, True), (0 * HOUR, HOUR, False)],
)
def test_a_successor_comes_before_the_end(age: timedelta, left: timedelta, needed: bool) -> None:
    """What ends before the next look would leave a gap; Drive may give an hour where a week was asked for."""
    assert needs_successor([Life("a", NOW - age, NOW + left)], NOW) is needed
    assert needs_successor([], NOW)


def test_a_channel_is_closed_once_a_later_one_was_heard_or_it_has_ended() -> None:
    """Until then both tell, and what both tell counts once more at most."""
    old = Life("old", NOW - 6 * DAY, NOW + DAY, NOW)
    new = Life("new", NOW - HOUR, NOW + 7 * DAY)
    assert superseded([new, old], NOW) == []
    assert superseded([replace(new, heard_at=NOW), old], NOW) == [old]
    assert superseded([new, replace(old, until=NOW - HOUR)], NOW) == [replace(old, until=NOW - HOUR)]


@pytest.fixture
def google(tmp_path: Path) -> Iterator[tuple[Company, House]]:
    """A company that works in Google Workspace."""
    with house() as made:
        desk = founded(tmp_path / "home")
        key = desk.csv("key.json", made.key_file())
        desk.ok("connect", "google", "--credentials-file", key, "--drive", DRIVE, "--quota", "off", "--api", made.url)
        company = Company(load(desk.home, {}))
        yield company, made
        company.close()


def standing(house: House) -> dict[str, Opened]:
    """The channels that Drive knows."""
    return dict(house.google.world.channels)


def kept(company: Company) -> tuple[hooks.Channel, ...]:
    """The channels that we know."""
    with company.store.read() as tx:
        return hooks.channels(tx)


def test_one_channel_stands_through_every_renewal(google: tuple[Company, House]) -> None:
    """Opened once, left alone, followed in time, closed at Drive; all of them when another platform is chosen."""
    company, drive = google
    assert watch(company)["opened"] == 1
    assert watch(company) == {"forgotten": 0, "opened": 0, "closed": 0}
    (first,) = kept(company)
    assert standing(drive)[first.id].resource == first.resource
    assert standing(drive)[first.id].address.endswith("/hooks/drive")
    with company.store.write() as tx:
        hooks.keep_channel(tx, replace(first, made_at=company.real_now - 6 * DAY, until=company.real_now + HOUR))
    assert watch(company)["opened"] == 1
    (second, _) = kept(company)
    assert set(standing(drive)) == {first.id, second.id}
    with company.store.write() as tx:
        hooks.hear(tx, second.id, company.real_now)
    assert watch(company)["closed"] == 1
    assert set(standing(drive)) == {second.id}
    with company.store.write() as tx:
        people.set_setting(tx, "workspace", "folder")
    later = Company(company.settings)
    assert watch(later)["closed"] == 1
    assert kept(later) == ()
    later.close()
