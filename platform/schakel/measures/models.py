"""Tables of measures and commitments. Of a cause only its kind and year: nothing discloses a case (design 3)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship, validates

from schakel import crypto, db, names
from schakel.actions.models import Action
from schakel.history import Deadline, HistoryEntry, Touched
from schakel.identity.models import Organisation, Person
from schakel.measures.rules import Side, State, Tie
from schakel.programmes.models import Theme


class Measure(Touched, Deadline, db.Base):
    """A *maatregel* or *toezegging*. `official` is for the inner ring, `working` for everybody once released."""

    __tablename__ = "measure"
    __table_args__ = (
        sa.Index("ix_measure_list", "organisation_id", "is_closed", "due_sort", "id"),
        sa.Index("ix_measure_counts", "organisation_id", "state", "effect", "cause_kind"),
        sa.Index("ix_measure_due", "organisation_id", "state", "due_sort"),
        sa.Index("ix_measure_silent", "organisation_id", "state", "next_report_on", "due_sort"),
        sa.Index("ix_measure_department", "department_id", "is_closed", "due_sort", "id"),
        sa.Index("ix_measure_open", "is_closed", "due_sort", "id"),
        sa.Index("ix_measure_touched", "organisation_id", "changed_at"),
        sa.UniqueConstraint("organisation_id", "number"),
    )
    id: Mapped[int] = db.key()
    changed_at: Mapped[datetime] = db.column("S1", db.UtcDateTime, index=True)
    public_id: Mapped[str] = db.column("S1", sa.String(12), unique=True, default=crypto.new_public_id)
    number: Mapped[str] = db.column("S1", sa.String(20))
    kind: Mapped[str] = db.column("S1", sa.String(12))
    organisation_id: Mapped[int] = db.column("S1", sa.ForeignKey("organisation.id"))
    department_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("organisation.id"))
    cause_kind: Mapped[str] = db.column("S1", sa.String(24))
    cause_year: Mapped[int] = db.column("S1", sa.Integer)
    title: Mapped[str] = db.column("S1", sa.String(200))
    search_title: Mapped[str] = db.key_of("S1", "title", names.search_key, 400)
    official: Mapped[str] = db.column("S3", sa.Text)
    working: Mapped[str] = db.column("S1", sa.Text, default="")
    working_by: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"))
    working_for: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"))  # when a deputy wrote it
    released_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    owner_id: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"), index=True)
    # An owner of another organisation sees the working text only.
    owner_inside: Mapped[bool] = db.column("S1", sa.Boolean, default=True)
    # The owner has the deciding role: then the other of medical director and board secretary judges.
    owner_decides: Mapped[bool] = db.column("S1", sa.Boolean, default=False)
    implemented_by: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"))
    implemented_for: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"))  # when a deputy reported it
    state: Mapped[str] = db.column("S1", sa.String(24), default=State.DECIDED)
    is_closed: Mapped[bool] = db.column("S1", sa.Boolean, default=False)
    # The effect that was found; it stays stored in later states, because carried out does not mean effective.
    effect: Mapped[str] = db.column("S1", sa.String(16), default="")
    strength: Mapped[str] = db.column("S1", sa.String(10), default="")
    decided_on: Mapped[date] = db.column("S1", sa.Date)
    next_report_on: Mapped[date | None] = db.column("S1", sa.Date)
    informed_taken_on: Mapped[date | None] = db.column("S1", sa.Date)
    informed_realised_on: Mapped[date | None] = db.column("S1", sa.Date)
    nonce: Mapped[str | None] = db.column("S1", sa.String(22), unique=True)
    created_at: Mapped[datetime] = db.column("S1", db.UtcDateTime)

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    department: Mapped[Organisation | None] = relationship(foreign_keys=[department_id])
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    themes: Mapped[list[Theme]] = relationship(secondary="measure_theme", order_by=Theme.position)
    history: Mapped[list["MeasureHistory"]] = relationship(
        order_by="MeasureHistory.at.desc(), MeasureHistory.id.desc()"
    )
    links: Mapped[list["MeasureAction"]] = relationship(order_by="MeasureAction.action_id")

    @validates("title")
    def _search(self, _column: str, title: str) -> str:
        self.search_title = names.search_key(title)[:400]
        return title


class MeasureTheme(db.Base):
    """A theme of a measure."""

    __tablename__ = "measure_theme"
    measure_id: Mapped[int] = db.column("S1", sa.ForeignKey("measure.id"), primary_key=True)
    theme_id: Mapped[int] = db.column("S0", sa.ForeignKey("theme.id"), primary_key=True, index=True)


class MeasureAction(db.Base):
    """An action point under a measure: `made` for it, or `accepted` after one side proposed it and the other agreed.

    `proposed` and `declined` ones do not count.
    """

    __tablename__ = "measure_action"
    measure_id: Mapped[int] = db.column("S1", sa.ForeignKey("measure.id"), primary_key=True)
    action_id: Mapped[int] = db.column("S1", sa.ForeignKey("action.id"), primary_key=True, index=True)
    state: Mapped[str] = db.column("S1", sa.String(10))  # rules.Tie
    proposed_by: Mapped[str] = db.column("S1", sa.String(10), default="")  # rules.Side
    at: Mapped[datetime] = db.column("S1", db.UtcDateTime)

    action: Mapped[Action] = relationship()
    measure: Mapped[Measure] = relationship(overlaps="links")

    @property
    def is_open(self) -> bool:
        """Whether it was proposed and the other side has not responded yet."""
        return self.state == Tie.PROPOSED

    @property
    def awaits_action(self) -> bool:
        """Whether the side of the action point has to respond."""
        return self.is_open and self.proposed_by == Side.MEASURE

    @property
    def awaits_measure(self) -> bool:
        """Whether the side of the measure has to respond."""
        return self.is_open and self.proposed_by == Side.ACTION


class MeasureHistory(HistoryEntry, db.Base):
    """One entry in the history of a measure: its text is the reason, for the inner ring only."""

    __tablename__ = "measure_history"
    measure_id: Mapped[int] = db.column("S1", sa.ForeignKey("measure.id"), index=True)
    text: Mapped[str] = db.column("S3", sa.Text, default="")
