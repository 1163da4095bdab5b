"""The exact headers of every kind of response, and the attributes of cookies."""

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
    """Fail unless the response has this status and exactly the standard headers with `changes`; None removes one."""
    assert response.status_code == status
    want = {**ALWAYS, **PAGE, **{name.replace("_", "-"): value for name, value in more.items()}}
    want = {name: value for name, value in want.items() if value is not None}
    got = {name: value for name, value in response.headers if name not in MEASURED}
    assert got == want
    assert len(response.headers) == len({name for name, _ in response.headers}), "a header occurs twice"


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


def test_a_public_event_page_may_be_cached_but_must_be_revalidated(client, event):
    headers = {"Cache_Control": "public, max-age=0, must-revalidate"}
    first = client.get(f"/bijeenkomsten/{event.slug}")
    check(first, 200, **headers)
    again = client.get(f"/bijeenkomsten/{event.slug}", headers={"If-None-Match": first.headers["ETag"]})
    check(again, 304, Content_Type=None, **headers)
    assert not again.data


def test_a_redirect_to_the_sign_in_page(client):
    check(client.get("/vandaag"), 302, Location="/inloggen?verder=/vandaag")


def test_a_successful_verb(participant):
    done = participant.send("/uitloggen")
    check(done, 303, Location="/", Clear_Site_Data='"cache", "storage"')


def test_a_form_without_its_token(client):
    check(client.post("/inloggen", data={"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"}), 400)


def test_a_verb_that_is_not_allowed(participant):
    check(participant.get("/bijeenkomsten/nieuw"), 403)


def test_an_unknown_address(client):
    check(client.get("/bijeenkomsten/nergens"), 404)
    check(client.get("/nergens"), 404)


def test_an_unknown_method(client):
    answer = client.post("/privacy")
    check(answer, 405, Allow=answer.headers["Allow"])
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_request_that_is_too_large(client):
    check(client.post("/inloggen", data={"email": "a" * (6 * 1024 * 1024 + 1)}), 413)
    check(client.post("/inloggen", data={f"f{n}": "x" for n in range(401)}, content_type="multipart/form-data"), 413)


def test_a_form_with_an_error(client):
    check(client.send("/inloggen"), 422)


def test_a_form_on_a_row_that_somebody_else_saved_first(work, client_of):
    with work():
        hospital = make.make_organisation()
        event, person = make.make_event(hospital), make.make_staff("coordinator", hospital)
    path = f"/bijeenkomsten/{event.slug}/plaatsen"
    check(client_of(person).send(path, {"everybody": "7", "version": "0"}), 409)


def test_too_many_attempts(client, work):
    for _ in range(5):
        client.send("/inloggen", {"email": "x@example.org", "password": "verkeerd wachtwoord"})
    blocked = client.send("/inloggen", {"email": "x@example.org", "password": "verkeerd wachtwoord"})
    check(blocked, 429, Retry_After="900")


def test_a_server_error(client, app, monkeypatch):
    replaced_view.instead_of(app, monkeypatch, "home.privacy", lambda: 1 / 0)
    check(client.get("/privacy"), 500)


def test_an_unavailable_database(client, app, monkeypatch):
    def gone():
        raise OperationalError("select 1", {}, sqlite3.OperationalError("no connection"))

    replaced_view.instead_of(app, monkeypatch, "home.privacy", gone)
    check(client.get("/privacy"), 503, Retry_After="60")


def test_a_failing_commit(client, app, monkeypatch):
    def fail(_ok):
        raise OperationalError("commit", {}, Exception("disk full"))

    monkeypatch.setattr("schakel.request_hooks.db.end_transaction", fail)
    check(client.get("/privacy"), 503, Retry_After="60")


def test_a_static_file(client):
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


def test_the_attributes_of_the_session_cookie(client):
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
def test_a_page_of_a_signed_in_user_may_not_be_cached(participant, event, path):
    answer = participant.get(path.format(slug=event.slug))
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"


def test_a_page_cached_for_anonymous_visitors_is_never_sent_to_a_signed_in_user(client, participant, event):
    etag = client.get(f"/bijeenkomsten/{event.slug}").headers["ETag"]
    mine = participant.get(f"/bijeenkomsten/{event.slug}", headers={"If-None-Match": etag})
    assert mine.status_code == 200 and "participant van" in mine.text
    assert "participant van" not in client.get(f"/bijeenkomsten/{event.slug}").text


def test_the_cookie_has_no_name_role_or_address(work, client_of):
    with work():
        person = make.make_staff("medical_director", make.make_organisation(), name="Geheime Naam")
    client = client_of(person)
    client.get("/vandaag")
    with client.session_transaction() as session:
        text = repr(dict(session))
    assert not any(word in text for word in ("Geheime", "director", "@", "password"))
    assert identity.rules.ROLES  # roles are read at each request, see tests/identity
