"""Packs are loaded from folders, read back from frozen texts, and never make the checker stumble."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates.loader import PackError, built_in, built_in_names, check, copy, load, load_sources
from templates.shapes import ColumnType, DocumentShape, Kind, SectionBody, TableShape, Writer
from tests.effort import examples

PACKS = built_in_names()
FILES = sorted(file.name for file in built_in("standard").glob("*.yaml"))
LINES = sorted(
    {line for name in PACKS for file in built_in(name).glob("*.yaml") for line in file.read_text("utf-8").splitlines()}
)


@pytest.mark.parametrize("name", PACKS)
def test_a_built_in_pack_loads(name: str) -> None:
    """Each pack that comes along has no mistake and a template for every kind."""
    assert check(built_in(name)) == ()
    pack = load(built_in(name))
    assert (pack.name, set(pack.templates)) == (name, set(Kind))
    assert 4 <= len(pack.scale) <= 6
    assert len(pack.version) == 12


@pytest.mark.parametrize("name", PACKS)
def test_a_frozen_pack_reads_back_equal(name: str) -> None:
    """The texts that a cycle keeps give the same pack again."""
    pack = load(built_in(name))
    assert load_sources(pack.name, pack.sources) == pack


def test_a_frozen_pack_with_a_mistake_is_refused() -> None:
    """Texts that are no pack raise the same error as a folder would."""
    with pytest.raises(PackError, match=r"pack\.yaml: is missing"):
        load_sources("old", {})


def test_the_packs_differ_where_it_matters() -> None:
    """`okr` weighs committed and stretch key results every two weeks; `standard` measures goals every month."""
    standard, okr = load(built_in("standard")), load(built_in("okr"))
    assert (standard.cadence, standard.goal_noun) == ("monthly", "goal")
    assert (okr.cadence, okr.goal_noun) == ("two-weekly", "key result")
    sheets = [pack.templates[Kind.GOAL_SHEET].shape for pack in (standard, okr)]
    keys = [{column.key for column in sheet.columns} for sheet in sheets if isinstance(sheet, TableShape)]
    assert keys[1] - keys[0] == {"objective", "commitment", "weight", "parent"}
    assert keys[0] - keys[1] == {"measure", "category"}
    assert len(standard.scale) != len(okr.scale)


def test_the_rating_offers_the_scale() -> None:
    """The points to choose from are those of the pack, in the draft and in what is released."""
    for pack in (load(built_in(name)) for name in PACKS):
        for kind in (Kind.MANAGER_REVIEW, Kind.RELEASED_REVIEW):
            shape = pack.templates[kind].shape
            assert isinstance(shape, DocumentShape)
            rating = shape.section("rating")
            assert rating
            assert rating.body is SectionBody.TABLE
            point = next(column for column in rating.columns if column.key == "point")
            assert point.type is ColumnType.CHOICE
            assert point.choices == tuple(point.label for point in pack.scale)


def test_a_section_has_the_writers_of_its_document_unless_it_says_otherwise() -> None:
    """Both write the agenda, the manager the feedback, anyone a recognition, and nobody a released review."""
    templates = load(built_in("standard")).templates

    def writers(kind: Kind, key: str) -> tuple[Writer, ...]:
        shape = templates[kind].shape
        section = shape.section(key) if isinstance(shape, DocumentShape) else None
        return section.writers if section else ()

    assert writers(Kind.CHECK_IN, "agenda") == (Writer.EMPLOYEE, Writer.MANAGER)
    assert writers(Kind.CHECK_IN, "feedback") == (Writer.MANAGER,)
    assert writers(Kind.QUICK_NOTES, "recognition") == (Writer.ANYONE,)
    assert writers(Kind.RELEASED_REVIEW, "outcomes") == (Writer.NOBODY,)


@pytest.mark.parametrize("name", PACKS)
def test_nobody_has_to_answer_more_than_five_prompts(name: str) -> None:
    """A document asks each of its writers at most five things in text that are not optional."""
    for template in load(built_in(name)).templates.values():
        sections = template.shape.sections if isinstance(template.shape, DocumentShape) else ()
        asked = [s for s in sections if s.prompt and not s.prompt.startswith("Optional") and s.when == "always"]
        texts = [s for s in asked if s.body is SectionBody.TEXT]
        assert all(len([s for s in texts if writer in s.writers]) <= 5 for writer in template.writers), template.kind


@pytest.mark.parametrize("name", PACKS)
def test_criteria_have_signals_in_two_languages(name: str) -> None:
    """Each criterion has behaviours to see and 10 to 22 word beginnings that point to it."""
    for criterion in load(built_in(name)).criteria:
        assert len(criterion.behaviours) >= 2
        assert 10 <= len(criterion.signals) <= 22, (criterion.key, len(criterion.signals))


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Software Engineer", "engineering"),
        ("Customer support", "customer-support"),
        ("CEO", "team-lead"),
        ("Pilot", "general"),
    ],
)
def test_roles_of_the_directory_find_their_expectations(title: str, role: str) -> None:
    """A role name in the directory means the role that lists it, whatever its capitals; others the first."""
    assert load(built_in("standard")).role_for(title).key == role


def test_a_copy_is_the_pack_under_another_name(tmp_path: Path) -> None:
    """A copied pack has the same version and its folder's name."""
    copy("okr", tmp_path / "deep" / "ours")
    ours, theirs = load(tmp_path / "deep" / "ours"), load(built_in("okr"))
    assert (ours.name, ours.version) == ("ours", theirs.version)


def test_a_copy_never_goes_into_a_folder_in_use(tmp_path: Path) -> None:
    """A target with something in it is refused and stays as it was; an empty one is fine."""
    (tmp_path / "mine.txt").write_text("kept", "utf-8")
    with pytest.raises(PackError, match="not empty"):
        copy("standard", tmp_path)
    with pytest.raises(PackError, match="not empty"):
        copy("standard", tmp_path / "mine.txt")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    copy("standard", tmp_path / "empty")
    assert check(tmp_path / "empty") == ()


def test_an_unknown_pack_names_the_nearest() -> None:
    """A misspelt pack is answered with the one that was meant."""
    with pytest.raises(PackError, match='did you mean "standard"'):
        built_in("standart")


def test_files_of_editors_and_systems_are_nobodys_mistake(tmp_path: Path) -> None:
    """Hidden files and texts beside the pack are passed over and do not change the version."""
    copy("standard", tmp_path / "ours")
    before = load(tmp_path / "ours").version
    for name in (".DS_Store", "._pack.yaml", "README.md", "pack.yaml~"):
        (tmp_path / "ours" / name).write_bytes(b"\xff\x00")
    assert load(tmp_path / "ours").version == before


def test_text_from_windows_loads(tmp_path: Path) -> None:
    """A byte order mark and line ends of Windows change the version and nothing else."""
    copy("standard", tmp_path / "ours")
    for file in (tmp_path / "ours").iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    ours, theirs = load(tmp_path / "ours"), load(built_in("standard"))
    assert ours.templates == theirs.templates
    assert ours.criteria == theirs.criteria
    assert ours.version != theirs.version
    assert load_sources("ours", ours.sources) == ours


@settings(max_examples=examples(15), deadline=None)
@given(
    file=st.sampled_from(FILES),
    comment=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"))),
)
def test_the_version_changes_with_every_byte(file: str, comment: str) -> None:
    """A comment more is another version, because a cycle keeps texts and not meanings; the same bytes are the same."""
    original = load(built_in("standard"))
    comment = comment.replace("\ufeff", "")
    changed = load_sources("standard", {**original.sources, file: f"{original.sources[file]}# {comment}\n"})
    assert changed.version != original.version
    assert load_sources("standard", dict(original.sources)).version == original.version


line_edits = st.tuples(
    st.sampled_from(["drop", "double", "indent", "outdent", "swap"]), st.integers(0, 200), st.sampled_from(LINES)
)
pieces = st.sampled_from(
    [
        *"\n\t -:[]{}&*!#'|>%@`,?~\\0079aeöé\u2028\ufeff\x07\x85🎯",
        '"',
        "\n  - ",
        ": ",
        "<<: ",
        "!!",
        "\r\n",
        "\\ud800",
        "&a",
        "*a",
    ]
)
text_edits = st.tuples(st.integers(0, 6000), st.integers(0, 12), st.lists(pieces, max_size=8).map("".join))


def _edit_lines(text: str, edit: tuple[str, int, str]) -> str:
    what, place, other = edit
    lines = text.split("\n")
    place %= len(lines)
    line = lines[place]
    lines[place : place + 1] = {
        "drop": [],
        "double": [line, line],
        "indent": [f"  {line}"],
        "outdent": [line.removeprefix("  ")],
        "swap": [other],
    }[what]
    return "\n".join(lines)


def _edit_text(text: str, edit: tuple[int, int, str]) -> str:
    place, length, new = edit
    place %= len(text) + 1
    return text[:place] + new + text[place + length :]


def _agrees(folder: Path) -> None:
    """`check` is empty exactly when `load` succeeds; each problem has a place and a sentence."""
    problems = check(folder)
    for problem in problems:
        assert problem.file
        assert problem.message
        assert problem.line >= 0
        str(problem).encode()
    if problems:
        with pytest.raises(PackError) as caught:
            load(folder)
        assert caught.value.problems == problems
    else:
        pack = load(folder)
        assert load_sources(pack.name, pack.sources) == pack


@settings(max_examples=examples(40), deadline=None)
@given(
    file=st.sampled_from(FILES),
    of_lines=st.lists(line_edits, max_size=3),
    of_text=st.lists(text_edits, max_size=2),
    torn=st.none() | st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=3)),
)
def test_no_edit_makes_the_checker_stumble(
    file: str, of_lines: list[tuple[str, int, str]], of_text: list[tuple[int, int, str]], torn: tuple[int, bytes] | None
) -> None:
    """Whatever is typed into a file of a pack, the checker answers with problems or the pack loads."""
    text = (built_in("standard") / file).read_text("utf-8")
    for of_line in of_lines:
        text = _edit_lines(text, of_line)
    for of_part in of_text:
        text = _edit_text(text, of_part)
    content = text.encode()
    if torn:
        content = content[: torn[0]] + torn[1] + content[torn[0] :]
    with tempfile.TemporaryDirectory() as name:
        copy("standard", Path(name))
        (Path(name) / file).write_bytes(content)
        _agrees(Path(name))
