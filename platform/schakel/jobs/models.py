"""The table of job leases."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class Job(db.Base):
    """A job of the worker: who holds it until when, and when it last succeeded."""

    __tablename__ = "job"

    name: Mapped[str] = db.column("S0", sa.String(80), primary_key=True)
    holder: Mapped[str | None] = db.column("S1", sa.String(80))
    lease_until: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    done_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
    done_on: Mapped[str | None] = db.column("S1", sa.String(10))
    fault: Mapped[str | None] = db.column("S1", sa.String(200))
