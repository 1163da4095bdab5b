"""Cancelling an event: first a page that says who gets which mail; then a reason, on the page and in every mail."""

from html import unescape

import pytest

from schakel import db
from schakel.events.models import Event
from schakel.registrations.organiser import slots
from schakel.slot_types import Recipients
from tests import html, mailbox, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register
from tests.registrations.moved_events import DAY, later

REASON = "De spreker is ziek & wij <b>betreuren</b> het."


@pytest.fixture
def hall(work):
    """One place, three guests: one has a place, one has an offer, one waits."""
    made = make_registrations.make_hall(work, {None: 2}, days=(DAY,))
    with work() as session:
        for name in "ABCD":
            register(made, name)
        from schakel.registrations.self_service import service as self_service

        number = session.query(make_registrations.Registration.id).filter_by(name="A").scalar()
        self_service.withdraw(make_registrations.holds_link(number), make_registrations.row(number))
        made.person = make.make_staff("coordinator", made.organisation)
    return made


@pytest.fixture
def editor(hall, client_of):
    return client_of(hall.person)


def test_the_confirmation_page_says_how_many_get_which_mail(hall, editor):
    text = unescape(editor.get(f"{hall.path}/afgelasten").text)
    assert "1 aangemelde krijgt een mail met de reden en een afzegging in de agenda." in text
    assert "2 wachtenden krijgen een mail met de reden." in text  # one of them was offered the place


def test_the_mails_sent_are_those_on_the_confirmation_page(hall, editor, work):
    assert editor.send(f"{hall.path}/afgelasten", {"reason": REASON}).status_code == 303
    with work():
        assert later() == 3
        mails = mailbox.mails("cancelled")
        assert sorted(mail.to_name for mail in mails) == ["B", "C", "D"]
        assert [mail.to_name for mail in mails if mail.calendar] == ["B"]
        assert all(f"De reden: {REASON}" in mail.content["paragraphs"] for mail in mails)


def test_without_a_reason_nothing_happens_and_the_error_is_at_the_field(hall, editor, dump):
    before = dump()
    for reason in ("", "  ", None):
        page = editor.send(f"{hall.path}/afgelasten", {} if reason is None else {"reason": reason})
        assert page.status_code == 422
        assert html.said_at(page.text, "reason") == "Schrijf waarom de bijeenkomst niet doorgaat."
    assert dump() == before


def test_the_reason_is_on_the_public_page_and_on_the_page_of_the_registration(hall, editor, client, work):
    mailbox.follow(work, client, "B")
    assert REASON not in unescape(client.get(hall.path).text)
    editor.send(f"{hall.path}/afgelasten", {"reason": REASON})
    for path in (hall.path, "/mijn-aanmelding"):
        page = client.get(path)
        assert REASON in unescape(page.text) and "<b>betreuren" not in page.text, path


def test_a_reason_that_is_too_long_gets_an_error_and_is_not_lost(hall, editor, dump):
    before = dump()
    page = editor.send(f"{hall.path}/afgelasten", {"reason": "Ziek. " * 100})
    assert page.status_code == 422 and "hoogstens 500 tekens" in page.text and "Ziek. Ziek." in page.text
    assert dump() == before


def test_holding_an_event_before_it_begins_is_refused_with_a_sentence(hall, editor, work):
    page = editor.send(f"{hall.path}/geweest")
    assert page.status_code == 422 and "Deze bijeenkomst moet nog beginnen." in page.text
    with work():
        assert db.session().get(Event, hall.id).state == "published"
    assert f"{hall.path}/geweest" not in editor.get(hall.path).text


def test_an_editor_who_may_not_see_the_list_sees_no_numbers(hall, work):

    with work():
        assert slots.recipients(make.coordinator_of(make.make_organisation("Ander")), hall.id) == Recipients(0, 0)
        assert slots.recipients(make.actor_of(hall.person), hall.id) == Recipients(registered=1, waiting=2)
