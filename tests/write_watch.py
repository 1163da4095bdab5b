"""Detect writes through a connection, so that an unchanged database is not read again."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

WRITES = re.compile(r"\b(insert|update|delete|merge)\b", re.IGNORECASE)


class WriteWatch:
    """Counts what may have changed the data seen by one connection.

    Every statement counts as a change, except a SELECT and a WITH without a writing keyword. So does rolling back a
    savepoint, when something was written since it was set.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.changes = 0
        self._at_savepoint: dict[str, int] = {}
        self._connection = connection
        event.listen(connection, "before_cursor_execute", self._note)

    def stop(self) -> None:
        """Stop counting."""
        event.remove(self._connection, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split(None, 3)
        first = words[0].upper()
        if first == "SAVEPOINT":
            self._at_savepoint[words[1]] = self.changes
        elif first == "ROLLBACK" and len(words) == 4:  # ROLLBACK TO SAVEPOINT name
            self.changes += self._at_savepoint.get(words[3], -1) != self.changes
        elif first == "WITH":
            self.changes += bool(WRITES.search(statement))
        elif first not in ("SELECT", "RELEASE"):
            self.changes += 1
