"""What `connectors.people.csv_file` makes of the files that companies really give."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.people import PersonRow, reporting_loops
from connectors.people.csv_cells import parse_day, parse_number
from connectors.people.csv_file import ACCESS, PEOPLE, WORK_MODES, read_goals, read_leave, read_pairs, read_people
from tests.effort import examples

READERS = (read_people, read_goals, read_leave, read_pairs)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


def problems(text: str) -> list[str]:
    """The problems of a people file as lines, without its name."""
    return [problem.describe("f").removeprefix("f, ") for problem in read_people(text.encode(), "f").problems]


def one_problem(text: str) -> str:
    """The only problem of a people file."""
    (only,) = problems(text)
    return only


# ---------------------------------------------------------------- form


def test_a_plain_file_becomes_rows_with_their_lines() -> None:
    """Every column arrives under its name, and the row knows its line and which columns the file has."""
    data = b"id,name,email,manager_email,team,role,location,work_mode,start,end,timezone,access\n"
    data += b"7,Ada Brandt,Ada@X.com,,Ops,Lead,Bonn,Remote,2026-03-02,3.4.2026,europe/berlin,HR\n"
    file = read_people(data, "people.csv")
    given_fields = frozenset(field.name for field in PEOPLE)
    expected = PersonRow(
        line=2,
        name="Ada Brandt",
        email="ada@x.com",
        id="7",
        team="Ops",
        role="Lead",
        location="Bonn",
        work_mode="remote",
        start=date(2026, 3, 2),
        end=date(2026, 4, 3),
        timezone="Europe/Berlin",
        access="hr",
        given=given_fields,
    )
    assert file.rows == (expected,)
    assert file.problems == ()
    assert file.notes == ()


@pytest.mark.parametrize("title", ["email", "E-Mail", " e_mail ", "Mail", "EMAIL ADDRESS"])
def test_a_column_is_known_by_common_titles_in_any_case(title: str) -> None:
    """Case, blanks and punctuation of a title do not matter, and common other words do."""
    file = read_people(f"Department,{title},Full name,Manager e-mail\nOps,a@x.com,Ada,\n".encode(), "f")
    assert (file.rows[0].email, file.rows[0].team, file.rows[0].name) == ("a@x.com", "Ops", "Ada")
    assert file.rows[0].given == {"email", "team", "name", "manager_email"}


def test_the_best_title_wins_when_two_columns_could_be_meant() -> None:
    """`manager_email` is read even when a column `manager` holds names; that one is named in a note."""
    file = read_people(b"name,email,manager,manager_email\nA,a@x.com,Ben,b@x.com\nBen,b@x.com,,\n", "f")
    assert file.rows[0].manager_email == "b@x.com"
    assert "“manager”" in file.notes[0]


def test_unknown_columns_are_named_once_with_the_nearest_known_one() -> None:
    """Two rows, one note; a misspelt title is recognised in it."""
    file = read_people(b"name,email,locatoin,shoe size\nA,a@x.com,Bonn,4\nB,b@x.com,Bonn,5\n", "f")
    assert len(file.rows) == 2
    assert len(file.notes) == 1
    assert "“locatoin” (did you mean location?), “shoe size”" in file.notes[0]


def test_line_numbers_are_those_of_the_file() -> None:
    """Blank lines, rows of delimiters only, quoted line breaks and Excel's `sep=` line all count."""
    text = 'sep=;\nname;email\n\n;\n"Ada\nvan\nBrandt";a@x.com\nBen;nope\n'
    file = read_people(text.encode(), "f")
    assert [(row.line, row.name) for row in file.rows] == [(5, "Ada van Brandt")]
    assert file.problems[0].line == 8


def test_a_blank_between_delimiter_and_quotation_mark_is_no_mistake() -> None:
    """Files typed by hand have it."""
    assert read_people(b'email, name\na@x.com, "Brandt, Ada"\n', "f").rows[0].name == "Brandt, Ada"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    """Files of every system have the same lines."""
    file = read_people(end.join(["name,email", "A,a@x.com", "B,b@x.com", ""]).encode(), "f")
    assert [row.line for row in file.rows] == [2, 3]


def test_windows_1252_is_read_with_a_note_that_shows_a_word_to_check() -> None:
    """The encoding is a guess, so the note names it and quotes what it made of the file."""
    file = read_people("name;email\nJörg Müller;j@x.com\n".encode("cp1252"), "people.csv")
    assert file.rows[0].name == "Jörg Müller"
    assert "Windows-1252" in file.notes[0]
    assert "“Jörg”" in file.notes[0]


def test_invisible_marks_around_an_address_are_taken_off() -> None:
    """What mail programs add to copied addresses does not make another person."""
    assert read_people("name,email\nA,\u200ba@x.com\u202c\u00a0\n".encode(), "f").rows[0].email == "a@x.com"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b"PK\x03\x04rest", "Excel or LibreOffice workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"name,email\nA\x81,a@x.com\n", "encoding that cannot be told"),
        (codecs.BOM_UTF16_LE + b"a", "damaged"),
        (b"Ada,ada@x.com\nBen,ben@x.com\n", "has no header"),
        (b"name,team\nAda,Ops\n", "lacks the column email"),
        (b"name,email,E-Mail\nAda,a@x.com,b@x.com\n", "stands twice"),
        (b"name,email\n", "no rows"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_sentence(data: bytes, words: str) -> None:
    """Nothing is read from it, and the one problem says what it is."""
    file = read_people(data, "people.csv")
    assert file.rows == ()
    assert len(file.problems) == 1
    assert words in file.problems[0].message


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        ("Ada,,,,,,,,", "email", "must not be blank"),
        ("Ada,ada@x,,,,,,,", "email", "is not an e-mail address"),
        ("Ada,a b@x.com,,,,,,,", "email", "is not an e-mail address"),
        (",ada@x.com,,,,,,,", "name", "must not be blank"),
        ("Ada,ada@x.com,Ben@X.com,,,,,,", "manager_email", "did you mean bene@x.com?"),
        ("Ada,ada@x.com,Bene Cole,,,,,,", "manager_email", "did you mean bene@x.com?"),
        ("Ada,ada@x.com,ADA@x.com,,,,,,", "manager_email", "their own manager"),
        ("Ada,ada@x.com,,02/03/2026,,,,,", "start", "write 2026-03-02, or 2.3.2026"),
        ("Ada,ada@x.com,,30.2.2026,,,,,", "start", "does not exist"),
        ("Ada,ada@x.com,,0026-02-03,,,,,", "start", "year"),
        ("Ada,ada@x.com,,2026-03-02,2026-03-01,,,,", "end", "before the first"),
        ("Ada,ada@x.com,,,,remoet,,,", "work_mode", "did you mean remote?"),
        ("Ada,ada@x.com,,,,,admn,,", "access", "did you mean admin?"),
        ("Ada,ada@x.com,,,,,,Berlin,", "timezone", "did you mean Europe/Berlin?"),
        ("Ada,ada@x.com,,,,,,Europe/Belrin,", "timezone", "did you mean Europe/Berlin?"),
        ("Ada,ada@x.com,,,,,,,1,Ops", "", "10 fields and the header 9"),
        ('"Ada" B,ada@x.com,,,,,,,', "", "do not pair up"),
        ('"Ada,ada@x.com,,,,,,,', "", "never closed"),
        ("A\x07da,ada@x.com,,,,,,,", "name", "control character"),
        ("Ada,BENE@x.com,,,,,,,", "email", "bene@x.com (Bene Cole) stands in line 2"),
        ("Ada,ada@x.com,,,,,,,1", "id", "stands in line 2"),
    ],
)
def test_a_bad_row_is_reported_once_with_its_line_and_column(row: str, place: str, words: str) -> None:
    """One mistake, one sentence, at the right place; the way out is in it."""
    header = "name,email,manager_email,start,end,work_mode,access,timezone,id"
    file = read_people(f"{header}\nBene Cole,bene@x.com,,,,,,,1\n{row}\n".encode(), "people.csv")
    (problem,) = file.problems
    assert (problem.line, problem.column) == (3, place)
    assert words in problem.message


def test_every_bad_row_is_reported_in_the_order_of_the_file() -> None:
    """The first mistake hides none of the others, nor does a row that is broken as a whole."""
    found = problems('name,email\n,a@x.com\nB,b\n"C" c,c@x.com\nD,d@x.com,9\nE,A@x.com\n')
    assert [line.split(":")[0] for line in found] == ["line 2, name", "line 3, email", "line 4", "line 5", "line 6, email"]


def test_a_broken_row_does_not_make_its_reports_wrong() -> None:
    """A manager whose own row has a mistake is still known to those who report there."""
    assert one_problem("name,email,manager\nA,a@x.com,b@x.com\nB,b@x.com,,9\n").startswith("line 3")


def test_a_reporting_loop_names_everybody_in_it_once() -> None:
    """Three people in a circle are one problem; who only reports into the circle is not in it."""
    found = one_problem("name,email,manager\nD,d@x.com,a@x.com\nA,a@x.com,b@x.com\nB,b@x.com,c@x.com\nC,c@x.com,a@x.com\n")
    assert "A → B → C → A" in found
    assert "(lines 3, 4, 5)" in found
    assert "D" not in found


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 8)))
def test_exactly_those_who_reach_themselves_are_in_loops(manager_of: dict[int, int]) -> None:
    """The loops hold each person who meets themself on the way up, and nobody else, once."""
    lines = {str(person): str(manager) for person, manager in manager_of.items()}

    def meets_themself(person: str) -> bool:
        here = lines.get(person)
        for _ in lines:
            if here in (person, None):
                break
            here = lines.get(here)
        return here == person

    members = [person for loop in reporting_loops(lines) for person in loop]
    assert sorted(members) == sorted(filter(meets_themself, lines))


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("0,5", 0.5),
        ("0.125", 0.125),
        ("-3", -3.0),
        ("−3", -3.0),
        ("+3", 3.0),
        (".5", 0.5),
        ("1.234,5", 1234.5),
        ("1,234.56", 1234.56),
        ("1.234,567", 1234.567),
        ("1 234 567", 1234567.0),
        ("1'000.5", 1000.5),
        ("1,234,567", 1234567.0),
        ("1234.567", 1234.567),
        ("72 %", 72.0),
        ("yes", 1.0),
        ("No", 0.0),
    ],
)
def test_amounts_are_read_with_comma_or_point(text: str, value: float) -> None:
    """Both ways of writing, thousands included, give the same number."""
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["1,234", "12.500", "$3", "1e5", "nan", "1,23,456", "1..2", "-", "%", "9" * 400, "٣"])
def test_an_amount_that_could_be_two_numbers_or_none_is_refused(text: str) -> None:
    """A factor of a thousand is never guessed."""
    with pytest.raises(ValueError, match="write"):
        parse_number(text)


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
def test_amounts_survive_both_decimal_marks(value: float) -> None:
    """Two decimals written with point or comma are the same amount."""
    assert parse_number(f"{value:.2f}") == parse_number(f"{value:.2f}".replace(".", ",")) == pytest.approx(value)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_days_survive_both_forms(day: date) -> None:
    """ISO and day.month.year give the same day."""
    assert parse_day(day.isoformat()) == parse_day(f"{day.day}.{day.month}.{day.year}") == day


# ---------------------------------------------------------------- goals, leave, pairs


def test_goals_are_read_with_amounts_days_and_long_text() -> None:
    """Per cent signs become the unit, line breaks of a comment stay, blanks are missing and not zero."""
    data = 'email;goal;start;target;now;due;weight;comment\nA@x.com;Less churn;8 %;4 %;;31.12.2026;0,5;"one\r\ntwo"\n'
    file = read_goals(data.encode(), "goals.csv")
    assert file.problems == ()
    (goal,) = file.rows
    assert (goal.email, goal.goal, goal.unit) == ("a@x.com", "Less churn", "%")
    assert (goal.start, goal.target, goal.now, goal.weight) == (8.0, 4.0, None, 0.5)
    assert (goal.due, goal.comment) == (date(2026, 12, 31), "one\ntwo")


def test_bad_goals_are_reported_with_their_lines() -> None:
    """Amounts, days, weights, blanks and doubles are all checked; the same title under another objective is fine."""
    text = "email,goal,objective,target,due,weight\na@x.com,,,,,\na@x.com,G,O,lots,soon,-1\nA@x.com,G,O,,,\na@x.com,G,P,,,\n"
    file = read_goals(text.encode(), "goals.csv")
    assert [(it.line, it.column) for it in file.problems] == [
        (2, "goal"),
        (3, "target"),
        (3, "due"),
        (3, "weight"),
        (4, "goal"),
    ]
    assert [row.line for row in file.rows] == [5]


def test_leave_is_read_with_both_days() -> None:
    """First and last day are needed and in order, and a leave stands once."""
    text = "E-Mail,from,until\na@x.com,2026-03-02,2026-03-03\nb@x.com,2026-03-02,2026-03-01\nc@x.com,,2026-03-01\n"
    file = read_leave((text + "A@x.com,2.3.2026,3.3.2026\n").encode(), "leave.csv")
    assert [(row.email, row.first_day, row.last_day) for row in file.rows] == [("a@x.com", date(2026, 3, 2), date(2026, 3, 3))]
    assert [(it.line, it.column) for it in file.problems] == [(3, "to"), (4, "from"), (5, "email")]


def test_pairs_are_two_people_and_stand_once() -> None:
    """Nobody gives feedback about themself; the other direction is another pair."""
    text = "giver_email,person_email\na@x.com,b@x.com\nb@x.com,a@x.com\nA@x.com,B@x.com\nc@x.com,C@x.com\n"
    file = read_pairs(text.encode(), "pairs.csv")
    assert [(row.giver_email, row.person_email) for row in file.rows] == [("a@x.com", "b@x.com"), ("b@x.com", "a@x.com")]
    assert [it.line for it in file.problems] == [4, 5]


# ---------------------------------------------------------------- anything at all

HEADERS = ("name,email,manager_email,start,timezone,access", "email;goal;start;now;due", "email\tfrom\tto", "giver,person")


@given(
    st.sampled_from(HEADERS),
    st.text(st.sampled_from('ab@.x,;\t"\r\n0129-% \0\x85\u2028é'), max_size=80),
    st.sampled_from(ENCODINGS),
)
@settings(max_examples=examples(50), deadline=None)
def test_no_text_below_a_header_makes_a_reader_fail(header: str, body: str, encoding: str) -> None:
    """Whatever follows a header, every problem has a line of the file and a sentence."""
    data = f"{header}\n{body}".encode(encoding)
    for reader in READERS:
        file = reader(data, "f.csv")
        lines = len(io.StringIO(f"{header}\n{body}", newline="").readlines())
        assert all(0 <= problem.line <= lines and problem.message for problem in file.problems)
        assert all(0 < row.line <= lines for row in file.rows)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))))
@settings(deadline=None)
def test_no_bytes_make_a_reader_fail(data: bytes) -> None:
    """Junk gives no rows that nobody wrote, and at least one problem."""
    for reader in READERS:
        file = reader(data, "f.csv")
        assert file.rows or file.problems


NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
WORDS = st.lists(st.text("abcÄß,;\"'=\t", min_size=1, max_size=6).filter(str.strip), max_size=3).map("\n".join)


@st.composite
def directories(draw: st.DrawFn) -> list[dict[str, str]]:
    """A valid company as cells: managers stand before their reports, so that there are no loops."""
    count = draw(st.integers(1, 5))
    people: list[dict[str, str]] = []
    for number in range(count):
        manager = draw(st.sampled_from(["", *(person["email"] for person in people)]))
        start = draw(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
        person = {"id": draw(st.sampled_from(["", f"id {number}"])), "name": draw(NAMES), "email": f"p{number}@x.com"}
        person |= {"manager_email": manager, "team": draw(WORDS), "role": draw(WORDS), "location": draw(WORDS)}
        person |= {"work_mode": draw(st.sampled_from(("", *WORK_MODES))), "access": draw(st.sampled_from(("", *ACCESS)))}
        person |= {"start": start.isoformat(), "end": draw(st.sampled_from(["", "2031-05-06"])), "timezone": "Asia/Tokyo"}
        people.append(person)
    return draw(st.permutations(people))


def written(people: Sequence[dict[str, str]], titles: Sequence[str], delimiter: str) -> str:
    """The people as a spreadsheet program saves them."""
    out = io.StringIO()
    writer = csv.DictWriter(out, titles, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(people)
    return out.getvalue()


@given(directories(), st.permutations([field.name for field in PEOPLE]), st.sampled_from(",;\t"), st.sampled_from(ENCODINGS))
@settings(max_examples=examples(30), deadline=None)
def test_a_valid_directory_comes_back_from_every_kind_of_file(
    people: list[dict[str, str]], titles: list[str], delimiter: str, encoding: str
) -> None:
    """Delimiter, encoding, order of columns and quoting change nothing of what is read."""
    file = read_people(written(people, titles, delimiter).encode(encoding), "people.csv")
    assert file.problems == ()
    for person, row in zip(people, file.rows, strict=True):
        for name, cell in person.items():
            value = getattr(row, name)
            shown = value.isoformat() if isinstance(value, date) else value or ""
            assert shown == " ".join(unicodedata.normalize("NFC", cell).split())
