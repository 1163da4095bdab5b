"""Who gets a mail is named before a published event is moved."""

import pytest

from tests import forms, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register
from tests.registrations.moved_events import DAY


def coordinator(work, client_of):
    with work():
        organisation = make.make_organisation()
        person = make.make_staff("coordinator", organisation)
    return organisation, client_of(person)


@pytest.fixture
def evening(work, client_of):
    """A published evening with two guests and one who waits, and its coordinator."""
    organisation, client = coordinator(work, client_of)
    hall = make_registrations.make_hall(work, 2, days=(DAY,), organisation=organisation)
    with work():
        for name in "ABC":
            register(hall, name)
    return hall, client


def test_a_move_names_who_gets_a_mail_before_it_is_saved_and_sends_own_words(evening, work, dump):
    from tests import mailbox
    from tests.registrations.moved_events import later

    hall, client = evening
    form = forms.typed_in(client.get(f"{hall.path}/wijzigen").text) | {"place_name": "Zalencentrum, Drachten"}
    before = dump()
    page = client.post(f"{hall.path}/wijzigen", data=form)
    assert page.status_code == 422 and dump() == before
    assert "2 aangemelden en 1 wachtende krijgen een mail" in page.text and "10 minuten" in page.text
    again = forms.typed_in(page.text) | {"sure": "mails", "words": "De zaal is te klein."}
    assert client.post(f"{hall.path}/wijzigen", data=again).status_code == 303
    with work():
        later()
        assert ["De zaal is te klein." in mail.content["paragraphs"] for mail in mailbox.mails("moved")] == [True] * 3


def test_another_title_asks_nothing(evening):
    hall, client = evening
    form = forms.typed_in(client.get(f"{hall.path}/wijzigen").text) | {"title": "Avond over bereikbaarheid."}
    assert client.post(f"{hall.path}/wijzigen", data=form).status_code == 303
