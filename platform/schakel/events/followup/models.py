"""The link table of events, their sessions and action points (owned by this upper feature)."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class EventAction(db.Base):
    """An action point made from an event, or from one of its sessions."""

    __tablename__ = "event_action"
    event_id: Mapped[int] = db.column("S1", sa.ForeignKey("event.id"), primary_key=True)
    action_id: Mapped[int] = db.column("S1", sa.ForeignKey("action.id"), primary_key=True, index=True)
    session_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("event_session.id"), index=True)
