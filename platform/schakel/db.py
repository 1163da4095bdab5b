"""The database: base class of all tables, the one place where a transaction ends, and what makes SQLite safe.

Knows nothing of Flask: `app.py` gives it the session (`use`) and hooks the engine (`guard`).
"""

import hashlib
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, MappedColumn, Session, mapped_column

T = TypeVar("T")
CLASSES = ("S0", "S1", "S2", "S3", "S4")
BUSY_SECONDS = 20
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# Set from the route's rule before the first statement: a writer takes SQLite's write lock at BEGIN,
# so that it never finds out halfway that somebody else was first.
writing: ContextVar[bool] = ContextVar("writing", default=False)

_source: Callable[[], Session] | None = None
_seals: list[Callable[[Session, list[Any]], None]] = []


class Base(DeclarativeBase):
    """Every table of Schakel."""

    metadata = sa.MetaData(naming_convention=NAMES)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC moment; stored without zone, the same on both databases."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def column(privacy: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """A column with its class: S0 public, S1 internal, S2 personal, S3 sensitive, S4 dossier (design 2, law 11)."""
    assert privacy in CLASSES
    return mapped_column(*args, info={"class": privacy}, **options)


def key() -> MappedColumn[Any]:
    """The integer primary key of a table."""
    return column("S0", BigId, primary_key=True)


def use(source: Callable[[], Session]) -> None:
    """Take sessions from here on (app.py: Flask-SQLAlchemy's, one per request)."""
    global _source
    _source = source


def session() -> Session:
    """The session of this request, command or job."""
    assert _source is not None, "no application has been made"
    return _source()


def connection() -> sa.Connection:
    """The connection of this transaction, for statements that run without the ORM; the session is asked for it once."""
    current = session()
    kept: tuple[Any, sa.Connection] | None = current.info.get("connection")
    if kept is None or kept[0] is not current.get_transaction():
        made = current.connection()
        kept = current.info["connection"] = (current.get_transaction(), made)
    return kept[1]


def seal_with(seal: Callable[[Session, list[Any]], None]) -> None:
    """Hand what was buffered to `seal`, last in every transaction that is kept (audit)."""
    if seal not in _seals:
        _seals.append(seal)


def buffer(line: Any) -> None:
    """Keep a line for the seal; it goes with the transaction, whichever way that ends."""
    session().info.setdefault("buffer", []).append(line)


def journal(write: Callable[[], None]) -> None:
    """Have `write` done in a second short transaction, also when this request ends in a no."""
    session().info.setdefault("journal", []).append(write)


def ahead(write: Callable[[], T]) -> T:
    """Do `write` now, in a short transaction of its own that stays whatever becomes of the request; what it answers.

    For what must be counted before something slow, which may not wait inside the write lock. Nothing of the request
    itself may have been written yet.
    """
    current = session()
    current.rollback()
    before = writing.get()
    writing.set(True)
    try:
        done = write()
        _keep(current)
    except BaseException:
        drop()
        raise
    finally:
        writing.set(before)
    return done


def drop() -> None:
    """Undo what this request wrote so far; the transaction itself still ends in `finish`."""
    session().rollback()
    session().info.pop("buffer", None)


def _keep(current: Session) -> None:
    if not current.in_transaction() and "buffer" not in current.info:
        return  # nothing was asked of the session, or changed in it: either would have begun a transaction
    current.flush()
    for seal in _seals:
        seal(current, current.info.pop("buffer", []))
    current.commit()


def finish(ok: bool) -> None:
    """End the transaction: keep it (flush, seal, commit) or drop it; then write the journal in one of its own.

    Holds the only commit in the tree. A failing commit is rolled back and raised: the web hook makes it a 503.
    """
    current = session()
    notes = current.info.pop("journal", [])
    try:
        if ok:
            _keep(current)
        else:
            drop()
        if notes:
            writing.set(True)
            for write in notes:
                write()
            _keep(current)
    except BaseException:
        drop()
        raise


def lock(row: Base) -> None:
    """Read a row again under its write lock: of two verbs at once the second sees what the first did.

    Rows that merely refer to it are not kept waiting. SQLite has one writer at a time and only reads again.
    """
    current = session()
    current.flush()
    names = [attribute.key for attribute in sa.inspect(type(row)).column_attrs if not attribute.deferred]
    current.refresh(row, names, with_for_update={"key_share": True})


@cache
def _apart(engine: sa.Engine) -> sa.Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(alone=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def look(statement: sa.Select[Any], values: dict[str, Any]) -> Sequence[sa.Row[Any]]:
    """The rows of one SELECT by which a whole request may be answered.

    A first look of who will not write goes without BEGIN and ROLLBACK, on PostgreSQL journeys of their own; within a
    transaction, and under the write lock, it reads what that sees.
    """
    current = session()
    engine = current.get_bind()
    if writing.get() or current.in_transaction() or not isinstance(engine, sa.Engine):
        return connection().execute(statement, values).all()
    with _apart(engine).connect() as apart:
        return apart.execute(statement, values).all()


def table_of(model: type[Base]) -> sa.Table:
    """The table behind a class: for statements that are made once and run without the ORM."""
    return cast("sa.Table", model.__table__)


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


def changed(statement: sa.Update | sa.Delete) -> int:
    """Execute a guarded UPDATE or DELETE; the number of rows it touched."""
    result = session().execute(statement, execution_options={"synchronize_session": False})
    return cast("sa.CursorResult[Any]", result).rowcount


def one_at_a_time(name: str) -> None:
    """Until this transaction ends nobody else comes past this call with the same name.

    PostgreSQL keeps a lock by that name; SQLite has one writer at a time, so the transaction must be a writing one.
    """
    if session().get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def guard(engine: sa.Engine) -> None:
    """Hook an engine: on SQLite WAL, FULL, foreign keys, and BEGIN IMMEDIATE for writers."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("alone"):  # one SELECT is a transaction of its own
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def check_guard(engine: sa.Engine) -> None:
    """Raise RuntimeError unless the hooks really work on this engine: the app refuses to start without them."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")]
            if found != [2, 1] or connection.connection.driver_connection is None:
                raise RuntimeError("SQLite is not guarded: synchronous and foreign_keys are not set")
            if connection.connection.driver_connection.isolation_level is not None:
                raise RuntimeError("SQLite is not guarded: the driver begins transactions of its own")
        else:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
                    raise RuntimeError(f"PostgreSQL runs with {setting} off: acknowledged writes could be lost")
