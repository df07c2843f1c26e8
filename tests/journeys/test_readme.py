"""README and docs: every command that they name exists, with these options, and none is missing from the README."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from textwrap import dedent

import click
import pytest
import yaml

from addon.cli import COMMANDS, main
from addon.settings import PREFIX, READERS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {path.relative_to(ROOT): path.read_text("utf-8") for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")))}
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PROGRAM = "throughline"


def shell_lines(page: str = README) -> list[str]:
    """Every command in a shell block, continued lines joined, comments and prompts taken off."""
    blocks = [text for language, text in BLOCK.findall(page) if language in ("sh", "bash", "shell", "console", "")]
    lines = [line.strip().removeprefix("$ ") for text in blocks for line in text.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def commands() -> list[str]:
    """Those of the program itself in the blocks of every page, also where another program or a schedule starts them."""
    lines = [re.sub(r"\$\([^)]*\)", "today", line) for page in PAGES.values() for line in shell_lines(page)]
    return [found[1] for line in lines if (found := re.search(rf"(?:^|bin/)({PROGRAM} [^<@]+)$", line))]


def inline() -> list[str]:
    """Every mention of a command in the text of every page."""
    prose = "\n\n".join(BLOCK.sub("", page) for page in PAGES.values())
    return sorted({" ".join(found.split()) for found in re.findall(rf"`({PROGRAM} [^`]+)`", prose)})


def understood(line: str, *, whole: bool) -> click.Command:
    """The command that *line* calls. Fails when it does not exist, an option does not, or (when *whole*) one is missing."""
    words = shlex.split(line.partition(" > ")[0], comments=True)
    assert Path(words[0]).name == PROGRAM, line
    command: click.Command = main
    context = click.Context(main, info_name=PROGRAM)
    rest = words[1:]
    while isinstance(command, click.Group):
        _, left, _ = command.make_parser(context).parse_args(list(rest))
        if not left:
            assert not whole or command is main, f"{line}: {command.name} needs a command"
            return command
        found = command.get_command(context, left[0])
        assert found is not None, f"{line}: there is no command {left[0]!r}"
        command, rest = found, left[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    given, left, _ = command.make_parser(context).parse_args(list(rest))
    assert left == [], f"{line}: {left} is too much"
    required = [one.name for one in command.params if one.required and isinstance(one, click.Argument)]
    required += [one.name for one in command.params if one.required and isinstance(one, click.Option)]
    missing = [name for name in required if given.get(str(name)) in (None, ())]
    assert not whole or missing == [], f"{line}: {missing} is missing"
    for one in command.params:
        value = given.get(str(one.name))
        if isinstance(one.type, click.Choice | click.DateTime) and isinstance(value, str):
            one.type.convert(value, one, context)
    return command


def test_the_first_two_commands_are_the_demo_and_the_tests() -> None:
    """A reader who types only these has seen the main job and knows that it holds."""
    assert shell_lines()[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("line", commands())
def test_every_command_in_a_block_can_be_typed(line: str) -> None:
    """It exists, with these options, and nothing that it needs is missing."""
    understood(line, whole=True)


@pytest.mark.parametrize("line", inline())
def test_every_command_in_the_text_exists(line: str) -> None:
    """With the options that are named."""
    understood(line, whole=False)


@pytest.mark.parametrize(
    "line", [line for page in PAGES.values() for line in shell_lines(page) if re.match(r"(sudo )?make ", line)]
)
def test_every_make_target_exists(line: str) -> None:
    """As do those that the text mentions."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in [re.sub(r" [A-Z_]+=\S+", "", line).split()[-1], *re.findall(r"`make (\w+)", README)]:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    """Nothing has to be discovered."""
    assert re.search(rf"{PROGRAM} {name}\b", README), f"`{PROGRAM} {name}` is not in README.md"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    """Pictures included."""
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGES[page]):
        assert (ROOT / page.parent / target).exists(), target


def blocks(page: str, language: str) -> list[str]:
    """The blocks of that language in a page of docs/, without their indent."""
    return [dedent(text) for found, text in BLOCK.findall(PAGES[Path("docs") / page]) if found == language]


def test_every_setting_that_a_page_tells_somebody_to_write_exists() -> None:
    """In the file of secrets for App Engine, and in the settings file of a machine."""
    (secrets,) = blocks("deploy-app-engine.md", "yaml")
    names = {name.removeprefix(PREFIX).lower() for name in yaml.safe_load(secrets)["env_variables"]}
    names |= {name for block in blocks("deploy-linux.md", "toml") for name in tomllib.loads(block)}
    assert names <= set(READERS), names - set(READERS)


@pytest.mark.parametrize("file", ["app.yaml", "worker.yaml"])
def test_the_file_of_secrets_is_read_by_a_service_and_neither_committed_nor_sent(file: str) -> None:
    """It is merged into the service's own file on the machine from which it is deployed."""
    assert yaml.safe_load((ROOT / file).read_text("utf-8"))["includes"] == ["secrets.yaml"]
    assert "/secrets.yaml" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "secrets.yaml" in (ROOT / ".gcloudignore").read_text("utf-8").splitlines()
