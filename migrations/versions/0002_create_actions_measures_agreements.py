"""Create the tables of action points, measures, agreements and files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_file_public_id")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_year", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_public_id")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("inner", sa.Boolean(), nullable=False),
        sa.Column("requester_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("due_moves", sa.Integer(), nullable=False),
        sa.Column("due_sort", sa.Date(), nullable=False),
        sa.Column("next_report_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["checker_id"], ["person.id"], name=op.f("fk_action_checker_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_action_organisation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_owner_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_action_requester_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_action_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("public_id", name=op.f("uq_action_public_id")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_checker_id"), ["checker_id"], unique=False)
        batch_op.create_index("ix_action_due", ["organisation_id", "due_sort", "id"], unique=False)
        batch_op.create_index("ix_action_list", ["organisation_id", "state", "due_on", "id"], unique=False)
        batch_op.create_index("ix_action_owner", ["owner_id", "state", "due_on", "id"], unique=False)
        batch_op.create_index("ix_action_requester", ["requester_id", "state", "due_on", "id"], unique=False)
        batch_op.create_index("ix_action_theme", ["theme_id", "due_sort", "id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cause_kind", sa.String(length=24), nullable=False),
        sa.Column("cause_year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("official", sa.Text(), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("working_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("strength", sa.String(length=10), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("due_sort", sa.Date(), nullable=False),
        sa.Column("next_report_on", sa.Date(), nullable=True),
        sa.Column("informed_taken_on", sa.Date(), nullable=True),
        sa.Column("informed_realised_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["organisation.id"], name=op.f("fk_measure_department_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_measure_organisation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_measure_owner_id")),
        sa.ForeignKeyConstraint(["working_by"], ["person.id"], name=op.f("fk_measure_working_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_measure_organisation_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_measure_public_id")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index("ix_measure_counts", ["organisation_id", "state", "cause_kind"], unique=False)
        batch_op.create_index("ix_measure_department", ["department_id", "is_closed", "due_sort", "id"], unique=False)
        batch_op.create_index("ix_measure_list", ["organisation_id", "is_closed", "due_sort", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "action_moment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_moment_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_action_moment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_moment")),
    )
    with op.batch_alter_table("action_moment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_moment_action_id"), ["action_id"], unique=False)

    op.create_table(
        "agreement_action",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_agreement_action_action_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_action_agreement_id")),
        sa.PrimaryKeyConstraint("agreement_id", "action_id", name=op.f("pk_agreement_action")),
    )
    with op.batch_alter_table("agreement_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_action_action_id"), ["action_id"], unique=False)

    op.create_table(
        "agreement_event",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_event_agreement_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_agreement_event_event_id")),
        sa.PrimaryKeyConstraint("agreement_id", "event_id", name=op.f("pk_agreement_event")),
    )
    with op.batch_alter_table("agreement_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_event_event_id"), ["event_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_evidence_action_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_evidence_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_action_id"), ["action_id"], unique=False)

    op.create_table(
        "measure_action",
        sa.Column("measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_measure_action_action_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_action_measure_id")),
        sa.PrimaryKeyConstraint("measure_id", "action_id", name=op.f("pk_measure_action")),
    )
    with op.batch_alter_table("measure_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_action_action_id"), ["action_id"], unique=False)

    op.create_table(
        "measure_moment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_moment_measure_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_measure_moment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_moment")),
    )
    with op.batch_alter_table("measure_moment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_moment_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "measure_theme",
        sa.Column("measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_theme_measure_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_measure_theme_theme_id")),
        sa.PrimaryKeyConstraint("measure_id", "theme_id", name=op.f("pk_measure_theme")),
    )
    with op.batch_alter_table("measure_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "event_action",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_event_action_action_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_action_event_id")),
        sa.ForeignKeyConstraint(["session_id"], ["event_session.id"], name=op.f("fk_event_action_session_id")),
        sa.PrimaryKeyConstraint("event_id", "action_id", name=op.f("pk_event_action")),
    )
    with op.batch_alter_table("event_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_action_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_action_session_id"), ["session_id"], unique=False)


def downgrade():
    with op.batch_alter_table("event_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_action_session_id"))
        batch_op.drop_index(batch_op.f("ix_event_action_action_id"))

    op.drop_table("event_action")
    with op.batch_alter_table("measure_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_theme_theme_id"))

    op.drop_table("measure_theme")
    with op.batch_alter_table("measure_moment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_moment_measure_id"))

    op.drop_table("measure_moment")
    with op.batch_alter_table("measure_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_action_action_id"))

    op.drop_table("measure_action")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_action_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("agreement_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_event_event_id"))

    op.drop_table("agreement_event")
    with op.batch_alter_table("agreement_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_action_action_id"))

    op.drop_table("agreement_action")
    with op.batch_alter_table("action_moment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_moment_action_id"))

    op.drop_table("action_moment")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_owner_id"))
        batch_op.drop_index("ix_measure_list")
        batch_op.drop_index("ix_measure_department")
        batch_op.drop_index("ix_measure_counts")
        batch_op.drop_index(batch_op.f("ix_measure_changed_at"))

    op.drop_table("measure")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index("ix_action_theme")
        batch_op.drop_index("ix_action_requester")
        batch_op.drop_index("ix_action_owner")
        batch_op.drop_index("ix_action_list")
        batch_op.drop_index("ix_action_due")
        batch_op.drop_index(batch_op.f("ix_action_checker_id"))
        batch_op.drop_index(batch_op.f("ix_action_changed_at"))

    op.drop_table("action")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_organisation_id"))

    op.drop_table("agreement")
    op.drop_table("file")
