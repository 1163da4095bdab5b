"""Add the keys by which people are sorted and titles are searched, and compute those of registrations again.

Revision ID: 0011
Revises: 0010
"""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from schakel import names

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BATCH = 1000
ADDED = (
    ("person", "name", "sort_name", 200, names.sort_name),
    ("action", "title", "search_title", 400, names.search_key),
    ("measure", "title", "search_title", 400, names.search_key),
)


def upgrade() -> None:
    for table, source, key, size, make in ADDED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(key, _key(size), nullable=True))
        _compute(table, source, key, size, make)
        with op.batch_alter_table(table) as batch:
            batch.alter_column(key, existing_type=_key(size), nullable=False)
    _sort_by_code_points('"C"')
    _compute("registration", "name", "sort_name", 200, names.sort_name)


def downgrade() -> None:
    _compute("registration", "name", "sort_name", 200, _without_accents)
    _sort_by_code_points('"default"')
    for table, _, key, _, _ in reversed(ADDED):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(key)


def _key(size: int) -> sa.types.TypeEngine[str]:
    return sa.String(size).with_variant(sa.String(size, collation="C"), "postgresql")


def _sort_by_code_points(collation: str) -> None:
    """SQLite always does; PostgreSQL sorts by the language of the database unless a column says otherwise."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE registration ALTER COLUMN sort_name TYPE varchar(200) COLLATE {collation}")


def _compute(table: str, source: str, key: str, size: int, make: Callable[[str], str]) -> None:
    """Compute a key of every row from its source, a thousand rows at a time."""
    rows = sa.table(table, sa.column("id"), sa.column(source), sa.column(key))
    connection, last = op.get_bind(), 0
    query = sa.select(rows.c.id, rows.c[source]).order_by(rows.c.id).limit(BATCH)
    update = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values({key: sa.bindparam("made")})
    while found := connection.execute(query.where(rows.c.id > last)).all():
        connection.execute(update, [{"row": number, "made": make(text)[:size]} for number, text in found])
        last = found[-1][0]


def _without_accents(name: str) -> str:
    """Return the key of a registration before this migration."""
    spread = unicodedata.normalize("NFKD", names.fold(name))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
