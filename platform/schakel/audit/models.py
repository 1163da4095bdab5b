"""Tables of audit rows and their seals. No foreign keys: actor and object are text, so that rows outlive both."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from schakel import db


class AuditEntry(db.Base):
    """One thing that was done. `detail` holds ids, states and counts, never names or texts."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_object", "object_kind", "object_id", "id"),)

    id: Mapped[int] = db.key()
    at: Mapped[datetime] = db.column("S1", db.UtcDateTime, index=True)
    actor: Mapped[str] = db.column("S1", sa.String(80))
    on_behalf_of: Mapped[str | None] = db.column("S2", sa.String(200))
    action: Mapped[str] = db.column("S1", sa.String(60))
    object_kind: Mapped[str] = db.column("S1", sa.String(40))
    object_id: Mapped[str] = db.column("S1", sa.String(40))
    request_id: Mapped[str] = db.column("S1", sa.String(32))
    detail: Mapped[dict[str, Any]] = db.column("S1", sa.JSON)

    @classmethod
    def of(cls, kind: str, object_id: int | str) -> sa.Select["AuditEntry"]:
        """Select the rows about one object, newest first."""
        return sa.select(cls).where(cls.object_kind == kind, cls.object_id == str(object_id)).order_by(cls.id.desc())


class AuditSeal(db.Base):
    """The chain over the rows: HMAC(key outside the database, previous hash, row)."""

    __tablename__ = "audit_seal"

    seq: Mapped[int] = db.column("S0", db.BigId, primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = db.column("S0", db.BigId, unique=True)
    hash: Mapped[str] = db.column("S0", sa.String(64))
