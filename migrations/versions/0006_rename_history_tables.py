"""Rename the history tables, and count the moves of a measure's date.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (("action_moment", "action_history", "action_id"), ("measure_moment", "measure_history", "measure_id"))

# Entries were written as 'Van <date> naar <date>'; the first date of a measure without one is no move.
COUNT_MOVES = """
UPDATE measure SET due_moves = (
    SELECT count(*) FROM measure_history
    WHERE measure_id = measure.id AND verb = 'deadline' AND text NOT LIKE 'Van geen datum%'
)
"""


def _rename(old: str, new: str, subject: str) -> None:
    op.drop_index(f"ix_{old}_{subject}", table_name=old)
    op.rename_table(old, new)
    op.create_index(f"ix_{new}_{subject}", new, [subject])


def upgrade() -> None:
    for old, new, subject in TABLES:
        _rename(old, new, subject)
        with op.batch_alter_table(new) as batch:
            batch.alter_column("kind", new_column_name="verb", existing_type=sa.String(24), type_=sa.String(24))
    with op.batch_alter_table("measure") as batch:
        batch.add_column(sa.Column("due_moves", sa.Integer(), nullable=False, server_default="0"))
    op.execute(COUNT_MOVES)
    with op.batch_alter_table("measure") as batch:
        batch.alter_column("due_moves", server_default=None, existing_type=sa.Integer())


def downgrade() -> None:
    with op.batch_alter_table("measure") as batch:
        batch.drop_column("due_moves")
    for old, new, subject in TABLES:
        with op.batch_alter_table(new) as batch:
            batch.alter_column("verb", new_column_name="kind", existing_type=sa.String(24))
        _rename(new, old, subject)
