"""`throughline pack`: copy a template pack, change it, check it."""

from __future__ import annotations

from pathlib import Path

import click

from addon.packs.finding import find
from addon.terminal import BAD_INPUT, BadInput, give_json, json_option, say, table, teaching
from templates import loader
from templates.loader import PackError
from templates.shapes import DocumentShape, Pack


@click.group()
def pack() -> None:
    """Template packs: what HR provisions."""


@pack.command("list")
@json_option
def list_packs(as_json: bool) -> None:
    """The packs that come with the program."""
    packs = [loader.load(loader.built_in(name)) for name in loader.built_in_names()]
    rows = [
        {"name": p.name, "title": p.title, "cadence": p.cadence, "roles": len(p.roles), "version": p.version} for p in packs
    ]
    if as_json:
        give_json({"packs": rows})
    else:
        table(list(rows[0]), [list(row.values()) for row in rows])


@pack.command("copy")
@click.argument("name")
@click.argument("directory", type=click.Path(path_type=Path))
@json_option
@teaching(PackError, FileExistsError, OSError, KeyError, ValueError)
def copy_pack(name: str, directory: Path, as_json: bool) -> None:
    """Copy the built-in pack NAME to DIRECTORY, to change it there."""
    _built_in(name)
    loader.copy(name, directory)
    if as_json:
        give_json({"pack": name, "directory": str(directory)})
    else:
        say(f"{name} is in {directory}. Change its files, then: throughline pack check {directory}")


@pack.command("check")
@click.argument("directory", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def check_pack(context: click.Context, directory: Path, as_json: bool) -> None:
    """All mistakes in the pack in DIRECTORY at once: file, line, key, what was expected, the nearest valid word."""
    problems = loader.check(directory)
    if as_json:
        rows = [{"file": p.file, "line": p.line, "key": p.key_path, "message": p.message} for p in problems]
        give_json({"problems": rows})
    elif problems:
        for problem in problems:
            say(str(problem))
    else:
        loaded = loader.load(directory)
        say(f"{directory} is fine: {_summary(loaded)}, version {loaded.version}")
    if problems:
        context.exit(BAD_INPUT)


@pack.command("show")
@click.argument("name_or_directory")
@json_option
@teaching(PackError)
def show_pack(name_or_directory: str, as_json: bool) -> None:
    """What a pack provisions: each kind with its place, writers, readers and sections or columns."""
    loaded = find(name_or_directory)
    rows = [
        {
            "kind": str(template.kind),
            "place": str(template.place),
            "writers": ", ".join(template.writers),
            "readers": ", ".join(template.readers),
            "holds": ", ".join(
                part.key
                for part in (template.shape.sections if isinstance(template.shape, DocumentShape) else template.shape.columns)
            ),
        }
        for template in loaded.templates.values()
    ]
    if as_json:
        give_json({"name": loaded.name, "version": loaded.version, "templates": rows})
    else:
        say(f"{loaded.title}: {_summary(loaded)}, version {loaded.version}")
        table(list(rows[0]), [list(row.values()) for row in rows])


def _built_in(name: str) -> None:
    if name not in loader.built_in_names():
        raise BadInput(f"there is no built-in pack {name!r}; there are: {', '.join(loader.built_in_names())}")


def _summary(loaded: Pack) -> str:
    return (
        f"{len(loaded.templates)} kinds, {len(loaded.roles)} roles, {len(loaded.criteria)} criteria, "
        f"a scale of {len(loaded.scale)} points"
    )
