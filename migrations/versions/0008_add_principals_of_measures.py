"""Add for whom a deputy reported a measure carried out, and wrote its working text.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = ("implemented_for", "working_for")


def upgrade() -> None:
    with op.batch_alter_table("measure") as batch:
        for name in COLUMNS:
            batch.add_column(sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
            batch.create_foreign_key(batch.f(f"fk_measure_{name}"), "person", [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("measure") as batch:
        for name in COLUMNS:
            batch.drop_constraint(batch.f(f"fk_measure_{name}"), type_="foreignkey")
            batch.drop_column(name)
