"""Every kind of mistake in a pack is found, with its file, line, key path and the nearest valid word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from templates.loader import check, copy


@dataclass(frozen=True)
class Slip:
    """A mistake made in a copy of `standard`: *old* becomes *new* in *file*; *at* is text on the line that is named."""

    file: str
    old: str
    new: str
    at: str
    key_path: str
    message: str


SLIPS = {
    "unknown key in pack.yaml": Slip(
        "pack.yaml",
        "cadence:",
        "cadense: weekly\ncadence:",
        "cadense",
        "cadense",
        'not a known key here; did you mean "cadence"?',
    ),
    "missing key": Slip("pack.yaml", "title: Standard\n", "", "language: en", "title", '"title" is missing'),
    "duplicate YAML key": Slip(
        "pack.yaml",
        "goal_noun: goal\n",
        "goal_noun: goal\ngoal_noun: key result\n",
        "goal_noun: key result",
        "goal_noun",
        '"goal_noun" stands here twice (first on line 5)',
    ),
    "unknown cadence": Slip(
        "pack.yaml", "cadence: monthly", "cadence: montly", "montly", "cadence", 'did you mean "monthly"? (one of: weekly'
    ),
    "unknown goal noun": Slip("pack.yaml", "noun: goal", "noun: gaol", "gaol", "goal_noun", 'did you mean "goal"?'),
    "number expected": Slip(
        "pack.yaml", "entries: 2 ", "entries: two ", "entries: two", "minimum_entries", 'from 1 to 20, found "two"'
    ),
    "number out of range": Slip("pack.yaml", "entries: 2 ", "entries: 99 ", "entries: 99", "minimum_entries", "from 1 to 20"),
    "true or false expected": Slip(
        "pack.yaml", "visible: false", "visible: maybe", "maybe", "peer_feedback_visible", 'true or false, found "maybe"'
    ),
    "list expected": Slip(
        "check-in.yaml",
        "[employee]\n  - key: b",
        "employee\n  - key: b",
        "writers: employee",
        "sections[4].writers",
        "a list, found",
    ),
    "text expected": Slip(
        "pack.yaml", "title: Standard", "title: [Standard]", "[Standard]", "title", "expected text, found a list"
    ),
    "text left empty": Slip("pack.yaml", "title: Standard", "title:", "title:", "title", "expected text, found nothing"),
    "not a language": Slip("pack.yaml", "language: en", "language: English", "English", "language", "such as en, de or en-GB"),
    "scale point twice": Slip("pack.yaml", "label: Mostly", "label: Not yet", "Not yet", "scale[2].label", "stands here twice"),
    "scale point with a comma": Slip(
        "pack.yaml", "label: Fully", "label: 'Fully, yes'", "label: Not yet", "scale", "a choice with a comma"
    ),
    "unknown criterion": Slip(
        "roles.yaml",
        "[delivery, customer,",
        "[delivery, custmer,",
        "custmer",
        "roles[3].criteria[2]",
        'did you mean "customer"?',
    ),
    "role key twice": Slip(
        "roles.yaml",
        "key: sales",
        "key: engineering",
        "key: engineering",
        "roles[3].key",
        '"engineering" stands here twice (first on line 13)',
    ),
    "signal with capitals": Slip(
        "criteria.yaml", "[quality, bug", "[quality, Bug", "[quality", "criteria[2].signals", 'must be lower case: "bug"'
    ),
    "one name for two roles": Slip(
        "roles.yaml",
        "matches: [account executive",
        "matches: [developer",
        "key: sales",
        "roles[3]",
        'role "engineering" already',
    ),
    "unknown column type": Slip(
        "goal-sheet.yaml",
        "type: date\n    width: 12\n    help: By",
        "type: dat\n    width: 12\n    help: By",
        "type: dat\n",
        "columns[10].type",
        '"dat" is not a column type; did you mean "date"? (one of: key, text,',
    ),
    "wrong type of a known column": Slip(
        "goal-sheet.yaml",
        "title: Start\n    type: amount",
        "title: Start\n    type: text",
        "key: start",
        "columns[6]",
        'the column "start" has the type "amount", not "text"',
    ),
    "required column missing": Slip(
        "goal-sheet.yaml",
        "  - key: start\n    title: Start\n    type: amount\n    width: 11\n    help: Value at the beginning\n",
        "",
        "- key: key",
        "columns",
        'the column "start" is missing',
    ),
    "a slip in a known column": Slip(
        "goal-sheet.yaml", "key: category", "key: categry", "key: categry", "columns[4]", 'close to "category"'
    ),
    "not a key": Slip("goal-sheet.yaml", "key: measure", "key: How We", "How We", "columns[3].key", "is not a key"),
    "column key twice": Slip(
        "goal-sheet.yaml",
        "key: comment",
        "key: measure",
        "measure",
        "columns[13].key",
        '"measure" stands here twice (first on line',
    ),
    "column title twice": Slip(
        "goal-sheet.yaml", "title: Comment", "title: goal", "title: goal", "columns[13].title", '"goal" stands here twice'
    ),
    "unknown status": Slip(
        "goal-sheet.yaml",
        "at risk,",
        "at rsk,",
        "key: status",
        "columns[11]",
        '"at rsk" is not a status; did you mean "at risk"?',
    ),
    "choice twice": Slip(
        "goal-sheet.yaml", "at risk,", "on track,", "on track", "columns[11].choices[3]", '"on track" stands here twice'
    ),
    "choices together too long": Slip(
        "goal-sheet.yaml",
        '"yes/no"]',
        '"yes/no", ' + ", ".join(f'"{c * 60}"' for c in "abcd") + "]",
        '"yes/no"',
        "columns[5].choices",
        "more than the 255 characters",
    ),
    "choices without a choice": Slip(
        "goal-sheet.yaml",
        "title: Comment\n",
        "title: Comment\n    choices: [a, b]\n",
        "[a, b]",
        "columns[13].choices",
        'only a column of type "choice" has choices',
    ),
    "choice without choices": Slip(
        "goal-sheet.yaml", "key: comment\n", "key: mood\n    type: choice\n", "key: mood", "columns[13]", 'needs "choices"'
    ),
    "second key column": Slip(
        "goal-sheet.yaml", "key: comment\n", "key: other\n    type: key\n", "key: other", "columns[13]", "comes first"
    ),
    "sheet name too long": Slip(
        "goal-sheet.yaml",
        "sheet: Goals",
        "sheet: Goals of this cycle and of the next",
        "sheet:",
        "sheet",
        "has 35 characters; Excel allows 31",
    ),
    "sheet name with a bad character": Slip(
        "goal-sheet.yaml", "sheet: Goals", "sheet: Goals/OKR", "sheet:", "sheet", 'holds "/", which Excel refuses'
    ),
    "sheet name that Excel keeps": Slip(
        "goal-sheet.yaml", "sheet: Goals", "sheet: History", "sheet:", "sheet", "Excel refuses"
    ),
    "unknown placeholder": Slip(
        "check-in.yaml",
        "– {person}",
        "– {person} {manger}",
        "{manger}",
        "title",
        '"manger" is not a placeholder; did you mean "manager"?',
    ),
    "placeholder of another kind": Slip(
        "self-review.yaml", "– {person}", "– {person} {giver}", "{giver}", "title", '"giver" is not a placeholder of this kind'
    ),
    "title that is not unique": Slip("check-in.yaml", "{date} ", "", "Check-in –", "title", "needs {date}: without it"),
    "lone brace": Slip("check-in.yaml", "{date} ", "{date} } ", "{date} }", "title", "a brace without its partner"),
    "title that no file can have": Slip(
        "check-in.yaml", "Check-in {date}", "1/1 {date}", "1/1", "title", 'holds "/", which file names'
    ),
    "private notes in a shared place": Slip(
        "manager-notes.yaml", "place: private", "place: working", "working", "place", 'it stands in "private"'
    ),
    "other readers": Slip(
        "manager-notes.yaml",
        "readers: [manager]",
        "readers: [manager, employee]",
        "readers:",
        "readers",
        "exactly these people read a",
    ),
    "unknown reader": Slip(
        "manager-notes.yaml",
        "readers: [manager]",
        "readers: [manger, manager]",
        "manger",
        "readers[1]",
        'did you mean "manager"?',
    ),
    "reader of feedback without the pack's consent": Slip(
        "peer-feedback.yaml",
        "readers: [manager",
        "readers: [employee, manager",
        "readers:",
        "readers",
        "found employee, manager, hr",
    ),
    "unknown writer of a section": Slip(
        "check-in.yaml",
        "writers: [employee]\n  - key: b",
        "writers: [employe]\n  - key: b",
        "[employe]",
        "sections[4].writers[1]",
        'did you mean "employee"? (one of: employee, manager)',
    ),
    "section key twice": Slip(
        "check-in.yaml", "key: notes", "key: wins", "key: wins", "sections[8].key", '"wins" stands here twice'
    ),
    "section title twice": Slip(
        "check-in.yaml", "title: Growth", "title: Agenda", "title: Agenda", "sections[6].title", "twice"
    ),
    "a slip in a known section": Slip(
        "check-in.yaml", "key: blockers", "key: blokers", "blokers", "sections[5]", 'close to "blockers"'
    ),
    "required section missing": Slip(
        "quick-notes.yaml",
        "key: recognition",
        "key: thanks",
        "- key: notes",
        "sections",
        'the section "recognition" is missing',
    ),
    "unknown body": Slip(
        "check-in.yaml",
        "body: table\n    empty_rows: 1",
        "body: tabel\n    empty_rows: 1",
        "tabel",
        "sections[2].body",
        '"table"?',
    ),
    "quarterly elsewhere": Slip(
        "quick-notes.yaml",
        "title: What happened",
        "title: What happened\n    when: quarterly",
        "key: notes",
        "sections[1]",
        "only check-ins have quarterly sections",
    ),
    "unknown time": Slip(
        "check-in.yaml", "when: quarterly", "when: quartely", "quartely", "sections[9].when", 'did you mean "quarterly"?'
    ),
    "table where text is meant": Slip(
        "check-in.yaml",
        "key: wins\n",
        "key: wins\n    body: table\n    columns: [{key: x, title: X}]\n",
        "key: wins",
        "sections[4]",
        'the section "wins" has "body: text"',
    ),
    "columns under text": Slip(
        "check-in.yaml",
        "key: wins\n",
        "key: wins\n    columns: [{key: x, title: X}]\n",
        "key: wins",
        "sections[4]",
        'exactly when it has "body: table"',
    ),
    "column of a known table missing": Slip(
        "check-in.yaml",
        "key: owner",
        "key: people",
        '{key: key, title: "No.", type: key, width: 9}\n      - {key: action',
        "sections[3].columns",
        'the column "owner" is missing',
    ),
    "rating with choices of its own": Slip(
        "manager-review.yaml",
        "type: choice, width",
        "type: choice, choices: [a, b], width",
        "[a, b]",
        "sections[5].columns[1].choices",
        "the scale of pack.yaml; leave them out",
    ),
    "writers where nobody writes": Slip(
        "released-review.yaml", "[nobody]", "[manager]", "[manager]", "writers", "exactly these people write a"
    ),
    "an alias": Slip(
        "pack.yaml", "title: Standard", "title: &t Standard\nlanguage: *t\n#", "*t", "", 'the alias "*t" is not allowed'
    ),
    "a tag that names code": Slip(
        "pack.yaml",
        "title: Standard",
        "title: !!python/object/apply:os.getcwd []",
        "getcwd",
        "",
        "python/object/apply:os.getcwd",
    ),
    "a control character": Slip(
        "pack.yaml", "title: Standard", 'title: "Stand\\x07ard"', "Stand", "title", "control character '\\x07'"
    ),
    "broken YAML": Slip("pack.yaml", "language: en", "language: en: de", "en: de", "", "is not valid YAML"),
    "too deep": Slip(
        "pack.yaml", "title: Standard", "title: " + "[" * 5000 + "]" * 5000, "[[[", "", "nested more than 12 levels deep"
    ),
    "too many values": Slip(
        "pack.yaml", "title: Standard", "title: [" + "a," * 20_000 + "]", "[a,", "", "more than 10,000 values"
    ),
    "no fixed order": Slip(
        "check-in.yaml",
        "  - key: actions",
        "  - key: mood\n    title: Mood\n  - key: actions",
        "- key: agenda",
        "sections",
        "begins with agenda, goals, actions, in this order; found agenda, goals, mood",
    ),
}


def _expected_line(slip: Slip, folder: Path) -> int:
    text = (folder / slip.file).read_text(encoding="utf-8")
    return text.count("\n", 0, text.rindex(slip.at)) + 1


def _slipped(slip: Slip, tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    copy("standard", folder)
    file = folder / slip.file
    text = file.read_text(encoding="utf-8")
    assert slip.old in text
    file.write_text(text.replace(slip.old, slip.new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_named_with_its_place(slip: Slip, tmp_path: Path) -> None:
    """One slip in a good pack gives one problem: its file, line, key path and what to do."""
    folder = _slipped(slip, tmp_path)
    (problem,) = check(folder)
    assert (problem.file, problem.key_path) == (slip.file, slip.key_path)
    assert slip.message in problem.message
    assert problem.line == _expected_line(slip, folder)
    assert str(problem).startswith(f"{problem.file}:{problem.line}: {problem.key_path}")
