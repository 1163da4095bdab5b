"""The QR code in a mail: of the personal link, attached to the HTML, made when it is sent and stored nowhere."""

import email
import email.policy
import re
import struct
import zlib

import pytest
import segno

from schakel.notifications import mailer, qr
from schakel.registrations.self_service import service as self_service
from tests import mailbox
from tests.registrations import make_registrations
from tests.registrations.make_registrations import holds_link, register, row
from tests.registrations.moved_events import DAY, edit, later
from tests.web_client import make_client

BASE, FROM = "https://schakel.example.org", "schakel@schakel.example.org"
AT_THE_ENTRANCE = "Laat deze code zien bij binnenkomst, of scan hem om uw aanmelding te wijzigen."


def dots_of(picture: bytes) -> list[list[int]]:
    """Return a PNG as dots (1 is black) without its quiet zone, read without the library that made it."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, header, data = 8, b"", b""
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        body = picture[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + body) == struct.unpack(">I", picture[at + 8 + size : at + 12 + size])[0]
        header, data = (body if kind == b"IHDR" else header), data + (body if kind == b"IDAT" else b"")
        at += 12 + size
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    assert (depth, colour) == (1, 0) and width == height
    data, row_size = zlib.decompress(data), 1 + (width + 7) // 8
    rows = [bytes(row_size - 1)]
    for start in range(0, len(data), row_size):
        way, row = data[start], data[start + 1 : start + row_size]
        assert way in (0, 2), "a filter that this reader does not support"
        rows.append(bytes((one + up) % 256 for one, up in zip(row, rows[-1], strict=True)) if way else row)
    dots = [[1 - (line[x // 8] >> (7 - x % 8) & 1) for x in range(0, width, qr.DOTS)] for line in rows[1 :: qr.DOTS]]
    edge = 4
    assert not any(sum(line) for line in (*dots[:edge], *dots[-edge:])), "no quiet zone"
    return [line[edge:-edge] for line in dots[edge:-edge]]


def expected(address: str) -> list[list[int]]:
    return [list(line) for line in segno.make(address, error="m", micro=False, mask=qr.MASK).matrix]


def message(app, mail):
    """Return a mail as sent and parsed again."""
    with app.app_context():
        raw = mailer.build(mail, BASE, FROM).as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


@pytest.fixture
def mailed(app, work):
    """Return one mail of each kind that a guest can get: kind → mail."""
    hall = make_registrations.make_hall(work, 1, sessions=(5, 5), days=(DAY,))
    with work():
        first = register(hall, "A", sessions="A")
        self_service.change(
            holds_link(first), row(first), self_service.Changes("A", "", (hall.sessions["B"],), "", False), 1
        )
        second = register(hall, "B", sessions="A")
    with work():
        edit(hall, place_name="Drachten")
        later()
        self_service.withdraw(holds_link(first), row(first))
        self_service.send_links_again("b@praktijk.example.org", replace=True)
        assert second
        # who waits has no code: of two mails of a kind, the one to who has a place
        return {mail.kind: mail for mail in sorted(mailbox.mails(), key=lambda mail: mail.to_name == "A")}


WITH, WITHOUT = ("registered", "changed", "moved", "link_again", "offered"), ("waiting", "withdrawn")


@pytest.mark.parametrize("kind", WITH)
def test_the_code_is_of_the_link_in_the_text(app, mailed, kind):
    made = message(app, mailed[kind])
    (picture,) = [part for part in made.walk() if part.get_content_type() == "image/png"]
    link = re.search(r"https://schakel\.example\.org/l/[\w-]{22}", made.get_body(("plain",)).get_content())[0]
    assert dots_of(picture.get_content()) == expected(link) != expected(link[:-1] + "x")


@pytest.mark.parametrize("kind", WITH)
def test_the_code_is_attached_to_the_html_and_loaded_from_no_other_place(app, mailed, kind):
    made = message(app, mailed[kind])
    (related,) = [part for part in made.walk() if part.get_content_type() == "multipart/related"]
    page, picture = related.iter_parts()
    assert related.get_param("type") == "text/html" == page.get_content_type()
    assert picture["Content-ID"] == f"<code.{mailed[kind].public_id}@schakel.example.org>"
    assert picture.get_content_disposition() == "inline"
    sources = re.findall(r'<img[^>]*\bsrc="([^"]+)"', page.get_content())
    assert sources == [f"cid:{picture['Content-ID'].strip('<>')}"]
    assert not re.search(r"(?:src|background)=.https?:|url\(", page.get_content())
    assert made.get_body(("html",)) is not None and "alt=" in page.get_content()


def test_its_purpose_is_in_the_html_and_not_in_the_text(app, mailed):
    for kind in WITH:
        made = message(app, mailed[kind])
        text, page = (made.get_body((name,)).get_content() for name in ("plain", "html"))
        assert "code" not in text.lower(), kind
        assert "Scan deze code" in page if kind in ("offered", "link_again") else AT_THE_ENTRANCE in page, kind


@pytest.mark.parametrize("kind", WITHOUT)
def test_a_mail_to_somebody_without_a_place_has_no_code(app, mailed, kind):
    made = message(app, mailed[kind])
    assert not [part for part in made.walk() if part.get_content_maintype() == "image"]
    assert "<img" not in made.get_body(("html",)).get_content()


def test_the_code_is_not_stored(mailed, dump):
    held = repr(dump())
    assert "PNG" not in held and "data:image" not in held and "/l/" not in held
    assert mailed["registered"].content["scan"][1].startswith("{link:")


def test_the_mailbox_of_the_demo_displays_the_code(app, mailed, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", True)
    client = make_client(app)
    mail = mailed["registered"]
    for path in (f"/postvak/{mail.public_id}", f"/postvak/{mail.public_id}/html"):
        client.check_pages = not path.endswith("/html")
        answer = client.get(path)
        source = re.search(r'src="data:image/png;base64,([^"]+)"', answer.text)
        assert source and AT_THE_ENTRANCE in answer.text and "cid:" not in answer.text, path
        policy = answer.headers["Content-Security-Policy"]
        assert re.search(r"img-src ('self' )?data:", policy) and "http" not in policy
    assert "data:image" not in client.get(f"/postvak/{mailed['waiting'].public_id}").text
