"""Add the effect of measures and who carried them out, `on_behalf_of` in histories, and nonces of forms."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nonce", sa.String(length=22), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_action_nonce"), ["nonce"])
    with op.batch_alter_table("action_moment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf_of", sa.String(length=200), nullable=True))
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_inside", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("owner_decides", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("implemented_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("effect", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("nonce", sa.String(length=22), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_measure_nonce"), ["nonce"])
        batch_op.create_foreign_key(batch_op.f("fk_measure_implemented_by"), "person", ["implemented_by"], ["id"])
    with op.batch_alter_table("measure_moment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf_of", sa.String(length=200), nullable=True))
    op.create_index("ix_registration_changed", "registration", ["event_id", "changed_at"])
    op.create_index("ix_measure_open", "measure", ["is_closed", "due_sort", "id"])
    op.create_index("ix_measure_touched", "measure", ["organisation_id", "changed_at"])
    _remember()
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.alter_column("owner_inside", server_default=None)
        batch_op.alter_column("owner_decides", server_default=None)
        batch_op.alter_column("effect", server_default=None)


def _remember():
    """Fill effect and implementer of each measure from the newest entries of its history."""
    for effect, kind in (
        ("effective", "effective"),
        ("not_effective", "not_effective"),
        ("not_measurable", "effect_not_measurable"),
    ):
        op.execute(
            sa.text(
                "UPDATE measure SET effect = :effect WHERE :kind = (SELECT m.kind FROM measure_moment m WHERE m.measure_id"
                " = measure.id AND m.kind IN ('effective', 'not_effective', 'effect_not_measurable', 'decide_anew')"
                " ORDER BY m.id DESC LIMIT 1)"
            ).bindparams(effect=effect, kind=kind)
        )
    op.execute(
        "UPDATE measure SET implemented_by = (SELECT m.person_id FROM measure_moment m WHERE m.measure_id = measure.id"
        " AND m.kind = 'implement' ORDER BY m.id DESC LIMIT 1)"
    )


def downgrade():
    op.drop_index("ix_measure_touched", table_name="measure")
    op.drop_index("ix_measure_open", table_name="measure")
    op.drop_index("ix_registration_changed", table_name="registration")
    with op.batch_alter_table("measure_moment", schema=None) as batch_op:
        batch_op.drop_column("on_behalf_of")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_measure_implemented_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_measure_nonce"), type_="unique")
        batch_op.drop_column("nonce")
        batch_op.drop_column("effect")
        batch_op.drop_column("implemented_by")
        batch_op.drop_column("owner_decides")
        batch_op.drop_column("owner_inside")
    with op.batch_alter_table("action_moment", schema=None) as batch_op:
        batch_op.drop_column("on_behalf_of")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_action_nonce"), type_="unique")
        batch_op.drop_column("nonce")
