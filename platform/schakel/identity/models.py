"""Tables of organisations, people, accounts, roles, deputies and counted attempts."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_security import UserMixin
from sqlalchemy.orm import Mapped, relationship, validates

from schakel import crypto, db, names


class Sector(db.Base):
    """A sector of care; it decides whether an organisation is primary or secondary care (`line`)."""

    __tablename__ = "sector"
    code: Mapped[str] = db.column("S0", sa.String(40), primary_key=True)
    name: Mapped[str] = db.column("S0", sa.String(80))
    line: Mapped[str] = db.column("S0", sa.String(10))


class Profession(db.Base):
    """A profession or role in which a person registers (*beroep of rol*)."""

    __tablename__ = "profession"
    code: Mapped[str] = db.column("S0", sa.String(40), primary_key=True)
    name: Mapped[str] = db.column("S0", sa.String(80))
    line: Mapped[str] = db.column("S0", sa.String(10))
    position: Mapped[int] = db.column("S0", sa.Integer)


class Organisation(db.Base):
    """A practice, hospital, department or association; a department has a parent."""

    __tablename__ = "organisation"
    id: Mapped[int] = db.key()
    code: Mapped[str] = db.column("S0", sa.String(60), unique=True)
    name: Mapped[str] = db.column("S0", sa.String(200))
    short: Mapped[str] = db.column("S0", sa.String(60))
    place: Mapped[str] = db.column("S0", sa.String(80), default="")
    sector_code: Mapped[str] = db.column("S0", sa.ForeignKey("sector.code"), index=True)
    parent_id: Mapped[int | None] = db.column("S0", sa.ForeignKey("organisation.id"), index=True)

    @classmethod
    def with_all_below(cls, ids: set[int]) -> sa.Select[tuple[int, int]]:
        """Select pairs (top, id) of these organisations and everything below them."""
        top = sa.select(cls.id.label("top"), cls.id.label("id")).where(cls.id.in_(ids)).cte("tree", recursive=True)
        tree = top.union_all(sa.select(top.c.top, cls.id).join(top, cls.parent_id == top.c.id))
        return sa.select(tree.c.top, tree.c.id)

    @classmethod
    def top_of(cls, organisation_id: int | None) -> sa.Select[tuple[int]]:
        """Select the id of the topmost organisation above this one (itself when it has no parent)."""
        here = sa.select(cls.id, cls.parent_id).where(cls.id == organisation_id).cte("above", recursive=True)
        above = here.union_all(sa.select(cls.id, cls.parent_id).join(here, cls.id == here.c.parent_id))
        return sa.select(above.c.id).where(above.c.parent_id.is_(None))


class Person(db.Base):
    """A person. The e-mail address is not unique: practices share a mailbox."""

    __tablename__ = "person"
    id: Mapped[int] = db.key()
    public_id: Mapped[str] = db.column("S1", sa.String(12), unique=True, default=crypto.new_public_id)
    name: Mapped[str] = db.column("S2", sa.String(200))
    sort_name: Mapped[str] = db.key_of("S2", "name", names.sort_name, 200)
    email: Mapped[str] = db.column("S2", sa.String(320))
    folded_email: Mapped[str] = db.column("S2", sa.String(320), index=True)
    organisation_id: Mapped[int | None] = db.column("S2", sa.ForeignKey("organisation.id"), index=True)
    profession_code: Mapped[str | None] = db.column("S2", sa.ForeignKey("profession.code"))

    organisation: Mapped[Organisation | None] = relationship()

    @validates("name")
    def _sort(self, _column: str, name: str) -> str:
        self.sort_name = names.sort_name(name)[:200]
        return name


class Account(UserMixin, db.Base):
    """The sign-in of a person (Flask-Security's user); none or one per person."""

    __tablename__ = "account"
    id: Mapped[int] = db.key()
    person_id: Mapped[int] = db.column("S2", sa.ForeignKey("person.id"), unique=True)
    email: Mapped[str] = db.column("S2", sa.String(320), unique=True)  # folded: the sign-in name
    password: Mapped[str | None] = db.column("S2", sa.String(255))
    active: Mapped[bool] = db.column("S1", sa.Boolean, default=True)
    fs_uniquifier: Mapped[str] = db.column("S2", sa.String(64), unique=True)
    previous_visit_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    visit_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    weekly_mail: Mapped[bool] = db.column("S1", sa.Boolean, default=True, server_default=sa.true())

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def roles(self) -> list[str]:  # type: ignore[override]  # roles are RoleGrant rows
        """Return no roles to Flask-Security: roles have scope and dates (RoleGrant)."""
        return []


class RoleGrant(db.Base):
    """A role of a person over an organisation and all below it, between two dates (both inclusive)."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.Index("ix_role_grant_person", "person_id", "role"),)
    id: Mapped[int] = db.key()
    person_id: Mapped[int] = db.column("S2", sa.ForeignKey("person.id"))
    role: Mapped[str] = db.column("S1", sa.String(40))
    organisation_id: Mapped[int] = db.column("S1", sa.ForeignKey("organisation.id"), index=True)
    from_on: Mapped[date | None] = db.column("S1", sa.Date)
    until_on: Mapped[date | None] = db.column("S1", sa.Date)

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @classmethod
    def valid_on(
        cls, person_ids: sa.ColumnElement[bool], today: date | sa.BindParameter[date]
    ) -> sa.Select["RoleGrant"]:
        """Select the grants of some people that are valid on a day."""
        return sa.select(cls).where(
            person_ids,
            sa.or_(cls.from_on.is_(None), cls.from_on <= today),
            sa.or_(cls.until_on.is_(None), cls.until_on >= today),
        )


class Deputy(db.Base):
    """*Waarneming*: one person deputises for another in one role, between two dates (both inclusive).

    With an organisation: only in the role that the other person has over that organisation.
    """

    __tablename__ = "deputy"
    id: Mapped[int] = db.key()
    for_person_id: Mapped[int] = db.column("S2", sa.ForeignKey("person.id"), index=True)
    by_person_id: Mapped[int] = db.column("S2", sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = db.column("S1", sa.String(40))
    organisation_id: Mapped[int | None] = db.column("S1", sa.ForeignKey("organisation.id"), index=True)
    from_on: Mapped[date] = db.column("S1", sa.Date)
    until_on: Mapped[date] = db.column("S1", sa.Date)

    away: Mapped[Person] = relationship(foreign_keys=[for_person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_person_id])
    organisation: Mapped[Organisation | None] = relationship()


class Attempt(db.Base):
    """A counted attempt (sign-in, link request …), by the hash of the address it was made for."""

    __tablename__ = "attempt"
    __table_args__ = (sa.Index("ix_attempt_key", "kind", "key", "at"),)
    id: Mapped[int] = db.key()
    kind: Mapped[str] = db.column("S1", sa.String(20))
    key: Mapped[str] = db.column("S2", sa.String(64))
    at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
