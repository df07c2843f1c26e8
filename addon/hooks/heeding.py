"""What is done about a notice that was verified: noted once, and one waiting job that looks."""

from __future__ import annotations

from addon.company import WORKSPACE_SETTING, Company, new_id
from addon.connections.sealing import sealed
from addon.hooks.knowing import owner_of_home
from addon.jobs.asking import ask, hand_over, note
from addon.reviews import gathering
from addon.signin.sessions import take_seat
from connectors.hooks import Event, Handshake, Press
from sync.jobs import Job
from sync.store import Transaction
from sync.store.queries import artifacts, hooks, ledger, people
from templates.shapes import Kind

EXPECTED = "hooks.notion.expected-until"
"""The setting that says until when a handshake of Notion is taken: whoever comes unasked plants no secret."""
MOST_OFFERED = 5
SUBMIT, DRAFT = "submit check-in", "draft my review"
"""What buttons are for, as their header says it."""


def heed(company: Company, workspace: str, event: Event) -> None:
    """Mark what *event* names as to be read, and make sure that one sync is waiting. A notice that came before does nothing."""
    if not event.matters:
        return
    with company.store.write() as tx:
        if _works_in(company, tx) != workspace or not hooks.is_new(tx, event.id, company.real_now):
            return
        ledger.mark_dirty(tx, workspace, event.refs)
        job_id, fresh = note(company, tx, Job.SYNC)
    if fresh:
        hand_over(company, job_id, Job.SYNC)


def note_channel(company: Company, channel_id: str) -> None:
    """A channel of Drive has proven that it works."""
    with company.store.write() as tx:
        found = hooks.channel_of(tx, channel_id)
        if found is not None and found.heard_at is None:
            hooks.hear(tx, channel_id, company.real_now)


def offer(company: Company, hand: Handshake) -> bool:
    """Keep the token of a handshake for HR to paste back; False when nobody expects one."""
    with company.store.write() as tx:
        until = people.setting(tx, EXPECTED)
        if not until or until < company.real_now.isoformat() or hooks.waiting_secrets(tx, hooks.NOTION) >= MOST_OFFERED:
            return False
        token = sealed(company.settings, hand.token)
        hooks.keep_secret(tx, hooks.Secret(new_id(), hooks.NOTION, token, False, company.real_now))
    return True


def press(company: Company, one: Press) -> None:
    """Do what a button is for, for the person of its row, as far as they may."""
    if one.action == SUBMIT and one.ref:
        with company.store.read() as tx:
            found = artifacts.by_refs(tx, "notion", [one.ref]).get(one.ref)
        if found is not None and found.kind is Kind.CHECK_IN:
            heed(company, "notion", Event(one.id, (one.ref,)))
    elif one.action == DRAFT:
        _draft(company, one)


def _draft(company: Company, one: Press) -> None:
    """Have the self review of the row's person drafted and brought into their document, where they may write one."""
    mine = take_seat(company, _person_of(company, one))
    if mine is None or mine.cycle is None or not mine.me.takes_part:
        return
    if not gathering.may_write(mine, gathering.desk_of(mine), mine.me):
        return
    with company.store.write() as tx:
        if not hooks.is_new(tx, one.id, company.real_now):
            return
    ask(company, Job.DRAFT, f"{mine.cycle.id}/{mine.me.id}")


def _person_of(company: Company, one: Press) -> str:
    """Whom the row is about: its artifact's person, or whose home it is. Nobody where a manager writes."""
    with company.store.read() as tx:
        found = artifacts.by_refs(tx, "notion", [one.ref]).get(one.ref) if one.ref else None
    if found is None:
        return owner_of_home(company, one.page)
    return found.person_id if found.kind in (Kind.SELF_REVIEW, Kind.GOAL_SHEET) else ""


def _works_in(company: Company, tx: Transaction) -> str:
    return company.settings.workspace or people.setting(tx, WORKSPACE_SETTING)
