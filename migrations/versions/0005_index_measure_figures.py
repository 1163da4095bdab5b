"""Add indexes for the figures of measures: one for counting, others for ranges of dates."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index for counting, add those by date."""
    op.drop_index("ix_measure_counts", table_name="measure")
    op.create_index("ix_measure_counts", "measure", ["organisation_id", "state", "effect", "cause_kind"])
    op.create_index("ix_measure_due", "measure", ["organisation_id", "state", "due_sort"])
    op.create_index("ix_measure_silent", "measure", ["organisation_id", "state", "next_report_on", "due_sort"])


def downgrade() -> None:
    """Restore the old index for counting, drop the others."""
    op.drop_index("ix_measure_silent", table_name="measure")
    op.drop_index("ix_measure_due", table_name="measure")
    op.drop_index("ix_measure_counts", table_name="measure")
    op.create_index("ix_measure_counts", "measure", ["organisation_id", "state", "cause_kind"])
