"""The content of a mail: its parts, its headers and what a guest typed in it."""

import re

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.notifications import mailer, rules
from tests import html, mailbox, make
from tests.notifications.outbox import deliver, queue
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register
from tests.web_client import make_client

pytestmark = pytest.mark.both_databases


@pytest.fixture
def mailed(app, post, sink, work, client):
    """Return the mail of somebody who signed up, as received."""
    hall = make_registrations.make_hall(
        work, 5, sessions=(5,), place_detail="Ingang oost", title="Acute zorg: wie belt wie?"
    )
    make_registrations.sign_up(client, hall, name="Tjitske Voorbeeldsma-Ée")
    deliver(app)
    return hall, sink.taken[0]


def test_a_mail_says_in_its_first_five_lines_what_when_and_where(mailed):
    hall, mail = mailed
    lines = mail.get_body(("plain",)).get_content().splitlines()[:5]
    assert lines[0] == "U bent aangemeld" and all(lines)
    assert lines[1] == "Wat: Acute zorg: wie belt wie?"
    assert lines[2].startswith("Wanneer: ") and dates.format_date(hall.starts_at) in lines[2]
    assert lines[3] == "Waar: De Harmonie, Leeuwarden (Ingang oost)"


def test_every_fact_of_a_mail_has_a_label(app, work):
    """This includes the second day of an event of two days."""
    from tests.registrations.moved_events import THREE

    hall = make_registrations.make_hall(work, 5, days=THREE[:2])
    with work():
        register(hall, "A")
    with work():
        text = mailer.parts(mailbox.mails()[0], "").text
        assert not [line for line in text.splitlines() if line.startswith(":")], text


def test_a_mail_has_a_plain_part_an_html_part_and_the_invitation(mailed):
    _hall, mail = mailed
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "text/calendar",
    ]
    first, second = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert first.get_content() == second.get_content() and second.get_filename() == "afspraak.ics"
    assert {part.get_param("method") for part in (first, second)} == {"REQUEST"} and not first.is_attachment()
    page = mail.get_body(("html",)).get_content()
    assert "U bent aangemeld" in page and "<script" not in page and "http://" not in page
    link = next(part for part in page.split('"') if "/l/" in part)
    assert link.startswith("https://schakel.example.org/l/") and link in mail.get_body(("plain",)).get_content()


def test_the_calendar_part_is_received_with_crlf_line_ends(mailed):
    from tests.notifications import icalendar_reader

    _hall, mail = mailed
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    for part in parts:
        icalendar_reader.read(part.get_payload(decode=True))


def test_a_mail_is_from_the_mailbox_of_the_event_and_bounces_go_to_our_address(mailed, sink):
    _hall, mail = mailed
    assert mail["From"].addresses[0].display_name == "Ziekenhuis"
    assert mail["From"].addresses[0].addr_spec == "postbus@ziekenhuis.example.org" and mail["Reply-To"] is None
    assert sink.envelopes == [("schakel@schakel.example.org", ["tjitske@praktijk.example.org"])]
    assert mail["To"].addresses[0].display_name == "Tjitske Voorbeeldsma-Ée"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"].endswith("@schakel.example.org>")
    assert mail["Subject"] == "U bent aangemeld: Acute zorg: wie belt wie?"


def test_the_stored_mail_has_a_placeholder_for_the_link(mailed, work):
    with work():
        (mail,) = mailbox.mails()
        assert rules.link_placeholders(mail.content["button"][1]) and "/l/" not in repr(mail.content)


def test_a_placeholder_that_somebody_types_stays_text(app, post, sink, work, client):
    """Row 19 of the attack table: a placeholder in a name is never replaced by a link."""
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    with work() as session:
        from schakel.identity.links.models import Link

        victim = session.scalar(sa.select(Link.public_id))
        account_link = mailbox.link_in(mailbox.mails()[0])
    placeholder = rules.link_placeholder(victim, 1)
    make_registrations.sign_up(client, hall, name=placeholder, organisation=placeholder, email="dief@example.com")
    deliver(app)
    stolen = next(mail for mail in sink.taken if sink_to(mail) == "dief@example.com")
    texts = [part.get_content() for part in stolen.walk() if part.get_content_maintype() == "text"]
    assert not [text for text in texts if account_link in (text if isinstance(text, str) else text.decode())]
    assert placeholder in stolen.get_body(("plain",)).get_content()


def sink_to(mail) -> str:
    return mail["To"].addresses[0].addr_spec


EXPANDED = (
    "{event.__init__.__globals__}",
    "{{ config.SECRET_KEY }}",
    "%(password)s",
    "{naam}",
    "[klik](http://evil.test)",
    "<a href='http://evil.test'>klik</a>",
    "%s%n",
)


LINKS = (
    "Win 500 euro op http://kwaad.example.net/klik",
    "Ga naar WWW.kwaad.example.net",
    "kwaad.example.net/klik",
    "Theodora <kwaad@example.net>",
    "kwaad.example.net",
    "https://kwaad",
)
CLICKABLE = re.compile(r"\w+://\w|\bwww\.\w|\w@\w|\w{2,}\.\w{2,}", re.IGNORECASE)


@pytest.mark.parametrize("typed", LINKS)
@pytest.mark.parametrize("field", ["name", "organisation"])
def test_a_link_that_a_guest_types_is_not_clickable_in_our_mail(app, post, sink, work, client, field, typed):
    """Mail programs make links of what looks like an address."""
    hall = make_registrations.make_hall(work, None, place_name="De Harmonie", mailbox="")
    make_registrations.sign_up(client, hall, **{field: typed})
    deliver(app)
    (mail,) = sink.taken
    text = mail.get_body(("plain",)).get_content()
    assert "kwaad" in text.lower()
    assert not [line for line in text.splitlines() if "kwaad" in line.lower() and CLICKABLE.search(line)]


def test_a_name_is_not_expanded_and_becomes_no_link(app, post, sink, work, client):
    hall = make_registrations.make_hall(work, None)
    for number, text in enumerate(EXPANDED):
        make_registrations.sign_up(client, hall, name=text, organisation=text, email=f"g{number}@example.org")
    deliver(app)
    assert len(sink.taken) == len(EXPANDED)
    for text, mail in zip(EXPANDED, sink.taken, strict=True):
        assert f"Beste {rules.unlinked(text)}," in mail.get_body(("plain",)).get_content()
        hrefs = [node.get("href") for node in html.tree_of(mail.get_body(("html",)).get_content()).iter("a")]
        assert hrefs and all(href.startswith("https://schakel.example.org/l/") for href in hrefs)


def test_a_header_cannot_be_injected_by_anything_a_guest_types(work, client, app, post, sink):
    hall = make_registrations.make_hall(work, 5)
    for field in ("name", "email", "organisation", "wishes"):
        value = "t@b.nl\r\nBcc: dief@evil.test" if field == "email" else "Tjitske\r\nBcc: dief@evil.test"
        assert make_registrations.sign_up(client, hall, **{field: value}).status_code == 422
    deliver(app)
    assert sink.taken == []


@pytest.mark.parametrize(
    "address", ["jürgen@example.nl", "naam@münchen.example", "o'brien+tag@example.org", "a%b@example.org"]
)
def test_an_address_that_the_form_accepts_can_be_mailed(work, client, app, post, sink, address):
    """Otherwise the page announces a mail that is never sent."""
    hall = make_registrations.make_hall(work, 5)
    answer = make_registrations.sign_up(make_client(app), hall, email=address)
    if answer.status_code == 422:
        assert html.said_at(answer.text, "email")
        return
    assert deliver(app) == 1 and len(sink.taken) == 1


def test_the_mail_server_password_is_on_no_page(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_PASSWORD", "kanarie-9f3a")
    assert "kanarie-9f3a" not in client.get("/gezond").text
    assert client.get("/postvak").status_code == 404, "the demo's mailbox exists in the demo only"


def test_health_names_no_recipient(work, client):
    with work():
        queue("Tjitske")
        make.make_organisation()
    assert "tjitske" not in client.get("/gezond").text.lower()
