"""How many calls things take: no more than the formulas allow, counted by the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.google.emulator.app import provider_of
from tests.bench.google import FIXED, ROOT, Rehearsal, asking_floor, provisioning_floor

PEOPLE = 16
GRANTS_EACH = 5


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Some people, provisioned in an emulated Google Workspace under its quotas."""
    rehearsal = Rehearsal(tmp_path_factory.mktemp("budget"), PEOPLE)
    rehearsal.made = rehearsal.provision()
    yield rehearsal
    rehearsal.company.close()


def test_provisioning_takes_one_call_a_file_a_folder_and_a_grant(provisioned: Rehearsal) -> None:
    """Contents included; at most thirty calls more, at most five grants a person, and no mail."""
    made, counts = provisioned.made, provisioned.counts()
    assert made.calls["drive.files.create"] == counts["files"] + counts["folders"]
    assert made.calls["drive.permissions.create"] == counts["grants"] <= GRANTS_EACH * PEOPLE
    assert made.total - made.calls["drive.files.create"] - made.calls["drive.permissions.create"] <= FIXED
    assert made.total <= provisioning_floor(counts)
    assert provider_of(provisioned.app).world.mail == []
    assert set(provisioned.emulator.calls.statuses()) <= {"200"}


def test_nobody_but_members_may_open_what_is_around_the_folders_of_people(provisioned: Rehearsal) -> None:
    """The drive and the four folders in it are shared with nobody; each person's folder is shared directly."""
    world = provider_of(provisioned.app).world
    around = [file for file in world.files.values() if file.parent == ROOT]
    assert {file.name for file in around} == {"Company", "Working", "Private"}
    assert [file.name for file in around if file.permissions] == ["Company"]
    homes = [file for file in world.files.values() if file.parent in {one.id for one in around if one.name != "Company"}]
    assert all(file.permissions for file in homes)


def test_applying_again_only_lists(provisioned: Rehearsal) -> None:
    """One list for each thousand files, and no write."""
    again = provisioned.again()
    assert set(again.calls) == {"drive.files.list"}
    assert again.total <= asking_floor(provisioned.counts())


def test_a_sync_reads_what_changed_and_nothing_else(provisioned: Rehearsal) -> None:
    """At first everything once; then one list of changes, and one read of each changed file."""
    provisioned.clock.advance(600)
    counts = provisioned.counts()
    first = provisioned.sync()
    assert first.total == counts["files"] + asking_floor(counts) + 1
    provisioned.clock.advance(600)
    changed = provisioned.people_type(0.2)
    provisioned.clock.advance(600)
    read = provisioned.sync()
    assert read.calls == {"drive.changes.list": 1, "docs.documents.get": changed}
    quiet = provisioned.sync()
    assert quiet.calls == {"drive.changes.list": 1}
