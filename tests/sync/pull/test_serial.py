"""What was read goes into the store and comes out the same."""

import json

from hypothesis import given
from hypothesis import strategies as st

from connectors.workspace import Cell, Document, LeftOver, Part, Pending, Row, Table
from sync.pull.serial import from_json, to_json

words = st.text(max_size=8)
numbers = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
cells = st.builds(Cell, words, numbers, st.one_of(st.none(), st.dates()), st.booleans(), st.booleans())
rows = st.lists(st.builds(Row, words, st.dictionaries(words, cells, max_size=3), words), max_size=3).map(tuple)
texts = st.lists(words, max_size=3).map(tuple)
left_overs = st.lists(st.builds(LeftOver, words, words, words), max_size=2).map(tuple)
tables = st.builds(Table, rows, st.dictionaries(words, words, max_size=3), left_overs, texts, texts)
authors = st.lists(st.tuples(st.integers(0, 9), words), max_size=2).map(tuple)
pending = st.lists(st.builds(Pending, words, st.integers(-1, 9), texts), max_size=2).map(tuple)
parts = st.lists(st.builds(Part, words, words, texts, rows, words, authors, pending), max_size=3).map(tuple)
documents = st.builds(Document, parts, left_overs, texts, texts)


@given(st.one_of(tables, documents))
def test_content_survives_json(content: Table | Document) -> None:
    """Through real JSON text, as the store keeps it."""
    assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_what_was_stored_before_tracked_changes_were_kept_is_read() -> None:
    """Snapshots of former versions have a field less."""
    stored = {"document": [["wins", "Wins", ["Done."], [], "Wins", []]], "left": [], "template": [], "notes": []}
    assert from_json(stored) == Document((Part("wins", "Wins", ("Done.",), (), "Wins"),))
