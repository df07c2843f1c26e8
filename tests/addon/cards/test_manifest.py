"""The deployment that Google is given, and the page of previews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from addon.cards.drawing import Place
from addon.cards.manifest import CLICKS, SCOPES, TRIGGERS, addresses, manifest
from addon.cli import main
from tests.addon.cards.google import BASE, Google
from tests.addon.cards.test_samples import parts
from tests.addon.office import Office


def run(*arguments: str, home: Path) -> Any:
    """One command."""
    return CliRunner().invoke(main, ["--home", str(home), "addon", *arguments])


def test_the_deployment_names_every_trigger_and_asks_for_no_more_than_it_needs(office: Office) -> None:
    """Homepages in four applications, the grant, the selection, the meeting, previews; and granular consent."""
    result = run("manifest", "--base-url", f"{BASE}/", home=office.home)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found == manifest(Place(BASE))
    assert found["oauthScopes"] == list(SCOPES)
    assert not [
        one for one in SCOPES if one.endswith(("/drive", "/documents", "/spreadsheets", "/calendar", "/drive.readonly"))
    ]
    parts_of = found["addOns"]
    assert parts_of["httpOptions"] == {"authorizationHeader": "SYSTEM_ID_TOKEN", "granularOauthPermissionSupport": "OPT_IN"}
    for host, trigger in (("docs", "onFileScopeGrantedTrigger"), ("sheets", "onFileScopeGrantedTrigger"),
                          ("drive", "onItemsSelectedTrigger"), ("calendar", "eventOpenTrigger")):  # fmt: skip
        assert {"homepageTrigger", trigger} <= parts_of[host].keys()
    called = {inside for name, inside in parts(found) if name == "runFunction"}
    assert called == {f"{BASE}/addon/{one}" for one in TRIGGERS}


def test_every_address_of_the_sidebar_is_one_that_tokens_may_be_for(onlooker: Google) -> None:
    """The list of audiences is the list of routes, and the picture is there for everybody."""
    routes = {rule.rule for rule in onlooker.office.app.url_map.iter_rules() if rule.endpoint.startswith("cards.")}
    assert routes - {"/addon/logo.png"} == {urlsplit(one).path for one in addresses(Place(BASE))}
    assert len(routes) == len(TRIGGERS) + len(CLICKS) + 1
    picture = onlooker.client.get("/addon/logo.png")
    assert (picture.status_code, picture.data[:4]) == (200, b"\x89PNG")


def test_the_address_has_to_be_one_that_google_calls(office: Office) -> None:
    """Without https nothing comes."""
    for arguments in ((), ("--base-url", "http://127.0.0.1:8080"), ("--base-url", "throughline.example.com")):
        result = run("manifest", *arguments, home=office.home)
        assert result.exit_code == 2
        assert "https" in result.stderr


def test_cards_are_drawn_to_look_at(office: Office, tmp_path: Path) -> None:
    """Every card, light and dark, in one page that loads nothing from elsewhere."""
    page = tmp_path / "cards.html"
    assert run("preview", "--out", str(page), home=office.home).exit_code == 0
    text = page.read_text("utf-8")
    assert text.count('class="card light"') == text.count('class="card dark"') > 10
    assert "http" not in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ADDON_CLIENT_ID": "x"}, "addon_service_account and addon_domains"),
        ({"ADDON_DOMAINS": "not a domain"}, "domains such as"),
    ],
)
def test_half_a_setting_is_told_with_the_rest(tmp_path: Path, given: dict[str, str], said: str) -> None:
    """What is missing is named."""
    from addon.settings import SettingsError, load

    with pytest.raises(SettingsError, match=said):
        load(tmp_path, {f"THROUGHLINE_{name}": value for name, value in given.items()})


def test_domains_are_read_in_small_letters(tmp_path: Path) -> None:
    """One or several."""
    from addon.settings import load

    given = {"ADDON_CLIENT_ID": "x", "ADDON_SERVICE_ACCOUNT": "y", "ADDON_DOMAINS": "Example.com, example.org"}
    found = load(tmp_path, {f"THROUGHLINE_{name}": value for name, value in given.items()})
    assert found.addon_domains == ("example.com", "example.org")
