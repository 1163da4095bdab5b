"""The database: columns of tables, the transaction of a request, statements that the ORM lacks, engine hooks.

Does not import Flask: `extensions.py` sets the session (`use_session`) and hooks the engine (`hook_engine`).
"""

from schakel.db.columns import CLASSES, Base, BigId, UtcDateTime, column, has_words, key, key_of, table_of
from schakel.db.engine import BUSY_SECONDS, check_engine, hook_engine
from schakel.db.statements import (
    advisory_lock,
    count_of,
    insert_new,
    insert_once,
    lock,
    read_outside_transaction,
    rows_affected,
)
from schakel.db.transaction import (
    buffer,
    commit_now,
    connection,
    end_transaction,
    is_writing,
    journal,
    rollback,
    seal_with,
    session,
    set_writing,
    use_session,
    writing,
)

__all__ = [
    "BUSY_SECONDS",
    "CLASSES",
    "Base",
    "BigId",
    "UtcDateTime",
    "advisory_lock",
    "buffer",
    "check_engine",
    "column",
    "commit_now",
    "connection",
    "count_of",
    "end_transaction",
    "has_words",
    "hook_engine",
    "insert_new",
    "insert_once",
    "is_writing",
    "journal",
    "key",
    "key_of",
    "lock",
    "read_outside_transaction",
    "rollback",
    "rows_affected",
    "seal_with",
    "session",
    "set_writing",
    "table_of",
    "use_session",
    "writing",
]
