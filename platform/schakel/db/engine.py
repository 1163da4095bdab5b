"""Hooks that make SQLite safe, and the check that they work: the application does not start without them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from schakel.db.transaction import is_writing

BUSY_SECONDS = 20


def hook_engine(engine: sa.Engine) -> None:
    """Hook an engine: on SQLite WAL, FULL, foreign keys, and BEGIN IMMEDIATE for writers."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions itself
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
        if not connection.get_execution_options().get("without_begin"):  # a single SELECT needs no BEGIN
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")


def check_engine(engine: sa.Engine) -> None:
    """Raise RuntimeError unless the hooks work on this engine, so that the application does not start."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")]
            if found != [2, 1] or connection.connection.driver_connection is None:
                raise RuntimeError("SQLite is not hooked: synchronous and foreign_keys are not set")
            if connection.connection.driver_connection.isolation_level is not None:
                raise RuntimeError("SQLite is not hooked: the driver begins transactions of its own")
        else:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
                    raise RuntimeError(f"PostgreSQL runs with {setting} off: acknowledged writes could be lost")
