"""A lost link: a neutral response and a mail within a minute; the old link stops working for who asks for that."""

from datetime import timedelta

import sqlalchemy as sa

from schakel.actions.rules import State
from schakel.notifications.models import Mail
from tests import html, mailbox, make_followup
from tests.notifications import smtp_servers
from tests.notifications.outbox import deliver
from tests.registrations import make_registrations
from tests.registrations.moved_events import DAY
from tests.web_client import make_client

ADDRESS = "tjitske@praktijk.example.org"


def ask(client, address: str, **more: str) -> tuple:
    """Ask for the link; return everything in the response and in the page after it."""
    sent = client.send("/mijn-aanmelding/link-kwijt", {"email": address, **more})
    page = client.get(sent.location)
    heads = sorted((name, value) for name, value in sent.headers if name not in ("Date", "Set-Cookie"))
    return sent.status_code, sent.location, sent.data, heads, page.status_code, html.bare(page.text)


def test_a_lost_link_is_mailed_again_and_the_old_one_stops_working(work, client, app, sink, monkeypatch, frozen):
    smtp_servers.send_to(app, sink.port, monkeypatch)
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    make_registrations.sign_up(client, hall)
    make_registrations.sign_up(client, hall, name="Oane Fictiefstra", email="oane@praktijk.example.org")
    with work():
        old, other = (mailbox.link_in(mail) for mail in mailbox.mails("registered"))
    deliver(app)
    visitor = make_client(app)
    assert visitor.get(old).status_code == 303 and visitor.get("/mijn-aanmelding").status_code == 200

    assert "link" in client.get("/mijn-aanmelding/link-kwijt").text
    asked = (ADDRESS, "niemand@praktijk.example.org", ADDRESS.upper())
    answers = [ask(make_client(app), address, replace="y") for address in asked]
    assert answers[0] == answers[1] == answers[2] and answers[0][0] == 303

    frozen.shift(timedelta(seconds=59))
    deliver(app)
    again = [mail for mail in sink.taken if "Uw link:" in str(mail["Subject"])]
    assert {mail["To"].addresses[0].addr_spec for mail in again} == {ADDRESS} and len(again) == 2  # requested twice
    with work() as session:
        newest = session.scalars(sa.select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        new = mailbox.link_in(newest)
    assert f"https://schakel.example.org{new}" in again[-1].get_body(("plain",)).get_content()
    assert "Er is niets veranderd" in again[-1].get_body(("plain",)).get_content()

    assert [make_client(app).get(path).status_code for path in (old, new, other)] == [404, 303, 303]
    assert visitor.get("/mijn-aanmelding").status_code == 404, "a session of the old link has ended"
    assert visitor.get(new).status_code == 303 and "Tjitske Voorbeeldsma" in visitor.get("/mijn-aanmelding").text
    with work():
        assert make_registrations.states(hall) == {
            "Tjitske Voorbeeldsma": "registered",
            "Oane Fictiefstra": "registered",
        }


def test_the_link_and_the_code_of_the_first_mail_still_work_after_asking_again(work, client):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    make_registrations.sign_up(client, hall)
    assert ask(client, ADDRESS)[0] == 303
    with work():
        first, again = (mailbox.link_in(mailbox.mails(kind)[0]) for kind in ("registered", "link_again"))
    assert first == again
    assert make_client(client.application).get(first).status_code == 303


def test_an_owner_without_an_account_gets_the_links_to_open_action_points(work, client):
    with work():
        hospital, address = make_followup.make_hospital(), "eigenaar@praktijk.example.org"
        owner = ("Eigenaar Zonder Account", address)
        *_, gone = [make_followup.make_action(hospital, owner, title=title) for title in ("Eén", "Twee", "Drie")]
        gone.state = State.CANCELLED
    assert ask(client, address)[0] == 303
    with work():
        mails = mailbox.mails("action.link_again")
        assert sorted(mail.subject for mail in mails) == ["Uw link: Eén", "Uw link: Twee"]
        link = mailbox.link_in(mails[0])
    assert client.get(link).location == "/mijn-actiepunt"


def test_for_an_event_that_is_over_no_link_is_sent(work, client, frozen):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    make_registrations.sign_up(client, hall)
    with work():
        old = mailbox.link_in(mailbox.mails()[0])
    frozen.move_to(hall.starts_at + timedelta(days=1))
    asker = make_client(client.application)
    assert ask(asker, ADDRESS)[0] == 303
    with work():
        assert mailbox.mails("link_again") == []
    assert asker.get(old).status_code == 303, "the link stays valid, since no new one was sent"
