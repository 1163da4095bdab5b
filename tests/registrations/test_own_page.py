"""*Mijn aanmelding* says how it stands: the own place on a waiting list, what was just done, and the way back."""

import pytest

from tests import forms, mailbox
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register

MINE, CHANGE = "/mijn-aanmelding", "/mijn-aanmelding/wijzigen"


@pytest.fixture
def full(work):
    """An event with one place and one session with one place, both taken, and three who wait."""
    hall = make_registrations.make_hall(work, 1, sessions=(1, 5))
    with work():
        for name in ("Eén Verzonnen", "Twee Verzonnen", "Drie Verzonnen", "Vier Verzonnen"):
            register(hall, name, sessions="A")
    return hall


@pytest.mark.parametrize(("name", "rank"), [("Twee Verzonnen", 1), ("Drie Verzonnen", 2), ("Vier Verzonnen", 3)])
def test_who_waits_reads_the_own_place_on_every_page(full, work, client, name, rank):
    visitor = mailbox.follow(work, client, name)
    page = visitor.get(MINE).text
    assert page.count(f"U staat op plaats {rank}") == 2, "for the event, and for the session"
    assert f"Vol. U staat op plaats {rank} van de wachtlijst voor deze sessie." in visitor.get(CHANGE).text


def test_the_place_moves_up_when_somebody_before_leaves(full, work, client, app):
    mailbox.follow(work, client, "Twee Verzonnen").send(f"{MINE}/afmelden")
    visitor = mailbox.follow(work, app.test_client(), "Vier Verzonnen")
    assert visitor.get(MINE).text.count("U staat op plaats 2") == 2


def test_who_has_a_place_reads_of_no_waiting_list(full, work, client):
    assert "U staat op plaats" not in mailbox.follow(work, client, "Eén Verzonnen").get(MINE).text


def test_a_change_says_once_that_it_was_saved(full, work, client):
    visitor = mailbox.follow(work, client, "Eén Verzonnen")
    form = forms.typed_in(visitor.get(CHANGE).text) | {"wishes": "Geen noten."}
    page = visitor.post(CHANGE, data=form, follow_redirects=True)
    assert "Uw wijziging is bewaard." in page.text
    assert "Uw wijziging is bewaard." not in visitor.get(MINE).text


def test_who_withdrew_can_sign_up_again_while_that_is_possible(full, work, client, frozen):
    visitor = mailbox.follow(work, client, "Eén Verzonnen")
    assert "Meld mij weer aan" not in visitor.get(MINE).text
    visitor.send(f"{MINE}/afmelden")
    page = visitor.get(MINE).text
    assert "U bent afgemeld." in page and f'href="{full.path}/aanmelden"' in page
    frozen.move_to(full.starts_at)
    assert "Meld mij weer aan" not in visitor.get(MINE).text
