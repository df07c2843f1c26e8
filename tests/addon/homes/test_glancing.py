"""The glance on home pages in the emulated Notion: said, refreshed, and never at the cost of what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from addon.company import Company
from addon.homes.glancing import TITLE, refresh
from addon.settings import load
from connectors.notion.emulator.seed import ROOT_PAGE
from connectors.notion.layout import Layout
from sync.records import ActionItem
from sync.store.queries import connections, glances, ledger
from tests.connectors.notion.house import TOKEN, House, house
from tests.journeys.desk import Desk, founded

PEOPLE = {f"{name}@example.org": name.title() for name in ("greta", "ben", "ada", "noor", "tom", "ida")}


@dataclass
class Home:
    """Ada's home, and everybody's sync."""

    desk: Desk
    notion: House

    def company(self) -> Company:
        """The company on this day."""
        return Company(load(self.desk.home, {"THROUGHLINE_TODAY": self.desk.today}))

    def refresh(self) -> tuple[dict[str, int], dict[str, int]]:
        """What came of it, and what it called."""
        self.notion.counts()
        company = self.company()
        try:
            return refresh(company), self.notion.counts()
        finally:
            company.close()

    def blocks(self) -> list[dict[str, Any]]:
        """What stands on the page, in order."""
        company = self.company()
        with company.store.read() as tx:
            found = connections.get(tx, "notion")
        ada = company.person("ada@example.org").id
        company.close()
        assert found is not None
        page = Layout.loaded(found.layout).homes[ada]
        return list(self.notion.person().call("GET", f"blocks/{page}/children")["results"])

    def callouts(self) -> list[tuple[str, str, list[str]]]:
        """Id, words and links of each callout."""
        return [(one["id"], *_said(one["callout"]["rich_text"])) for one in self.blocks() if one["type"] == "callout"]


def _said(pieces: list[dict[str, Any]]) -> tuple[str, list[str]]:
    return "".join(one["plain_text"] for one in pieces), [one["href"] for one in pieces if one.get("href")]


@pytest.fixture
def home(tmp_path: Any) -> Iterator[Home]:
    """Provisioned and read once."""
    with house(PEOPLE) as notion:
        desk = founded(tmp_path / "home")
        desk.today = "2026-01-26"
        page = f"https://www.notion.so/{ROOT_PAGE.replace('-', '')}"
        token = desk.csv("token.txt", TOKEN)
        desk.ok("connect", "notion", "--token-file", token, "--parent", page, "--plan", "off", "--api", notion.url)
        desk.provision()
        desk.ok("sync")
        yield Home(desk, notion)


def test_a_home_says_what_is_next_and_a_sync_without_news_costs_nothing(home: Home) -> None:
    """At the top of the page, each line with its link; nothing is called while nothing changed."""
    ((_, words, links),) = home.callouts()
    assert words.splitlines()[0] == TITLE
    assert "Next check-in: 2" in words
    assert words.splitlines()[-2:] == ["Goals", "Quick notes"]
    assert len(links) == 3
    assert home.blocks()[0]["type"] == "callout"
    assert home.refresh() == ({}, {})


def test_what_changed_is_one_read_and_one_write_of_the_same_block(home: Home) -> None:
    """How many actions are open, never which: HR reads homes and no check-ins."""
    ((block, _, _),) = home.callouts()
    company = home.company()
    ada = company.person("ada@example.org").id
    with company.store.write() as tx:
        ledger.save_actions(tx, [an_action(ada, number) for number in range(2)])
    company.close()
    assert home.refresh() == ({"homes written": 1}, {"blocks.retrieve": 1, "blocks.update": 1})
    ((same, words, _),) = home.callouts()
    assert same == block
    assert "2 open actions" in words
    assert "zqx" not in words
    assert home.refresh() == ({}, {})


def test_what_somebody_wrote_into_it_stays_and_is_told(home: Home) -> None:
    """Their block is never touched again; a new one stands above it, and is the one that is refreshed."""
    ((block, words, _),) = home.callouts()
    text = [{"type": "text", "text": {"content": f"{words}\nAsk about the budget."}}]
    home.notion.person().call("PATCH", f"blocks/{block}", {"callout": {"rich_text": text}})
    assert home.refresh() == ({}, {})
    home.desk.today = "2026-02-10"
    counts, _ = home.refresh()
    assert counts["homes beside"] == 1
    (new, _, _), (old, kept, _) = home.callouts()
    assert (old, kept) == (block, f"{words}\nAsk about the budget.")
    company = home.company()
    with company.store.read() as tx:
        assert any("their words stay" in one.message for one in ledger.findings(tx, "notion"))
        assert glances.everyone(tx)[company.person("ada@example.org").id].block == new
    company.close()
    assert home.refresh() == ({}, {})


def test_what_people_add_beside_it_and_what_they_take_away_is_respected(home: Home) -> None:
    """A block in the bin is not made again; everything else on the page stays as it was."""
    ((block, _, _),) = home.callouts()
    others = [one for one in home.blocks() if one["id"] != block]
    home.notion.person().call("DELETE", f"blocks/{block}")
    home.desk.today = "2026-02-10"
    counts, _ = home.refresh()
    assert counts["homes removed"] == 1
    assert home.callouts() == []
    assert [one["id"] for one in home.blocks()] == [one["id"] for one in others]
    assert home.refresh() == ({}, {})


def an_action(person_id: str, number: int) -> Any:
    """Something open."""
    return ActionItem(f"a{number}", person_id, "2026-h1", f"zqx private {number}", "Ada", "", date(2026, 1, 5), "key")
