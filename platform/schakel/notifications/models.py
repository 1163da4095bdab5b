"""The outbox table. No foreign keys: it holds addresses and final texts, and an opaque id of their subject."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import crypto, db
from schakel.notifications.rules import MailState


class Mail(db.Base):
    """One mail to one person: `content` holds final texts, `calendar` entries; links are filled in when sending."""

    __tablename__ = "mail"
    __table_args__ = (
        sa.Index("ix_mail_due", "state", "next_at", "id"),
        sa.Index("ix_mail_about", "about_kind", "about_id"),
    )
    id: Mapped[int] = db.key()
    public_id: Mapped[str] = db.column("S1", sa.String(12), unique=True, default=crypto.new_public_id)
    kind: Mapped[str] = db.column("S1", sa.String(40))
    about_kind: Mapped[str] = db.column("S1", sa.String(40))
    about_id: Mapped[str] = db.column("S1", sa.String(40))
    to_name: Mapped[str] = db.column("S2", sa.String(200))
    to_address: Mapped[str] = db.column("S2", sa.String(320))
    from_name: Mapped[str] = db.column("S1", sa.String(200))
    from_address: Mapped[str] = db.column("S1", sa.String(320), default="")
    reply_to: Mapped[str] = db.column("S1", sa.String(320), default="")
    subject: Mapped[str] = db.column("S1", sa.String(300))
    content: Mapped[dict[str, Any]] = db.column("S2", sa.JSON)
    calendar: Mapped[dict[str, Any] | None] = db.column("S2", sa.JSON)
    state: Mapped[str] = db.column("S1", sa.String(10), default=MailState.WAITING)
    queued_at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
    next_at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
    sent_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    tries: Mapped[int] = db.column("S1", sa.Integer, default=0)
    lease_until: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    holder: Mapped[str | None] = db.column("S1", sa.String(80))
    fault: Mapped[str | None] = db.column("S1", sa.String(80))
