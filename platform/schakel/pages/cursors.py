"""Keyset paging: the key of the last row is the cursor in the URL: `<value>~<id>`, or `~<id>` for a personal value."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

MAX_DIGITS = 17
Row = TypeVar("Row")
Query = TypeVar("Query", bound=sa.Select[Any])


def number_of(text: str | None) -> int | None:
    """Return a whole number of plain digits that fits the database; None for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def cursor_of(text: str | None, kind: Callable[[str], Any] = str) -> tuple[Any, int] | None:
    """Return the key in a cursor; None when it is absent or malformed. `kind` converts the value before the id."""
    value, _, number = (text or "").rpartition("~")
    row_id = number_of(number)
    if row_id is None:
        return None
    try:
        return kind(value), row_id
    except ValueError:
        return None


def cursor_text(key: tuple[Any, int] | int) -> str:
    """Return a key, or the id alone, as a cursor."""
    value, row_id = ("", key) if isinstance(key, int) else key
    return f"{value.isoformat() if isinstance(value, date) else value}~{row_id}"


def after(query: Query, columns: tuple[Any, Any], key: tuple[Any, int] | None) -> Query:
    """Return the query for the rows after a key, in the order of these columns."""
    return query.where(sa.tuple_(*columns) > sa.tuple_(*map(sa.literal, key))) if key else query


class Rows(list[Row]):
    """The rows of one page; `total` is how many the list has on all its pages."""

    total = 0


def split(
    rows: Sequence[Row], size: int, key_of: Callable[[Row], tuple[Any, int]], total: int = 0
) -> tuple[Rows[Row], tuple[Any, int] | None]:
    """Return the rows of one page out of `size + 1`, and the key of its last row when there are more."""
    page = Rows(rows[:size])
    page.total = total
    return page, key_of(rows[size - 1]) if len(rows) > size else None
