"""Tables of agreements, the events at which they are discussed, and the action points they lead to."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import crypto, db


class Agreement(db.Base):
    """An agreement between primary and secondary care. It has no workflow yet."""

    __tablename__ = "agreement"
    id: Mapped[int] = db.key()
    public_id: Mapped[str] = db.column("S0", sa.String(12), unique=True, default=crypto.new_public_id)
    organisation_id: Mapped[int] = db.column("S0", sa.ForeignKey("organisation.id"), index=True)
    text: Mapped[str] = db.column("S0", sa.String(500))
    since: Mapped[str] = db.column("S0", sa.String(20), default="")
    confirmed_on: Mapped[date | None] = db.column("S0", sa.Date)
    confirmed_year: Mapped[str] = db.column("S0", sa.String(4), default="")

    @classmethod
    def of_event(cls, event_id: int) -> sa.Select["Agreement"]:
        """Select the agreements that are discussed at an event."""
        return (
            sa.select(cls)
            .join(AgreementEvent, AgreementEvent.agreement_id == cls.id)
            .where(AgreementEvent.event_id == event_id)
            .order_by(AgreementEvent.position)
        )


class AgreementEvent(db.Base):
    """An agreement that is discussed at an event."""

    __tablename__ = "agreement_event"
    agreement_id: Mapped[int] = db.column("S0", sa.ForeignKey("agreement.id"), primary_key=True)
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), primary_key=True, index=True)
    position: Mapped[int] = db.column("S0", sa.Integer, default=0)


class AgreementAction(db.Base):
    """An action point made from an agreement."""

    __tablename__ = "agreement_action"
    agreement_id: Mapped[int] = db.column("S1", sa.ForeignKey("agreement.id"), primary_key=True)
    action_id: Mapped[int] = db.column("S1", sa.ForeignKey("action.id"), primary_key=True, index=True)
