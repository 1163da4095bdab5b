"""Hostile requests: another Host, doubled slashes, a NUL in a value. No server error, no redirect to another site."""

import pytest

from schakel import pages
from schakel.app import create_app
from tests import databases, make, matrix, web_client

pytestmark = pytest.mark.both_databases

HOSTS = ["evil.com", "evil.com:443", "schakel.example.org.evil.com", "evilschakel.example.org", "127.0.0.1:8000", "localhost",
         "schakel.example.org@evil.com", "[::1]", "", "a b", "schakel.example.org/evil"]  # fmt: skip
PATHS = ["/", "/bijeenkomsten//x", "/vandaag", "/gezond", "/inloggen", "/static/css/schakel.css", "/nergens"]


@pytest.mark.parametrize("host", HOSTS)
def test_an_unknown_host_gets_an_error_page_of_400_without_a_redirect_to_it(client, statements, host):
    with statements() as seen:
        for path in PATHS:
            page = client.get(path, headers={"Host": host})
            assert page.status_code == 400 and "Location" not in page.headers, path
            assert (
                "Dit verzoek klopt niet" in page.text
                and "evil" not in page.text
                and 'href="/bijeenkomsten"' in page.text
            )
            assert page.headers["Content-Security-Policy"] and page.headers["Cache-Control"] == "no-store"
    seen.exactly(0)


def test_a_machine_with_another_host_gets_json_and_a_post_changes_nothing(client, dump):
    before = dump()
    assert client.get("/", headers={"Host": "evil.com", "Accept": "application/json"}).json["error"]["status"] == 400
    assert (
        client.send("/inloggen", {"email": "a@b.nl", "password": "x"}, headers={"Host": "evil.com"}).status_code == 400
    )
    assert dump() == before


@pytest.mark.parametrize(
    ("path", "query", "leads"),
    [("/bijeenkomsten//x", "", "/bijeenkomsten/x"), ("//bijeenkomsten///x", "", "/bijeenkomsten/x"),
     ("/bijeenkomsten//x", "q=//evil.com", "/bijeenkomsten/x?q=//evil.com"), ("//static//evil.com", "", "/static/evil.com")],
)  # fmt: skip
def test_doubled_slashes_redirect_within_this_site(client, path, query, leads):
    answer = client.get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": query})
    assert answer.status_code == 308 and answer.headers["Location"] == leads and "example.org" not in answer.text


def hosts_of(tmp_path, **wishes) -> list[str] | None:
    app = create_app(
        **{"DEMO": True, "SECRET_KEY": "", "KEYRING": "", "DATABASE_URL": "", "BASE_URL": "", "VAR": str(tmp_path)}
        | wishes
    )
    databases.let_go(app)
    return app.config["TRUSTED_HOSTS"]


def test_a_demo_responds_on_the_loopback_and_its_listen_address(tmp_path):
    assert {*hosts_of(tmp_path)} == {"127.0.0.1", "localhost"}
    assert {*hosts_of(tmp_path, BASE_URL="http://demo.huis.example:9000")} == {
        "127.0.0.1",
        "localhost",
        "demo.huis.example",
    }
    assert "192.0.2.7" in hosts_of(tmp_path, LISTEN="192.0.2.7")
    assert hosts_of(tmp_path, LISTEN="0.0.0.0") is None


def test_outside_the_demo_only_the_own_host_name_is_accepted(app):
    assert app.config["TRUSTED_HOSTS"] == ["schakel.example.org"]


def names_of(form: type) -> set[str]:
    """Yield the name of every field of a form, and of the rows in it."""
    names = {name for name in dir(form) if hasattr(getattr(form, name, None), "field_class")}
    return names | {name for kind in form.__subclasses__() for name in names_of(kind)}


def test_a_nul_in_any_value_of_any_form_gives_no_server_error(app, work, client_of, undone):
    """PostgreSQL refuses a NUL, so a form must refuse it first."""
    with work():
        tenant = make.make_tenant("KANARIEA")
        things = matrix.objects_of(tenant)
    flat = names_of(pages.Form) | {"person", "kant", "session", "round_1", "profession"}
    rows = {f"{rows}-0-{name}" for rows in ("days", "sessions", "rows") for name in names_of(pages.Part)}
    tried, broken = 0, {}
    for endpoint, method, path, case, cell in matrix.cells(unsafe=True):
        roles = [role for role in make.ROLES if matrix.expected(cell, role) not in (302, 403, 404)]
        if not roles or endpoint == "identity.sign_out":
            continue
        client = client_of(tenant.accounts[roles[0]])
        client.check_pages = False
        address = matrix.filled(path, endpoint, case, things)
        for value in ("a\0b", "\0", "1\0"):
            with undone():
                data = {"csrf_token": client.token(), **dict.fromkeys(flat | rows, value), f"x{value}": value}
                status = client.open(address, method=method, data=data).status_code
            tried += 1
            if status >= 500:
                broken[f"{address} {value!r}"] = status
    assert not broken and tried > 60


def test_a_nul_in_the_query_is_not_found(client):
    for path in ("/inloggen?verder=%00", "/bijeenkomsten?q=%00", "/%00", "/bijeenkomsten?%00=1"):
        assert client.get(path).status_code in (400, 404)
        assert client.send(path).status_code in (400, 404, 405)


def test_a_nul_on_the_demo_sign_in_page_is_an_unknown_person(database, run_folder):
    url = database.copy()
    app = databases.make_app(url, run_folder, DEMO=True)
    try:
        client = web_client.make_client(app)
        unknown = client.send("/inloggen/demo", {"person": "zomaar"})
        for value in ("a\0b", "\0", "²", "x" * 100_000, ""):
            page = client.send("/inloggen/demo", {"person": value})
            assert (page.status_code, page.data) == (unknown.status_code, unknown.data) and page.status_code == 404
    finally:
        databases.let_go(app)
        database.drop(url)
