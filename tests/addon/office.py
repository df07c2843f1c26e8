"""A company of three on the real command line, and what they do to their files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from addon.cli import main
from addon.company import Company, load_settings
from sync.store.queries import reviews
from tests.sync.pull.folder_world import type_into

PEOPLE = """\
name,email,manager_email,access,start
Ada Brandt,ada@example.org,bob@example.org,none,2024-01-01
Bob Chen,bob@example.org,,none,2024-01-01
Hana Roth,hana@example.org,bob@example.org,hr,2024-01-01
"""
TODAY = "2026-03-10"


@dataclass
class Office:
    """A home folder and its documents."""

    home: Path

    def run(self, *words: str, code: int = 0, today: str = TODAY) -> str:
        """Run a command and return what it printed; it must end with *code*."""
        result: Result = CliRunner().invoke(main, ["--home", str(self.home), *words], env={"THROUGHLINE_TODAY": today})
        assert result.exit_code == code, result.output
        return result.output

    def json(self, *words: str, code: int = 0) -> Any:
        """The JSON of a command."""
        return json.loads(self.run(*words, "--json", code=code))

    def company(self) -> Company:
        """The installation, opened."""
        return Company(load_settings(str(self.home)))

    def check_in(self, name: str = "Ada Brandt") -> Path:
        """The file of somebody's first check-in."""
        return sorted(self.home.glob(f"workspace/Working/{name}*/*/*2026-03-*.docx"))[0]

    def ref(self, path: Path) -> str:
        """The ref of a file in the shared folder."""
        return f"shared/{path.relative_to(self.home / 'workspace').as_posix()}"

    def type_into(self, path: Path, heading: str, text: str, by: str = "") -> None:
        """Open a document, type below a heading, save."""
        type_into(path, heading, text, by)

    def trail(self) -> list[tuple[str, str]]:
        """The audit trail: actions and details."""
        company = self.company()
        with company.store.read() as tx:
            lines = [(action, detail) for _, _, action, _, detail in reviews.trail(tx)]
        company.store.close()
        return lines


def open_office(home: Path) -> Office:
    """A company of three with a cycle and its first documents."""
    office = Office(home)
    (home.parent / "people.csv").write_text(PEOPLE, "utf-8")
    words = ("init", "--organisation", "Example", "--admin-name", "Ina Root", "--admin-email", "ina@example.org")
    office.run(*words)
    office.run("people", "import", str(home.parent / "people.csv"))
    office.run("cycle", "create", "2026-h1", "--start", "2026-03-02", "--end", "2026-06-30", "--cadence", "weekly")
    plan = office.json("plan")
    office.run("apply", "--plan", plan["hash"])
    office.run("sync")
    return office
