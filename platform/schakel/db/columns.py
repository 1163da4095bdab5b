"""The base class of all tables, and columns with their privacy class."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

CLASSES = ("S0", "S1", "S2", "S3", "S4")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base class of every table."""

    metadata = sa.MetaData(naming_convention=NAMES)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC; stored without zone, the same on both databases."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def column(privacy: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """A column with its class: S0 public, S1 internal, S2 personal, S3 sensitive, S4 dossier (design 2, rule 11)."""
    assert privacy in CLASSES
    return mapped_column(*args, info={"class": privacy}, **options)


def key_of(privacy: str, source: str, make: Callable[[str], str], size: int, **options: Any) -> MappedColumn[Any]:
    """A text column derived from another of its row when the row is inserted; sorted by code points on both databases.

    A model whose source changes sets it again (`sqlalchemy.orm.validates`).
    """
    kind = sa.String(size).with_variant(sa.String(size, collation="C"), "postgresql")

    def derived(context: Any) -> str:
        return make(context.get_current_parameters()[source])[:size]

    return column(privacy, kind, default=derived, **options)


def has_words(column: Any, words: Iterable[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a key contains each of these words, in any order; without words no row fits."""
    found = [column.contains(word, autoescape=True) for word in words]
    return sa.and_(*found) if found else sa.false()


def key() -> MappedColumn[Any]:
    """Return the integer primary key of a table."""
    return column("S0", BigId, primary_key=True)


def table_of(model: type[Base]) -> sa.Table:
    """Return the table of a model, for statements that run without the ORM."""
    return cast("sa.Table", model.__table__)
