"""Settings: the environment over the file, every wrong value named at once, with what was expected and the nearest word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from addon.settings import FILE, SettingsError, home_from, load


def given(home: Path, text: str = "", environ: Mapping[str, str] | None = None) -> list[str]:
    """The problems of a home with that file and environment."""
    home.joinpath(FILE).write_text(text, "utf-8")
    with pytest.raises(SettingsError) as problems:
        load(home, environ or {})
    return str(problems.value).splitlines()


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    """A home without a file has a database, two folders that do not lie in one another, and today is today."""
    found = load(tmp_path, {})
    assert found.database_url == f"sqlite:///{tmp_path / 'throughline.db'}"
    assert (found.workspace_dir, found.private_dir) == (tmp_path / "workspace", tmp_path / "private")
    assert (found.lead_days, found.today, found.host) == (7, None, "127.0.0.1")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """What a variable says holds, and the file holds where no variable speaks."""
    (tmp_path / FILE).write_text("lead_days = 3\nport = 9000\ntoday = 2026-01-05\n", "utf-8")
    found = load(tmp_path, {"THROUGHLINE_LEAD_DAYS": "14", "THROUGHLINE_TODAY": "2026-03-02", "HOME": "/elsewhere"})
    assert (found.lead_days, found.port, found.today) == (14, 9000, date(2026, 3, 2))


def test_folders_may_be_relative_to_the_home_folder(tmp_path: Path) -> None:
    """The same settings mean the same folders from wherever the command is run."""
    (tmp_path / FILE).write_text('workspace_dir = "../team"\nprivate_dir = "/srv/private"\n', "utf-8")
    found = load(tmp_path, {})
    assert found.workspace_dir.resolve() == tmp_path.parent.resolve() / "team"
    assert found.private_dir == Path("/srv/private")


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF are no mistake."""
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbflead_days = 2\r\n")
    assert load(tmp_path, {}).lead_days == 2


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """`THROUGHLINE_DATABASE_URL_FILE` names the file that holds it, without the newline at its end."""
    secret = tmp_path / "secret"
    secret.write_text(f"sqlite:///{tmp_path}/other.db\n", "utf-8")
    assert load(tmp_path, {"THROUGHLINE_DATABASE_URL_FILE": str(secret)}).database_url == f"sqlite:///{tmp_path}/other.db"


def test_a_secret_in_a_file_wins_over_the_settings_file(tmp_path: Path) -> None:
    """It is a variable like any other."""
    secret = tmp_path / "secret"
    secret.write_text("sqlite:///a.db", "utf-8")
    (tmp_path / FILE).write_text('database_url = "sqlite:///b.db"\n', "utf-8")
    assert load(tmp_path, {"THROUGHLINE_DATABASE_URL_FILE": str(secret)}).database_url == "sqlite:///a.db"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    """Which one would hold is nothing to guess."""
    (tmp_path / "secret").write_text("sqlite:///a.db", "utf-8")
    both = {"THROUGHLINE_DATABASE_URL": "sqlite:///b.db", "THROUGHLINE_DATABASE_URL_FILE": str(tmp_path / "secret")}
    (problem,) = given(tmp_path, environ=both)
    assert "THROUGHLINE_DATABASE_URL" in problem
    assert "both" in problem


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the variable and the path."""
    (problem,) = given(tmp_path, environ={"THROUGHLINE_DATABASE_URL_FILE": str(tmp_path / "gone")})
    assert "THROUGHLINE_DATABASE_URL_FILE" in problem
    assert "gone" in problem


def test_every_wrong_value_is_named_at_once_with_what_was_expected(tmp_path: Path) -> None:
    """From the file and from the environment alike, each with its place."""
    problems = given(
        tmp_path,
        'port = 99999\nworkspace_dir = ""\nlead_days = "soon"\n',
        {"THROUGHLINE_TODAY": "next monday", "THROUGHLINE_DATABASE_URL": "mysql://db"},
    )
    assert len(problems) == 5
    for place, word in (
        (f"{FILE}: port", "a whole number from 1 to 65535"),
        (f"{FILE}: workspace_dir", "a folder"),
        (f"{FILE}: lead_days", "a whole number from 0 to 60"),
        ("THROUGHLINE_TODAY", "a day such as 2026-03-02"),
        ("THROUGHLINE_DATABASE_URL", "sqlite:///"),
    ):
        (line,) = [problem for problem in problems if place in problem]
        assert word in line


def test_an_unknown_name_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    """In the file and in the environment."""
    problems = given(tmp_path, 'lead_day = 3\nworkspace_folder = "x"\n', {"THROUGHLINE_PROT": "80"})
    assert len(problems) == 3
    assert any("'lead_day'" in one and "'lead_days'" in one for one in problems)
    assert any("'workspace_folder'" in one and "'workspace_dir'" in one for one in problems)
    assert any("THROUGHLINE_PROT" in one and "'port'" in one for one in problems)


def test_a_name_like_none_of_them_is_answered_with_all(tmp_path: Path) -> None:
    """There is no nearest word to xyzzy."""
    (problem,) = given(tmp_path, "xyzzy = 1\n")
    assert "lead_days" in problem
    assert "workspace_dir" in problem


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    """And what else is wrong is named beside it."""
    problems = given(tmp_path, "lead_days = 7\nport = = 1\n", {"THROUGHLINE_LEAD_DAYS": "-1"})
    assert any(FILE in one and "line 2" in one for one in problems)
    assert any("THROUGHLINE_LEAD_DAYS" in one for one in problems)


def test_the_home_folder_is_the_option_then_the_variable_then_var() -> None:
    """`--home` wins; without either it is `var` where the command is run."""
    assert home_from("a", {"THROUGHLINE_HOME": "b"}) == Path("a")
    assert home_from(None, {"THROUGHLINE_HOME": "b"}) == Path("b")
    assert home_from(None, {}) == Path("var")


@pytest.mark.parametrize(
    "line", ["workspace_dir = true", 'private_dir = ["a"]', "port = '80a'", "lead_days = 1.5", "today = 20260302"]
)
def test_a_value_of_another_type_stops_the_start(tmp_path: Path, line: str) -> None:
    """A switch where a folder belongs is named, not turned into words."""
    (tmp_path / "settings.toml").write_text(line, "utf-8")
    with pytest.raises(SettingsError, match=line.split()[0]):
        load(tmp_path, {})


@pytest.mark.parametrize(("shared", "private"), [("a", "a/private"), ("a/b", "a"), ("a", "a")])
def test_the_two_roots_never_lie_inside_one_another(tmp_path: Path, shared: str, private: str) -> None:
    """Who shares the one would share the other."""
    with pytest.raises(SettingsError, match="inside one another"):
        load(tmp_path, {"THROUGHLINE_WORKSPACE_DIR": shared, "THROUGHLINE_PRIVATE_DIR": private})


def test_the_workspace_is_one_that_is_known_and_the_key_is_never_shown(tmp_path: Path) -> None:
    """A wrong name is answered with the right ones; the key stands neither in a message nor in what a debugger prints."""
    settings = load(tmp_path, {"THROUGHLINE_WORKSPACE": "Notion", "THROUGHLINE_KEY": "a key that nobody may see, now or ever"})
    assert settings.workspace == "notion"
    assert "nobody may see" not in repr(settings)
    with pytest.raises(SettingsError, match="folder or notion"):
        load(tmp_path, {"THROUGHLINE_WORKSPACE": "slack"})


def test_what_a_platform_sets_holds_where_nothing_else_is_said(tmp_path: Path) -> None:
    """`DATABASE_URL` and `PORT`, below the file and below our own variables."""
    platform = {"DATABASE_URL": "postgres://ada:pw@/x?host=/cloudsql/p:r:i", "PORT": "8081"}
    found = load(tmp_path, platform)
    assert (found.database_url, found.port, found.keeps_own_database) == (platform["DATABASE_URL"], 8081, False)
    (tmp_path / FILE).write_text("port = 9000\n", "utf-8")
    found = load(tmp_path, platform | {"THROUGHLINE_DATABASE_URL": "postgresql://other/y"})
    assert (found.port, found.database_url) == (9000, "postgresql://other/y")
    assert load(tmp_path, {"PORT": "", "DATABASE_URL": ""}).keeps_own_database


def test_what_a_platform_sets_is_checked_like_everything_else(tmp_path: Path) -> None:
    """Under the name that the platform gave it, and without the password."""
    problems = given(tmp_path, environ={"DATABASE_URL": "mysql://ada:s3cret@host/x", "PORT": "http"})
    assert [problem.partition(" ")[0].rstrip(":") for problem in problems] == ["DATABASE_URL", "PORT"]
    assert "s3cret" not in "".join(problems)
