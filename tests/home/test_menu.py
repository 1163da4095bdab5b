"""The number in the menu: at most a minute old, exact after a verb and on *vandaag*, and nothing else in the cookie."""

from datetime import timedelta

import pytest

from schakel.actions import service as actions
from tests import thread


def number(page) -> str:
    """What the menu says beside Vandaag; '' when it says nothing."""
    head = page.text.partition('class="needs">')[2]
    return head.partition("<")[0] if head else ""


@pytest.fixture
def house(work):
    with work():
        made = thread.make_house()
        made.action = thread.make_action(made, made.people["coordinator"]).public_id
    return made


def propose(work, house, title="Nog een") -> None:
    with work():
        thread.make_action(house, house.people["coordinator"], title=title)


def test_the_menu_counts_again_after_a_minute(client_of, work, house, frozen):
    client = client_of(house.people["coordinator"])
    assert number(client.get("/bijeenkomsten")) == "1"
    propose(work, house)
    assert number(client.get("/bijeenkomsten")) == "1"
    frozen.shift(timedelta(seconds=61))
    assert number(client.get("/bijeenkomsten")) == "2"


def test_the_menu_is_exact_after_a_verb_of_ones_own(client_of, work, house):
    client = client_of(house.people["coordinator"])
    assert number(client.get("/bijeenkomsten")) == "1"
    with work() as session:
        version = session.query(actions.Action).filter_by(public_id=house.action).one().version
    done = client.send(f"/actiepunten/{house.action}/aannemen", {"version": str(version)})
    assert done.status_code == 303 and number(client.get(done.location)) == ""


def test_vandaag_counts_exactly_and_tells_the_menu(client_of, work, house):
    client = client_of(house.people["coordinator"])
    client.get("/bijeenkomsten")
    propose(work, house)
    assert number(client.get("/vandaag")) == "2" and number(client.get("/bijeenkomsten")) == "2"


def test_vandaag_asks_each_supplier_once(client_of, house, statements):
    client = client_of(house.people["coordinator"])
    client.get("/vandaag")
    with statements() as seen:
        client.get("/vandaag")
    asked = [line for line in seen if "FROM action" in line and "moment" not in line]
    assert len(asked) == 1, asked


def test_the_cookie_holds_a_number_and_a_moment_and_a_stranger_gets_none(client_of, client, house):
    mine = client_of(house.people["coordinator"])
    mine.get("/bijeenkomsten")
    with mine.session_transaction() as session:
        assert session["asks"][0] == 1 and [type(item) for item in session["asks"]] == [int, int]
    assert "Set-Cookie" not in client.get("/bijeenkomsten").headers


def test_in_the_demonstration_somebody_signed_in_can_change_person(app, work, client_of, monkeypatch):
    with work():
        house = thread.make_house()
    client = client_of(house.people["coordinator"])
    assert "Wissel van persoon" not in client.get("/vandaag").text
    monkeypatch.setitem(app.config, "DEMO", True)
    page = client.get("/vandaag").text
    assert '<a href="/inloggen/demo">Wissel van persoon</a>' in page
