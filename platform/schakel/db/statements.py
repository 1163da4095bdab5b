"""Statements that the ORM lacks: locks, inserts that ignore duplicates, guarded updates."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from schakel.db.columns import Base, table_of
from schakel.db.transaction import connection, is_writing, session


def lock(row: Base) -> None:
    """Reload a row under a row lock: of two simultaneous services, the second sees the first one's changes.

    Inserting rows that refer to it is not blocked. SQLite has one writer at a time, so there it only reloads.
    """
    current = session()
    current.flush()
    names = [attribute.key for attribute in sa.inspect(type(row)).column_attrs if not attribute.deferred]
    current.refresh(row, names, with_for_update={"key_share": True})


@cache
def _without_transaction(engine: sa.Engine) -> sa.Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(without_begin=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def read_outside_transaction(statement: sa.Select[Any], values: dict[str, Any]) -> Sequence[sa.Row[Any]]:
    """Run one SELECT and return its rows, without a transaction when possible.

    For a read-only request that may need no other statement: on PostgreSQL it saves the round trips of BEGIN and
    ROLLBACK. In a transaction that has begun, or a writing request, it runs inside the transaction.
    """
    current = session()
    engine = current.get_bind()
    if is_writing() or current.in_transaction() or not isinstance(engine, sa.Engine):
        return connection().execute(statement, values).all()
    with _without_transaction(engine).connect() as apart:
        return apart.execute(statement, values).all()


@cache
def _insert(table: type[Base], dialect: str, returning: bool = False) -> Any:
    """Build the statement, once per table; the values are given when it is executed."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_pg

        made: Any = insert_pg(table_of(table)).on_conflict_do_nothing()
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_lite

        made = insert_lite(table_of(table)).on_conflict_do_nothing()
    return made.returning(table_of(table).c.id) if returning else made


def insert_once(table: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique key holds it already; return whether it was inserted. A duplicate never raises."""
    # SQLAlchemy 2.1 returns -1 as the row count of an INSERT on PostgreSQL without this option.
    bind = connection()
    result = bind.execute(_insert(table, bind.dialect.name), values, execution_options={"preserve_rowcount": True})
    return result.rowcount == 1


def insert_new(table: Any, **values: Any) -> int | None:
    """Insert a row and return its `id`; None when a unique key holds it already."""
    bind = connection()
    return bind.execute(_insert(table, bind.dialect.name, True), values).scalar_one_or_none()


def count_of(query: sa.Select[Any]) -> sa.ScalarSelect[int]:
    """Return how many rows a select has, as a column of the statement that reads a page of it."""
    return sa.select(sa.func.count()).select_from(query.order_by(None).subquery()).scalar_subquery()


def rows_affected(statement: sa.Update | sa.Delete) -> int:
    """Execute a guarded UPDATE or DELETE; return the number of rows."""
    result = session().execute(statement, execution_options={"synchronize_session": False})
    return cast("sa.CursorResult[Any]", result).rowcount


def advisory_lock(name: str) -> None:
    """Let no other transaction pass a call with the same name until this transaction ends.

    PostgreSQL takes an advisory lock; SQLite has one writer at a time, so the transaction must be a writing one.
    """
    if session().get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
