"""The From of a mail: the mailbox of the event if our server may send for its domain; also the calendar's organiser."""

import pytest

from schakel.notifications import service
from tests import databases
from tests.notifications import smtp_servers
from tests.notifications.outbox import deliver
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register


def sent_as(app, work, sink, monkeypatch, mailbox: str):
    """Return the mail of a sign-up for an event with this mailbox, and the organiser in its calendar entry."""
    smtp_servers.send_to(app, sink.port, monkeypatch)
    hall = make_registrations.make_hall(work, 5, mailbox=mailbox)
    with work():
        register(hall, "A")
    deliver(app)
    mail = sink.taken[-1]
    entry = next(part for part in mail.walk() if part.get_content_type() == "text/calendar").get_content()
    organiser = next(line for line in entry.replace("\r\n ", "").splitlines() if line.startswith("ORGANIZER"))
    return mail, organiser.rpartition("mailto:")[2]


@pytest.mark.parametrize(
    ("mailbox", "sender", "answers"),
    [
        ("avond@mcl.example.org", "avond@mcl.example.org", None),
        ("avond@example.org", "avond@example.org", None),
        ("avond@Example.ORG", "avond@Example.ORG", None),
        ("avond@elders.test", "schakel@schakel.example.org", "avond@elders.test"),
        ("avond@notexample.org", "schakel@schakel.example.org", "avond@notexample.org"),
        ("avond@example.org.elders.test", "schakel@schakel.example.org", "avond@example.org.elders.test"),
        ("", "schakel@schakel.example.org", None),
    ],
)
def test_the_from_is_the_organiser_and_never_in_a_domain_we_may_not_send_for(
    app, sink, work, monkeypatch, mailbox, sender, answers
):
    mail, organiser = sent_as(app, work, sink, monkeypatch, mailbox)
    assert mail["From"].addresses[0].addr_spec == organiser == sender
    assert mail["Reply-To"] == answers and mail["Message-ID"].endswith("@schakel.example.org>")


def test_without_a_setting_mails_are_from_our_own_domain_only(database, run_folder, monkeypatch):
    for name in ("_address", "_domains"):  # restored for later tests
        monkeypatch.setattr(service, name, getattr(service, name))
    url = database.copy()
    made = databases.make_app(url, run_folder, MAIL_DOMAINS="", MAIL_FROM="schakel@regio.example.org")
    assert service.from_of("avond@regio.example.org") == "avond@regio.example.org"
    assert service.from_of("avond@mcl.example.org") == "schakel@regio.example.org"
    databases.let_go(made)
    database.drop(url)
