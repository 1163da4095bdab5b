"""Tables of action points, their history and their evidence."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship, validates

from schakel import crypto, db, names
from schakel.actions.rules import State, Tier
from schakel.files.models import File
from schakel.history import Deadline, HistoryEntry, Touched
from schakel.identity.models import Organisation, Person
from schakel.programmes.models import Theme


class Action(Touched, Deadline, db.Base):
    """An action point. A link table of an upper feature holds its cause; the owner needs no account."""

    __tablename__ = "action"
    __table_args__ = (
        sa.Index("ix_action_list", "organisation_id", "state", "due_on", "id"),
        sa.Index("ix_action_owner", "owner_id", "state", "due_on", "id"),
        sa.Index("ix_action_requester", "requester_id", "state", "due_on", "id"),
        sa.Index("ix_action_due", "organisation_id", "due_sort", "id"),
        sa.Index("ix_action_theme", "theme_id", "due_sort", "id"),
    )
    id: Mapped[int] = db.key()
    changed_at: Mapped[datetime] = db.column("S1", db.UtcDateTime, index=True)
    public_id: Mapped[str] = db.column("S1", sa.String(12), unique=True, default=crypto.new_public_id)
    organisation_id: Mapped[int] = db.column("S1", sa.ForeignKey("organisation.id"))
    theme_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("theme.id"))
    tier: Mapped[str] = db.column("S1", sa.String(12), default=Tier.ACTION)
    title: Mapped[str] = db.column("S1", sa.String(200))
    search_title: Mapped[str] = db.key_of("S1", "title", names.search_key, 400)
    text: Mapped[str] = db.column("S1", sa.Text, default="")
    state: Mapped[str] = db.column("S1", sa.String(16), default=State.PROPOSED)
    # Under a measure that is not released yet: for the inner ring only (design 3, two rings).
    inner: Mapped[bool] = db.column("S1", sa.Boolean, default=False)
    requester_id: Mapped[int] = db.column("S2", sa.ForeignKey("person.id"))
    owner_id: Mapped[int] = db.column("S2", sa.ForeignKey("person.id"))
    checker_id: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"), index=True)
    next_report_on: Mapped[date | None] = db.column("S1", sa.Date)
    # Identifies one rendering of the form, so that a form sent twice makes one action point.
    nonce: Mapped[str | None] = db.column("S1", sa.String(22), unique=True)
    created_at: Mapped[datetime] = db.column("S1", db.UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    theme: Mapped[Theme | None] = relationship()
    requester: Mapped[Person] = relationship(foreign_keys=[requester_id])
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
    checker: Mapped[Person | None] = relationship(foreign_keys=[checker_id])
    history: Mapped[list["ActionHistory"]] = relationship(order_by="ActionHistory.at.desc(), ActionHistory.id.desc()")
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.id")

    @property
    def proof(self) -> list["Evidence"]:
        """The evidence that was not removed."""
        return [item for item in self.evidence if item.removed_at is None]

    @validates("title")
    def _search(self, _column: str, title: str) -> str:
        self.search_title = names.search_key(title)[:400]
        return title


class ActionHistory(HistoryEntry, db.Base):
    """One entry in the history of an action point."""

    __tablename__ = "action_history"
    action_id: Mapped[int] = db.column("S1", sa.ForeignKey("action.id"), index=True)
    text: Mapped[str] = db.column("S1", sa.Text, default="")


class Evidence(db.Base):
    """*Onderbouwing*: a text, a link or a file."""

    __tablename__ = "evidence"
    id: Mapped[int] = db.key()
    action_id: Mapped[int] = db.column("S1", sa.ForeignKey("action.id"), index=True)
    at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
    person_id: Mapped[int | None] = db.column("S2", sa.ForeignKey("person.id"))
    text: Mapped[str] = db.column("S1", sa.Text, default="")
    url: Mapped[str] = db.column("S1", sa.String(500), default="")
    file_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("file.id"))
    removed_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)  # then text, link and file are gone

    person: Mapped[Person | None] = relationship()
    file: Mapped[File | None] = relationship()

    def is_same(self, text: str, url: str, sha256: str) -> bool:
        """Whether this evidence has this text, this link and this file."""
        return (self.text, self.url, self.file.sha256 if self.file else "") == (text, url, sha256)
