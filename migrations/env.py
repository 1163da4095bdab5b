"""Alembic's environment: everything in one transaction, foreign keys off on SQLite, triggers re-created at the end."""

import importlib.util
from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy import text

fsa = current_app.extensions["migrate"].db
_spec = importlib.util.spec_from_file_location("triggers", Path(__file__).parent / "triggers.py")
triggers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(triggers)


def plainly(kind: str, item: object, _context: object) -> str | bool:
    """Render our column types as the types of the database, so that a migration does not depend on later code."""
    return "sa.DateTime()" if kind == "type" and type(item).__name__ == "UtcDateTime" else False


def run() -> None:
    """Upgrade or downgrade in one transaction; an error leaves the old schema."""
    engine = fsa.engine
    with engine.connect() as connection:
        lite = connection.dialect.name == "sqlite"
        if lite:
            # Outside a transaction, or SQLite ignores it: with foreign keys on, batch mode deletes children silently.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET lock_timeout = '3s'"))
            connection.commit()
        with connection.begin():
            context.configure(
                connection=connection,
                target_metadata=fsa.metadata,
                render_as_batch=True,
                compare_type=True,
                transactional_ddl=True,
                render_item=plainly,
                transaction_per_migration=False,
            )
            triggers.drop(connection)
            context.run_migrations()
            triggers.create(connection)
            if lite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"foreign keys broken after migration: {broken[:5]}")
        if lite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
