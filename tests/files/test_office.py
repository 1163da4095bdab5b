"""Office files are checked by the list of entries in their archive, which is never unpacked."""

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel import citizen_numbers, errors
from schakel.actions import service as actions
from schakel.files import office, service
from tests import html, make_followup
from tests.uploads import PDF

TYPES = "[Content_Types].xml"
WORD = {TYPES: b"<Types/>", "word/document.xml": b"<x/>"}
MACROS, LOCKED, LARGE = "macro’s", "wachtwoord", "uitgepakt te groot"
OURS, BROKEN = "de inhoud moet daarbij horen", "niet heel"


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return made.getvalue()


def locked() -> bytes:
    """A document whose entries say that they are encrypted (bit 0 of the flags, in both headers)."""
    content = bytearray(archive(WORD))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


GOOD = {
    "brief.docx": archive(WORD),
    "cijfers.xlsx": archive({TYPES: b"<Types/>", "xl/workbook.xml": b"<x/>"}),
    "praatje.pptx": archive({TYPES: b"<Types/>", "ppt/presentation.xml": b"<x/>"}),
    "groot.docx": archive(WORD | {"word/media/image1.bmp": b"\0" * (office.MAX_UNPACKED - 1000)}),
}
BAD = {
    "program": ("brief.docx", archive({"evil.exe": b"MZ" + b"\0" * 200}), OURS),
    "java": ("cijfers.xlsx", archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}), OURS),
    "no types": ("brief.docx", archive({"word/document.xml": b"<x/>"}), OURS),
    "no document": ("brief.docx", archive({TYPES: b"<Types/>"}), OURS),
    "another kind": ("cijfers.xlsx", archive(WORD), OURS),
    "macros": ("brief.docx", archive(WORD | {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), MACROS),
    "macros in capitals": ("brief.docx", archive(WORD | {"word/VBAPROJECT.BIN": b"\xd0\xcf\x11\xe0"}), MACROS),
    "encrypted": ("brief.docx", locked(), LOCKED),
    "bomb": ("brief.docx", archive(WORD | {"word/media/a": b"\0" * (office.MAX_UNPACKED + 1)}), LARGE),
    "many": ("brief.docx", archive(WORD | {f"word/{n}": b"" for n in range(office.MAX_ENTRIES)}), LARGE),
    "cut off": ("brief.docx", archive(WORD)[:60], BROKEN),
    "only a beginning": ("brief.docx", b"PK\x03\x04", ""),
    "old office": ("brief.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OURS),
}


@pytest.mark.parametrize("name", GOOD)
def test_an_office_file_is_stored(in_app, name):
    assert service.store(name, GOOD[name]).name == name


@pytest.mark.parametrize("case", BAD)
def test_a_dangerous_file_or_none_of_office_is_refused_quickly_and_not_stored(in_app, dump, case):
    name, content, said = BAD[case]
    before, began = dump(), time.perf_counter()
    with pytest.raises(errors.Refused) as no:
        service.store(name, content)
    assert no.value.field == "file" and said in no.value.msgid
    assert time.perf_counter() - began < 2 and dump() == before


def test_the_archive_is_never_unpacked(in_app, monkeypatch):
    for verb in ("open", "read", "extract", "extractall", "testzip"):
        monkeypatch.setattr(zipfile.ZipFile, verb, lambda *_a, **_k: pytest.fail("unpacked"))
    service.store("brief.docx", GOOD["brief.docx"])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_accepted_or_refused_without_an_exception(data):
    content = bytearray(GOOD["brief.docx"])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    fault = office.fault_of(bytes(content[: data.draw(st.integers(0, len(content)))]), ".docx")
    assert fault is None or fault.endswith(".")


NAMES = ["dossier 111222333.pdf", "111222333.pdf", "123_456_782.pdf", "map/1112.22.333 brief.pdf"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_with_a_citizen_number_is_refused_at_its_field(work, client_of, dump, name):
    with work():
        hospital = make_followup.make_hospital()
        made = make_followup.make_action(hospital, hospital.people["facilitator"])
        actions.move(hospital.actor("facilitator"), made, "accept")
        action = made.public_id
    client = client_of(hospital.people["facilitator"])
    before = dump()
    data = {"text": "Alles wat ik al had getypt.", "url": "", "file": (io.BytesIO(PDF), name)}
    page = client.send(f"/actiepunten/{action}/onderbouwing", data, content_type="multipart/form-data")
    assert page.status_code == 422 and html.said_at(page.text, "file") == citizen_numbers.SENTENCE
    assert data["text"] in page.text and dump() == before


def test_an_ordinary_number_in_a_file_name_is_accepted(in_app):
    for name in ("verslag 2026-11-21.pdf", "0612345678.pdf", "offerte 123456789.pdf"):
        assert service.store(name, PDF).name == name
