"""What a world begins with, and what is wrong with a seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.google.emulator.app import create_emulator, provider_of
from connectors.google.emulator.discovery import DOCUMENTS, methods
from connectors.google.emulator.operations import HANDLERS
from connectors.google.emulator.seed import BadSeed, read_seed


def test_a_seed_from_a_file(tmp_path: Path) -> None:
    """People, groups and drives of the file are there; a member through a group sees the drive."""
    place = tmp_path / "seed.yaml"
    place.write_text(
        "people: [{email: ada@example.com, name: Ada Brandt, manager: hr@example.com}]\n"
        "groups: {team@example.com: [developer@example.com]}\n"
        "drives: [{id: 0AGoals, name: Goals, members: {team@example.com: writer}}]\n"
    )
    http = create_emulator(seed=read_seed(place)).test_client()
    headers = {"Authorization": "Bearer x"}
    assert http.get("/drive/v3/drives", headers=headers).json["drives"] == [
        {"kind": "drive#drive", "id": "0AGoals", "name": "Goals"}
    ]
    people = http.get("/admin/directory/v1/users?customer=my_customer&viewType=domain_public", headers=headers).json["users"]
    assert people[0]["relations"][0]["value"] == "hr@example.com"


@pytest.mark.parametrize("storage", [True, False])
def test_a_seed_says_which_service_accounts_have_storage(storage: bool) -> None:
    """One that the seed names has a My Drive of its own if the seed says so."""
    app = create_emulator(seed={"service_accounts": [{"email": "App@p.iam.gserviceaccount.com", "storage": storage}]})
    assert provider_of(app).tokens.storing["app@p.iam.gserviceaccount.com"] is storage


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- a", "no mapping"),
        ("nonsense: 1", "nonsense"),
        ("people: [{name: x}]", "entry 1"),
        ("drives: [{id: a, members: {x@y: king}}]", "king"),
    ],
)
def test_a_bad_seed_names_the_place(tmp_path: Path, text: str, wrong: str) -> None:
    """The sentence says which key or entry it is."""
    place = tmp_path / "seed.yaml"
    place.write_text(text)
    with pytest.raises(BadSeed, match=wrong):
        create_emulator(seed=read_seed(place))


def test_every_handler_is_a_method_of_google() -> None:
    """No operation is invented, and the APIs are those of the installed discovery documents."""
    assert set(HANDLERS) <= set(methods())
    assert {method.api for method in methods().values()} == set(DOCUMENTS)
