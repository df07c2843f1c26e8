"""What stands in a pack is checked as a whole: several mistakes, whole files, and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from templates.loader import PackError, built_in, check, copy, load
from templates.nodes import Problem, Report, parse
from tests.templates.test_slips import SLIPS


def test_all_slips_come_at_once(tmp_path: Path) -> None:
    """Slips in several files are reported together, sorted by file and line, and `load` carries all of them."""
    folder = tmp_path / "ours"
    copy("standard", folder)
    for name in ("unknown cadence", "unknown status", "a slip in a known column", "unknown time", "unknown criterion"):
        file = folder / SLIPS[name].file
        file.write_text(file.read_text("utf-8").replace(SLIPS[name].old, SLIPS[name].new, 1), "utf-8")
    problems = check(folder)
    assert [problem.file for problem in problems] == ["check-in.yaml", *["goal-sheet.yaml"] * 2, "pack.yaml", "roles.yaml"]
    with pytest.raises(PackError) as caught:
        load(folder)
    assert caught.value.problems == problems
    assert str(caught.value).splitlines() == [str(problem) for problem in problems]


def _scale_of(points: int, tmp_path: Path) -> tuple[Problem, ...]:
    folder = tmp_path / "ours"
    copy("standard", folder)
    file = folder / "pack.yaml"
    head = file.read_text("utf-8").split("scale:")[0]
    file.write_text(head + "scale:\n" + "".join(f"  - {{label: P{n}, meaning: M{n}}}\n" for n in range(points)), "utf-8")
    return check(folder)


@pytest.mark.parametrize("points", [4, 5, 6])
def test_a_scale_of_four_to_six_points_is_fine(points: int, tmp_path: Path) -> None:
    """Four, five and six points are allowed."""
    assert _scale_of(points, tmp_path) == ()


@pytest.mark.parametrize(
    ("points", "reason"), [(10, "31.4 % of men and 19.5 % of women"), (7, "105,034"), (3, "the same point")]
)
def test_another_scale_is_refused_with_the_reason(points: int, reason: str, tmp_path: Path) -> None:
    """Shorter and longer scales are refused, ten points with the study that speaks against them."""
    (problem,) = _scale_of(points, tmp_path)
    assert (problem.file, problem.key_path) == ("pack.yaml", "scale")
    assert f"4 to 6 points, this one has {points}" in problem.message
    assert reason in problem.message


def _only_problem(folder: Path) -> str:
    (problem,) = check(folder)
    return str(problem)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A pack without one of its files says which."""
    copy("standard", tmp_path / "ours")
    (tmp_path / "ours" / "self-review.yaml").unlink()
    assert _only_problem(tmp_path / "ours") == "self-review.yaml: is missing; copy it from a built-in pack"


def test_a_misspelt_file_is_named_with_the_nearest(tmp_path: Path) -> None:
    """A file whose name means nothing is reported, with the name that was probably meant."""
    copy("standard", tmp_path / "ours")
    (tmp_path / "ours" / "goal-shet.yaml").write_text("title: x", "utf-8")
    assert 'goal-shet.yaml: "goal-shet.yaml" is not a file of a pack; did you mean "goal-sheet.yaml"?' in _only_problem(
        tmp_path / "ours"
    )


def test_an_empty_folder_and_none_at_all_are_told_apart(tmp_path: Path) -> None:
    """An empty folder, a folder that is not there and a file are each one sentence."""
    assert "holds no YAML file" in _only_problem(tmp_path)
    assert "is not a folder" in _only_problem(tmp_path / "nowhere")
    (tmp_path / "note").write_text("x", "utf-8")
    assert "is not a folder" in _only_problem(tmp_path / "note")


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    """Bytes of another encoding are reported with the line; the other files are checked all the same."""
    copy("standard", tmp_path / "ours")
    file = tmp_path / "ours" / "pack.yaml"
    file.write_bytes(file.read_bytes().replace(b"title: Standard", "title: Für alle".encode("latin-1")))
    assert _only_problem(tmp_path / "ours") == "pack.yaml:2: is not UTF-8: byte 0xfc; save it as UTF-8"


def test_a_file_over_one_megabyte_is_refused_unread(tmp_path: Path) -> None:
    """Huge files are refused, from disk and from a frozen pack."""
    copy("standard", tmp_path / "ours")
    (tmp_path / "ours" / "pack.yaml").write_bytes(b"#" * 1_000_001)
    assert "pack.yaml: is larger than 1 MB" in _only_problem(tmp_path / "ours")
    report = Report("pack.yaml")
    assert parse("#" * 1_000_001, report) is None
    assert "larger than 1 MB" in report.problems[0].message


def test_an_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    """Aliases that would unfold to billions of values are refused by name."""
    copy("standard", tmp_path / "ours")
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    (tmp_path / "ours" / "pack.yaml").write_text("\n".join(rows), "utf-8")
    problems = check(tmp_path / "ours")
    assert {problem.file for problem in problems} == {"pack.yaml"}
    assert str(problems[0]).startswith('pack.yaml:2: the alias "*a0" is not allowed')


@pytest.mark.parametrize(
    ("text", "message"), [("", "1: is empty"), ("# only\n", "1: is empty"), ("- a\n", "1: expected keys and values")]
)
def test_a_file_without_keys_is_named(text: str, message: str, tmp_path: Path) -> None:
    """An empty file and a list where keys belong are reported once."""
    copy("standard", tmp_path / "ours")
    (tmp_path / "ours" / "criteria.yaml").write_text(text, "utf-8")
    assert f"criteria.yaml:{message}" in _only_problem(tmp_path / "ours")


def test_a_tag_is_never_executed(tmp_path: Path) -> None:
    """A tag that names code is reported and nothing runs."""
    copy("standard", tmp_path / "ours")
    victim = tmp_path / "victim"
    text = f"title: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [{victim}]]\n"
    (tmp_path / "ours" / "pack.yaml").write_text(text, "utf-8")
    assert any("python/object/apply" in problem.message for problem in check(tmp_path / "ours"))
    assert not victim.exists()


def test_columns_and_sections_of_ones_own_are_welcome(tmp_path: Path) -> None:
    """HR may add a column and a section whose keys have no meaning yet."""
    copy("standard", tmp_path / "ours")
    sheet, notes = tmp_path / "ours" / "goal-sheet.yaml", tmp_path / "ours" / "check-in.yaml"
    sheet.write_text(sheet.read_text("utf-8") + "  - {key: sponsor, title: Sponsor, type: text}\n", "utf-8")
    notes.write_text(notes.read_text("utf-8") + "  - {key: mood, title: Mood, prompt: 'How are you?'}\n", "utf-8")
    assert check(tmp_path / "ours") == ()


def test_a_number_may_stand_where_text_is_meant(tmp_path: Path) -> None:
    """Text that YAML would take for a number, a date or yes is read as it was written."""
    copy("standard", tmp_path / "ours")
    file = tmp_path / "ours" / "pack.yaml"
    file.write_text(file.read_text("utf-8").replace("title: Standard", "title: 2026"), "utf-8")
    assert load(tmp_path / "ours").title == "2026"


def test_feedback_that_the_pack_shows_needs_its_reader(tmp_path: Path) -> None:
    """When the pack says that people read feedback about them, the template has to name them."""
    copy("standard", tmp_path / "ours")
    file = tmp_path / "ours" / "pack.yaml"
    file.write_text(file.read_text("utf-8").replace("visible: false", "visible: true"), "utf-8")
    assert "exactly these people read a peer-feedback: manager, hr, employee" in _only_problem(tmp_path / "ours")
    assert check(built_in("okr")) == ()


def test_a_section_lost_at_the_release_is_found(tmp_path: Path) -> None:
    """A section that is in the draft of a review only is named; one that never leaves it is no mistake."""
    copy("standard", tmp_path / "ours")
    file = tmp_path / "ours" / "manager-review.yaml"
    file.write_text(file.read_text("utf-8") + "  - {key: context, title: Context}\n", "utf-8")
    assert 'released-review.yaml:7: sections: the section "context" of manager-review.yaml is missing' in _only_problem(
        file.parent
    )


def test_a_broken_file_brings_no_mistakes_elsewhere(tmp_path: Path) -> None:
    """What other files say cannot be compared with a file that is not YAML, so that file is the only one named."""
    for file in ("pack.yaml", "criteria.yaml", "manager-review.yaml"):
        copy("okr", tmp_path / file)
        (tmp_path / file / file).write_text("title: [", "utf-8")
        assert f"{file}:1: is not valid YAML" in _only_problem(tmp_path / file)
