"""What every hook refuses, and how: a test class that the tests of each hook inherit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from addon.company import Company
from connectors.notion.layout import Database, Layout
from sync.jobs import Job
from sync.store.queries import connections, jobs, ledger, people
from tests.addon.web.people import NOW, Office, open_office

CHECK_INS, GOALS, HOMES = (Database(f"db-{name}", f"ds-{name}", {}) for name in ("check-ins", "goals", "people"))
BOT = "bot-of-ours"


@dataclass(frozen=True)
class Notice:
    """One request to a hook."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "application/json"


def connected_office(home: Path, workspace: str) -> Office:
    """The company of the console's tests, working in that platform."""
    office = open_office(home)
    layout = Layout({"working/check-in": CHECK_INS, "working/goal": GOALS, "home/people": HOMES}, {"ada00001": "home-of-ada"})
    with office.company.store.write() as tx:
        people.set_setting(tx, "workspace", workspace)
        connections.save(tx, connections.Connected(workspace, b"", {"bot": BOT, "parent": "p"}, layout.dumped(), NOW))
    return office


def send(office: Office, notice: Notice) -> TestResponse:
    """The answer to a notice."""
    headers = {**notice.headers, **({"Content-Type": notice.type} if notice.type else {})}
    return office.app.test_client().post(notice.path, data=notice.body, headers=headers)


def work(company: Company) -> tuple[int, tuple[str, ...]]:
    """How many syncs wait, and what they are to read."""
    with company.store.read() as tx:
        waiting = [one for one in jobs.unfinished(tx) if one.name is Job.SYNC]
        return len(waiting), (*ledger.dirty(tx, "notion"), *ledger.dirty(tx, "google"))


class Refuses:
    """A hook that answers with a status, no word, and no work to whatever it cannot trust or read."""

    workspace = ""
    proof = ""
    """The header that proves a notice."""

    @pytest.fixture(scope="class")
    @classmethod
    def office(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
        """One office for the class: none of these notices leaves anything behind."""
        made = connected_office(tmp_path_factory.mktemp("hooks") / "home", cls.workspace)
        cls.prepare(made)
        yield made
        made.company.close()

    @classmethod
    def prepare(cls, office: Office) -> None:
        """Whatever proves notices of this hook."""
        raise NotImplementedError

    def good(self, number: int = 1, body: bytes | None = None) -> Notice:
        """A notice that is proven, with *body* in place of its own."""
        raise NotImplementedError

    def unknown(self) -> Notice:
        """A notice of something that nobody here knows, proven."""
        raise NotImplementedError

    def refused(self, office: Office, notice: Notice, status: int) -> None:
        """That status, no word more, and nothing done."""
        answer = send(office, notice)
        assert (answer.status_code, answer.get_data()) == (status, b"")
        assert work(office.company) == (0, ())

    @pytest.mark.parametrize("proof", ["", "x", "sha256=", "sha256=" + 64 * "0", "sch\u00e4dlich", 5000 * "a"])
    def test_another_proof_is_no_proof(self, office: Office, proof: str) -> None:
        """Empty, of another kind, of the right length, of other letters, too long."""
        good = self.good()
        self.refused(office, replace(good, headers={**good.headers, self.proof: proof.encode().decode("latin-1")}), 401)

    def test_no_proof_is_no_proof(self, office: Office) -> None:
        """Without the header, and without any."""
        good = self.good()
        rest = {name: value for name, value in good.headers.items() if name != self.proof}
        self.refused(office, replace(good, headers=rest), 401)
        self.refused(office, replace(good, headers={}), 401)

    def test_a_proof_that_was_cut_short_or_has_more_behind_it_is_none(self, office: Office) -> None:
        """One sign less, one more."""
        good = self.good()
        for proof in (good.headers[self.proof][:-1], good.headers[self.proof] + "0"):
            self.refused(office, replace(good, headers={**good.headers, self.proof: proof}), 401)

    def test_what_was_not_proven_is_not_read_at_all(self, office: Office) -> None:
        """Broken JSON without proof is a forgery, not broken JSON."""
        self.refused(office, replace(self.good(), headers={}, body=b"{"), 401)

    def test_too_much_is_not_read(self, office: Office) -> None:
        """Whatever proves it."""
        self.refused(office, self.good(body=b'{"id": "' + 300_000 * b"x" + b'"}'), 413)

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    def test_another_type_is_not_read(self, office: Office, kind: str) -> None:
        """Platforms send JSON."""
        self.refused(office, replace(self.good(body=b"{}"), type=kind), 415)

    @pytest.mark.parametrize("body", [b"{", b"[1]", b'"words"', b"\xff\xfe{}", 60_000 * b"[", b"\x00"])
    def test_what_is_no_json_object_is_said_to_be_broken(self, office: Office, body: bytes) -> None:
        """A proven body that cannot be read."""
        self.refused(office, self.good(body=body), 400)

    def test_an_event_that_nobody_knows_is_acknowledged_and_nothing_is_done(self, office: Office) -> None:
        """The platform need not send it again."""
        self.refused(office, self.unknown(), 202)

    def test_nobody_opens_it_in_a_browser(self, office: Office) -> None:
        """It answers POST alone; whoever opens it is sent to sign in, as with any address that is none."""
        assert office.app.test_client().get(self.good().path).status_code == 303
