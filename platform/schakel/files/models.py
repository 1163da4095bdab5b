"""The table of uploaded files."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred

from schakel import crypto, db


class File(db.Base):
    """A file; its type was decided by its content, never by its name."""

    __tablename__ = "file"
    id: Mapped[int] = db.key()
    public_id: Mapped[str] = db.column("S1", sa.String(12), unique=True, default=crypto.new_public_id)
    name: Mapped[str] = db.column("S2", sa.String(200))
    media_type: Mapped[str] = db.column("S1", sa.String(100))
    size: Mapped[int] = db.column("S1", sa.Integer)
    sha256: Mapped[str] = db.column("S1", sa.String(64))
    added_at: Mapped[datetime] = db.column("S1", db.UtcDateTime)
    content: Mapped[bytes] = deferred(db.column("S2", sa.LargeBinary))
