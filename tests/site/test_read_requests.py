"""A page that needs one SELECT has no transaction; a writing request reads under the write lock."""

import pytest
import sqlalchemy as sa

from schakel import db
from schakel.app import fsa
from tests import make, make_followup, web_client
from tests.concurrency import committing

pytestmark = pytest.mark.both_databases

OF_THIS_TEST = sa.select(sa.literal("gezien").label("word")).where(sa.bindparam("all") == 1)


@pytest.fixture
def begun(fresh_database):
    """Record how transactions begin, with real connections."""
    seen: list[str] = []
    with fresh_database.app_context():
        sa.event.listen(fsa.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: seen.append(statement))
        yield seen


def test_a_single_read_begins_no_transaction_and_leaves_none_open(begun):
    assert [row.word for row in db.read_outside_transaction(OF_THIS_TEST, {"all": 1})] == ["gezien"]
    assert len(begun) == 1 and begun[0].startswith("SELECT")
    assert not db.session().in_transaction()


def test_a_read_of_a_writing_request_is_under_the_write_lock(begun):
    db.set_writing(True)
    try:
        db.read_outside_transaction(OF_THIS_TEST, {"all": 1})
        assert db.session().in_transaction()
        if fsa.engine.dialect.name == "sqlite":
            assert begun[0] == "BEGIN IMMEDIATE"
    finally:
        db.set_writing(False)
        db.end_transaction(False)


def test_a_read_within_a_transaction_sees_what_it_wrote(begun):
    db.set_writing(True)
    try:
        theme = make.make_theme(name="Nog niet bewaard")
        names = sa.select(sa.column("name")).select_from(sa.table("theme", sa.column("code"), sa.column("name")))
        assert [
            row.name for row in db.read_outside_transaction(names.where(sa.text("code = :code")), {"code": theme.code})
        ]
    finally:
        db.set_writing(False)
        db.end_transaction(False)


def test_the_cached_connection_ends_with_its_transaction(begun):
    first = db.connection()
    assert db.connection() is first
    db.end_transaction(True)
    second = db.connection()
    assert second is not first and not second.closed and first.closed
    db.rollback()
    assert db.connection() is not second
    db.end_transaction(False)


def test_an_anonymous_visitor_gets_a_page_with_one_statement_outside_a_transaction(fresh_database):
    with committing(fresh_database):
        event = make.make_event()
        path = f"/bijeenkomsten/{event.slug}"
    client = web_client.make_client(fresh_database)
    assert client.get(path).status_code == 200  # from here the page is cached
    seen: list[str] = []
    with fresh_database.app_context():
        sa.event.listen(fsa.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: seen.append(statement))
    assert client.get(path).status_code == 200
    assert len(seen) == 1, seen


@pytest.mark.parametrize(
    ("role", "path", "promised"),
    [
        ("facilitator", "/vandaag", 5),
        ("facilitator", "/actiepunten", 7),
        ("medical_director", "/maatregelen", 4),
        ("facilitator", "/actiepunten.csv", 3),
        ("medical_director", "/maatregelen/lijst.csv", 3),
        ("medical_director", "/monitoring.csv?staat=alle", 4),
    ],
)
def test_the_number_of_statements_of_work_pages_for_few_and_for_many_rows(
    work, client_of, statements, role, path, promised
):
    """Promise P8: numbers, the same for 30 rows and for 60."""
    with work():
        hospital = make_followup.make_hospital()
    client, costs = client_of(hospital.people[role]), []
    for _ in range(2):
        with work():
            for number in range(30):
                make_followup.make_action(hospital, hospital.people["facilitator"], title=f"Actiepunt nummer {number}")
                make_followup.make_measure(hospital, title=f"Maatregel nummer {number}")
        with statements() as seen:
            answer = client.get(path)
            assert answer.status_code == 200
            assert path == "/vandaag" or b" nummer 1" in answer.data
        costs.append(len(seen))
    assert costs == [promised] * 2, costs
