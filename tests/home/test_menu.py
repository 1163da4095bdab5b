"""The number in the menu: exact, on the page that counts, on no other page, and not in a cookie."""

import pytest

from schakel.actions import service as actions
from tests import make_followup


def number(page) -> str:
    """Return the number beside Vandaag in the menu; '' when there is none."""
    head = page.text.partition('class="needs">')[2]
    return head.partition("<")[0] if head else ""


@pytest.fixture
def hospital(work):
    with work():
        made = make_followup.make_hospital()
        made.action = make_followup.make_action(made, made.people["coordinator"]).public_id
    return made


def propose(work, hospital, title="Nog een") -> None:
    with work():
        make_followup.make_action(hospital, hospital.people["coordinator"], title=title)


def test_vandaag_counts_exactly_whatever_page_was_requested_before(client_of, work, hospital):
    client = client_of(hospital.people["coordinator"])
    assert number(client.get("/vandaag")) == "1"
    propose(work, hospital)
    assert number(client.get("/vandaag")) == "2"


def test_the_number_is_exact_after_the_actors_own_verb(client_of, work, hospital):
    client = client_of(hospital.people["coordinator"])
    assert number(client.get("/vandaag")) == "1"
    with work() as session:
        version = session.query(actions.Action).filter_by(public_id=hospital.action).one().version
    done = client.send(f"/actiepunten/{hospital.action}/aannemen", {"version": str(version)})
    assert done.status_code == 303 and number(client.get("/vandaag")) == ""


@pytest.mark.parametrize("path", ["/bijeenkomsten", "/actiepunten", "/"])
def test_another_page_has_no_number_and_counts_nothing(client_of, hospital, statements, path):
    """A stored number could be wrong, and counting on every page takes five statements each."""
    client = client_of(hospital.people["coordinator"])
    client.get("/vandaag")
    with statements() as seen:
        assert number(client.get(path)) == ""
    assert not [line for line in seen if "measure.informed_taken_on IS NULL" in line]


def test_the_number_is_at_vandaag_in_both_menus(client_of, hospital):
    page = client_of(hospital.people["coordinator"]).get("/vandaag").text
    assert page.count('class="needs">1<') == 3  # the row, the button of the small menu, and in that menu
    assert 'aria-current="page">Vandaag <span class="needs">1<' in page


def test_vandaag_calls_each_supplier_once(client_of, hospital, statements):
    client = client_of(hospital.people["coordinator"])
    with statements() as seen:
        client.get("/vandaag")
    asked = [line for line in seen if "FROM action" in line and "moment" not in line]
    assert len(asked) == 1, asked


def test_the_cookie_has_no_number_and_an_anonymous_visitor_sees_none(client_of, client, hospital):
    mine = client_of(hospital.people["coordinator"])
    mine.get("/vandaag")
    with mine.session_transaction() as session:
        assert "asks" not in session
    assert "Set-Cookie" not in client.get("/bijeenkomsten").headers


def test_a_signed_in_user_of_the_demo_can_change_person(app, work, client_of, monkeypatch):
    with work():
        hospital = make_followup.make_hospital()
    client = client_of(hospital.people["coordinator"])
    assert "Wissel van persoon" not in client.get("/vandaag").text
    monkeypatch.setitem(app.config, "DEMO", True)
    page = client.get("/vandaag").text
    assert '<a href="/inloggen/demo">Wissel van persoon</a>' in page
