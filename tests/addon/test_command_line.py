"""The command line as HR, managers and scripts meet it: help, JSON, exit codes, errors that teach."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from addon.cli import COMMANDS, main
from addon.company import Company, load_settings
from addon.serving.commands import to_serve
from addon.terminal import operator
from sync.store.queries import reviews
from tests.journeys.desk import PEOPLE, Desk, founded

GROUPS = ("people", "goals", "leave", "peers", "pack", "cycle", "person", "jobs")


def _leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _leaves(inner, (*path, name))
    else:
        yield path


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six people, a cycle, everything provisioned and read once."""
    desk = founded(tmp_path_factory.mktemp("command-line") / "home")
    desk.provision()
    desk.ok("sync")
    return desk.home


@pytest.fixture
def desk(start: Path, tmp_path: Path) -> Desk:
    """A copy of it, to work on."""
    shutil.copytree(start, tmp_path / "home")
    return Desk(tmp_path / "home")


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    """`--help` of each command and of each of its own says what it does, and so does each option."""
    module_command = main.get_command(click.Context(main), name)
    assert module_command is not None
    for path in [(name,), *((name, *rest) for rest in _leaves(module_command) if rest)]:
        result = CliRunner().invoke(main, [*path, "--help"])
        assert result.exit_code == 0, result.output
        assert len(result.output.split("\n\n")[1].strip()) > 20, path
        command: click.Command = main
        for word in path:
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), word)
            assert found is not None
            command = found
        unexplained = [one.name for one in command.params if isinstance(one, click.Option) and not one.help]
        assert unexplained == [], path


def test_the_help_lists_every_command_in_the_order_in_which_a_company_meets_them() -> None:
    """And says what the exit codes mean."""
    output = CliRunner().invoke(main, ["--help"]).output
    listed = output.split("Commands:")[1]
    places = [listed.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert "0 fine; 1 something was not done" in output


def test_help_needs_no_company(tmp_path: Path) -> None:
    """Nothing is made by asking."""
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "none"), "sync", "--help"])
    assert result.exit_code == 0
    assert not (tmp_path / "none").exists()


# ---------------------------------------------------------------- JSON


def test_every_command_prints_one_json_document(desk: Desk, tmp_path: Path) -> None:
    """With `--json`, nothing else stands on stdout."""
    csv = {
        name: desk.csv(f"{name}.csv", text)
        for name, text in {
            "people": PEOPLE,
            "goals": "email,goal\nada@example.org,Another goal\n",
            "leave": "email,from,to\nada@example.org,2026-03-02,2026-03-06\n",
            "peers": "giver_email,person_email\nnoor@example.org,ada@example.org\n",
        }.items()
    }
    ways = {
        "connect google": [],
        "connect notion": [],
        "doctor": [],
        "confirm-access": ["manager-notes"],
        "people import": [csv["people"]],
        "people list": [],
        "goals import": [csv["goals"]],
        "leave import": [csv["leave"]],
        "peers import": [csv["peers"]],
        "pack list": [],
        "pack show": ["standard"],
        "pack copy": ["okr", str(tmp_path / "mine")],
        "pack check": [str(tmp_path / "mine")],
        "cycle create": ["2026-h2", "--start", "2026-07-01", "--end", "2026-12-31"],
        "cycle list": [],
        "cycle cadence": ["2026-h1", "weekly", "--team", "Support"],
        "cycle lock": ["2026-h2", "--reason", "A test"],
        "cycle reopen": ["2026-h2", "--reason", "A test"],
        "signin-link": ["ada@example.org"],
        "signin-unbind": ["ada@example.org"],
        "signout": ["ada@example.org"],
        "key": [],
        "plan": [],
        "apply": ["--plan", desk.json("plan")["hash"]],
        "recreate": [],
        "audit": [],
        "sync": [],
        "evidence": ["ada@example.org"],
        "history": [str(desk.file_of("Ada", "goal-sheet"))],
        "notes import": [desk.csv("notes.md", "# 2026-02-03\n\nHelped a new colleague.\n"), "--person", "ada@example.org"],
        "relink": [],
        "confirm": [],
        "draft": ["--all"],
        "stale": [],
        "review": ["ada@example.org"],
        "mark": ["ada@example.org", "0123456789abcdef", "--dismiss"],
        "unraised": [],
        "release": [],
        "status": [],
        "init": [],
        "person export": ["ada@example.org", "--to", str(tmp_path / "out")],
        "person erase": [],
        "person retain": [],
        "person reminders": ["ada@example.org", "off"],
        "person calendar": ["ada@example.org"],
        "remind": ["--dry-run"],
        "jobs ask": ["sync"],
        "addon manifest": ["--base-url", "https://throughline.example.com"],
        "addon preview": ["--out", str(tmp_path / "cards.html")],
        "backup": [str(tmp_path / "company.zip")],
        "restore": [str(tmp_path / "company.zip"), "--replace"],
    }
    leaves = {" ".join(path) for path in _leaves(main)}
    assert leaves == {*ways, "serve", "web", "worker", "demo", "emulator google", "emulator notion"}
    for way, rest in ways.items():
        if way in (
            "connect google",
            "connect notion",
            "recreate",
            "relink",
            "confirm",
            "release",
            "init",
            "person erase",
            "person retain",
        ):  # each has its own test with a company in the right state
            continue
        result = desk.run(*way.split(), *rest, "--json")
        assert result.exit_code in (0, 1), f"{way}: {result.stderr}"
        assert isinstance(json.loads(result.stdout), dict), way


def test_init_and_recreate_print_json(tmp_path: Path) -> None:
    """The two that need a company in a state of its own."""
    desk = Desk(tmp_path / "home")
    options = ("--organisation", "Acme", "--admin-name", "Ida Lund", "--admin-email", "ida@example.org")
    assert desk.json("init", *options)["organisation"] == "Acme"
    desk = founded(tmp_path / "other")
    desk.provision()
    desk.ok("sync")
    key = next(key for key in desk.by_key() if key.endswith("quick-notes"))
    desk.file(key).unlink()
    desk.ok("sync")
    assert desk.json("recreate", key) == {"key": key, "forgotten": True}
    desk.provision()
    assert desk.file(key).exists()


def test_the_status_has_the_agreed_figures(desk: Desk) -> None:
    """Scripts rely on these names."""
    figures = desk.json("status")
    assert {"people", "artifacts", "evidence", "drafts", "unsupported_statements", "failed_items"} <= set(figures)
    assert (figures["people"], figures["evidence"], figures["failed_items"]) == (6, 9, 0)
    assert figures["artifacts"] == len(desk.files())


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evidence", "Nobody Here"), ("Nobody Here", "people list")),
        (("draft", "Nobody Here"), ("Nobody Here",)),
        (("plan", "--cycle", "2031-h1"), ("2031-h1", "2026-h1")),
        (("draft", "--all", "--cycle", "2031-h1"), ("2031-h1", "2026-h1")),
        (("apply", "--plan", "00000000"), ("00000000", "throughline plan")),
        (("apply", "--plan", ""), ("throughline plan",)),
        (("draft",), ("PERSON", "--all")),
        (("draft", "--all", "--exclude", "abc"), ("--exclude",)),
        (("draft", "ada@example.org", "--exclude", "abc"), ("abc", "throughline evidence")),
        (("recreate", "2026-h1/nobody/goal-sheet"), ("2026-h1/nobody/goal-sheet",)),
        (("pack", "show", "standrad"), ("standrad", "standard")),
        (("pack", "copy", "standrad", "here"), ("standrad", "standard")),
        (("cycle", "create", "2026 H2", "--start", "2026-07-01", "--end", "2026-12-31"), ("2026 H2", "2026-h1")),
        (("cycle", "create", "x", "--start", "2026-07-01", "--end", "2026-06-30"), ("2026-07-01", "2026-06-30")),
        (("cycle", "create", "2026-h1", "--start", "2026-07-01", "--end", "2026-12-31"), ("2026-h1", "exists")),
        (("cycle", "cadence", "2026-h1", "weekly", "--team", "Suport"), ("Suport", "Support")),
        (("cycle", "cadence", "2026-h1", "daily"), ("daily", "weekly")),
        (("people", "import", "not-there.csv"), ("not-there.csv",)),
        (("release", "ada@example.org"), ("Ada Brandt", "throughline plan")),
        (("release", "ada@example.org", "--by", "noor@example.org"), ("Noor Said", "Ada Brandt")),
        (("synk",), ("synk",)),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_sentence_on_stderr(desk: Desk, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """It names the thing and the way out, ends with 2 and shows no traceback."""
    before = desk.everything()
    result = desk.run(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr
    assert len(result.stderr.strip().splitlines()) <= 4
    assert desk.everything() == before


def test_every_bad_row_of_a_list_is_named_and_nothing_is_imported(desk: Desk) -> None:
    """With its line; the exit code is 2."""
    file = desk.csv(
        "bad.csv", "name,email,manager_email\nA,a@example.org,nobody@example.org\nB,no-address,\nC,a@example.org,\n"
    )
    result = desk.run("people", "import", file)
    assert result.exit_code == 2
    assert all(f"line {number}" in result.output for number in (2, 3, 4)), result.output
    assert "nothing was imported" in result.stderr
    assert desk.json("status")["people"] == 6


def test_a_row_for_somebody_unknown_is_named(desk: Desk) -> None:
    """In goals, leave and feedback pairs alike."""
    for name, text in (
        ("goals", "email,goal\nwho@example.org,A goal\n"),
        ("leave", "email,from,to\nwho@example.org,2026-03-02,2026-03-06\n"),
        ("peers", "giver_email,person_email\nwho@example.org,ada@example.org\n"),
    ):
        result = desk.run(name, "import", desk.csv(f"{name}.csv", text))
        assert result.exit_code == 2
        assert "line 2" in result.stdout
        assert "who@example.org" in result.stdout


def test_goals_are_checked_against_the_goal_sheet_with_all_other_problems(desk: Desk) -> None:
    """Words that it does not offer, addresses of nobody and numbers that are none, each with its line; nothing comes in."""
    rows = (
        "who@example.org,One,hours,1,on track",
        "ada@example.org,Two,%,many,on track",
        "ada@example.org,Three,NUMBER,1,fine",
    )
    result = desk.run("goals", "import", desk.csv("more.csv", "\n".join(("email,goal,unit,target,status", *rows))))
    assert result.exit_code == 2
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        "more.csv, line 2, unit",
        "more.csv, line 2, email",
        "more.csv, line 3, target",
        "more.csv, line 4, status",
    ]
    assert "write number, %, currency, yes/no" in result.stdout


def test_the_figures_of_a_goal_list_are_evidence_with_the_line_they_came_from(desk: Desk) -> None:
    """Start, target and now, of the goal's row; importing the list again adds none."""
    desk.ok("goals", "import", desk.csv("more.csv", "email,goal,unit,start,target,now\nben@example.org,New,NUMBER,1,9,2\n"))
    desk.ok("goals", "import", desk.csv("more.csv", "email,goal,unit,start,target,now\nben@example.org,New,NUMBER,1,9,2\n"))
    found = desk.json("evidence", "ben@example.org")["entries"]
    assert {(one["place"], one["text"]) for one in found} == {
        ("more.csv, line 2, Start", "1"),
        ("more.csv, line 2, Target", "9"),
        ("more.csv, line 2, Now", "2"),
    }


def test_a_file_that_is_no_list_at_all_is_refused(desk: Desk) -> None:
    """A spreadsheet or a picture given by mistake; a folder; an empty file."""
    picture = desk.home / "picture.csv"
    picture.write_bytes(bytes(range(256)) * 20)
    empty = desk.csv("empty.csv", "")
    for file in (str(picture), empty, str(desk.home)):
        result = desk.run("people", "import", file)
        assert result.exit_code == 2, file
        assert "Traceback" not in result.output
        assert isinstance(result.exception, SystemExit)
    assert desk.json("status")["people"] == 6


def test_a_home_without_a_company_says_how_to_begin(tmp_path: Path) -> None:
    """And makes nothing there."""
    for command in (("status",), ("plan",), ("sync",), ("people", "list"), ("draft", "--all")):
        result = Desk(tmp_path / "nowhere").run(*command)
        assert result.exit_code == 2
        assert "throughline init" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    """Not with a traceback."""
    home = tmp_path / "home"
    home.write_text("something else")
    options = ("--organisation", "Acme", "--admin-name", "Ida", "--admin-email", "ida@example.org")
    for command in (("status",), ("init", *options)):
        result = Desk(home).run(*command)
        assert result.exit_code == 2
        assert str(home) in result.stderr
        assert isinstance(result.exception, SystemExit)


def test_the_first_line_of_the_audit_trail_says_who_typed_it(desk: Desk) -> None:
    """Like every other that somebody at a terminal caused."""
    with Company(load_settings(str(desk.home))).store.read() as tx:
        first = reviews.trail_page(tx, 10_000, 10_000)[-1]
    assert (first[3], first[-1]) == ("init", operator())


def test_a_list_says_yes_and_no(desk: Desk) -> None:
    """Not True and False, which mean something to programmers alone; JSON has its own."""
    told = desk.ok("people", "list")
    assert "True" not in told
    assert "yes" in told
    assert desk.json("people", "list")["people"][0]["active"] is True


def test_a_second_init_overwrites_nothing(desk: Desk) -> None:
    """The company that lives there is named."""
    before = desk.everything()
    result = desk.run("init", "--organisation", "Other", "--admin-name", "X", "--admin-email", "x@example.org")
    assert result.exit_code == 2
    assert "Acme" in result.stderr
    assert desk.everything() == before


def test_init_asks_for_what_is_not_given(tmp_path: Path) -> None:
    """Three answers make a company."""
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "h"), "init"], input="Acme\nIda Lund\nida@example.org\n")
    assert result.exit_code == 0, result.output
    assert "throughline people import" in result.output


def test_settings_that_are_wrong_stop_the_start_with_their_names(desk: Desk) -> None:
    """All of them at once, with the nearest word for a slip."""
    (desk.home / "settings.toml").write_text('lead_day = 3\nport = "many"\n', "utf-8")
    result = desk.run("status")
    assert result.exit_code == 2
    assert "'lead_days'" in result.stderr
    assert "a whole number from 1 to 65535" in result.stderr
    assert result.stdout == ""


def test_a_broken_database_is_named(desk: Desk) -> None:
    """Not with a traceback."""
    for suffix in ("", "-wal", "-shm"):
        (desk.home / f"throughline.db{suffix}").unlink(missing_ok=True)
    (desk.home / "throughline.db").write_bytes(b"this is no database" * 300)
    result = desk.run("status")
    assert result.exit_code == 2
    assert "throughline.db" in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_roots_inside_one_another_are_refused(desk: Desk) -> None:
    """Private folders inside the shared one would be shared."""
    (desk.home / "settings.toml").write_text('private_dir = "workspace/private"\n', "utf-8")
    result = desk.run("plan")
    assert result.exit_code == 2
    assert "workspace" in result.stderr
    assert isinstance(result.exception, SystemExit)


# ---------------------------------------------------------------- access


@pytest.mark.skipif(os.name != "posix", reason="there are no mode bits")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Not with a traceback, and the others are served."""
    if os.geteuid() == 0:
        unwritable = tmp_path / "file-in-the-way"
        unwritable.write_text("x")
        desk = founded(tmp_path / "home")
        (desk.home / "settings.toml").write_text(f'workspace_dir = "{unwritable}"\n', "utf-8")
    else:
        unwritable = tmp_path / "closed"
        unwritable.mkdir()
        unwritable.chmod(stat.S_IRUSR | stat.S_IXUSR)
        desk = founded(tmp_path / "home")
        (desk.home / "settings.toml").write_text(f'workspace_dir = "{unwritable / "team"}"\n', "utf-8")
    result = desk.run("plan")
    assert result.exit_code == 2, result.output
    assert str(unwritable) in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_the_audit_names_a_folder_that_others_can_read(desk: Desk) -> None:
    """And ends with 1 while it is so."""
    if os.name != "posix":
        pytest.skip("there are no mode bits")
    for root in (desk.home / "workspace", desk.home / "private"):
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
            folder.chmod(0o700)
        for path in root.rglob("*.*"):
            if path.is_file():
                path.chmod(0o600)
    closed = desk.run("audit")
    private = next(path for path in (desk.home / "private").iterdir() if path.is_dir() and not path.name.startswith("."))
    private.parent.chmod(0o755)
    private.chmod(0o755)
    result = desk.run("audit")
    assert private.name in result.output
    assert private.name not in closed.output


# ---------------------------------------------------------------- as a program


def test_the_program_itself_prints_no_traceback(tmp_path: Path) -> None:
    """Run as a process, with its own exit code, its error on stderr and no progress bar in a pipe."""
    program = [sys.executable, "-c", "from addon.cli import main; main()", "--home", str(tmp_path / "none"), "status"]
    result = subprocess.run(program, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert "\x1b" not in result.stderr


def test_the_first_admin_stays_one_when_the_list_names_no_other(tmp_path: Path) -> None:
    """A list without an admin takes nobody's key away."""
    desk = Desk(tmp_path / "home")
    desk.ok("init", "--organisation", "Acme", "--admin-name", "Ada", "--admin-email", "ada@example.org")
    desk.ok("people", "import", desk.csv("people.csv", "name,email,access\nAda,ada@example.org,hr\n"))
    (ada,) = desk.json("people", "list")["people"]
    assert ada["access"] == "admin"


def test_a_question_that_is_not_answered_ends_with_one(tmp_path: Path) -> None:
    """An `init` that is broken off has done nothing."""
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), "init"], input="")
    assert result.exit_code == 1
    assert not (tmp_path / "home").exists()


def test_the_cycle_that_is_taken_is_named_when_two_run(start: Path, tmp_path: Path) -> None:
    """On stderr, so that JSON stays JSON; never when only one can be meant."""
    shutil.copytree(start, tmp_path / "home")
    desk = Desk(tmp_path / "home")
    assert desk.run("plan").stderr == ""
    desk.ok("cycle", "create", "2026-q1", "--start", "2026-01-02", "--end", "2026-03-31")
    result = desk.run("plan", "--json")
    assert result.stderr == "Cycle 2026-q1; 2026-h1 runs, too: --cycle chooses.\n"
    assert json.loads(result.stdout)["hash"]
    assert desk.run("plan", "--cycle", "2026-h1").stderr == ""


def test_serve_takes_the_company_that_was_set_up_before_a_demo_that_was_made(start: Path, tmp_path: Path) -> None:
    """Without a home named, the one stands in `var`, the other in `var/demo`; where there is neither, the first is missing."""
    company, none, demo = (Company(load_settings(str(home))) for home in (start, tmp_path / "none", tmp_path / "var"))
    assert to_serve(company, none) is company
    assert to_serve(none, company) is company
    assert to_serve(none, demo) is none


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    """At the first command rather than at the first plan."""
    (tmp_path / "notes").touch()
    words = ["init", "--organisation", "A", "--admin-name", "B", "--admin-email", "b@example.org"]
    words += ["--private-dir", str(tmp_path / "notes" / "private")]
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), *words])
    assert result.exit_code == 2
    assert f"{tmp_path / 'notes'} is a file" in result.output
    assert not (tmp_path / "home").exists()
