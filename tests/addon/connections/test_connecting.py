"""HR connects Notion from the command line: the token stays secret, access is confirmed, and the whole way works."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.connections.commands import page_id
from addon.connections.rules import DATABASES, confirmable, kind_called, rule_for
from addon.connections.sealing import opened, sealed
from addon.keys import FILE
from addon.settings import load
from addon.terminal import BadInput
from connectors.notion.emulator.seed import ROOT_PAGE
from tests.connectors.notion.house import TOKEN, House, house
from tests.journeys.desk import GOALS, Desk, founded
from tests.journeys.desk import PEOPLE as COMPANY

PEOPLE = {f"{name}@example.org": name.title() for name in ("greta", "ben", "ada", "noor", "tom", "ida")}
LINK = f"https://www.notion.so/acme/Throughline-{ROOT_PAGE.replace('-', '')}?pvs=4"
DRAFTING = "2026-06-15"


@pytest.fixture
def notion() -> Iterator[House]:
    """The company's Notion."""
    with house(PEOPLE) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A company that has not provisioned anything yet."""
    desk = founded(tmp_path / "home")
    desk.today = "2026-02-02"
    return desk


def _connected(desk: Desk, notion: House, *more: str) -> str:
    token = desk.csv("token.txt", f"{TOKEN}\n")
    return desk.ok("connect", "notion", "--token-file", token, "--parent", LINK, "--plan", "off", "--api", notion.url, *more)


def test_the_token_is_kept_sealed_and_never_shown(desk: Desk, notion: House) -> None:
    """Not in the database, not in any output; the key lies in a file of its own that only its owner reads."""
    outputs = _connected(desk, notion) + desk.ok("doctor") + desk.ok("status") + desk.ok("doctor", "--json")
    (desk.home / "token.txt").unlink()
    assert TOKEN not in outputs
    key = desk.home / FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for path in desk.home.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path
    key.unlink()
    result = desk.run("plan")
    assert result.exit_code == 2
    assert "bring that key back" in result.stderr


def test_a_connection_that_does_not_work_is_not_kept(desk: Desk, notion: House) -> None:
    """A wrong token, a page that is not there, a file that holds something else: each says what to do."""
    wrong = desk.csv("wrong.txt", "invalid_token")
    two = desk.csv("two.txt", "a token")
    other = "https://www.notion.so/Other-0123456789abcdef0123456789abcdef"
    good = desk.csv("good.txt", TOKEN)
    for token, parent, said in (
        (wrong, LINK, "does not know the token"),
        (two, LINK, "nothing else"),
        (str(desk.home / "none"), LINK, "cannot be read"),
        (good, other, "shared with the connection"),
        (good, "https://www.notion.so/", "Copy link"),
    ):
        result = desk.run("connect", "notion", "--token-file", token, "--parent", parent, "--api", notion.url)
        assert result.exit_code == 2, result.output
        assert said in result.stderr
        assert "invalid_token" not in result.stderr
    assert "folder" in desk.ok("doctor")


def test_doctor_says_which_rule_to_set_where(desk: Desk, notion: House) -> None:
    """Capabilities, version, plan, parent, clock, and each database with the exact words."""
    _connected(desk, notion)
    checks = {one["what"]: one for one in desk.json("doctor")["checks"]}
    for what in ("token", "version", "parent page", "clock", "capability: insert content", "capability: e-mail addresses"):
        assert checks[what]["ok"] is True, checks[what]
    notes = checks["access: Manager notes"]
    assert notes["ok"] is None
    assert "General access: “Only people invited”" in notes["says"]
    assert "“Shared with” → “Can edit”" in notes["says"]
    assert "confirm-access manager-notes" in notes["says"]
    desk.ok("confirm-access", "Manager notes", "--by", "Ida Lund")
    confirmed = next(one for one in desk.json("doctor")["checks"] if one["what"] == "access: Manager notes")
    assert confirmed["ok"] is True
    assert "Ida Lund" in confirmed["says"]


def test_doctor_tells_of_the_plan_what_notion_tells(desk: Desk, notion: House) -> None:
    """An assumed plan is to be stated; a stated one is believed unless Notion contradicts it; so it is with comments."""
    token = desk.csv("token.txt", TOKEN)
    connect = ("connect", "notion", "--token-file", token, "--parent", LINK, "--api", notion.url)

    def told(what: str, *more: str) -> tuple[bool | None, str]:
        desk.ok(*connect, *more)
        checks = json.loads(desk.run("doctor", "--json").stdout)["checks"]
        found = next(one for one in checks if one["what"] == what)
        return found["ok"], found["says"]

    assumed, said = told("plan")
    assert assumed is None
    assert "nobody stated it" in said
    assert "not Plus from Business" in said
    assert told("plan", "--plan", "business")[0] is True
    ok, said = told("plan", "--plan", "plus")
    assert (ok, "need Business" in said) == (None, True)
    ok, said = told("plan", "--plan", "free")
    assert (ok, "paid for" in said) == (False, True)
    assert "not read" in told("comments", "--plan", "off")[1]
    assert "margin" in told("comments", "--plan", "off", "--comments")[1]


def test_without_confirmed_access_neither_reviews_nor_notes_are_made(desk: Desk, notion: House) -> None:
    """Check-ins and goals are; what is held back is said, and made once somebody has confirmed."""
    _connected(desk, notion)
    planned = desk.ok("plan")
    assert "Held back" in planned
    counts = desk.provision()
    assert set(counts) == {"created"}
    kinds = _kinds(desk)
    assert "check-in" in kinds
    assert "manager-notes" not in kinds
    refused = desk.run("confirm-access", "check-in")
    assert refused.exit_code == 2
    assert "manager-notes" in refused.stderr
    desk.ok("confirm-access", "manager-notes", "--json")
    assert desk.provision() == {"created": 5}


def _kinds(desk: Desk) -> set[str]:
    return {step["key"].split("/")[2] for step in desk.json("plan")["steps"] if step["do"] == "unchanged"}


def test_the_whole_way_from_a_goal_to_a_released_review(desk: Desk, notion: House) -> None:
    """People write in Notion; their words come back as evidence, become a draft, and are shown in a new row."""
    _connected(desk, notion)
    for kind in confirmable():
        desk.ok("confirm-access", kind)
    desk.ok("goals", "import", desk.csv("goals.csv", GOALS))
    assert set(desk.provision()) == {"created"}
    desk.ok("sync")
    ada = notion.person("ada@example.org")
    rows = {_title(page): page for page in _all(notion)}
    check_in = next(page for title, page in rows.items() if title.startswith("Check-in") and "Ada" in title)
    ada.types(check_in["id"], "What went well", "Cut the load time of the start page to 3 s.")
    goal = rows["Cut page load time"]
    ada.sets(goal["id"], {"Now": {"number": 3}, "Status": {"select": {"name": "on track"}}})
    desk.ok("sync")
    evidence = desk.ok("evidence", "ada@example.org")
    assert "Cut the load time of the start page to 3 s." in evidence
    assert "by themself" in evidence
    desk.today = DRAFTING
    assert set(desk.provision()) == {"created"}
    notion.later()
    desk.ok("sync")
    desk.ok("draft", "ada@example.org", "--push")
    review = next(page for page in _all(notion) if "review" in _title(page).lower() and "Ada" in _title(page))
    ben = notion.person("ben@example.org")
    assert "Cut page load time" in ben.body(review["id"])
    ben.types(review["id"], "Summary in my own words", "A strong half-year: what Ada planned is there, and people use it.")
    released = desk.json("release", "ada@example.org")
    assert released["released"]
    shown = ada.call("GET", f"pages/{released['ref'].rpartition('/')[2]}")
    people = {one["id"] for one in shown["properties"]["Shown to"]["people"]}
    assert _user(ada, "ada@example.org") in people
    assert shown["properties"]["Shared with"]["people"] == []
    assert desk.run("audit").exit_code == 0


def test_access_in_the_rows_follows_the_plan(desk: Desk, notion: House) -> None:
    """A submitted self review reaches the manager; a new manager takes the former one's place, on goals and home, too."""
    _connected(desk, notion)
    for kind in confirmable():
        desk.ok("confirm-access", kind)
    desk.today = DRAFTING
    desk.provision()
    ada = notion.person("ada@example.org")
    own = next(page["id"] for page in _all(notion) if _title(page).startswith("Self review") and "Ada" in _title(page))
    assert "Ben" not in _named(notion, own, "Shown to")
    ada.types(own, "Results", "Two results that matter.")
    ada.types(own, "Ready for my manager", "yes")
    desk.ok("sync")
    assert desk.provision() == {"shared": 1}
    assert "Ben" in _named(notion, own, "Shown to")
    assert _named(notion, own, "Shared with") == {"Ada"}
    moved = COMPANY.replace("ada@example.org,ben@example.org", "ada@example.org,greta@example.org")
    file = desk.csv("people.csv", moved)
    desk.ok("people", "import", file, "--accept", desk.json("people", "import", file)["hash"])
    assert "shared" in desk.provision()
    rows = {_title(page): str(page["id"]) for page in _all(notion)}
    sheet = next(id_ for title, id_ in rows.items() if title.startswith("Goals") and "Ada" in title)
    for id_ in (sheet, rows["Cut page load time"], rows["Ada Brandt"]):
        assert _named(notion, id_, "Shared with") == {"Ada", "Greta"}, id_
    assert set(desk.provision()) <= {"unchanged"}
    assert desk.run("audit").exit_code == 0


def test_whoever_joins_the_workspace_later_is_named_and_then_included(desk: Desk, tmp_path: Path) -> None:
    """A reader who is no member yet is left out of what is made, said, and added by the first apply after they joined."""
    joined = {address: name for address, name in PEOPLE.items() if name != "Ida"}
    with house(joined) as notion:
        _connected(desk, notion)
        for kind in confirmable():
            desk.ok("confirm-access", kind)
        desk.today = DRAFTING
        assert "ida@example.org" in desk.ok("plan")
        desk.run("apply", "--plan", desk.json("plan")["hash"])
        review = next(page["id"] for page in _all(notion) if _title(page).startswith("Review draft") and "Ada" in _title(page))
        assert "Ida" not in _named(notion, review, "Shown to")
        notion.joins("Ida", "ida@example.org")
        assert "ida@example.org" not in desk.ok("plan").partition("Not in the workspace")[2]
        assert "shared" in desk.provision()
        assert "Ida" in _named(notion, review, "Shown to")


def _named(notion: House, id_: str, name: str) -> set[str]:
    """The first names of the people in a property of a row."""
    found = notion.person("greta@example.org").call("GET", f"pages/{id_}")["properties"][name]["people"]
    return {one["name"].split()[0] for one in found}


def _all(notion: House) -> list[dict[str, object]]:
    """Every page of the emulated workspace that is no trash."""
    found = notion.person("greta@example.org").call("POST", "search", {"page_size": 100})
    rows = [one for one in found["results"] if one["object"] == "page"]
    while found["has_more"]:
        body = {"page_size": 100, "start_cursor": found["next_cursor"]}
        found = notion.person("greta@example.org").call("POST", "search", body)
        rows += [one for one in found["results"] if one["object"] == "page"]
    return rows


def _title(page: dict[str, object]) -> str:
    for value in page["properties"].values():  # type: ignore[attr-defined]
        if value["type"] == "title":
            return "".join(piece["plain_text"] for piece in value["title"])
    return ""


def _user(person: object, email: str) -> str:
    users = person.call("GET", "users")["results"]  # type: ignore[attr-defined]
    return str(next(one["id"] for one in users if one.get("person", {}).get("email") == email))


# ---------------------------------------------------------------- the parts


def test_a_secret_opens_with_its_own_key_only(tmp_path: Path) -> None:
    """With another key, or a fresh one, it stays closed and the way out is said."""
    first = load(tmp_path / "a", {"THROUGHLINE_KEY": "k" * 40})
    second = load(tmp_path / "b", {"THROUGHLINE_KEY": "x" * 40})
    data = sealed(first, "ntn_secret")
    assert opened(first, data) == "ntn_secret"
    assert b"ntn_secret" not in data
    assert "kkkk" not in repr(first)
    (tmp_path / "d").mkdir()
    for other in (second, load(tmp_path / "d", {})):
        with pytest.raises(BadInput, match="bring that key back") as caught:
            opened(other, data)
        assert "connect again" in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        ROOT_PAGE,
        f"https://app.notion.com/p/{ROOT_PAGE.replace('-', '')}",
        f"https://www.notion.so/{ROOT_PAGE.replace('-', '').upper()}/#abc",
    ],
)
def test_a_link_to_a_page_gives_its_id(link: str) -> None:
    """As Notion's “Copy link” gives it, now or formerly."""
    assert page_id(link) == ROOT_PAGE


def test_every_database_has_its_rule_and_private_ones_must_be_confirmed() -> None:
    """Nothing that holds reviews or notes is provisioned on trust."""
    assert set(confirmable()) == {"self-review", "peer-feedback", "manager-notes", "manager-review", "released-review"}
    for database in DATABASES:
        assert "Open “" in rule_for(database)
        assert "General access" in rule_for(database)
    assert "“Shown to” → “Can comment”" in rule_for("reviews/released-review")
    assert "Everyone in the workspace" in rule_for("company/role-expectations")
    assert kind_called("MANAGER NOTES ") == "manager-notes"
    assert kind_called("Check-ins") == ""
