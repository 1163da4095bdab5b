"""Add why an event ended, versions of agenda and capacity, the From of a mail, and deputies per organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Table, column, type, and the value for existing rows. The default is dropped again: the application sets the value.
ADDED = (
    ("event", "reason", sa.String(length=500), ""),
    ("event", "room_version", sa.Integer(), "1"),
    ("agenda_slot", "version", sa.Integer(), "1"),
    ("mail", "from_address", sa.String(length=320), ""),
)


def upgrade():
    for table, column, kind, default in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, kind, nullable=False, server_default=default))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)

    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_deputy_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_deputy_organisation_id"), "organisation", ["organisation_id"], ["id"]
        )


def downgrade():
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_deputy_organisation_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_deputy_organisation_id"))
        batch_op.drop_column("organisation_id")

    for table, column, _kind, _default in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
