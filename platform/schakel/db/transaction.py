"""The session of a request, command or job, and the only place where its transaction ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

T = TypeVar("T")

# Set from the route's rule before the first statement: a writer takes SQLite's write lock at BEGIN,
# so that it cannot fail halfway because somebody else was first.
_writing: ContextVar[bool] = ContextVar("writing", default=False)

_source: Callable[[], Session] | None = None
_seals: list[Callable[[Session, list[Any]], None]] = []


def is_writing() -> bool:
    """Whether a transaction that begins now begins as a writer."""
    return _writing.get()


def set_writing(value: bool) -> None:
    """Let transactions begin as writers or readers from here on; for request hooks, which cannot use `writing`."""
    _writing.set(value)


@contextmanager
def writing() -> Iterator[None]:
    """Let transactions that begin in this block begin as writers."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def use_session(source: Callable[[], Session]) -> None:
    """Set the source of sessions (Flask-SQLAlchemy's, one per request)."""
    global _source
    _source = source


def session() -> Session:
    """Return the session of this request, command or job."""
    assert _source is not None, "no application has been made"
    return _source()


def connection() -> sa.Connection:
    """Return the connection of this transaction, for statements without the ORM; cached in the session."""
    current = session()
    cached: tuple[Any, sa.Connection] | None = current.info.get("connection")
    if cached is None or cached[0] is not current.get_transaction():
        made = current.connection()
        cached = current.info["connection"] = (current.get_transaction(), made)
    return cached[1]


def seal_with(seal: Callable[[Session, list[Any]], None]) -> None:
    """Call `seal` with the buffered entries at the end of every committed transaction (audit)."""
    if seal not in _seals:
        _seals.append(seal)


def buffer(entry: Any) -> None:
    """Buffer an entry for the seal; it is written when the transaction commits and lost when it rolls back."""
    session().info.setdefault("buffer", []).append(entry)


def journal(write: Callable[[], None]) -> None:
    """Run `write` in a second short transaction, also when this request is refused."""
    session().info.setdefault("journal", []).append(write)


def commit_now(write: Callable[[], T]) -> T:
    """Run `write` now in its own short transaction, committed whatever happens to the request; return its result.

    For what must be counted before a slow step that may not run under the write lock. The request itself may not have
    written anything yet.
    """
    current = session()
    current.rollback()
    with writing():
        try:
            result = write()
            _commit(current)
        except BaseException:
            rollback()
            raise
    return result


def rollback() -> None:
    """Undo what this request wrote so far; the transaction itself still ends in `end_transaction`."""
    session().rollback()
    session().info.pop("buffer", None)


def _commit(current: Session) -> None:
    if not current.in_transaction() and "buffer" not in current.info:
        return  # the session was not used: any query or change would have begun a transaction
    current.flush()
    for seal in _seals:
        seal(current, current.info.pop("buffer", []))
    current.commit()


def end_transaction(ok: bool) -> None:
    """Commit (flush, seal, commit) or roll back; then run the journal in its own transaction.

    With `commit_now` the only place that commits. A failing commit is rolled back and raised; the web responds 503.
    """
    current = session()
    notes = current.info.pop("journal", [])
    try:
        if ok:
            _commit(current)
        else:
            rollback()
        if notes:
            with writing():
                for write in notes:
                    write()
                _commit(current)
    except BaseException:
        rollback()
        raise
