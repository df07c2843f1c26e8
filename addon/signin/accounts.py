"""Whose account of the identity provider that is.

At the first sign-in the verified address finds the person, and the account is bound to them. From then on the account's
subject decides alone: a mailbox passes on to somebody else, a subject never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addon.company import Company
from addon.signin.provider import NotThem, verified_email
from addon.signin.sessions import person_of_email
from sync.records import Person
from sync.store.queries import accounts, reviews, sessions


def person_of(here: Company, claims: Mapping[str, Any]) -> Person:
    """Whom the provider's checked *claims* sign in. Raises NotThem."""
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    with here.store.read() as tx:
        bound = accounts.whose(tx, issuer, subject)
    return _bound(here, bound) if bound else _at_first(here, issuer, subject, verified_email(claims))


def _bound(here: Company, person_id: str) -> Person:
    person = here.directory.person(person_id)
    if person is None or not person.active(here.today):
        raise NotThem("this account is somebody's who does not work here today: ask HR", "an account of who left", person_id)
    return person


def _at_first(here: Company, issuer: str, subject: str, email: str) -> Person:
    person = person_of_email(here.directory, email, here.today)
    if person is None:
        raise NotThem(
            f"{email} is not in the directory of this company: ask HR to import you, or sign in with another account",
            "an address that is not in the directory",
        )
    with here.store.write() as tx:
        if not accounts.bind(tx, issuer, subject, person.id, here.real_now):
            raise NotThem(
                f"{email} belongs to somebody who signs in with another account: ask HR to unbind that one, if it was yours",
                "another account is bound to the person with that address",
                person.id,
            )
        reviews.note(tx, here.now, person.id, "account bound", person.id)
    return person


def unbind(here: Company, person: Person, actor: str) -> int:
    """Forget the accounts of *person* and end their sessions; returns how many accounts there were."""
    with here.store.write() as tx:
        count = accounts.unbind(tx, person.id)
        if count:
            sessions.end_all(tx, person.id)
            reviews.note(tx, here.now, actor, "account unbound", person.id)
    return count
