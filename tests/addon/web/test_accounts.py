"""The account of the first sign-in is the person's from then on, whoever gets their mailbox later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from addon.company import Company
from addon.signin.accounts import person_of, unbind
from addon.signin.provider import NotThem
from sync.records import Person
from sync.store.queries import accounts, people, reviews, sessions
from tests.addon.web.people import ADA, HR, TODAY, Office, open_office

ISSUER = "https://login.example.org"
HEIR = Person("heir0001", "Adam Heir", "heir@example.org")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company, and nobody signs in by anything but claims."""
    office = open_office(tmp_path_factory.mktemp("accounts") / "home")
    yield office.company
    office.company.close()


@pytest.fixture
def company(made: Company) -> Iterator[Company]:
    """Without accounts, and with Ada as she was."""
    yield made
    with made.store.write() as tx:
        for one in (ADA, HR, HEIR):
            accounts.unbind(tx, one.id)
        people.save(tx, [ADA, HEIR])


def signed_in(company: Company, subject: str, email: str = ADA.email, issuer: str = ISSUER, verified: bool = True) -> Person:
    """Whom these claims mean."""
    return person_of(company, {"iss": issuer, "sub": subject, "email": email, "email_verified": verified})


def refused(company: Company, subject: str, email: str = ADA.email) -> NotThem:
    """Why they mean nobody."""
    with pytest.raises(NotThem) as told:
        signed_in(company, subject, email)
    return told.value


def renamed(company: Company) -> None:
    """Ada's address changes; the old one is known as hers."""
    with company.store.write() as tx:
        people.save(tx, [replace(ADA, email="ada.new@example.org", former_emails=(ADA.email,))])


def test_after_the_first_sign_in_the_account_decides_and_not_the_address(company: Company) -> None:
    """Her address at the provider is still the old one, unverified even; the account is hers."""
    assert signed_in(company, "s1") == ADA
    renamed(company)
    assert signed_in(company, "s1").id == ADA.id
    assert signed_in(company, "s1", "other@example.org", verified=False).id == ADA.id


def test_who_gets_a_mailbox_later_does_not_get_in_by_it(company: Company) -> None:
    """Neither by an address that Ada has, nor by one that she had; the second account is told whom to ask."""
    signed_in(company, "s1")
    told = refused(company, "s2")
    assert "ask HR to unbind" in str(told)
    assert (told.person_id, ADA.email in told.reason) == (ADA.id, False)
    renamed(company)
    assert "not in the directory" in str(refused(company, "s2"))


def test_a_former_address_signs_nobody_in_whose_account_is_not_known(company: Company) -> None:
    """Before any sign-in only the address of today finds her."""
    renamed(company)
    assert "not in the directory" in str(refused(company, "s1"))
    assert signed_in(company, "s1", "ada.new@example.org").id == ADA.id


def test_the_mailboxs_new_owner_gets_in_as_themself_once_they_are_imported(company: Company) -> None:
    """Two accounts, two people, one address after the other."""
    signed_in(company, "s1")
    renamed(company)
    with company.store.write() as tx:
        people.save(tx, [replace(HEIR, email=ADA.email)])
    assert (signed_in(company, "s2").id, signed_in(company, "s1").id) == (HEIR.id, ADA.id)


def test_the_account_of_who_left_signs_nobody_in(company: Company) -> None:
    """Not even whoever has the address that comes with it."""
    signed_in(company, "s1")
    with company.store.write() as tx:
        people.save(tx, [replace(ADA, end=TODAY.replace(day=1))])
    assert "does not work here" in str(refused(company, "s1", HR.email))


def test_another_provider_begins_anew(company: Company) -> None:
    """A company that changes its provider binds everybody again; a subject means nothing elsewhere."""
    signed_in(company, "s1")
    assert signed_in(company, "s1", HR.email, "https://other.example.org") == HR
    assert signed_in(company, "s9", ADA.email, "https://other.example.org") == ADA
    assert signed_in(company, "s1") == ADA


def test_unbinding_ends_the_sessions_and_lets_the_next_account_in(company: Company) -> None:
    """What the refusal says to ask for; both stand in the audit log."""
    signed_in(company, "s1")
    with company.store.write() as tx:
        sessions.begin(tx, "token", ADA.id, company.real_now, sessions.IDLE)
    assert unbind(company, ADA, HR.id) == 1
    assert unbind(company, ADA, HR.id) == 0
    with company.store.read() as tx:
        assert sessions.whose(tx, "token", company.real_now) is None
        told = [(actor, action) for _, _, actor, action, about, *_ in reviews.trail_page(tx, 999, 2) if about == ADA.id]
    assert told == [(HR.id, "account unbound"), (ADA.id, "account bound")]
    assert signed_in(company, "s2") == ADA
    assert refused(company, "s1").person_id == ADA.id


def test_hr_unbinds_on_the_page_of_the_person(office: Office) -> None:
    """The button is there once there is an account, for HR alone."""
    page = f"/company/people/{ADA.id}"
    hr = office.browser(HR)
    assert "Let another account sign in" not in hr.text(page)
    signed_in(office.company, "s1")
    assert "Let another account sign in" in hr.text(page)
    hr.post(f"{page}/unbind", {}, page=page)
    assert signed_in(office.company, "s2") == ADA
