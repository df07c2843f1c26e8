"""Office files as packages: what is refused, what is copied, what a file says of itself."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.office import package as office
from connectors.office.package import (
    BrokenFile,
    admit_properties,
    escape_text,
    main_part,
    open_package,
    parse_xml,
    properties,
    relations,
    repack,
    stamp,
    unescape_text,
)

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return stream.getvalue()


def office_file(**parts: bytes) -> bytes:
    return archive({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": b"<document/>"} | parts)


def test_a_package_gives_its_parts_by_name_in_any_case():
    """Parts are found whatever case their name is written in; what is not there is None."""
    package = open_package(office_file(**{"word/Media/Note.txt": b"hello"}))
    assert package.part("word/media/note.txt") == b"hello"
    assert package.part("/word/document.xml") == b"<document/>"
    assert package.part("word/nothing.xml") is None
    assert package.names()[0] == "[Content_Types].xml"
    assert main_part(package) == "word/document.xml"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"just some text, saved as .docx", "really plain text"),
        (b"\x01\x02\xfe\x00", "not an Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (office_file()[:150], "damaged or was cut off"),
        (archive({"a.txt": b"x"}), "really a ZIP archive"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (archive({"[Content_Types].xml": TYPES}, zipfile.ZIP_BZIP2), "packed in a way"),
    ],
)
def test_what_is_no_readable_office_file_is_refused_with_a_sentence(data: bytes, sentence: str):
    """Each kind of unreadable file is named in words that tell a person what to do."""
    with pytest.raises(BrokenFile, match=sentence):
        open_package(data)


def test_a_file_that_unpacks_enormously_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    """Both a single part that packs too well and a total beyond the limit are refused by what the directory declares."""
    bomb = office_file(**{"word/zeros.bin": b"\0" * (office.RATIO_FROM + 1)})
    with pytest.raises(BrokenFile, match="times its size"):
        open_package(bomb)
    monkeypatch.setattr(office, "MAX_UNPACKED", 1000)
    with pytest.raises(BrokenFile, match="too large when unpacked"):
        open_package(office_file(**{"word/text.txt": bytes(range(256)) * 8}))


def test_a_part_that_lies_about_its_size_is_stopped():
    """A member that holds more than its directory entry says is not unpacked beyond it."""
    data = bytearray(office_file(**{"word/zeros.bin": b"\0" * 50_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(BrokenFile, match="not what was saved"):
        open_package(bytes(data)).part("word/zeros.bin")


def test_two_parts_of_one_name_are_refused():
    """Programs differ in which of two equal names they read, so neither is."""
    stream = io.BytesIO(office_file())
    with zipfile.ZipFile(stream, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("word/document.xml", b"<other/>")
    with pytest.raises(BrokenFile, match="same name"):
        open_package(stream.getvalue())


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_damage_anywhere_is_a_broken_file_or_harmless(at: int, noise: bytes):
    """Whatever bytes are overwritten, opening and reading either works or raises BrokenFile, never anything else."""
    data = bytearray(office_file())
    data[at : at + len(noise)] = noise
    try:
        package = open_package(bytes(data))
        for name in package.names():
            package.part(name)
        properties(package)
        main_part(package)
    except BrokenFile:
        pass


@given(st.integers(1, 600))
def test_a_truncated_file_is_broken_wherever_it_was_cut(length: int):
    """No prefix of a file passes for the file."""
    data = office_file()
    with pytest.raises(BrokenFile):
        open_package(data[: min(length, len(data) - 1)])


def test_repack_copies_what_did_not_change_byte_by_byte_as_packed():
    """Unchanged members keep their compressed bytes, changed ones read back, new ones stand at the end."""
    stored = archive({"[Content_Types].xml": TYPES, "pic.png": b"\x89PNG" * 50, "word/ä.xml": b"<a/>"}, zipfile.ZIP_STORED)
    out = repack(stored, {"WORD/Ä.XML".lower(): b"<b/>", "new.xml": b"<c/>"})
    with zipfile.ZipFile(io.BytesIO(out)) as file:
        assert file.testzip() is None
        assert file.namelist() == ["[Content_Types].xml", "pic.png", "word/ä.xml", "new.xml"]
        assert file.read("word/ä.xml") == b"<b/>"
        assert file.getinfo("pic.png").compress_type == zipfile.ZIP_STORED
    assert out == repack(stored, {"word/ä.xml": b"<b/>", "new.xml": b"<c/>"})
    assert repack(out, {}) == out


def test_xml_with_entities_or_a_document_type_is_not_read():
    """Nothing is expanded, nothing is fetched: a document type alone is reason to refuse."""
    with pytest.raises(BrokenFile, match="document type"):
        parse_xml(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>')
    with pytest.raises(BrokenFile, match="not well-formed"):
        parse_xml(b"<a><b></a>")


def test_xml_keeps_comments_and_instructions_for_edits():
    """What an edit does not touch is written again, also when it is no element."""
    root = parse_xml(b"<a><?mso x?><!-- y --><b/></a>")
    assert office.xml_bytes(root).endswith(b"<a><?mso x?><!-- y --><b/></a>")


def test_too_much_xml_is_refused(monkeypatch: pytest.MonkeyPatch):
    """A part beyond the stated limit is refused by its size."""
    monkeypatch.setattr(office, "MAX_XML", 10)
    with pytest.raises(BrokenFile, match="too large to read"):
        parse_xml(b"<a>" + b"x" * 20 + b"</a>")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_survives_the_escapes_of_office(text: str):
    """Control characters and look-alikes of escapes come back as they were."""
    root = parse_xml(f"<a>{escape_text(text)}</a>".encode())
    assert unescape_text(root.text or "") == text


def test_what_no_store_can_hold_stays_visible():
    """NUL and half characters are shown by their code and never turn into the character again."""
    assert escape_text("a\0b\ud800") == "a_x0000_b_xD800_"
    assert unescape_text("a_x0000_b_xD800_") == "a_x0000_b_xD800_"


def test_a_stamped_file_says_its_key_kind_and_title():
    """Properties written by `stamp` read back; nobody has modified the file yet."""
    master = admit_properties(office_file())
    found = properties(open_package(repack(master, stamp(key="2026-h1/<p>&/x", kind="goal-sheet", title="A \x07 title"))))
    assert (found.key, found.kind, found.title) == ("2026-h1/<p>&/x", "goal-sheet", "A \x07 title")
    assert (found.modified_by, found.modified_at) == ("", None)
    assert len(relations(open_package(admit_properties(master)))) == 3


def test_the_date_of_creation_is_written_in_utc():
    """A given moment is the file's created and modified date."""
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    data = repack(admit_properties(office_file()), stamp(key="k", kind="x", title="t", created=moment))
    assert properties(open_package(data)).modified_at == moment


def test_properties_of_a_file_without_any_are_empty():
    """A file from elsewhere has no key; a damaged property part hides no text."""
    assert properties(open_package(office_file())) == office.Properties("", "", "", None, "")
    assert properties(open_package(office_file(**{office.CORE: b"<broken"}))).title == ""
