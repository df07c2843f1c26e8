"""Reminders through a real mail server, the calendar feed and the way out, as people and programs meet them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from addon import create_app
from addon.cli import main
from addon.company import Company
from addon.reminders.links import calendar_address, no_more_address
from addon.settings import load
from sync.store.queries import letters, people
from tests.journeys.desk import Desk
from tests.journeys.served import free_port, wait_for

MORNING = datetime(2026, 2, 2, 9, 30, tzinfo=UTC)
SENDER = "Throughline <reminders@example.org>"


@dataclass
class Mailbox:
    """A mail server that keeps what it takes; *answer* says what it answers to whom."""

    mails: list[EmailMessage] = field(default_factory=list)
    answer: Callable[[str], str] = lambda to: "250 OK"
    hold: float = 0.0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """As the server calls it for each recipient."""
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """As the server calls it for each mail."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.hold:
            time.sleep(self.hold)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody got."""
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture
def mailbox() -> Mailbox:
    """Where mails arrive."""
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[str]:
    """The address of a mail server."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@dataclass
class Reminding:
    """A company in February whose reminders go to that mailbox."""

    desk: Desk
    smtp: str
    mailbox: Mailbox

    @property
    def environment(self) -> dict[str, str]:
        """What its settings are."""
        return {
            "THROUGHLINE_SMTP_URL": self.smtp,
            "THROUGHLINE_MAIL_FROM": SENDER,
            "THROUGHLINE_BASE_URL": "https://reviews.example.org",
        }

    def run(self, *options: str, at: datetime = MORNING) -> Result:
        """`throughline remind` at a moment."""
        with time_machine.travel(at, tick=True):
            return CliRunner().invoke(main, ["--home", str(self.desk.home), "remind", *options], env=self.environment)

    def company(self) -> Company:
        """The installation, opened."""
        return Company(replace(load(self.desk.home, self.environment), today=MORNING.date()))

    def client(self) -> FlaskClient:
        """Its console."""
        return create_app(self.company()).test_client()


@pytest.fixture
def reminding(start: Path, tmp_path: Path, smtp: str, mailbox: Mailbox) -> Reminding:
    """A company of six: check-ins are due today, nobody has written, nobody has had a mail."""
    import shutil

    shutil.copytree(start, tmp_path / "home")
    return Reminding(Desk(tmp_path / "home", "2026-02-02"), smtp, mailbox)


def words(mail: EmailMessage, kind: str) -> str:
    """Its text, plain or html."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


# ---------------------------------------------------------------- sending


def test_everybody_gets_one_mail_in_both_forms_and_none_twice(reminding: Reminding) -> None:
    """With what is due, where it is, where the goal sheet is, and the ways out."""
    result = reminding.run()
    assert result.exit_code == 0, result.output
    assert result.stdout == "6 sent\n"
    (ada,) = reminding.mailbox.to("ada@example.org")
    assert ada["From"] == SENDER
    assert ada["Subject"] == "Your check-in: today"
    for kind in ("plain", "html"):
        text = words(ada, kind)
        for told in ("Hello Ada Brandt", "Working/Ada Brandt", "goal sheet is here", "/calendar/", "/reminders/", "Acme"):
            assert told in text, (kind, told, text)
    (ben,) = reminding.mailbox.to("ben@example.org")
    assert "Check-in with Ada Brandt: today" in words(ben, "plain")
    assert "Check-in with Noor Said: today" in words(ben, "plain")
    assert reminding.run().stdout == "Nobody is to be reminded now.\n"
    assert len(reminding.mailbox.mails) == 6


def test_the_second_mail_says_less(reminding: Reminding) -> None:
    """The day after: no word of the sheet, and nothing to whoever has written."""
    from tests.journeys import acting

    reminding.run()
    acting.write(reminding.desk.file_of("Ada", "check-in", "2026-02-02"), "wins", "It went well.", by="Ada Brandt")
    reminding.desk.ok("sync")
    reminding.mailbox.mails.clear()
    assert reminding.run(at=MORNING.replace(day=3)).exit_code == 0
    assert reminding.mailbox.to("ada@example.org") == []
    (ben,) = reminding.mailbox.to("ben@example.org")
    assert "was due on Monday, 2 February" in words(ben, "plain")
    assert "Ada Brandt" not in words(ben, "plain")
    assert "goal sheet is here" not in words(ben, "plain")


def test_a_dry_run_shows_the_mails_and_sends_nothing(reminding: Reminding) -> None:
    """Nor does it note anything: the real run sends them all."""
    result = reminding.run("--dry-run")
    assert "To: ada@example.org\nSubject: Your check-in: today" in result.stdout
    assert "6 mails would go out now." in result.stdout
    assert reminding.mailbox.mails == []
    assert reminding.run().stdout == "6 sent\n"


def test_nobody_gets_mail_at_night(reminding: Reminding) -> None:
    """Everybody of this company is in UTC."""
    assert reminding.run(at=MORNING.replace(hour=3)).stdout == "Nobody is to be reminded now.\n"


def test_one_refused_address_stops_no_other_and_is_not_tried_again(reminding: Reminding) -> None:
    """One that is busy is."""
    reminding.mailbox.answer = lambda to: {"ada@example.org": "550 no such user", "noor@example.org": "450 later"}.get(
        to, "250 OK"
    )
    result = reminding.run()
    assert result.exit_code == 1
    assert result.stdout == "1 not-sent, 1 refused, 4 sent\n"
    reminding.mailbox.answer = lambda to: "250 OK"
    assert reminding.run().stdout == "1 sent\n"
    assert reminding.mailbox.to("ada@example.org") == []
    assert len(reminding.mailbox.to("noor@example.org")) == 1


def test_a_server_that_cannot_be_reached_is_one_sentence_and_loses_nothing(reminding: Reminding, smtp: str) -> None:
    """Without the password; later everything goes out."""
    reminding.smtp = "smtp://name:s3cret@127.0.0.1:1"
    result = reminding.run()
    assert result.exit_code == 2
    assert "the mail server 127.0.0.1:1 cannot be used" in result.stderr
    assert "s3cret" not in result.output
    reminding.smtp = smtp
    assert reminding.run().stdout == "6 sent\n"


def test_without_a_mail_server_the_command_says_how_to_name_one(reminding: Reminding) -> None:
    """Both settings, by name."""
    result = CliRunner().invoke(main, ["--home", str(reminding.desk.home), "remind"])
    assert result.exit_code == 2
    assert "smtp_url and mail_from" in result.stderr


def test_killed_after_the_server_took_a_mail_it_is_not_sent_again(reminding: Reminding) -> None:
    """The process dies before it can note the outcome; the next run leaves that person alone and serves the others."""
    reminding.mailbox.hold = 1.0
    hour = (12 - datetime.now(UTC).hour) % 24  # a zone in which it is noon now
    zone = f"Etc/GMT{-hour:+d}" if hour <= 12 else f"Etc/GMT{24 - hour:+d}"
    company = reminding.company()
    with company.store.write() as tx:
        people.save(tx, [replace(one, timezone=zone) for one in people.everyone(tx)])
    command = [sys.executable, "-m", "addon", "--home", str(reminding.desk.home), "remind"]
    environment = {**os.environ, **reminding.environment, "THROUGHLINE_TODAY": "2026-02-04"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    wait_for(lambda: reminding.mailbox.mails, 30, "the first mail arrives")
    process.send_signal(signal.SIGKILL)
    process.wait()
    reminding.mailbox.hold = 0.0
    time.sleep(1.2)
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert again.stdout == "5 sent\n"
    assert sorted(mail["To"] for mail in reminding.mailbox.mails) == sorted({mail["To"] for mail in reminding.mailbox.mails})
    assert len(reminding.mailbox.mails) == 6
    with company.store.read() as tx:
        assert letters.unclear(tx, datetime.now(UTC)) == 1
    company.close()


# ---------------------------------------------------------------- addresses with a secret


def test_the_calendar_feed_is_opened_with_the_secret_alone(reminding: Reminding) -> None:
    """A wrong one, another's, or a former one: there is nothing."""
    company, client = reminding.company(), reminding.client()
    ada, ben = company.person("ada@example.org"), company.person("ben@example.org")
    path = calendar_address(company.settings, ada.id, 0).removeprefix("https://reviews.example.org")
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert "SUMMARY:Check-in with Ben Ahmadi" in answer.get_data(as_text=True)
    assert client.get(path.replace(ada.id, ben.id)).status_code == 404
    assert client.get(path.replace(".ics", "x.ics")).status_code == 404
    with company.store.write() as tx:
        assert letters.renew(tx, ada.id) == 1
    assert client.get(path).status_code == 404
    assert (
        client.get(calendar_address(company.settings, ada.id, 1).removeprefix("https://reviews.example.org")).status_code == 200
    )
    company.close()


def test_no_more_reminders_is_one_button_and_it_lasts(reminding: Reminding) -> None:
    """Looking at the page ends nothing; a mail program's own button does, and a new list of people changes nothing."""
    reminding.run()
    (ada,) = reminding.mailbox.to("ada@example.org")
    found = re.fullmatch(r"<https://reviews\.example\.org(/reminders/\S+)>", ada["List-Unsubscribe"])
    assert found
    assert ada["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = reminding.client()
    assert "No more reminders</button>" in client.get(found[1]).get_data(as_text=True)
    company = reminding.company()
    with company.store.read() as tx:
        assert letters.opted_out(tx) == frozenset()
    assert client.post(found[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(f"{found[1]}x").status_code == 404
    reminding.desk.ok("people", "import", str(reminding.desk.home / "people.csv"))
    reminding.mailbox.mails.clear()
    reminding.run(at=MORNING.replace(day=3))
    assert reminding.mailbox.to("ada@example.org") == []
    assert reminding.mailbox.to("ben@example.org") != []
    company.close()


def test_addresses_change_with_the_key_and_the_purpose(reminding: Reminding) -> None:
    """One secret says nothing about another."""
    settings = reminding.company().settings
    other = replace(settings, key="x" * 40)
    ways = {calendar_address(settings, "p", 0), calendar_address(settings, "p", 1), calendar_address(other, "p", 0)}
    assert len({way.rpartition("/")[2] for way in ways} | {no_more_address(settings, "p", 0).rpartition("/")[2] + ".ics"}) == 4
