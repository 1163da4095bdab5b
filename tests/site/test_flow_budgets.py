"""The flows of design 4 that have a limit, as far as they exist."""

import gzip

from tests import forms, html, mailbox, make, make_followup
from tests.registrations import make_registrations


def visible(text: str) -> set[str]:
    """Return the fields of a form that a visitor can fill in."""
    main = next(html.tree_of(text).iter("main"))
    asked = [
        node for node in main.iter() if node.tag in ("input", "select", "textarea") and node.get("type") != "hidden"
    ]
    return {node.get("name") for node in asked if node.get("name")}


def main_of(text: str):
    """Return the content of `main` of a page."""
    return next(html.tree_of(text).iter("main"))


def test_signing_up_is_one_page_with_at_most_five_fields_and_the_sessions(work, client):
    hall = make_registrations.make_hall(work, {"huisarts": 5}, sessions=(5, 5))
    needed = {"name", "email", "organisation", "profession", *hall.rounds}
    asked = visible(client.get(f"{hall.path}/aanmelden").text)
    assert needed <= asked and asked - needed <= {"wishes", "on_list"}, "optional fields"
    hidden = {"csrf_token", "nonce"}
    sent = {name: value for name, value in make_registrations.fill_in(client, hall).items() if name in needed | hidden}
    answer = client.post(f"{hall.path}/aanmelden", data=sent)
    assert answer.status_code == 303 and "/aangemeld/" in answer.location
    assert len(needed - set(hall.rounds)) <= 5 and list(places_taken(work, hall)) == ["registered"]


def places_taken(work, hall):
    with work():
        return make_registrations.states(hall).values()


def test_withdrawing_takes_two_taps_after_the_link_without_account_or_input(work, client):
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    mine = main_of(mailbox.follow(work, client, "Tjitske Voorbeeldsma").get("/mijn-aanmelding").text)
    first = next(node.get("href") for node in mine.iter("a") if node.get("href", "").endswith("/afmelden"))
    confirm = client.get(first)
    assert visible(confirm.text) == set()
    assert client.post(first, data=forms.typed_in(confirm.text)).status_code == 303
    assert list(places_taken(work, hall)) == ["withdrawn"]


def test_the_first_page_on_a_phone_weighs_less_than_fifty_kilobytes_compressed_and_runs_no_script(work, client):
    """With all that it loads, compressed as a proxy sends it (uncompressed, Bootstrap's style alone is 232 kB)."""
    hall = make_registrations.make_hall(work, {"huisarts": 5}, sessions=(5, 5))
    page = client.get(f"{hall.path}/aanmelden")
    tree = html.tree_of(page.text)
    parts = {node.get("href") for node in tree.iter("link") if node.get("rel") == "stylesheet"}
    assert parts and not [node for node in tree.iter("script") if node.get("src")]
    weights = {path: len(gzip.compress(client.get(path).data)) for path in (*parts, f"{hall.path}/aanmelden")}
    assert sum(weights.values()) < 50_000, weights


def test_an_action_point_takes_one_screen_for_the_coordinator_and_one_link_for_the_owner(work, client, client_of):
    with work():
        hospital = make_followup.make_hospital()
        event = make.make_event(hospital.organisation)
        path = f"/bijeenkomsten/{event.slug}/actiepunten/nieuw"
    editor = client_of(hospital.people["coordinator"])
    visible = main_of(editor.get(path).text)
    first = {one.get("name"): next(one.iter("option")).get("value") for one in visible.iter("select")}
    filled = {"title": "Bel terug", "owner_name": "Wytske van Buiten", "owner_email": "wytske@praktijk.example.org"}
    assert editor.post(path, data={**first, **forms.typed_in(editor.get(path).text), **filled}).status_code == 303
    owner = mailbox.follow(work, client, "Wytske van Buiten")
    at = owner.get(owner.get("/mijn-actiepunt").location)
    accept = next(one.get("href") for one in main_of(at.text).iter("a") if one.get("href", "").endswith("/aannemen"))
    assert owner.post(accept, data=forms.typed_in(owner.get(accept).text)).status_code == 303
