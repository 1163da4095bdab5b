"""Every refusal is a Dutch page without details; machines get JSON; after a database outage pages work again."""

import json
import logging
import os
import shutil
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from schakel import db, errors
from schakel.app import fsa
from schakel.error_pages import TEXTS
from tests import make, web_client
from tests.site import replaced_view

pytestmark = pytest.mark.both_databases

CANARY = "kanarie-9f3a"
DUTCH = {" de ", " het ", " niet ", " er ", " is ", " opnieuw", " te "}
LEAKS = (
    CANARY,
    "Traceback",
    "Werkzeug",
    "werkzeug",
    "sqlite",
    "psycopg",
    "SELECT",
    "site-packages",
    ".py",
    "ZeroDivision",
)


def crash():
    raise ZeroDivisionError(f"1 / 0 for {CANARY}")


def crash_in_sql():
    raise IntegrityError(f"INSERT INTO person VALUES ('{CANARY}')", {"name": CANARY}, Exception(f"unique {CANARY}"))


def no(kind):
    def view():
        raise kind

    return view


CASES = {
    400: None, 403: no(errors.NotAllowed()), 404: no(errors.NotFound()), 405: None, 413: None,
    422: no(errors.Refused("Sessie %(naam)s is vol.", naam="B")), 500: crash,
}  # fmt: skip


def answer(client, app, monkeypatch, status: int, **options):
    if CASES[status]:
        replaced_view.instead_of(app, monkeypatch, "home.privacy", CASES[status])
        return client.get(f"/privacy?q={CANARY}", **options)
    if status == 405:
        return client.post("/privacy", data={"q": CANARY}, **options)
    size = 7 * 1024 * 1024 if status == 413 else 10
    options["headers"] = {**options.get("headers", {}), "Sec-Fetch-Site": "cross-site"}
    return client.post("/inloggen", data={"email": CANARY + "x" * size}, **options)


@pytest.mark.parametrize("status", CASES)
def test_each_refusal_is_a_dutch_page_without_details(client, app, monkeypatch, status):
    page = answer(client, app, monkeypatch, status)
    assert page.status_code == status and page.mimetype == "text/html"
    assert any(word in page.text for word in DUTCH) and 'lang="nl"' in page.text
    assert not [leak for leak in LEAKS if leak in page.text]


@pytest.mark.parametrize("status", CASES)
def test_a_machine_gets_the_same_refusal_as_json(client, app, monkeypatch, status):
    said = answer(client, app, monkeypatch, status, headers={"Accept": "application/json"})
    assert said.status_code == status and said.mimetype == "application/json"
    body = json.loads(said.data)
    assert set(body) == {"error"} and body["error"]["status"] == status and body["error"]["title"]
    assert not [leak for leak in LEAKS if leak in said.text]


def test_a_refusal_displays_its_sentence(client, app, monkeypatch):
    assert "Sessie B is vol." in answer(client, app, monkeypatch, 422).text


@pytest.mark.parametrize("defect", [crash, crash_in_sql])
def test_a_crash_gives_a_number_that_is_in_the_log_and_the_log_has_no_text(client, app, monkeypatch, caplog, defect):
    replaced_view.instead_of(app, monkeypatch, "home.privacy", defect)
    with caplog.at_level(logging.DEBUG):
        page = client.get("/privacy")
    assert page.status_code == 500
    line = next(record.getMessage() for record in caplog.records if "crash" in record.getMessage())
    number = line.split("request=")[1].split()[0]
    assert number in page.text and "test_errors.py" in line
    assert CANARY not in caplog.text and CANARY not in page.text


def test_every_status_has_its_own_text():
    assert {400, 403, 404, 405, 409, 413, 422, 429, 500, 503} <= set(TEXTS)


def test_a_requested_path_is_never_displayed(client):
    page = client.get("/%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.status_code == 404 and "alert(1)" not in page.text


@pytest.mark.parametrize("path", ["/bijeenkomsten/%00", "/bijeenkomsten/" + "a" * 5000, "/bijeenkomsten?na=%00~1", "/bijeenkomsten?na=0001-01-01T00:00:00%2B23:59~1",
                                  "/bijeenkomsten?na=2026-01-01T00:00:00~99999999999999999999999", "/bijeenkomsten?organisatie=%00&thema=%00"])  # fmt: skip
def test_a_hostile_address_gives_no_server_error(client, path):
    assert client.get(path).status_code in (200, 400, 404)


class Outage:
    """Makes the database of an application unavailable, and available again."""

    def __init__(self, app) -> None:
        self.app, self.url = app, app.config["DATABASE_URL"]
        self.path = self.url.removeprefix("sqlite:///")

    def begin(self) -> None:
        with self.app.app_context():
            fsa.engine.dispose()
        if self.url.startswith("sqlite"):
            shutil.move(self.path, self.path + ".away")
            os.mkdir(self.path)
        else:
            self._pg("alter database {} with allow_connections false")
            self._pg("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'", quoted=False)

    def end(self) -> None:
        if self.url.startswith("sqlite"):
            os.rmdir(self.path)
            shutil.move(self.path + ".away", self.path)
        else:
            self._pg("alter database {} with allow_connections true")

    def _pg(self, statement: str, quoted: bool = True) -> None:
        parts = urlsplit(self.url)
        name = f'"{parts.path[1:]}"' if quoted else parts.path[1:]
        with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
            connection.execute(statement.format(name))


@pytest.fixture
def outage(fresh_database):
    taken = Outage(fresh_database)
    yield taken
    taken.end()


@pytest.mark.parametrize("known", [False, True], ids=["a stranger", "somebody signed in"])
def test_without_database_a_page_says_so_and_works_again_afterwards(fresh_database, outage, known):
    app = fresh_database
    client = web_client.make_client(app)
    if known:
        with app.app_context():
            account = make.make_account()
            db.end_transaction(True)
        web_client.sign_in(client, app, account)
    assert client.get("/bijeenkomsten").status_code == 200
    outage.begin()
    for _ in range(2):
        page = client.get("/bijeenkomsten")
        assert page.status_code == 503 and page.headers["Retry-After"] and "opnieuw" in page.text
        assert client.get("/gezond").status_code == 503
        assert client.get("/privacy").status_code == (503 if known else 200)
    outage.end()
    try:
        assert client.get("/bijeenkomsten").status_code == 200
        assert client.get("/gezond").json["database"] == "ok"
    finally:
        outage.begin()  # the fixture ends it
