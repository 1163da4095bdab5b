"""Mixins for history entries, versions and deadlines."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, relationship

from schakel import dates, db, errors
from schakel.deadlines import FAR
from schakel.i18n import gettext


class HistoryEntry:
    """Mixin for one entry in the history of a subject: who did what, for whom, when, and the text."""

    id: Mapped[int] = db.key()
    at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
    on_behalf_of: Mapped[str | None] = db.column("S2", sa.String(200))
    verb: Mapped[str] = db.column("S1", sa.String(24))

    @declared_attr
    @classmethod
    def person_id(cls) -> Mapped[int | None]:
        """The person who did it; None for a job or an unknown person."""
        return db.column("S2", sa.ForeignKey("person.id"))

    @declared_attr
    @classmethod
    def person(cls) -> Mapped[Any]:
        """The `Person` of `person_id`, or None."""
        return relationship("Person")

    @property
    def who(self) -> str | None:
        """The name of who did it; for a deputy also for whom."""
        if self.person is None:
            return None
        if not self.on_behalf_of:
            return self.person.name
        return gettext("%(name)s, namens %(other)s", name=self.person.name, other=self.on_behalf_of)


class Versioned:
    """Mixin for a row that two people may edit at once: the second writer gets Stale."""

    version: Mapped[int] = db.column("S1", sa.Integer, default=1)

    def require_version(self, version: int | None) -> None:
        """Raise Stale when the row changed since `version` of it was displayed; None skips the check."""
        if version is not None and self.version != version:
            raise errors.Stale(self)

    def touch(self) -> None:
        """Record that the row changed: its version rises."""
        self.version += 1


class Touched(Versioned):
    """Mixin for a versioned row that stores when it changed; the model declares `changed_at`, with its own index."""

    if TYPE_CHECKING:
        changed_at: Mapped[datetime]

    def touch(self) -> None:
        """Record that the row changed: its version rises, and `changed_at` is now."""
        super().touch()
        self.changed_at = dates.now()


class Deadline:
    """Mixin for a date that may move: the first one is stored and the moves are counted.

    `due_sort` holds FAR where no date was agreed, so that undated rows sort last by an index on both databases.
    """

    due_on: Mapped[date | None] = db.column("S1", sa.Date)
    first_due_on: Mapped[date | None] = db.column("S1", sa.Date)
    due_moves: Mapped[int] = db.column("S1", sa.Integer, default=0)
    due_sort: Mapped[date] = db.column("S1", sa.Date)

    def move_due(self, due_on: date) -> date | None:
        """Set another date; return the previous one, or None."""
        was = self.due_on
        self.due_on = self.due_sort = due_on
        self.first_due_on = self.first_due_on or due_on
        self.due_moves += was is not None and was != due_on
        return was


def first_due(due_on: date | None) -> dict[str, Any]:
    """Return the deadline columns of a new row."""
    return {"due_on": due_on, "first_due_on": due_on, "due_moves": 0, "due_sort": due_on or FAR}
