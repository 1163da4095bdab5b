"""Uploads are checked by their content."""

import io
import zipfile

import pytest

from schakel import errors
from schakel.files import rules, service
from tests.uploads import PDF, SVG

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def office(main: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(main, "<x/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"), [("werk.pdf", PDF), ("foto.png", PNG), ("brief.docx", office("word/document.xml"))]
)
def test_a_file_is_stored_when_content_and_name_agree(in_app, name, content):
    stored = service.store(name, content)
    assert stored.size == len(content) and stored.media_type == rules.KINDS["." + name.rpartition(".")[2]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", SVG),
        ("x.png", SVG),
        ("x.pdf", b"<html><script>alert(1)</script></html>"),
        ("x.xlsx", PNG),
        ("x.exe", b"MZ" + b"\0" * 64),
        ("x.html", b"<html></html>"),
        ("zonder-punt", PDF),
        ("leeg.pdf", b""),
        ("groot.pdf", PDF + b"0" * rules.MAX_BYTES),
    ],
)
def test_any_other_file_is_refused_and_not_stored(in_app, dump, name, content):
    before = dump()
    with pytest.raises(errors.Refused) as no:
        service.store(name, content)
    assert no.value.field == "file" and dump() == before


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("….pdf", "bestand.pdf"),
    ],
)
def test_a_stored_file_name_has_no_path_or_control_characters(given, stored):
    assert rules.safe_name(given, ".pdf") == stored
