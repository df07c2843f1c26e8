"""`throughline remind`: send the reminders that are due now."""

from __future__ import annotations

import click

from addon import company as companies
from addon.reminders.letters import Frame, letter
from addon.reminders.sending import links_of, send, waiting
from addon.terminal import ends, give_json, json_option, say
from sync.store.queries import letters, people


@click.command()
@click.option("--dry-run", is_flag=True, help="Show the mails that would go out now; send nothing and note nothing.")
@json_option
@click.pass_context
def remind(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Send everybody one digest of what is due: check-ins, self reviews, feedback, reviews.

    Three working days before, on the day, one working day after, then weekly; never on leave, on a weekend or at night
    where the person is, never twice, and never when it is done. The first mail tells where the person's goal sheet is. A
    worker does this every hour.
    """
    company = companies.of(context)
    those = waiting(company)
    if not dry_run:
        counts = send(company, those)
        if as_json:
            give_json({"counts": counts})
        else:
            say(", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "Nobody is to be reminded now.")
        ends(counts.get("refused", 0) + counts.get("not-sent", 0) + counts.get("unclear", 0))
        return
    everybody = {one.id: one for one in company.people}
    with company.store.read() as tx:
        generations = {one.person_id: letters.generation(tx, one.person_id) for one in those}
        organisation = people.setting(tx, "organisation")
    names = {key: one.name for key, one in everybody.items()}
    frame = Frame(organisation, company.settings.mail_from or "Throughline <throughline@localhost>", company.now, names)
    mails = []
    for one in those:
        links = links_of(company, one.person_id, generations[one.person_id])
        mails.append(letter(one, everybody[one.person_id], frame, links))
    if as_json:
        give_json({"mails": [{"to": mail["To"], "subject": mail["Subject"], "text": _text(mail)} for mail in mails]})
        return
    for mail in mails:
        say(f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{_text(mail)}")
    say(f"{len(mails)} mails would go out now." if mails else "Nobody is to be reminded now.")


def _text(mail: object) -> str:
    from email.message import EmailMessage

    assert isinstance(mail, EmailMessage)
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""
