"""Rename agenda_slot to agenda_item, and registration.told to calendar_snapshot.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _rename(table: str, to_table: str, column: str, to_column: str) -> None:
    op.drop_index(f"ix_{table}_event_id", table_name=table)
    op.rename_table(table, to_table)
    op.create_index(f"ix_{to_table}_event_id", to_table, ["event_id"])
    op.drop_index(f"ix_event_session_{column}", table_name="event_session")
    op.execute(f"ALTER TABLE event_session RENAME COLUMN {column} TO {to_column}")
    op.create_index(f"ix_event_session_{to_column}", "event_session", [to_column])


def upgrade() -> None:
    _rename("agenda_slot", "agenda_item", "slot_id", "item_id")
    op.execute("ALTER TABLE registration RENAME COLUMN told TO calendar_snapshot")


def downgrade() -> None:
    op.execute("ALTER TABLE registration RENAME COLUMN calendar_snapshot TO told")
    _rename("agenda_item", "agenda_slot", "item_id", "slot_id")
