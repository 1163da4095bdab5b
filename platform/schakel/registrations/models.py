"""Tables of registrations, their places, their waiting list entries, and submitted forms."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship, validates

from schakel import crypto, db, names
from schakel.events.models import Event, Profession
from schakel.history import Touched


class Registration(Touched, db.Base):
    """One person at one event, with its own contact fields (design 2, law 6).

    `uid` is random and stored: calendar entries use it. `sequence` is the one last sent to the person's calendar;
    `sent_sequence` is the event's sequence of which the person was last notified.
    """

    __tablename__ = "registration"
    __table_args__ = (
        sa.Index(
            "uq_registration_live",
            "event_id",
            "folded_email",
            "folded_name",
            unique=True,
            sqlite_where=sa.text("state IN ('registered', 'waiting', 'offered')"),
            postgresql_where=sa.text("state IN ('registered', 'waiting', 'offered')"),
        ),
        sa.Index("ix_registration_list", "event_id", "sort_name", "id"),
        sa.Index("ix_registration_state", "event_id", "state", "sort_name", "id"),
        sa.Index("ix_registration_sent", "event_id", "sent_sequence"),
        sa.Index("ix_registration_changed", "event_id", "changed_at"),
    )
    id: Mapped[int] = db.key()
    event_id: Mapped[int] = db.column("S1", sa.ForeignKey("event.id"))
    state: Mapped[str] = db.column("S2", sa.String(12))
    name: Mapped[str] = db.column("S2", sa.String(200))
    sort_name: Mapped[str] = db.key_of("S2", "name", names.sort_name, 200)
    folded_name: Mapped[str] = db.column("S2", sa.String(200))
    email: Mapped[str] = db.column("S2", sa.String(320))
    folded_email: Mapped[str] = db.column("S2", sa.String(320), index=True)
    profession_code: Mapped[str | None] = db.column("S2", sa.ForeignKey("profession.code"))
    organisation: Mapped[str] = db.column("S2", sa.String(200), default="")
    wishes: Mapped[str] = db.column("S3", sa.String(500), default="")
    persons: Mapped[int] = db.column("S2", sa.Integer, default=1)
    on_list: Mapped[bool] = db.column("S2", sa.Boolean, default=False)
    consent: Mapped[str] = db.column("S2", sa.String(20))
    uid: Mapped[str] = db.column("S1", sa.String(32), unique=True)
    sequence: Mapped[int] = db.column("S1", sa.Integer, default=0)
    sent_sequence: Mapped[int] = db.column("S1", sa.Integer, default=0)
    # What was last sent to calendars: a hash of title, place and days, and the days themselves.
    calendar_snapshot: Mapped[dict[str, Any]] = db.column("S1", sa.JSON, default=dict)
    created_at: Mapped[datetime] = db.column("S2", db.UtcDateTime)
    changed_at: Mapped[datetime] = db.column("S2", db.UtcDateTime)

    event: Mapped[Event] = relationship()
    profession: Mapped[Profession | None] = relationship()
    claims: Mapped[list["SeatClaim"]] = relationship(cascade="all, delete-orphan", order_by="SeatClaim.pool_id")
    waits: Mapped[list["Wait"]] = relationship(cascade="all, delete-orphan", order_by="Wait.pool_id")

    @validates("name")
    def _sort(self, _column: str, name: str) -> str:
        self.sort_name = names.sort_name(name)[:200]
        return name


class SeatClaim(db.Base):
    """A place in a pool; releasing it deletes this row, so it can happen only once."""

    __tablename__ = "seat_claim"
    __table_args__ = (sa.UniqueConstraint("registration_id", "pool_id"),)
    id: Mapped[int] = db.key()
    registration_id: Mapped[int] = db.column("S2", sa.ForeignKey("registration.id"))
    pool_id: Mapped[int] = db.column("S1", sa.ForeignKey("capacity_pool.id"), index=True)
    seats: Mapped[int] = db.column("S2", sa.Integer, default=1)


class Wait(db.Base):
    """A place in the waiting list of a pool; the id is the rank. With `offer_until` a place is held for this person."""

    __tablename__ = "wait"
    __table_args__ = (sa.UniqueConstraint("registration_id", "pool_id"), sa.Index("ix_wait_line", "pool_id", "id"))
    id: Mapped[int] = db.key()
    registration_id: Mapped[int] = db.column("S2", sa.ForeignKey("registration.id"))
    pool_id: Mapped[int] = db.column("S1", sa.ForeignKey("capacity_pool.id"))
    seats: Mapped[int] = db.column("S2", sa.Integer, default=1)
    offer_until: Mapped[datetime | None] = db.column("S2", db.UtcDateTime, index=True)


class Submission(db.Base):
    """The outcome of a submitted form, by nonce: the same form sent twice has one effect and displays one page."""

    __tablename__ = "submission"
    nonce: Mapped[str] = db.column("S1", sa.String(32), primary_key=True)
    event_id: Mapped[int] = db.column("S1", sa.ForeignKey("event.id"), index=True)
    at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
    outcome: Mapped[dict[str, Any]] = db.column("S1", sa.JSON)


def new_uid() -> str:
    """Return a new prefix for the uids of a person's calendar entries."""
    return crypto.new_public_id() + crypto.new_public_id()
