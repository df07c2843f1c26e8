"""Send what is due: what was written down as begun is never sent again, whatever became of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from addon.company import Company
from addon.reminders.letters import Frame, Links, letter
from addon.reminders.links import calendar_address, no_more_address
from addon.reminders.post import Fate, MailError, Post
from addon.terminal import BadInput
from sync.health.reminders import Digest, digests, duties
from sync.records import ArtifactState
from sync.store.queries import artifacts, cycles, letters, people, reviews
from templates.shapes import Kind

log = logging.getLogger("throughline.reminders")
KNOWN_AFTER = timedelta(hours=1)
"""A letter that was begun longer ago than this and has no outcome will never get one."""


def waiting(company: Company) -> tuple[Digest, ...]:
    """The digests that are to be sent at this moment."""
    with company.store.read() as tx:
        everybody = people.everyone(tx)
        cycle = cycles.running(tx, company.today)
        if cycle is None:
            return ()
        recorded = [one for workspace in artifacts.workspaces(tx) for one in artifacts.all_artifacts(tx, workspace, cycle.id)]
        written, released = letters.written(tx, cycle.id), reviews.releases(tx, cycle.id).keys()
        sent, opted_out, leave = letters.sent(tx), letters.opted_out(tx), people.leave(tx)
    there = [one for one in recorded if one.state is ArtifactState.LINKED and one.kind is Kind.GOAL_SHEET]
    sheets = {one.person_id: (one.key, one.ref) for one in there}
    asked = duties(cycle, recorded, {one.id: one for one in everybody}, written, released)
    found = digests(everybody, asked, sheets, leave, sent, opted_out, company.now)
    with company.store.read() as tx:
        gone_out = letters.had_one(tx, [one.id for one in found])
    return tuple(one for one in found if one.id not in gone_out)


def send(company: Company, those: Sequence[Digest]) -> dict[str, int]:
    """Send *those*; returns counts by fate. Raises BadInput when no mail server is set or it cannot be used."""
    if not company.settings.smtp_url:
        raise BadInput("no mail server is set: smtp_url and mail_from in settings.toml say which one sends reminders, as whom")
    counts: Counter[str] = Counter()
    if those:
        try:
            with Post(company.settings.smtp_url).open() as post:
                for digest in those:
                    if (fate := _send_one(company, post, digest)) is not None:
                        counts[fate.value] += 1
        except MailError as error:
            raise BadInput(str(error)) from error
    with company.store.read() as tx:
        if unclear := letters.unclear(tx, company.real_now - KNOWN_AFTER):
            counts["never known"] = unclear
    return dict(counts)


def _send_one(company: Company, post: Post, digest: Digest) -> Fate | None:
    """None when it went out before, or may have."""
    with company.store.write() as tx:
        if digest.person_id in letters.opted_out(tx):
            return None
        if not letters.begin(tx, digest.id, digest.person_id, digest.marks, company.real_now):
            return None
        generation = letters.generation(tx, digest.person_id)
        frame = Frame(people.setting(tx, "organisation"), company.settings.mail_from, company.now, {})
        everybody = {one.id: one for one in people.everyone(tx)}
    frame = replace(frame, names={key: one.name for key, one in everybody.items()})
    mail = letter(digest, everybody[digest.person_id], frame, links_of(company, digest.person_id, generation))
    try:
        fate = post.send(mail)
    except MailError:
        _settle(company, digest, Fate.NOT_SENT)
        raise
    _settle(company, digest, fate)
    if fate is not Fate.SENT:
        log.warning("not delivered", extra={"letter": digest.id, "fate": fate.value})
    return fate


def _settle(company: Company, digest: Digest, fate: Fate) -> None:
    with company.store.write() as tx:
        match fate:
            case Fate.NOT_SENT:
                letters.take_back(tx, digest.id)
            case Fate.SENT:
                letters.end(tx, digest.id, letters.SENT, company.real_now)
            case Fate.REFUSED:
                letters.end(tx, digest.id, letters.REFUSED, company.real_now)
            case Fate.UNCLEAR:
                pass  # it stays begun: better one reminder too few than the same one twice


def links_of(company: Company, person_id: str, generation: int) -> Links:
    """The person's own addresses, where others than this machine can open them."""
    if not company.settings.base_url:
        return Links()
    return Links(
        no_more_address(company.settings, person_id, generation), calendar_address(company.settings, person_id, generation)
    )
