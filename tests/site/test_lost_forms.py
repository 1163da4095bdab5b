"""The session ended while a form stood open: nothing that was typed is lost."""

import pytest

from tests import forms, html, make, make_followup, web_client

PASSWORD = "een goede lange zin"
TITLE = "Een titel waar een half uur over is nagedacht"


@pytest.fixture
def coordinator(work):
    """A coordinator with a password, and their organisation."""
    with work():
        organisation = make.make_organisation()
        person = make.make_person("Tjitske Voorbeeldsma", organisation=organisation)
        account = make.make_account(person, PASSWORD)
        make.make_grant(person, "coordinator", organisation)
        return organisation, account


def opened(client, app, account, path: str) -> dict:
    """Sign in, open a form and end the session, as a closed browser or another tab would."""
    web_client.sign_in(client, app, account)
    form = forms.typed_in(client.get(path).text)
    with client.session_transaction() as session:
        session.clear()
    return form


def sign_in_on(client, page):
    """Fill in the sign-in form of a page."""
    form = forms.typed_in(page.text)
    return client.post("/inloggen", data=form | {"email": "tjitske@example.org", "password": PASSWORD})


def test_after_signing_in_the_form_is_back_with_everything_typed(work, client, app, coordinator, dump):
    with work() as session:
        session.merge(coordinator[1]).email = "tjitske@example.org"
    path = "/bijeenkomsten/nieuw"
    form = opened(client, app, coordinator[1], path) | {"title": TITLE}
    before = dump()
    page = client.post(path, data=form)
    assert page.status_code == 400 and "log opnieuw in" in page.text and TITLE in page.text
    assert dump() == before

    back = sign_in_on(client, page)
    assert back.status_code == 200 and TITLE in back.text
    displayed = client.post(path, data=forms.typed_in(back.text))
    assert displayed.status_code == 200, "displayed, not handled"
    again = forms.typed_in(displayed.text)
    assert again["title"] == TITLE
    assert {name: value for name, value in again.items() if name != "csrf_token"} == {
        name: value for name, value in form.items() if name != "csrf_token"
    }
    assert "toon_opnieuw" not in again


def test_a_wrong_password_in_between_loses_nothing(work, client, app, coordinator):
    with work() as session:
        session.merge(coordinator[1]).email = "tjitske@example.org"
    form = opened(client, app, coordinator[1], "/bijeenkomsten/nieuw") | {"title": TITLE}
    page = client.post("/bijeenkomsten/nieuw", data=form)
    wrong = client.post("/inloggen", data=forms.typed_in(page.text) | {"email": "tjitske@example.org", "password": "x"})
    assert wrong.status_code == 422 and TITLE in wrong.text
    assert TITLE in sign_in_on(client, wrong).text


def test_technical_values_are_not_displayed_to_people(work, client, app, coordinator):
    form = opened(client, app, coordinator[1], "/bijeenkomsten/nieuw") | {
        "title": TITLE, "nonce": "n" * 22, "version": "12", "round_14": "9", "on_list": "y",
    }  # fmt: skip
    page = html.quick_tree_of(client.post("/bijeenkomsten/nieuw", data=form).text)
    displayed = [item.text for one in page.iter("ul") if one.get("class") == "kept" for item in one]
    assert TITLE in displayed
    assert not {"n" * 22, "12", "9", "y"} & set(displayed)


def test_a_password_is_not_in_the_page_that_keeps_what_was_typed(client, app, coordinator):
    form = opened(client, app, coordinator[1], "/mijn-gegevens/wachtwoord")
    secret = {"password_now": "mijn geheime zin", "password": "een andere geheime zin"}
    assert "geheime zin" not in client.post("/mijn-gegevens/wachtwoord", data=form | secret).text


def test_what_was_typed_goes_to_no_other_site(client, app, coordinator, work):
    with work() as session:
        session.merge(coordinator[1]).email = "tjitske@example.org"
    form = opened(client, app, coordinator[1], "/bijeenkomsten/nieuw") | {"title": TITLE}
    page = client.post("/bijeenkomsten/nieuw", data=form)
    login = forms.typed_in(page.text) | {"email": "tjitske@example.org", "password": PASSWORD}
    for target in ("https://evil.test/", "//evil.test", "/\\evil.test"):
        back = client.post("/inloggen", data=login | {"verder": target})
        assert "evil.test" not in back.text
        with client.session_transaction() as session:
            login["csrf_token"] = client.token() if session else ""


def test_an_owner_without_an_account_reads_what_was_typed_and_how_to_go_on(work, client):
    with work():
        action = make_followup.make_action(make_followup.make_hospital(), ("Anoniem Owner", "owner@example.org"))
        public_id = action.public_id
    path = f"/actiepunten/{public_id}/terugsturen"
    page = client.post(path, data={"text": "Dit kan ik niet alleen"})
    assert page.status_code == 400 and "Dit kan ik niet alleen" in page.text and "Link kwijt?" in page.text


@pytest.mark.parametrize("path", ["/mijn-aanmelding", "/mijn-actiepunt", "/wachtwoord", f"/l/{'x' * 22}"])
def test_a_dead_link_says_so_and_offers_a_new_one(client, path):
    page = client.get(path)
    assert page.status_code == 404
    assert "Deze link werkt niet meer" in page.text and 'href="/mijn-aanmelding/link-kwijt"' in page.text


def test_a_form_behind_a_dead_link_keeps_what_was_typed_to_read(client):
    page = client.send("/mijn-aanmelding/wijzigen", {"wishes": "Geen noten, wel vis", "version": "3"})
    assert page.status_code == 404 and "Geen noten, wel vis" in page.text


@pytest.mark.parametrize("path", ["/inloggen", "{event}", "{event}/aanmelden"])
def test_a_lost_link_is_offered_where_people_come_for_it(work, client, path):
    with work():
        event = make.make_event(make.make_organisation(), room={None: 5})
        slug = event.slug
    text = client.get(path.format(event=f"/bijeenkomsten/{slug}")).text
    assert "/mijn-aanmelding/link-kwijt" in text


@pytest.mark.parametrize("text", ["x", "[1]", "{}", '["ab"]', '[["a"]]', "[" * 5000, '[["a", "b", "c"]]', "null", "12"])
def test_a_damaged_text_of_typed_fields_signs_in_as_if_there_were_none(client, coordinator, work, text):
    with work() as session:
        session.merge(coordinator[1]).email = "tjitske@example.org"
    form = {"email": "tjitske@example.org", "password": PASSWORD, "getypt": text}
    assert client.send("/inloggen", form).status_code in (200, 303)
