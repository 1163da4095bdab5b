"""Statements that need more than the ORM says: locks, inserts that never raise on a double, guarded updates."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from schakel.db.columns import Base, table_of
from schakel.db.transaction import connection, is_writing, session


def lock(row: Base) -> None:
    """Read a row again under its write lock: of two verbs at once the second sees what the first did.

    Rows that merely refer to it are not kept waiting. SQLite has one writer at a time and only reads again.
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
    """The rows of one SELECT that may be all a read-only request needs.

    The first read of a request that will not write goes without BEGIN and ROLLBACK, which are round trips of their own
    on PostgreSQL; within a transaction, and under the write lock, it reads inside that transaction.
    """
    current = session()
    engine = current.get_bind()
    if is_writing() or current.in_transaction() or not isinstance(engine, sa.Engine):
        return connection().execute(statement, values).all()
    with _without_transaction(engine).connect() as apart:
        return apart.execute(statement, values).all()


@cache
def _insert(table: type[Base], dialect: str, returning: bool = False) -> Any:
    """The statement, made once per table: the values come with the execution."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_pg

        made: Any = insert_pg(table_of(table)).on_conflict_do_nothing()
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_lite

        made = insert_lite(table_of(table)).on_conflict_do_nothing()
    return made.returning(table_of(table).c.id) if returning else made


def insert_once(table: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique key already holds it; whether it was inserted. Never raises on a double."""
    # SQLAlchemy 2.1 drops the count of an INSERT on PostgreSQL (-1) unless asked to keep it.
    bind = connection()
    result = bind.execute(_insert(table, bind.dialect.name), values, execution_options={"preserve_rowcount": True})
    return result.rowcount == 1


def insert_new(table: Any, **values: Any) -> int | None:
    """The same for a table with an integer `id`: the id of the new row, or None when a unique key already holds it."""
    bind = connection()
    return bind.execute(_insert(table, bind.dialect.name, True), values).scalar_one_or_none()


def rows_affected(statement: sa.Update | sa.Delete) -> int:
    """Execute a guarded UPDATE or DELETE; the number of rows it touched."""
    result = session().execute(statement, execution_options={"synchronize_session": False})
    return cast("sa.CursorResult[Any]", result).rowcount


def advisory_lock(name: str) -> None:
    """Until this transaction ends nobody else comes past this call with the same name.

    PostgreSQL holds a lock by that name; SQLite has one writer at a time, so the transaction must be a writing one.
    """
    if session().get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
