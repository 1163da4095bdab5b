"""The link table."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class Link(db.Base):
    """Access without an account to exactly one object; only the hash of its token is stored."""

    __tablename__ = "link"
    __table_args__ = (sa.UniqueConstraint("kind", "object_id"),)
    id: Mapped[int] = db.key()
    public_id: Mapped[str] = db.column("S1", sa.String(12), unique=True)
    kind: Mapped[str] = db.column("S1", sa.String(20))
    object_id: Mapped[int] = db.column("S1", db.BigId)
    generation: Mapped[int] = db.column("S1", sa.Integer, default=1)
    token_hash: Mapped[str] = db.column("S2", sa.String(64), unique=True)
    expires_at: Mapped[datetime | None] = db.column("S1", db.UtcDateTime)
