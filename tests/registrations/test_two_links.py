"""Two links in one browser: a form acts on the object of the page it is on, and on nothing else."""

import pytest

from tests import forms, mailbox, make
from tests.registrations import make_registrations

FIRST, SECOND = "Tjitske Voorbeeldsma", "Oane Fictiefstra"
PAGES = ("/mijn-aanmelding/afmelden", "/mijn-aanmelding/wijzigen")


@pytest.fixture
def links(work, client):
    """A hall with two guests, and the path of each one's link."""
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    make_registrations.sign_up(client, hall, name=SECOND, email="oane@example.org")
    with work():
        return hall, *(mailbox.link_in(mailbox.mails(to=name)[0]) for name in (FIRST, SECOND))


@pytest.fixture(params=["visitor", "signed in"])
def browser(request, client, client_of, work):
    """A browser in which nobody is signed in, and one of a coordinator."""
    if request.param == "visitor":
        return client
    with work():
        person = make.make_staff("coordinator", make.make_organisation())
    return client_of(person)


@pytest.mark.parametrize("path", PAGES)
def test_a_form_of_the_first_link_changes_nobody_once_the_second_is_open(links, browser, dump, path):
    _hall, first, second = links
    browser.get(first)
    form = forms.typed_in(browser.get(path).text)
    browser.get(second)
    before = dump()
    page = browser.post(path, data=form | {"wishes": "Geen noten."})
    assert page.status_code == 409 and dump() == before
    assert f"De aanmelding van {FIRST}" in page.text, "whose form this was"
    assert f"De aanmelding van {SECOND}" in page.text, "whose link is open now"
    assert "Geen noten." in page.text, "what was typed can be read"
    assert "Verstuur opnieuw" not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_the_form_works_again_after_its_own_link_is_opened_again(links, browser, path, work):
    hall, first, second = links
    for link in (first, second, first):
        browser.get(link)
    form = forms.typed_in(browser.get(path).text)
    assert browser.post(path, data=form | {"name": "Tjitske Anders"}).status_code == 303
    with work():
        states = make_registrations.states(hall)
    assert states[SECOND] == "registered" and len(states) == 2


def test_a_form_whose_token_is_of_no_link_at_all_changes_nobody(links, client, dump):
    _hall, first, _second = links
    stranger = client.token()
    client.get(first)
    before = dump()
    page = client.post("/mijn-aanmelding/afmelden", data={"csrf_token": stranger})
    assert page.status_code == 409 and dump() == before
    assert FIRST in page.text and "Dit formulier</dt>" not in page.text


def test_a_form_is_sent_again_for_its_own_link_after_signing_in_beside_it(links, client, work):
    _hall, first, _second = links
    with work():
        account = make.make_account(make.make_person(email="iemand@example.org"), "een goede lange zin")
    client.get(first)
    form = forms.typed_in(client.get("/mijn-aanmelding/wijzigen").text) | {"wishes": "Geen noten."}
    client.send("/inloggen", {"email": account.email, "password": "een goede lange zin"})
    page = client.post("/mijn-aanmelding/wijzigen", data=form)
    assert page.status_code == 400 and "Verstuur opnieuw" in page.text
    assert client.post("/mijn-aanmelding/wijzigen", data=forms.typed_in(page.text)).status_code == 303


def test_a_form_that_stood_open_for_a_day_says_to_open_the_link_and_keeps_what_was_typed(links, client, frozen, dump):
    _hall, first, _second = links
    client.get(first)
    form = forms.typed_in(client.get("/mijn-aanmelding/wijzigen").text) | {"wishes": "Geen noten."}
    frozen.shift(24 * 3600)
    before = dump()
    page = client.post("/mijn-aanmelding/wijzigen", data=form)
    assert page.status_code == 400 and "Geen noten." in page.text and "Link kwijt?" in page.text
    assert dump() == before


def test_the_first_link_is_not_named_when_it_was_replaced_meanwhile(links, client, browser):
    _hall, first, second = links
    browser.get(first)
    form = forms.typed_in(browser.get("/mijn-aanmelding/afmelden").text)
    client.send("/mijn-aanmelding/link-kwijt", {"email": "tjitske@praktijk.example.org", "replace": "y"})
    browser.get(second)
    page = browser.post("/mijn-aanmelding/afmelden", data=form)
    assert page.status_code == 409 and FIRST not in page.text


def test_a_form_of_staff_stays_usable_when_a_link_is_opened_beside_it(links, work, client_of):
    hall, first, _second = links
    with work():
        person = make.make_staff("coordinator", hall.organisation)
    colleague = client_of(person)
    form = forms.typed_in(colleague.get(f"{hall.path}/wijzigen").text) | {"title": "Een titel die niemand kwijt wil"}
    colleague.get(first)
    page = colleague.post(f"{hall.path}/wijzigen", data=form)
    assert page.status_code == 400 and "Een titel die niemand kwijt wil" in page.text
    assert colleague.post(f"{hall.path}/wijzigen", data=forms.typed_in(page.text)).status_code == 303
