"""Add the coordinator's own words in the mail about a move.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("event") as batch:
        batch.add_column(sa.Column("move_words", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("event") as batch:
        batch.alter_column("move_words", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("event") as batch:
        batch.drop_column("move_words")
