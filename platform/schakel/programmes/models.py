"""Tables of the shared themes, used by events, agreements, measures and actions, and of the stories on `/`."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class Theme(db.Base):
    """A theme: one word for what events, agreements, measures and actions are about."""

    __tablename__ = "theme"
    id: Mapped[int] = db.key()
    code: Mapped[str] = db.column("S0", sa.String(60), unique=True)
    name: Mapped[str] = db.column("S0", sa.String(80))
    says: Mapped[str] = db.column("S0", sa.String(300), default="")
    position: Mapped[int] = db.column("S0", sa.Integer)

    @classmethod
    def in_order(cls) -> sa.Select["Theme"]:
        """Select all themes in display order."""
        return sa.select(cls).order_by(cls.position, cls.id)


class Story(db.Base):
    """A programme on the front page: what it is and what Schakel does for it."""

    __tablename__ = "story"
    id: Mapped[int] = db.key()
    code: Mapped[str] = db.column("S0", sa.String(60), unique=True)
    title: Mapped[str] = db.column("S0", sa.String(200))
    says: Mapped[str] = db.column("S0", sa.Text)
    position: Mapped[int] = db.column("S0", sa.Integer)
