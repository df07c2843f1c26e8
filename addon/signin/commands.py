"""`throughline signin-link`, `signin-unbind`, `signout`: in without a provider, in with another account, out everywhere."""

from __future__ import annotations

from datetime import timedelta

import click

from addon import company as companies
from addon.signin.accounts import unbind
from addon.signin.links import make_link
from addon.terminal import BadInput, give_json, json_option, say
from sync.store.queries import reviews, sessions


@click.command("signin-link")
@click.argument("person")
@click.option("--hours", type=click.IntRange(1, 168), default=24, show_default=True, help="How long the link is good.")
@json_option
@click.pass_context
def signin_link(context: click.Context, person: str, hours: int, as_json: bool) -> None:
    """Print a link that signs PERSON in once. Hand it over yourself: who has the link is that person."""
    here = companies.of(context)
    found = here.person(person)
    if not found.active(here.today):
        raise BadInput(f"{found.name} does not work here on {here.today}: nobody can sign in as them")
    link = make_link(here, found, timedelta(hours=hours))
    if as_json:
        give_json({"person": found.id, "link": link, "hours": hours})
    else:
        say(link)
        click.echo(f"It signs in {found.name} <{found.email}> once, within {hours} hours.", err=True)


@click.command("signin-unbind")
@click.argument("person")
@json_option
@click.pass_context
def signin_unbind(context: click.Context, person: str, as_json: bool) -> None:
    """Let PERSON sign in with another account of the identity provider.

    The account of their first sign-in is theirs alone, whatever its address becomes. After this, the next account that
    comes with PERSON's address is bound instead. Their sessions end.
    """
    here = companies.of(context)
    found = here.person(person)
    unbound = unbind(here, found, "command line")
    if as_json:
        give_json({"person": found.id, "unbound": unbound})
    elif unbound:
        say(f"{found.name} has no account any more: the next one with the address {found.email} is bound to them.")
    else:
        say(f"{found.name} has no account yet: the first one with the address {found.email} is bound to them.")


@click.command()
@click.argument("person")
@json_option
@click.pass_context
def signout(context: click.Context, person: str, as_json: bool) -> None:
    """End every session of PERSON, on every device, and every link that was not used yet."""
    here = companies.of(context)
    found = here.person(person)
    with here.store.write() as tx:
        ended = sessions.end_all(tx, found.id)
        reviews.note(tx, here.now, "command line", "sign-out-everywhere", found.id)
    if as_json:
        give_json({"person": found.id, "ended": ended})
    else:
        say(f"{found.name} is signed out everywhere: {ended} {'session' if ended == 1 else 'sessions'} ended.")
