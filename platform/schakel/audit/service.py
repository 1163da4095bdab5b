"""Record what is done; seal it at the end of the transaction; verify the chain."""

import hmac
import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schakel import crypto, db
from schakel.access import Actor
from schakel.audit import rules
from schakel.audit.models import AuditEntry, AuditSeal

request_id: ContextVar[str] = ContextVar("request_id", default="-")
_ring: crypto.KeyRing | None = None


def use_keys(ring: crypto.KeyRing) -> None:
    """Set the key ring whose key `audit` makes the seals."""
    global _ring
    _ring = ring
    db.seal_with(seal)


def record(
    actor: Actor, event: StrEnum, kind: str, object_id: int | str, /, *, on_behalf_of: str | None = None, **detail: Any
) -> None:
    """Buffer one audit row; it is written and sealed when the transaction ends.

    `event`: a member of the AuditEvent of a feature, so that no name is spelled in two ways.
    `on_behalf_of`: the name of the person for whom a deputy does it (`Actor.deputyship`).
    `detail`: ids, states, counts.
    """
    entry = dict(
        at=datetime.now(UTC),
        actor=actor.reference,
        on_behalf_of=on_behalf_of,
        action=event.value,
        object_kind=kind,
        object_id=str(object_id),
        request_id=request_id.get(),
        detail=detail,
    )
    db.buffer(entry)


def _hash(audit_id: int, entry: dict[str, Any], previous: str) -> str:
    assert _ring is not None, "audit has no key"
    words = tuple(entry[name] for name in WORDS)
    return crypto.mac(_ring.key("audit"), previous, *rules.canonical(audit_id, entry["at"], words, entry["detail"]))


WORDS = ("actor", "on_behalf_of", "action", "object_kind", "object_id", "request_id")


def seal(session: Session, entries: list[dict[str, Any]]) -> None:
    """Write the buffered rows and their seals; called by db.transaction only, just before the commit."""
    if not entries:
        return
    db.advisory_lock("audit")  # seals are made one after another
    connection = session.connection()
    last = connection.execute(_last_seal()).first()
    write = sa.insert(db.table_of(AuditEntry)).returning(db.table_of(AuditEntry).c.id)
    seq, previous = (last.seq, last.hash) if last else (0, rules.START)
    seals = []
    for entry in entries:
        audit_id = connection.execute(write, entry).scalar_one()
        seq, previous = seq + 1, _hash(audit_id, entry, previous)
        seals.append({"seq": seq, "audit_id": audit_id, "hash": previous})
    connection.execute(sa.insert(db.table_of(AuditSeal)), seals)


def _last_seal() -> sa.Select[int, str]:
    return sa.select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)


def _pairs() -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    rows = db.session().execute(
        sa.select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.audit_id)
        .order_by(AuditSeal.seq)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield row[0], row[1]


@dataclass(frozen=True)
class Verdict:
    """The result of `verify`: the number of seals, the last seal and the faults in Dutch (none is good)."""

    count: int
    head: tuple[int, str]
    faults: list[str]


def verify(head: tuple[int, str] | None) -> Verdict:
    """Verify the chain; `head` is the (seq, hash) stored outside the database, to detect a deleted end."""
    faults: list[str] = []
    at: tuple[int, str] = (0, rules.START)
    head_seen = head is None or head[0] == 0
    for seal_row, entry in _pairs():
        computed = _hash(entry.id, vars(entry), at[1]) if entry else "regel ontbreekt"
        faults += rules.chain_faults([(seal_row.seq, seal_row.audit_id, seal_row.hash, computed)], at)
        at = (seal_row.seq, seal_row.hash)
        if head and seal_row.seq == head[0]:
            head_seen = hmac.compare_digest(seal_row.hash, head[1])
    unsealed = db.session().scalar(
        sa.select(sa.func.count(AuditEntry.id)).where(~sa.exists().where(AuditSeal.audit_id == AuditEntry.id))
    )
    if unsealed:
        faults.append(f"{unsealed} regels zonder zegel")
    if not head_seen:
        faults.append("de keten eindigt vóór de kop die buiten de database is bewaard, of wijkt ervan af")
    return Verdict(at[0], at, faults)


def write_head(path: Path) -> tuple[int, str]:
    """Store the last seal outside the database (the worker does so each round); return (seq, hash)."""
    last = db.session().execute(_last_seal()).first()
    head = (last.seq, last.hash) if last else (0, rules.START)
    if head[0] >= read_head(path)[0]:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"seq": head[0], "hash": head[1]}))
        fresh.replace(path)
    return head


def read_head(path: Path) -> tuple[int, str]:
    """Return the head stored outside the database; (0, start) when there is none yet."""
    if not path.exists():
        return 0, rules.START
    seal_row = json.loads(path.read_text())
    return int(seal_row["seq"]), str(seal_row["hash"])
