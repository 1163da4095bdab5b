"""The tie between an event, one of its sessions, and an action point (the upper feature owns it)."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class EventAction(db.Base):
    """An action point made out of an event, or one of its sessions."""

    __tablename__ = "event_action"
    event_id: Mapped[int] = db.column("S1", sa.ForeignKey("event.id"), primary_key=True)
    action_id: Mapped[int] = db.column("S1", sa.ForeignKey("action.id"), primary_key=True, index=True)
    session_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("event_session.id"), index=True)
