"""The table of people on the demo sign-in page."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class DemoPerson(db.Base):
    """A fictitious person on the demo sign-in page; the table is empty outside the demo."""

    __tablename__ = "demo_person"
    account_id: Mapped[int] = db.column("S1", sa.ForeignKey("account.id"), primary_key=True)
    group: Mapped[str] = db.column("S0", sa.String(60))
    position: Mapped[int] = db.column("S0", sa.Integer)
    role_name: Mapped[str] = db.column("S0", sa.String(80))
    says: Mapped[str] = db.column("S0", sa.String(200))
