"""`throughline sync` and `throughline evidence`: read back what people wrote, and show what is known."""

from __future__ import annotations

from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.evidence import reporting
from addon.evidence.naming import spoken
from addon.terminal import BadInput, ends, give_json, json_option, progress, say, teaching
from connectors.workspace import WorkspaceError
from sync.access import visible
from sync.pull.apply import PullReport, Run, pull
from sync.pull.places import as_they_stand
from sync.records import Entry, Person
from sync.store import LeaseHeld, LeaseLost
from sync.store.queries import artifacts, cycles, ledger, reviews
from templates.loader import load_sources
from templates.shapes import Pack


@click.command()
@click.option("--accept-vanished", is_flag=True, help="Go on although many documents of one kind have disappeared.")
@click.option("--report", "in_full", is_flag=True, help="Every file that was read and every place where something is new.")
@json_option
@click.pass_context
@teaching(WorkspaceError)
def sync(context: click.Context, accept_vanished: bool, in_full: bool, as_json: bool) -> None:
    """Read back what people wrote since the last sync: only files that changed.

    Writes nothing into any document. Says what is new since the last time, never what people wrote; what still needs
    somebody stands in `throughline status`. When more than a fifth (and at least five) of one kind have disappeared, it
    stops and names them.
    """
    from addon.homes.glancing import refresh

    company = companies.of(context)
    report = run_sync(company, accept_vanished=accept_vanished)
    if not report.halted:
        refresh(company)
    if as_json:
        give_json(reporting.as_json(report))
    else:
        for line in spoken(company, reporting.in_full(report) if in_full else reporting.in_brief(report)):
            say(line)
    ends(report.failed + report.still_failing + len(report.halted))


def run_sync(company: Company, *, accept_vanished: bool = False) -> PullReport:
    """One sync of the folder. Raises BadInput when the workspace cannot be used, or somebody else writes to it."""

    def pack_of(cycle_id: str) -> Pack:
        with company.store.read() as tx:
            found = cycles.get(tx, cycle_id)
            return load_sources(found.pack_name if found else "", cycles.pack_sources(tx, cycle_id))

    with progress("Reading", None) as advance:
        done = 0

        def moved(now: int, _total: int) -> None:
            nonlocal done
            advance(now - done)
            done = now

        try:
            run = Run(
                store=company.store,
                workspace=company.workspace,
                name=company.workspace.capabilities.name,
                holder=company.holder,
                packs=pack_of,
                clock=lambda: company.now,
                today=company.today,
                progress=moved,
            )
            return pull(run, accept_vanished=accept_vanished)
        except (LeaseHeld, LeaseLost, WorkspaceError) as error:
            raise BadInput(str(error)) from error


@click.command()
@click.argument("person")
@click.option("--as", "viewer", metavar="PERSON", help="As seen by whom. Default: their manager; without one, themself.")
@json_option
@click.pass_context
def evidence(context: click.Context, person: str, viewer: str | None, as_json: bool) -> None:
    """Everything known about PERSON (id, e-mail or name), with its source: file, place and anchor.

    Only what the viewer may see. Reading is noted in the audit trail.
    """
    company = companies.of(context)
    about = company.person(person)
    looking = company.viewer(viewer or about.manager_at(company.today) or about.id)
    with company.store.write() as tx:
        entries = as_they_stand(tx, visible(looking, ledger.about(tx, about.id), company.today))
        refs = {key: one.ref for key, one in artifacts.by_keys(tx, {entry.artifact_key for entry in entries}).items()}
        # Whoever types this is not known: reading somebody's own private words in their name leaves a line, too.
        actor = looking.person_id if looking.person_id != about.id else "command line"
        reviews.note(tx, company.now, actor, "read-evidence", about.id, f"{len(entries)} entries")
    names = {one.id: one.name for one in company.people}
    if as_json:
        rows = [_entry(entry, refs, names) for entry in entries]
        give_json({"person": about.id, "name": about.name, "as": names[looking.person_id], "entries": rows})
        return
    say(f"{about.name}, as seen by {names[looking.person_id]} ({len(entries)} entries)")
    places = dict(zip(refs, spoken(company, refs.values()), strict=True))
    for entry in entries:
        say()
        _say_entry(entry, about, places, names)


def _say_entry(entry: Entry, about: Person, places: dict[str, str], names: dict[str, str]) -> None:
    by = names.get(entry.by, "not told by the file") if entry.by != about.id else "themself"
    private = "" if entry.visibility == "shared" else f", {entry.visibility}"
    say(f"{entry.happened_on}  {entry.kind}, by {by}{private}  [{entry.id}]")
    for line in entry.text.splitlines():
        say(f"  {line}")
    say(f"  — {places.get(entry.artifact_key, entry.artifact_key)} · {entry.place} · {entry.anchor}")


def _entry(entry: Entry, refs: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    figure = entry.figure
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "text": entry.text,
        "by": entry.by,
        "by_name": names.get(entry.by, ""),
        "visibility": entry.visibility.value,
        "happened_on": str(entry.happened_on),
        "recorded_at": entry.recorded_at.isoformat(),
        "artifact": entry.artifact_key,
        "ref": refs.get(entry.artifact_key, ""),
        "place": entry.place,
        "anchor": entry.anchor,
        "value": figure.value if figure else None,
        "unit": figure.unit if figure else None,
        "hash": entry.hash,
    }
