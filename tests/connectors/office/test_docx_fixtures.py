"""Files that programs saved, read as people meant them: every fixture, and what random edits make of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.office.package import open_package, repack
from connectors.workspace import as_read
from tests.connectors.office.conservation import assert_conserved
from tests.connectors.office.docx_kit import CONTENT, NS, SHAPE, W, document, p, r, table, text_part
from tests.files.build_docx import BUILT

FOLDER = Path(__file__).parents[2] / "files" / "docx"
FILES = sorted(FOLDER.glob("*.docx"))
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_reads_as_its_writer_meant_it(file: Path) -> None:
    """Each text ends in the section it belongs to, and what stands elsewhere is named with its place."""
    expected, found = EXPECTED[file.stem], document(file.read_bytes())
    provisioned = {part.section: list(part.paragraphs) for part in as_read(CONTENT).parts}  # type: ignore[union-attr]
    parts = [[one.section or "?", one.heading, list(one.paragraphs)] for one in found.parts]
    assert [one for one in parts if one[2] != provisioned.get(one[0])] == expected["parts"]
    assert [[one.place, one.heading, one.text] for one in found.left_overs] == expected.get("left_overs", [])
    assert list(found.notes) == expected.get("notes", [])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("shape", [SHAPE, None], ids=["with its template", "as a foreign file"])
def test_every_character_of_a_file_is_read_once(file: Path, shape: Any) -> None:
    """What is read is what is in the file, whether or not anybody provisioned it."""
    assert_conserved(file.read_bytes(), shape)


def test_every_file_has_its_expectation_and_its_program() -> None:
    """No fixture without a row in the table of programs, none without an expectation, all of them small."""
    table_of_programs = (FOLDER.parent / "README.md").read_text("utf-8")
    assert {file.stem for file in FILES} == set(EXPECTED)
    assert [file.stem for file in FILES if f"`{file.stem}`" not in table_of_programs] == []
    assert sum(file.stat().st_size for file in FILES) < 1_500_000


@pytest.mark.parametrize("name", BUILT)
def test_built_files_are_built_the_same_again(name: str) -> None:
    """What the script builds is what is committed, however well this machine packs it."""
    made, committed = (open_package(data) for data in (BUILT[name](), (FOLDER / f"{name}.docx").read_bytes()))
    assert {part: made.part(part) for part in made.names()} == {part: committed.part(part) for part in committed.names()}


# ---------------------------------------------------------------- random edits of the raw XML

Element = etree._Element


def _paragraphs(body: Element) -> list[Element]:
    return [element for element in body.iter(W + "p") if next(element.iter(W + "t"), None) is not None]


def _drop(body: Element, chance: random.Random) -> None:
    target = chance.choice(_paragraphs(body))
    target.getparent().remove(target)  # type: ignore[union-attr]


def _copy(body: Element, chance: random.Random) -> None:
    target = chance.choice(_paragraphs(body))
    chance.choice(_paragraphs(body)).addnext(etree.fromstring(etree.tostring(target, with_tail=False)))


def _move(body: Element, chance: random.Random) -> None:
    target, place = chance.choice(_paragraphs(body)), chance.choice(_paragraphs(body))
    if target is not place and target not in place.iterancestors() and place not in target.iterancestors():
        place.addnext(target)


def _merge(body: Element, chance: random.Random) -> None:
    first, second = chance.choice(_paragraphs(body)), chance.choice(_paragraphs(body))
    if first is not second and first not in second.iterancestors() and second not in first.iterancestors():
        first.extend(child for child in second if child.tag != W + "pPr")


def _wrap(body: Element, chance: random.Random) -> None:
    runs = [run for run in body.iter(W + "r") if run.getparent() is not None]
    run = chance.choice(runs)
    name = chance.choice(["ins", "del", "moveTo", "moveFrom", "smartTag", "hyperlink", "fldSimple", "customXml", "sdtContent"])
    wrapper = etree.Element(W + name)
    run.addprevious(wrapper)
    wrapper.append(run)


def _style(body: Element, chance: random.Random) -> None:
    target = chance.choice(_paragraphs(body))
    for properties in target.findall(W + "pPr"):
        target.remove(properties)
    properties = etree.Element(W + "pPr")
    target.insert(0, properties)
    names = ["Normal", "Heading1", "Heading2", "TL_wins", "TL_notes", "TLGuidance", "ListBullet", "ListNumber", "Title", "Gone"]
    etree.SubElement(properties, W + "pStyle").set(W + "val", chance.choice(names))


def _look(body: Element, chance: random.Random) -> None:
    run = chance.choice(list(body.iter(W + "r")))
    properties = etree.Element(W + "rPr")
    run.insert(0, properties)
    etree.SubElement(properties, W + chance.choice(["b", "i", "vanish", "strike"]))


def _type(body: Element, chance: random.Random) -> None:
    words = [
        "**x**",
        "2*3*4",
        "- a",
        "1. b",
        "## c",
        "| d | e |",
        "[f](g)",
        "\\",
        "שלום",
        "🎉",
        "Wins",
        "a\u00a0b",
        "\u202etac",
        "",
    ]
    markup = chance.choice([p(r(chance.choice(words)) + r(chance.choice(words))), table((chance.choice(words), "1*2*3"))])
    chance.choice(_paragraphs(body)).addnext(etree.fromstring(f'<w:x xmlns:w="{NS}">{markup}</w:x>')[0])


def _retype(body: Element, chance: random.Random) -> None:
    chance.choice(list(body.iter(W + "t"))).text = chance.choice(["Wins", "Our wins", "", " ", "*", "2026-03-02: done"])


def _unbookmark(body: Element, chance: random.Random) -> None:
    for mark in [*body.iter(W + "bookmarkStart")][:: chance.randint(1, 3)]:
        mark.getparent().remove(mark)  # type: ignore[union-attr]


EDITS: tuple[Callable[[Element, random.Random], None], ...] = (
    _drop, _copy, _move, _merge, _wrap, _style, _look, _type, _retype, _unbookmark,
)  # fmt: skip


def edited(data: bytes, chance: random.Random, edits: list[Callable[[Element, random.Random], None]]) -> bytes:
    """*data* after raw *edits* of its text."""
    root = etree.fromstring(text_part(data).encode())
    body = root.find(W + "body")
    assert body is not None
    for change in edits:
        if _paragraphs(body):
            change(body, chance)
    return repack(data, {"word/document.xml": etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)})


@given(st.sampled_from(FILES), st.lists(st.sampled_from(EDITS), min_size=1, max_size=8), st.integers(0, 2**32))
def test_no_edit_loses_a_character(file: Path, edits: list[Callable[[Element, random.Random], None]], seed: int) -> None:
    """Whatever is dropped, copied, moved, merged, wrapped, restyled or typed, all that is left in the file is read once."""
    data = edited(file.read_bytes(), random.Random(seed), edits)
    assert_conserved(data, SHAPE)
    assert open_package(data).names() == open_package(file.read_bytes()).names()
