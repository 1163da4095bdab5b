"""The exact headers of every kind of answer, and what cookies look like."""

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from schakel.identity import service as identity
from tests import make
from tests.site import replaced_view

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
PAGE = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Vary": "Cookie"}
MEASURED = {"Content-Length", "ETag", "Last-Modified", "Date", "Set-Cookie"}


def check(response, status: int, **more: str | None) -> None:
    """The status, and these headers and no other; None takes one away."""
    assert response.status_code == status
    want = {**ALWAYS, **PAGE, **{name.replace("_", "-"): value for name, value in more.items()}}
    want = {name: value for name, value in want.items() if value is not None}
    got = {name: value for name, value in response.headers if name not in MEASURED}
    assert got == want
    assert len(response.headers) == len({name for name, _ in response.headers}), "a header stands twice"


@pytest.fixture
def event(work):
    with work():
        made = make.make_event()
    return made


@pytest.fixture
def participant(work, client_of):
    with work():
        person = make.make_staff("participant", make.make_organisation())
    return client_of(person)


def test_a_page(client):
    check(client.get("/"), 200)


def test_a_public_event_page_may_be_kept_but_is_asked_again(client, event):
    headers = {"Cache_Control": "public, max-age=0, must-revalidate"}
    first = client.get(f"/bijeenkomsten/{event.slug}")
    check(first, 200, **headers)
    again = client.get(f"/bijeenkomsten/{event.slug}", headers={"If-None-Match": first.headers["ETag"]})
    check(again, 304, Content_Type=None, **headers)
    assert not again.data


def test_the_way_to_the_door(client):
    check(client.get("/vandaag"), 302, Location="/inloggen?verder=/vandaag")


def test_a_verb_that_was_done(participant):
    done = participant.send("/uitloggen")
    check(done, 303, Location="/", Clear_Site_Data='"cache", "storage"')


def test_a_form_without_its_mark(client):
    check(client.post("/inloggen", data={"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"}), 400)


def test_what_one_may_not_do(participant):
    check(participant.get("/bijeenkomsten/nieuw"), 403)


def test_what_is_not_there(client):
    check(client.get("/bijeenkomsten/nergens"), 404)
    check(client.get("/nergens"), 404)


def test_a_method_that_is_not_there(client):
    answer = client.post("/privacy")
    check(answer, 405, Allow=answer.headers["Allow"])
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_is_too_big(client):
    check(client.post("/inloggen", data={"email": "a" * (6 * 1024 * 1024 + 1)}), 413)
    check(client.post("/inloggen", data={f"f{n}": "x" for n in range(401)}, content_type="multipart/form-data"), 413)


def test_a_form_that_does_not_hold(client):
    check(client.send("/inloggen"), 422)


def test_a_form_of_which_somebody_else_saved_first(work, client_of):
    with work():
        hospital = make.make_organisation()
        event, person = make.make_event(hospital), make.make_staff("coordinator", hospital)
    path = f"/bijeenkomsten/{event.slug}/plaatsen"
    check(client_of(person).send(path, {"everybody": "7", "version": "0"}), 409)


def test_too_many_tries(client, work):
    for _ in range(5):
        client.send("/inloggen", {"email": "x@example.org", "password": "verkeerd wachtwoord"})
    blocked = client.send("/inloggen", {"email": "x@example.org", "password": "verkeerd wachtwoord"})
    check(blocked, 429, Retry_After="900")


def test_a_defect_of_ours(client, app, monkeypatch):
    replaced_view.instead_of(app, monkeypatch, "home.privacy", lambda: 1 / 0)
    check(client.get("/privacy"), 500)


def test_a_database_that_is_gone(client, app, monkeypatch):
    def gone():
        raise OperationalError("select 1", {}, sqlite3.OperationalError("no connection"))

    replaced_view.instead_of(app, monkeypatch, "home.privacy", gone)
    check(client.get("/privacy"), 503, Retry_After="60")


def test_a_commit_that_fails(client, app, monkeypatch):
    def fail(_ok):
        raise OperationalError("commit", {}, Exception("disk full"))

    monkeypatch.setattr("schakel.request_hooks.db.end_transaction", fail)
    check(client.get("/privacy"), 503, Retry_After="60")


def test_a_file_of_ours(client):
    headers = {
        "Content_Type": "text/css; charset=utf-8",
        "Vary": None,
        "Accept_Ranges": "bytes",
        "Content_Disposition": "inline; filename=schakel.css",
    }
    check(client.get("/static/css/schakel.css"), 200, Cache_Control="public, max-age=3600", **headers)
    check(
        client.get("/static/css/schakel.css?v=1"), 200, Cache_Control="public, max-age=31536000, immutable", **headers
    )
    check(client.get("/static/css/nergens.css"), 404)


def test_a_machine_gets_the_same_headers(client):
    check(client.get("/nergens", headers={"Accept": "application/json"}), 404, Content_Type="application/json")


def test_the_session_cookie_is_tied_down(client):
    cookie = client.get("/inloggen").headers["Set-Cookie"]
    name, _, rest = cookie.partition("=")
    assert name == "__Host-schakel"
    assert {part.strip() for part in rest.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize(
    "path", ["/", "/bijeenkomsten", "/bijeenkomsten/{slug}", "/bijeenkomsten/{slug}/agenda.ics", "/privacy"]
)
def test_a_public_page_sets_no_cookie(client, event, path):
    assert "Set-Cookie" not in client.get(path.format(slug=event.slug)).headers


@pytest.mark.parametrize("path", ["/", "/vandaag", "/bijeenkomsten", "/bijeenkomsten/{slug}", "/privacy"])
def test_a_page_of_somebody_signed_in_is_kept_by_nobody(participant, event, path):
    answer = participant.get(path.format(slug=event.slug))
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"


def test_a_page_kept_for_strangers_is_never_given_to_somebody_signed_in(client, participant, event):
    etag = client.get(f"/bijeenkomsten/{event.slug}").headers["ETag"]
    mine = participant.get(f"/bijeenkomsten/{event.slug}", headers={"If-None-Match": etag})
    assert mine.status_code == 200 and "participant van" in mine.text
    assert "participant van" not in client.get(f"/bijeenkomsten/{event.slug}").text


def test_the_cookie_holds_no_name_role_or_address(work, client_of):
    with work():
        person = make.make_staff("medical_director", make.make_organisation(), name="Geheime Naam")
    client = client_of(person)
    client.get("/vandaag")
    with client.session_transaction() as session:
        text = repr(dict(session))
    assert not any(word in text for word in ("Geheime", "director", "@", "password"))
    assert identity.rules.ROLES  # the roles are looked up at each request, see tests/identity
