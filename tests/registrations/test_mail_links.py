"""The link in the mail: its token is not in the database, opening it writes nothing, and it opens one registration."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import db
from schakel.identity.links.models import Link
from schakel.identity.links.service import renew
from schakel.notifications import service as notifications
from tests import mailbox, make
from tests.registrations import make_registrations
from tests.web_client import make_client

PAGES = ("/mijn-aanmelding", "/mijn-aanmelding/wijzigen", "/mijn-aanmelding/afmelden")
VERBS = ("/mijn-aanmelding/wijzigen", "/mijn-aanmelding/afmelden", "/mijn-aanmelding/plaats-aannemen")


@pytest.fixture
def guest(work, client):
    """An event with one guest, and the path of the link in the mail."""
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    with work():
        return hall, mailbox.link_in(mailbox.mails()[0])


def test_a_token_is_nowhere_in_the_database(guest, dump):
    _hall, path = guest
    token = path.removeprefix("/l/")
    assert len(token) == 22
    held = "\n".join(f"{table} {row}" for table, rows in dump().items() for row in rows)
    assert "Tjitske" in held and token not in held and token[:12] not in held


def test_opening_a_link_writes_nothing_however_often_a_scanner_opens_it(guest, client, dump, statements):
    before = dump()
    with statements() as seen:
        for _ in range(3):
            visitor = make_client(client.application)
            assert visitor.get(guest[1]).location == "/mijn-aanmelding"
            assert visitor.head(guest[1]).status_code == 303
            for page in PAGES:
                assert visitor.get(page).status_code == 200
    assert dump() == before
    assert {line.split()[0] for line in seen} == {"SELECT"}


def test_the_page_of_a_link_has_no_token_in_its_address_or_html(guest, client):
    token = guest[1].removeprefix("/l/")
    assert client.get(guest[1]).location == "/mijn-aanmelding"
    assert not [page for page in PAGES if token in client.get(page).text]
    assert token not in client.get_cookie("__Host-schakel", domain="schakel.example.org").value


def test_the_log_does_not_contain_the_token(guest, client, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get(guest[1])
    assert guest[1].removeprefix("/l/") not in caplog.text and "/l/-" in caplog.text


@pytest.mark.parametrize("page", PAGES)
def test_without_a_link_the_page_of_a_registration_is_not_found(client, page):
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_link_nothing_can_be_done(guest, client, dump, verb):
    before = dump()
    assert client.send(verb, {"name": "X", "version": "1"}).status_code == 404
    assert dump() == before


def test_renewing_a_link_invalidates_the_old_one_and_its_sessions(guest, client, work):
    client.get(guest[1])
    assert client.get("/mijn-aanmelding").status_code == 200
    form = {"email": "tjitske@praktijk.example.org", "replace": "y"}
    make_client(client.application).send("/mijn-aanmelding/link-kwijt", form)
    assert client.get("/mijn-aanmelding").status_code == 404
    assert client.send("/mijn-aanmelding/afmelden").status_code == 404
    assert client.get(guest[1]).status_code == 404
    with work():
        new = mailbox.link_in(mailbox.mails("link_again")[0])
    assert new != guest[1] and client.get(new).status_code == 303
    assert client.get("/mijn-aanmelding").status_code == 200


def test_an_expired_link_gives_the_response_of_an_unknown_one(guest, client, work, frozen):
    with work() as session:
        ends = session.scalar(sa.select(Link.expires_at))
        assert ends > make_registrations.soon() + timedelta(days=60)
    frozen.move_to(ends + timedelta(seconds=1))
    expired, unknown = (make_client(client.application).get(path) for path in (guest[1], f"/l/{'x' * 22}"))
    assert expired.status_code == unknown.status_code == 404
    assert expired.data == unknown.data
    assert [item for item in expired.headers if item[0] != "Date"] == [
        item for item in unknown.headers if item[0] != "Date"
    ]


def test_a_session_ends_when_its_link_expires(guest, client, work):
    client.get(guest[1])
    assert client.get("/mijn-aanmelding").status_code == 200
    with work():
        db.rows_affected(sa.update(Link).values(expires_at=make_registrations.soon() - timedelta(seconds=1)))
    assert client.get("/mijn-aanmelding").status_code == 404


def test_a_link_opens_exactly_one_registration(guest, client, work):
    hall, path = guest
    make_registrations.sign_up(client, hall, name="Oane Fictiefstra", email="oane@example.org")
    with work():
        other = mailbox.link_in(mailbox.mails(to="Oane Fictiefstra")[0])
    visitor = make_client(client.application)
    visitor.get(path)
    for page in PAGES:
        text = visitor.get(page).text
        assert ("Oane" not in text and "Tjitske" in text) or page.endswith("afmelden")
    visitor.send("/mijn-aanmelding/afmelden")
    with work():
        assert make_registrations.states(hall) == {
            "Tjitske Voorbeeldsma": "withdrawn",
            "Oane Fictiefstra": "registered",
        }
    visitor.get(other)
    assert "Oane" in visitor.get("/mijn-aanmelding").text and "Tjitske" not in visitor.get("/mijn-aanmelding").text


def test_a_link_does_not_sign_in(guest, client):
    client.get(guest[1])
    assert client.get("/vandaag").status_code == 302
    assert client.get(f"{guest[0].path}/aanmeldingen").status_code == 302


def test_a_link_to_an_object_of_a_feature_that_is_off_is_not_found_and_leaves_the_session(guest, client_of, work):
    with work():
        person = make.make_staff("coordinator", make.make_organisation())
    visitor = client_of(person)
    with work() as session:
        session.execute(sa.update(Link).values(kind="no_feature"))
    assert visitor.get(guest[1]).status_code == 404
    assert visitor.get("/vandaag").status_code == 200


def test_opening_a_link_signs_nobody_out_and_opens_its_one_object_beside_the_account(guest, client_of, work):
    with work():
        person = make.make_staff("coordinator", make.make_organisation())
    visitor = client_of(person)
    visitor.get(guest[1])
    page = visitor.get("/mijn-aanmelding").text
    assert "Tjitske Voorbeeldsma" in page
    assert "Uitloggen" in page and "Inloggen" not in page, "the header says who is signed in"
    assert visitor.get("/vandaag").status_code == 200
    assert visitor.get(f"{guest[0].path}/aanmeldingen").status_code == 403, "the link adds no right elsewhere"


def test_signing_in_and_out_after_opening_a_link(guest, client, work):
    with work():
        account = make.make_account(make.make_person(email="iemand@example.org"), "een zin van twaalf")
    client.get(guest[1])
    form = {"email": account.email, "password": "een zin van twaalf"}
    assert client.send("/inloggen", form).status_code == 303
    assert client.get("/mijn-aanmelding").status_code == 200
    client.send("/uitloggen")
    assert client.get("/mijn-aanmelding").status_code == 404, "signing out on a shared computer closes everything"


def test_a_malformed_token_is_not_found(client):
    for token in ("", "x", "x" * 22, "../", "%00", "x" * 5000, "é" * 22, "'; drop table link; --"):
        assert client.get(f"/l/{token}").status_code == 404


def test_a_token_is_derived_from_a_key_outside_the_database(guest, work):
    with work() as session:
        link = session.scalars(sa.select(Link)).one()
        assert guest[1] == f"/l/{notifications.link_token(link.public_id, 1)}"
        renew("registration", link.object_id)
        assert link.generation == 2 and notifications.link_token(link.public_id, 2) != notifications.link_token(
            link.public_id, 1
        )
