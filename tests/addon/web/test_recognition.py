"""A word of recognition: anybody gives it to anybody, and says who reads it."""

from __future__ import annotations

import pytest

from sync.records import EntryKind, Visibility
from sync.store.queries import ledger
from tests.addon.web.people import ADA, BOSS, OTHER, PEER, Office

PAGE = "/me/recognition"
WORDS = "Stayed until the lines were up again."


def given(office: Office, to: str, readers: str = "shared", text: str = WORDS) -> str:
    """Pia gives it; the page that she gets."""
    browser = office.browser(PEER)
    form = {"to": to, "text": text, "readers": readers, "nonce": "once"}
    answer = browser.post(PAGE, form, page=PAGE)
    return browser.text("/") if answer.status_code == 303 else answer.get_data(as_text=True)


@pytest.mark.parametrize(("readers", "visibility"), [("shared", Visibility.SHARED), ("manager", Visibility.MANAGER_PRIVATE)])
def test_the_giver_says_who_reads_it(office: Office, readers: str, visibility: Visibility) -> None:
    """The person and their manager, or the manager alone; nobody else finds it."""
    assert "Bea Boss" in given(office, ADA.id, readers)
    with office.company.store.read() as tx:
        (entry,) = [one for one in ledger.about(tx, ADA.id) if one.kind is EntryKind.RECOGNITION]
    assert (entry.by, entry.visibility, entry.text) == (PEER.id, visibility, WORDS)
    assert (WORDS in office.browser(ADA).text("/")) is (readers == "shared")
    assert WORDS in office.browser(BOSS).text(f"/team/{ADA.id}")
    assert WORDS not in office.browser(OTHER).text("/")


def test_the_same_form_sent_twice_is_one(office: Office) -> None:
    """A second press of the button gives nothing twice."""
    given(office, ADA.id)
    given(office, ADA.id)
    with office.company.store.read() as tx:
        assert sum(one.text == WORDS for one in ledger.about(tx, ADA.id)) == 1


@pytest.mark.parametrize("to", ["", PEER.id, "leo@example.org", "nobody"])
def test_what_cannot_be_given_stays_on_the_page(office: Office, to: str) -> None:
    """To oneself, to somebody who left, to nobody: said in a sentence, with the words still there."""
    told = given(office, to)
    assert "choose one colleague" in told
    assert WORDS in told
