"""Notices of Drive's channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from addon.connections.sealing import sealed
from connectors.google.webhooks import CHANNEL, NUMBER, RESOURCE, STATE, TOKEN
from sync.store.queries import hooks
from tests.addon.hooks.refusals import Notice, Refuses, connected_office, send, work
from tests.addon.web.people import NOW, Office

ID, SECRET, PLACE = "channel-1", "a-token-of-the-channel", "a-resource"


def opened_channel(office: Office, resource: str = PLACE) -> None:
    """A channel that we opened; "" for a *resource* that Drive has not named yet."""
    with office.company.store.write() as tx:
        secret = sealed(office.company.settings, SECRET)
        hooks.keep_channel(tx, hooks.Channel(ID, secret, resource, NOW, NOW + timedelta(days=7)))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A company that works in Google Workspace."""
    made = connected_office(tmp_path / "home", "google")
    opened_channel(made)
    return made


def notice(number: int = 1, state: str = "change", body: bytes = b'{\n "kind": "drive#changes"\n}\n') -> Notice:
    """A notice as Drive sends it."""
    headers = {CHANNEL: ID, TOKEN: SECRET, RESOURCE: PLACE, STATE: state, NUMBER: str(number)}
    return Notice("/hooks/drive", body, headers, "application/json; utf-8")


class TestRefusals(Refuses):
    """What its hook refuses."""

    workspace, proof = "google", TOKEN

    @classmethod
    def prepare(cls, office: Office) -> None:
        """A channel."""
        opened_channel(office)

    def good(self, number: int = 1, body: bytes | None = None) -> Notice:
        """A notice of a change."""
        return notice(number) if body is None else notice(number, body=body)

    def unknown(self) -> Notice:
        """A state that was made up later."""
        return notice(state="sung")

    def test_the_beginning_of_a_channel_is_acknowledged_only(self, office: Office) -> None:
        """It comes before anything changed, without a body and without its type."""
        self.refused(office, replace(notice(state="sync", body=b""), type=""), 202)

    @pytest.mark.parametrize("name", [CHANNEL, RESOURCE])
    def test_the_channel_and_what_it_tells_of_must_be_ours(self, office: Office, name: str) -> None:
        """The token alone does not do."""
        for value in ("", "another"):
            self.refused(office, replace(notice(), headers={**notice().headers, name: value}), 401)

    @pytest.mark.parametrize("number", ["", "-1", "one", 30 * "1"])
    def test_a_notice_without_its_number_is_broken(self, office: Office, number: str) -> None:
        """It could not be told from another one."""
        self.refused(office, replace(notice(), headers={**notice().headers, NUMBER: number}), 400)


def test_a_change_asks_for_one_sync(office: Office) -> None:
    """Drive does not say what changed: its log does. The same notice again does nothing."""
    for number in (2, 5, 5, 9):
        assert send(office, notice(number)).status_code == 202
    assert work(office.company) == (1, ())
    with office.company.store.read() as tx:
        found = hooks.channel_of(tx, ID)
    assert found is not None
    assert found.heard_at is not None


def test_until_drive_has_named_the_resource_only_the_beginning_is_believed(office: Office) -> None:
    """The first notice may come before the answer to the call that opened the channel."""
    opened_channel(office, resource="")
    assert send(office, notice(1, "sync")).status_code == 202
    assert send(office, notice(2)).status_code == 401
