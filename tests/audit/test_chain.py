"""The seals over the audit rows detect every change; a refusal stores what must be on record and nothing else."""

import json
from enum import StrEnum

import pytest
import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.app import fsa
from schakel.audit import rules
from schakel.audit import service as audit
from schakel.audit.models import AuditEntry, AuditSeal
from tests import make

pytestmark = pytest.mark.both_databases


class Event(StrEnum):
    """Audit events that belong to no feature."""

    DONE = "thing.done"
    REFUSED = "thing.refused"


ALICE = Actor(person_id=7, account_id=7, auth_method="session")


def record(number: int = 1, **detail) -> None:
    for n in range(number):
        audit.record(ALICE, Event.DONE, "thing", n, **detail)
    db.end_transaction(True)


def unguarded(connection) -> None:
    """Drop the triggers, as somebody with access to the database could."""
    for table in ("audit", "audit_seal"):
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"drop trigger {table}_no_{verb}")
        else:
            connection.exec_driver_sql(f"alter table {table} disable trigger user")


@pytest.fixture
def tamper(in_app):
    """Seal six rows; return a function that changes them without the application."""
    record(6, count=1)

    def change(*statements: str):
        unguarded(in_app.connection())
        for statement in statements:
            in_app.connection().exec_driver_sql(statement)
        in_app.expire_all()

    return change


def ids(session) -> list[int]:
    return list(session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))


def test_an_untouched_chain_is_in_order(in_app, tamper, tmp_path):
    head = audit.write_head(tmp_path / "head.json")
    verdict = audit.verify(head)
    assert (verdict.count, verdict.faults) == (6, [])


def test_an_empty_chain_is_in_order(in_app):
    assert audit.verify(None).faults == []


CHANGES = {
    "at": "'2020-01-01 00:00:00'", "actor": "'person:8'", "on_behalf_of": "'iemand'", "action": "'thing.undone'",
    "object_kind": "'other'", "object_id": "'9'", "request_id": "'other'", "detail": "'{\"count\": 2}'",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_changing_any_column_of_a_row_is_found(in_app, tamper, column):
    third = ids(in_app)[2]
    tamper(f"update audit set {column} = {CHANGES[column]} where id = {third}")
    assert any(str(third) in fault for fault in audit.verify(None).faults)


def test_no_column_can_be_changed_undetected():
    assert {column.name for column in AuditEntry.__table__.columns} == {"id", *CHANGES}


def test_changing_a_seal_is_found(in_app, tamper):
    tamper("update audit_seal set hash = 'x' || substr(hash, 2) where seq = 3")
    assert audit.verify(None).faults


def test_deleting_a_row_is_found(in_app, tamper):
    tamper(f"delete from audit where id = {ids(in_app)[2]}")
    assert audit.verify(None).faults


def test_deleting_a_row_with_its_seal_is_found(in_app, tamper):
    third = ids(in_app)[2]
    tamper(f"delete from audit_seal where audit_id = {third}", f"delete from audit where id = {third}")
    assert any("3 ontbreekt" in fault for fault in audit.verify(None).faults)


def test_closing_the_gap_after_a_deletion_is_found_too(in_app, tamper):
    third = ids(in_app)[2]
    shift = [f"update audit_seal set seq = {n - 1} where seq = {n}" for n in (4, 5, 6)]
    tamper(f"delete from audit_seal where audit_id = {third}", f"delete from audit where id = {third}", *shift)
    assert audit.verify(None).faults


def test_swapping_two_rows_is_found(in_app, tamper):
    one, two = ids(in_app)[1:3]
    texts = [f"update audit set object_id = '{value}' where id = {key}" for key, value in ((one, "2"), (two, "1"))]
    tamper(*texts)
    assert audit.verify(None).faults


def test_swapping_two_seals_is_found(in_app, tamper):
    one, two = ids(in_app)[1:3]
    tamper(
        *(
            f"update audit_seal set audit_id = {to} where audit_id = {was}"
            for was, to in ((one, -1), (two, one), (-1, two))
        )
    )
    assert audit.verify(None).faults


def test_a_row_inserted_without_a_seal_is_found(in_app, tamper):
    tamper(
        "insert into audit (id, at, actor, action, object_kind, object_id, request_id, detail) values (999, '2020-01-01', 'x', 'x', 'x', 'x', 'x', '{}')"
    )
    assert any("zonder zegel" in fault for fault in audit.verify(None).faults)


def test_deleting_the_last_rows_is_found_by_the_head_outside_the_database(in_app, tamper, tmp_path):
    head = audit.write_head(tmp_path / "head.json")
    tamper("delete from audit_seal where seq > 4", f"delete from audit where id > {ids(in_app)[3]}")
    assert audit.verify(None).faults == [], "nothing inside the database can detect it"
    assert any("kop" in fault for fault in audit.verify(head).faults)


def test_replacing_the_last_rows_is_found_by_the_head(in_app, tamper, tmp_path):
    head = audit.write_head(tmp_path / "head.json")
    tamper("delete from audit_seal where seq > 5", f"delete from audit where id > {ids(in_app)[4]}")
    record(1, count=99)
    assert any("kop" in fault for fault in audit.verify(head).faults)


def test_deleting_all_rows_is_found_by_the_head(in_app, tamper, tmp_path):
    head = audit.write_head(tmp_path / "head.json")
    tamper("delete from audit_seal", "delete from audit")
    assert audit.verify(head).faults


def test_the_head_outside_the_database_is_never_set_back(in_app, tamper, tmp_path):
    path = tmp_path / "head.json"
    head = audit.write_head(path)
    tamper("delete from audit_seal where seq > 4", f"delete from audit where id > {ids(in_app)[3]}")
    audit.write_head(path)
    assert audit.read_head(path) == head and json.loads(path.read_text())["seq"] == 6


def test_the_seal_needs_the_key_outside_the_database(in_app, tamper, monkeypatch):
    from schakel import crypto

    monkeypatch.setattr(audit, "_ring", crypto.KeyRing({"audit": b"another key of thirty-two bytes!"}))
    assert len(audit.verify(None).faults) == 6


def test_two_different_rows_never_have_the_same_seal():
    from datetime import UTC, datetime

    from schakel import crypto

    at, key = datetime(2026, 1, 1, tzinfo=UTC), b"k" * 32
    variants = [
        (("a", "b"), {}),
        (("ab", ""), {}),
        (("a", None), {}),
        (("a", "-"), {}),
        (("a", "b"), {"x": 1}),
        (("a", "b"), {"x": "1"}),
    ]
    assert len({crypto.mac(key, *rules.canonical(1, at, words, detail)) for words, detail in variants}) == len(variants)


def test_a_transaction_that_is_rolled_back_leaves_no_row(in_app):
    audit.record(ALICE, Event.DONE, "thing", 1)
    db.end_transaction(False)
    db.end_transaction(True)
    assert ids(in_app) == []


def test_the_journal_survives_a_refusal(in_app):
    audit.record(ALICE, Event.DONE, "thing", 1)
    db.journal(lambda: audit.record(ALICE, Event.REFUSED, "thing", 1))
    db.end_transaction(False)
    assert list(in_app.scalars(sa.select(AuditEntry.action))) == ["thing.refused"]
    assert audit.verify(None).faults == []


def test_a_failure_while_sealing_stores_nothing(in_app, monkeypatch):
    def broken(*_):
        raise RuntimeError("no key")

    make.make_sector("gaat-niet-door")
    audit.record(ALICE, Event.DONE, "thing", 1)
    monkeypatch.setattr(audit, "_hash", broken)
    with pytest.raises(RuntimeError):
        db.end_transaction(True)
    assert in_app.scalar(sa.text("select count(*) from sector")) == 0 and ids(in_app) == []


def test_many_writers_at_once_make_one_unbroken_chain(fresh_database):
    from concurrent.futures import ThreadPoolExecutor

    def write(_):
        with fresh_database.app_context():
            db.set_writing(True)
            record(2)
            fsa.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with fresh_database.app_context():
        verdict = audit.verify(None)
        assert (verdict.count, verdict.faults) == (80, [])
        assert db.session().scalar(sa.select(sa.func.max(AuditSeal.seq))) == 80
        fsa.session.remove()


def test_the_command_reports_the_fault_and_exits_with_1(fresh_database):
    run = fresh_database.test_cli_runner().invoke
    with fresh_database.app_context():
        record(3)
        fsa.session.remove()
    assert run(args=["audit", "kop"]).exit_code == 0
    fine = run(args=["audit", "verify"])
    assert fine.exit_code == 0 and "3 zegels" in fine.output
    with fresh_database.app_context(), fsa.engine.begin() as connection:
        unguarded(connection)
        connection.exec_driver_sql("update audit set action = 'x' where object_id = '1'")
    wrong = run(args=["audit", "verify"])
    assert wrong.exit_code == 1 and "FOUT" in wrong.output
