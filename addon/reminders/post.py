"""Hand letters to the mail server, and know of each whether it was taken, refused, surely not sent, or nobody can tell."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 30.0
_LOCAL = ("localhost", "127.0.0.1", "::1")


class MailError(Exception):
    """The mail server cannot be used; the message is a sentence without its password."""


class Fate(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    REFUSED = "refused"
    NOT_SENT = "not-sent"
    UNCLEAR = "unclear"


class _Line(smtplib.SMTP):
    """A connection that remembers whether a letter's text was offered: until then it surely was not sent."""

    offered = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As smtplib calls it, after the server has taken sender and recipient."""
        self.offered = True
        return super().data(msg)


class _SecureLine(_Line, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


class Post:
    """A mail server, spoken to while it is `open`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587 if parts.username else 25)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._line: _Line | None = None

    @contextmanager
    def open(self) -> Iterator[Post]:
        """Speak to it while the block runs. Raises MailError when it cannot be reached or does not let us in."""
        self._line = self._connect()
        try:
            yield self
        finally:
            self._hang_up()

    def send(self, letter: EmailMessage) -> Fate:
        """Hand one letter over. Raises MailError when the server takes nothing from us at all."""
        line = self._line or self._connect()
        self._line, line.offered = line, False
        try:
            line.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return Fate.REFUSED if all(code >= 500 for code in codes) else Fate.NOT_SENT
        except smtplib.SMTPSenderRefused as error:
            raise MailError(
                f"the mail server {self._host} takes no mail from {letter['From']}: code {error.smtp_code}"
            ) from error
        except smtplib.SMTPDataError as error:
            return Fate.REFUSED if error.smtp_code >= 500 else Fate.NOT_SENT
        except (smtplib.SMTPException, OSError):
            self._hang_up()
            return Fate.UNCLEAR if line.offered else Fate.NOT_SENT
        return Fate.SENT

    def _connect(self) -> _Line:
        try:
            return self._introduced()
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(f"the mail server {self._host} does not know this name and password: check smtp_url") from error
        except (smtplib.SMTPException, OSError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise MailError(f"the mail server {self._host}:{self._port} cannot be used: {reason}") from error

    def _introduced(self) -> _Line:
        if self._secure:
            context = ssl.create_default_context()
            smtp: _Line = _SecureLine(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            smtp = _Line(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            self._protect(smtp)
            if self._login:
                smtp.login(*self._login)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _protect(self, smtp: _Line) -> None:
        smtp.ehlo()
        if not self._secure and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        elif not self._secure and self._login and self._host not in _LOCAL:
            raise MailError(f"the mail server {self._host} offers no encryption, so the password was not sent: use smtps://")

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._line.close()
            self._line = None
