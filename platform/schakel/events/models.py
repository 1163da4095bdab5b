"""Tables of events with their days, agenda, parallel sessions, organisers and capacity."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship, selectinload

from schakel import db, errors
from schakel.events import rules
from schakel.events.rules import SignUp, State
from schakel.history import Touched, Versioned
from schakel.identity.models import Organisation, Person, Profession
from schakel.programmes.models import Theme


class Event(Touched, db.Base):
    """An event of any kind. `sequence` rises when calendars must be updated (RFC 5545).

    `version` guards edits of its data and is part of its stamp; `room_version` guards edits of the profession pools.
    """

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_list", "state", "starts_at", "id"),
        sa.Index("ix_event_list_kind", "kind", "state", "starts_at", "id"),
    )
    id: Mapped[int] = db.key()
    slug: Mapped[str] = db.column("S0", sa.String(120), unique=True)
    kind: Mapped[str] = db.column("S0", sa.String(20))
    state: Mapped[str] = db.column("S0", sa.String(20), default=State.DRAFT)
    title: Mapped[str] = db.column("S0", sa.String(200))
    over: Mapped[str] = db.column("S0", sa.String(200), default="")
    lead: Mapped[str] = db.column("S0", sa.Text, default="")
    about: Mapped[str] = db.column("S0", sa.Text, default="")
    chosen: Mapped[str] = db.column("S1", sa.Text, default="")
    organisation_id: Mapped[int] = db.column("S0", sa.ForeignKey("organisation.id"), index=True)
    contact_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("person.id"))
    mailbox: Mapped[str] = db.column("S0", sa.String(320), default="")
    place_name: Mapped[str] = db.column("S0", sa.String(200), default="")
    place_detail: Mapped[str] = db.column("S0", sa.String(300), default="")
    accreditation: Mapped[str] = db.column("S0", sa.String(200), default="")
    starts_at: Mapped[datetime] = db.column("S0", db.UtcDateTime)
    ends_at: Mapped[datetime] = db.column("S0", db.UtcDateTime)
    form: Mapped[str] = db.column("S0", sa.String(20), default=SignUp.PROFESSIONAL)
    closes_at: Mapped[datetime | None] = db.column("S0", db.UtcDateTime)
    reason: Mapped[str] = db.column("S0", sa.String(500), default="")  # why it ended: called off, or closed
    sequence: Mapped[int] = db.column("S1", sa.Integer, default=0)
    move_words: Mapped[str] = db.column("S1", sa.Text, default="")  # in the mail about the last move
    room_version: Mapped[int] = db.column("S1", sa.Integer, default=1)
    changed_at: Mapped[datetime] = db.column("S1", db.UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    contact: Mapped[Person | None] = relationship()
    organisers: Mapped[list[Organisation]] = relationship(
        secondary="event_organiser", order_by="EventOrganiser.position", viewonly=True
    )
    themes: Mapped[list[Theme]] = relationship(secondary="event_theme", order_by=Theme.position)
    days: Mapped[list["EventDay"]] = relationship(order_by="EventDay.starts_at", cascade="all, delete-orphan")
    items: Mapped[list["AgendaItem"]] = relationship(
        order_by="AgendaItem.starts_at, AgendaItem.id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["EventStep"]] = relationship(order_by="EventStep.position", cascade="all, delete-orphan")
    pools: Mapped[list["CapacityPool"]] = relationship(order_by="CapacityPool.id", cascade="all, delete-orphan")

    def is_open(self, now: datetime) -> bool:
        """Whether people can sign up."""
        return rules.is_open(self.state, self.form, self.closes_at, self.starts_at, now)

    def is_changeable(self, now: datetime) -> bool:
        """Whether people can still change their registration: until it starts, also after signing up closed."""
        return rules.is_open(self.state, self.form, None, self.starts_at, now)

    @property
    def is_for_patients(self) -> bool:
        """Whether patients sign up, with a form that does not ask for a profession."""
        return self.form == SignUp.PATIENT_DAY

    @property
    def is_draft(self) -> bool:
        """Whether only its organisation sees it."""
        return self.state == State.DRAFT

    @property
    def is_published(self) -> bool:
        """Whether it is public and not held yet."""
        return self.state == State.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.state == State.CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether it was held."""
        return self.state in (State.HELD, State.CLOSED)

    @property
    def is_editable(self) -> bool:
        """Whether its data, agenda and capacity may still change."""
        return self.state in rules.EDITABLE

    @property
    def profession_pools(self) -> list["CapacityPool"]:
        """The pools of the event itself: per profession, or one for everybody."""
        return [pool for pool in self.pools if pool.session_id is None]

    @property
    def places_per_profession(self) -> int:
        """How many of its pools are for one profession."""
        return sum(pool.profession_code is not None for pool in self.pools)

    def require_usable_form(self, field: str) -> None:
        """Refuse for a published event a form that does not ask for the profession its places are for."""
        if self.is_published and rules.asks_no_profession(self.form, self.places_per_profession):
            raise errors.Refused(
                "Het formulier voor patiënten vraagt niet naar een beroep. Geef plaatsen voor iedereen samen.",
                field=field,
            )

    @property
    def session_pools(self) -> list["CapacityPool"]:
        """The pools of parallel sessions, in the order of the agenda."""
        pools = [pool for pool in self.pools if pool.session is not None]
        return sorted(pools, key=CapacityPool.agenda_order)

    @classmethod
    def under_lock(cls, event_id: int) -> sa.Select["Event"]:
        """Select one event in its current state, with days, agenda and pools; other writers wait (PostgreSQL row lock).

        Inserting rows that refer to it, such as registrations, is not blocked (FOR NO KEY UPDATE).
        """
        return (
            sa.select(cls)
            .where(cls.id == event_id)
            .options(
                selectinload(cls.days),
                selectinload(cls.items).selectinload(AgendaItem.sessions),
                selectinload(cls.pools),
            )
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )


class EventOrganiser(db.Base):
    """An organisation that organises the event."""

    __tablename__ = "event_organiser"
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), primary_key=True)
    organisation_id: Mapped[int] = db.column("S0", sa.ForeignKey("organisation.id"), primary_key=True, index=True)
    position: Mapped[int] = db.column("S0", sa.Integer, default=0)


class EventTheme(db.Base):
    """A theme of an event."""

    __tablename__ = "event_theme"
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), primary_key=True)
    theme_id: Mapped[int] = db.column("S0", sa.ForeignKey("theme.id"), primary_key=True, index=True)


class EventDay(db.Base):
    """A contact day: one calendar entry each."""

    __tablename__ = "event_day"
    id: Mapped[int] = db.key()
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), index=True)
    starts_at: Mapped[datetime] = db.column("S0", db.UtcDateTime)
    ends_at: Mapped[datetime] = db.column("S0", db.UtcDateTime)


class AgendaItem(Versioned, db.Base):
    """An agenda item: plenary, break, or a round of parallel sessions."""

    __tablename__ = "agenda_item"
    id: Mapped[int] = db.key()
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), index=True)
    kind: Mapped[str] = db.column("S0", sa.String(10))
    starts_at: Mapped[datetime] = db.column("S0", db.UtcDateTime)
    ends_at: Mapped[datetime] = db.column("S0", db.UtcDateTime)
    title: Mapped[str] = db.column("S0", sa.String(200))
    text: Mapped[str] = db.column("S0", sa.Text, default="")
    place: Mapped[str] = db.column("S0", sa.String(200), default="")

    sessions: Mapped[list["EventSession"]] = relationship(
        order_by="EventSession.letter, EventSession.id", cascade="all, delete-orphan"
    )


class EventSession(db.Base):
    """One of the parallel sessions of a round."""

    __tablename__ = "event_session"
    id: Mapped[int] = db.key()
    item_id: Mapped[int] = db.column("S0", sa.ForeignKey("agenda_item.id"), index=True)
    letter: Mapped[str] = db.column("S0", sa.String(4))
    title: Mapped[str] = db.column("S0", sa.String(200))
    text: Mapped[str] = db.column("S0", sa.Text, default="")
    place: Mapped[str] = db.column("S0", sa.String(200), default="")

    item: Mapped[AgendaItem] = relationship(viewonly=True)

    @property
    def room(self) -> str:
        """Its room, or that of its round."""
        return self.place or self.item.place

    @property
    def facts_text(self) -> str:
        """Its hours and room, in words."""
        return rules.session_facts(self.item.starts_at, self.item.ends_at, self.room)


class EventStep(db.Base):
    """A step to put a case forward (MDO)."""

    __tablename__ = "event_step"
    id: Mapped[int] = db.key()
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), index=True)
    position: Mapped[int] = db.column("S0", sa.Integer)
    title: Mapped[str] = db.column("S0", sa.String(200))
    text: Mapped[str] = db.column("S0", sa.Text, default="")


def _scope_of(context: Any) -> str:
    values = context.get_current_parameters()
    session = values.get("session_id")
    return f"session:{session}" if session else f"profession:{values.get('profession_code') or ''}"


class CapacityPool(db.Base):
    """Capacity (*plaatsen*) of an event, profession or session: a counter with a guarded UPDATE (design 2, law 7).

    `capacity` NULL is unlimited. `used` may exceed a capacity that was lowered later; it never goes below zero.
    """

    __tablename__ = "capacity_pool"
    __table_args__ = (
        sa.CheckConstraint("used >= 0", name="used"),
        sa.CheckConstraint("waiting >= 0", name="waiting"),
        sa.UniqueConstraint("event_id", "scope"),
    )
    id: Mapped[int] = db.key()
    event_id: Mapped[int] = db.column("S0", sa.ForeignKey("event.id"), index=True)
    profession_code: Mapped[str | None] = db.column("S0", sa.ForeignKey("profession.code"))
    session_id: Mapped[int | None] = db.column("S0", sa.ForeignKey("event_session.id"), index=True)
    # A unique key treats two NULLs as different: this text says what the pool is for and is never empty.
    scope: Mapped[str] = db.column("S0", sa.String(60), default=_scope_of)
    name: Mapped[str] = db.column("S0", sa.String(120))
    capacity: Mapped[int | None] = db.column("S0", sa.Integer)
    used: Mapped[int] = db.column("S0", sa.Integer, default=0)
    waiting: Mapped[int] = db.column("S0", sa.Integer, default=0)

    profession: Mapped[Profession | None] = relationship()
    session: Mapped[EventSession | None] = relationship(viewonly=True)

    def agenda_order(self) -> tuple[Any, ...]:
        """Return the sort key of this pool's session in the agenda."""
        assert self.session is not None
        return (self.session.item.starts_at, self.session.item_id, self.session.letter, self.session.id)

    @property
    def is_full(self) -> bool:
        """Whether no place is left."""
        return self.capacity is not None and self.used >= self.capacity
