"""Very much text, very many rows: all of it arrives, in seconds."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from connectors.office import xlsx
from tests.connectors.office import conservation_xlsx
from tests.connectors.office.conservation import assert_conserved
from tests.fuzz import docx_page, xlsx_edits, xlsx_page
from tests.fuzz.house import CHECK_IN, GOAL_SHEET, Builder, House, check_in_of, goal_sheet_of, ref_of
from tests.fuzz.words import PHRASES, Pen
from tests.sync.pull.world import ADA

ROWS, CHARACTERS = 5_000, 10_000_000
SECONDS = 30  # far above what it takes: only something that grows with the square takes longer


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Where houses come from."""
    return Builder(tmp_path_factory.mktemp("houses"))


@pytest.fixture
def house(builder: Builder) -> Iterator[House]:
    """A house of one's own."""
    with builder.house() as house:
        yield house


def long_text(size: int) -> str:
    """Words in many scripts, no two lines alike."""
    dice = random.Random(1)
    return " ".join(f"{dice.choice(PHRASES[:8])} {number}" for number in range(size // 8))[:size].strip()


def paste(house: House, text: str) -> None:
    """Paste *text* as one paragraph under "What went well"."""
    path = house.path(ref_of(house, check_in_of(ADA)))
    page = docx_page.Page(path.read_bytes())
    docx_page.behind(page.under(3), docx_page.paragraph(docx_page.run(text)))
    path.write_bytes(page.saved())


def test_a_paragraph_of_ten_million_characters_arrives_whole(house: House) -> None:
    """More than XML parsers take by themselves."""
    text = long_text(CHARACTERS)
    paste(house, text)
    begun = time.perf_counter()
    report = house.sync()
    assert time.perf_counter() - begun < SECONDS
    assert (report.failed, len(report.new)) == (0, 1)
    assert text in {entry.text for entry in house.about()}
    assert_conserved(house.path(ref_of(house, check_in_of(ADA))).read_bytes(), CHECK_IN)
    assert house.sync().quiet


@pytest.mark.soak
def test_a_long_paragraph_that_is_edited_supersedes_itself(house: House) -> None:
    """A word more at its end is an edit, not another paragraph."""
    text = long_text(CHARACTERS)
    paste(house, text)
    house.sync()
    path = house.path(ref_of(house, check_in_of(ADA)))
    page = docx_page.Page(path.read_bytes())
    long = next(one for one in page.paragraphs if len("".join(one.itertext())) > CHARACTERS // 2)
    long.extend(docx_page.xml(docx_page.run(" and more")))
    path.write_bytes(page.saved())
    begun = time.perf_counter()
    report = house.sync()
    assert time.perf_counter() - begun < SECONDS
    assert (len(report.new), len(report.superseded), len(report.withdrawn)) == (0, 1, 0)


def test_five_thousand_goals_keep_their_histories(house: House) -> None:
    """Typed at once, then one changed, then all sorted: no new goal, none gone, none that changed its owner."""
    path, pen = house.path(ref_of(house, goal_sheet_of(ADA))), Pen()
    book = xlsx_page.Book(path.read_bytes())
    first = max(book.filled) + 1
    for row in range(first, first + ROWS):
        book.write(row, 2, f"Goal {pen.word()}")
        book.write(row, 13, f"How it went: {row * 7919 % 10007}")
    path.write_bytes(book.saved())
    conservation_xlsx.assert_conserved(path.read_bytes(), xlsx.read(path.read_bytes(), GOAL_SHEET)[1])
    assert _synced(house) == 2 * ROWS
    before = {goal.title: goal.id for goal in house.goals()}
    book = xlsx_page.Book(path.read_bytes())
    book.write(first + 77, 13, "Changed")
    xlsx_edits.Sort(column=0, backwards=True).apply(book, pen)
    path.write_bytes(book.saved())
    assert _synced(house) == 0
    assert {goal.title: goal.id for goal in house.goals() if not goal.removed} == before
    assert house.sync().quiet


def _synced(house: House) -> int:
    """The new entries of one sync that takes no longer than it may."""
    begun = time.perf_counter()
    report = house.sync()
    assert time.perf_counter() - begun < SECONDS
    assert report.failed == 0
    return len(report.new)
