"""Count the SQL statements of a block, and list them when there are more than promised."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import sqlalchemy as sa
from sqlalchemy import event

NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")


class Statements(list[str]):
    """The statements of a block, in order."""

    def at_most(self, limit: int) -> None:
        """Fail with the complete list when there were more."""
        assert len(self) <= limit, f"{len(self)} statements, {limit} promised:\n" + "\n".join(self)

    def exactly(self, number: int) -> None:
        """Fail with the complete list when there were more or fewer."""
        assert len(self) == number, f"{len(self)} statements, not {number}:\n" + "\n".join(self)


def counter(bind: sa.Engine | sa.Connection) -> Callable[[], AbstractContextManager[Statements]]:
    """Return a context manager that counts on one engine or connection; savepoints of the test itself do not count."""

    @contextmanager
    def counting() -> Iterator[Statements]:
        seen = Statements()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.lstrip().upper().startswith(NOT_COUNTED):
                seen.append(" ".join(statement.split()))

        event.listen(bind, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(bind, "before_cursor_execute", note)

    return counting
