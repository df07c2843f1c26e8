"""`throughline addon`: the sidebar in Google Workspace, for whoever publishes it and whoever wants to look at it."""

from __future__ import annotations

from pathlib import Path

import click

from addon import company as installation
from addon.terminal import BadInput, give_json, json_option, say


@click.group()
def addon() -> None:
    """The sidebar in Google Docs, Sheets, Drive and Calendar."""


@addon.command()
@click.option("--base-url", metavar="URL", help="Where Google reaches this program. Default: the setting base_url.")
@click.option("--json", "_as_json", is_flag=True, help="What is printed is JSON in any case.")
@click.pass_context
def manifest(context: click.Context, base_url: str | None, _as_json: bool) -> None:
    """Print the deployment for `gcloud workspace-add-ons deployments create`, as JSON."""
    from addon.cards.drawing import Place
    from addon.cards.manifest import manifest as made

    base = (base_url or installation.of(context).settings.base_url).rstrip("/")
    if not base.startswith("https://"):
        raise BadInput("Google calls nothing but https: give --base-url https://..., or set base_url")
    give_json(made(Place(base)))


@addon.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("cards.html"),
    show_default=True,
    help="The page that is written.",
)
@json_option
def preview(out: Path, as_json: bool) -> None:
    """Write every card, of people who do not exist, into a page to look at."""
    from addon.cards.drawing import Place, drawn
    from addon.cards.preview import page
    from addon.cards.samples import CONSOLE, samples

    place = Place(CONSOLE.rstrip("/"))
    out.write_text(page({name: drawn(card, place) for name, card in samples().items()}), "utf-8")
    if as_json:
        give_json({"cards": list(samples()), "page": str(out.absolute())})
    else:
        say(f"{len(samples())} cards, light and dark: {out.absolute()}")
