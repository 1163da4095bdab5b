"""What stands beside a choice is what would happen to somebody who signs up now, wherever places are displayed."""

from html import unescape

import pytest

from schakel.registrations.models import Registration
from tests import html, make
from tests.forms import typed_in
from tests.registrations import make_registrations


def text_of(client, path: str) -> str:
    return unescape(html.bare(client.get(path).text))


def party(client, hall, name: str, persons: int) -> None:
    make_registrations.sign_up(client, hall, name=name, email=f"{name.lower()}@example.org", persons=str(persons))


@pytest.fixture
def waited_for(work, client):
    """Four places, a party of three with a place, and a party of three that waits."""
    hall = make_registrations.make_hall(work, 4, form="patient_day", kind="patient_day")
    for name in ("Eerste", "Tweede"):
        party(client, hall, name, 3)
    return hall


def test_a_newcomer_behind_a_waiting_party_reads_waiting_list_on_the_event_page(client, waited_for):
    text = text_of(client, waited_for.path)
    assert "1 vrij" not in text and "1 van de 4 vrij" not in text and "wachtlijst, 1 wacht" in text.lower()


def test_what_the_page_says_is_what_happens(client, work, waited_for):
    party(client, waited_for, "Derde", 1)
    with work() as session:
        assert session.query(Registration).filter_by(name="Derde").one().state == "waiting"


def test_a_newcomer_behind_a_waiting_party_reads_waiting_list_beside_a_profession(client, work):
    hall = make_registrations.make_hall(work, {"huisarts": 4})
    with work():
        for name in ("Eerste", "Tweede"):
            make_registrations.register(hall, name, persons=3, profession="huisarts")
    assert "nog 1 vrij" not in text_of(client, f"{hall.path}/aanmelden")
    assert "wachtlijst" in text_of(client, f"{hall.path}/aanmelden")


def test_more_bookings_than_places_are_said_as_they_are(client_of, work):
    with work():
        tenant = make.one_tenant()
    hall = make_registrations.make_hall(work, 5, organisation=tenant.organisation)
    with work():
        for name in ("Eerste", "Tweede", "Derde"):
            make_registrations.register(hall, name)
    editor = client_of(tenant.accounts["coordinator"])
    form = typed_in(editor.get(f"{hall.path}/plaatsen").text)
    done = editor.send(f"{hall.path}/plaatsen", {**form, "everybody": "1"})
    assert "Let op" in (said := unescape(editor.get(done.location).text)) and "3 aangemeld op 1 plaats" in said
    text = unescape(editor.get(hall.path).text)
    assert "3 van 1" not in text and "3 aangemeld op 1 plaats" in text and "van 1 bezet" not in text
