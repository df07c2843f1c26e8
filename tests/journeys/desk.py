"""HR's desk: the command line over a home folder, and the files that people write in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from addon.cli import main
from tests.journeys.acting import key_of, office_files

PEOPLE = """\
id,name,email,manager_email,team,role,work_mode,access
1,Greta Olsen,greta@example.org,,Lead,ceo,office,leadership
2,Ben Ahmadi,ben@example.org,greta@example.org,Product,team lead,office,none
3,Ada Brandt,ada@example.org,ben@example.org,Product,engineer,remote,none
4,Noor Said,noor@example.org,ben@example.org,Product,engineer,hybrid,none
5,Tom Weiss,tom@example.org,greta@example.org,Support,support,office,none
6,Ida Lund,ida@example.org,greta@example.org,People,hr,office,hr
"""
GOALS = """\
email,goal,unit,start,target,now,due
ada@example.org,Cut page load time,number,4,2,4,2026-06-30
ada@example.org,Onboard two people,number,0,2,0,2026-06-30
noor@example.org,Close old tickets,number,100,20,100,2026-06-30
"""


@dataclass
class Desk:
    """A home folder and the day that it is."""

    home: Path
    today: str = "2026-01-05"
    database: str = ""
    """Its address; "" is the file in the home folder."""

    def run(self, *arguments: str) -> Result:
        """One command."""
        environment = {"THROUGHLINE_TODAY": self.today, "THROUGHLINE_HOME": None}
        environment |= {"THROUGHLINE_DATABASE_URL": self.database or None}
        return CliRunner().invoke(main, ["--home", str(self.home), *arguments], env=environment)

    def ok(self, *arguments: str) -> str:
        """One command that must end well; what it printed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, (arguments, result.output, result.exception)
        return result.stdout

    def json(self, *arguments: str) -> dict[str, Any]:
        """One command that must end well, as data."""
        found: dict[str, Any] = json.loads(self.ok(*arguments, "--json"))
        return found

    def provision(self) -> dict[str, Any]:
        """Plan and apply; what was done, by count."""
        counts: dict[str, Any] = self.json("apply", "--plan", self.json("plan")["hash"])["counts"]
        return counts

    def csv(self, name: str, text: str) -> str:
        """A list in a file."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)

    # ------------------------------------------------------------ files

    def files(self) -> list[Path]:
        """Every Office file."""
        return office_files(self.home / "workspace", self.home / "private")

    def by_key(self) -> dict[str, Path]:
        """Every key and where it stands."""
        return {key_of(path): path for path in self.files()}

    def file(self, key: str) -> Path:
        """The file that carries a key."""
        return self.by_key()[key]

    def file_of(self, name: str, kind: str, last: str = "") -> Path:
        """The one file of that kind about a person, by the beginning of the name."""
        person = self.person(name)
        ends = tuple(part for part in (kind, last) if part)
        (found,) = [
            path
            for key, path in self.by_key().items()
            if key.split("/")[1] == person and tuple(key.split("/")[2 : 2 + len(ends)]) == ends
        ]
        return found

    def person(self, name: str) -> str:
        """The id of somebody, by the beginning of the name."""
        (found,) = [one["id"] for one in self.json("people", "list")["people"] if one["name"].startswith(name)]
        return str(found)

    def texts(self, who: str, viewer: str = "") -> list[str]:
        """What is known about somebody, beyond the figures that came with the list of goals."""
        found = self.json("evidence", who, *(("--as", viewer) if viewer else ()))
        return [entry["text"] for entry in found["entries"] if not entry["place"].startswith("goals.csv, ")]

    def everything(self) -> dict[str, bytes]:
        """Every Office file and what is in it."""
        return {str(path): path.read_bytes() for path in self.files()}


def founded(home: Path, database: str = "") -> Desk:
    """A company of six with a cycle and goals; nothing is provisioned."""
    desk = Desk(home, database=database)
    desk.ok("init", "--organisation", "Acme", "--admin-name", "Admin", "--admin-email", "admin@example.org")
    desk.ok("people", "import", desk.csv("people.csv", PEOPLE))
    desk.ok("cycle", "create", "2026-h1", "--start", "2026-01-01", "--end", "2026-06-30")
    desk.ok("goals", "import", desk.csv("goals.csv", GOALS))
    return desk
