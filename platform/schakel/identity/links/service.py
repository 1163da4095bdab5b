"""Links: `/l/<token>` gives one person access to one object. Tokens are derived, so the database holds only hashes."""

from datetime import datetime

import sqlalchemy as sa

from schakel import crypto, db, errors
from schakel.identity.links.models import Link
from schakel.notifications import rules
from schakel.notifications import service as notifications


def make(kind: str, object_id: int, expires_at: datetime | None) -> str:
    """Create a link to an object and return the placeholder for its address in a mail (1 statement)."""
    public_id = crypto.new_public_id()
    token = notifications.link_token(public_id, 1)
    row = dict(
        public_id=public_id,
        kind=kind,
        object_id=object_id,
        generation=1,
        token_hash=crypto.token_hash(token),
        expires_at=expires_at,
    )
    db.connection().execute(sa.insert(db.table_of(Link)), row)
    return rules.link_placeholder(public_id, 1)


def placeholder(kind: str, object_id: int) -> str:
    """Return the placeholder of an existing link."""
    link = errors.found(db.session().scalar(sa.select(Link).where(Link.kind == kind, Link.object_id == object_id)))
    return rules.link_placeholder(link.public_id, link.generation)


def present_or_new(kind: str, object_id: int) -> str:
    """Return the placeholder of the link to an object, made when there is none; it does not expire."""
    link = db.session().scalar(sa.select(Link).where(Link.kind == kind, Link.object_id == object_id))
    return rules.link_placeholder(link.public_id, link.generation) if link else make(kind, object_id, None)


def renew(kind: str, object_id: int) -> str:
    """Invalidate the old address, create a new one and return its placeholder."""
    link = errors.found(db.session().scalar(sa.select(Link).where(Link.kind == kind, Link.object_id == object_id)))
    link.generation += 1
    link.token_hash = crypto.token_hash(notifications.link_token(link.public_id, link.generation))
    return rules.link_placeholder(link.public_id, link.generation)


def retire(kind: str, object_id: int, former_kind: str, former_id: int) -> None:
    """Let the address of a link open another object from now on; a new link to the old object can then be made."""
    link = errors.found(db.session().scalar(sa.select(Link).where(Link.kind == kind, Link.object_id == object_id)))
    link.kind, link.object_id = former_kind, former_id
    db.session().flush()


def drop(kind: str, object_ids: list[int]) -> int:
    """Delete the links to objects that are gone or whose link is used once; return how many were deleted."""
    return db.rows_affected(sa.delete(Link).where(Link.kind == kind, Link.object_id.in_(object_ids)))


def follow(token: str, now: datetime) -> Link:
    """Return the link of a token. Raises DeadLink when it is unknown, renewed or expired."""
    link = db.session().scalar(sa.select(Link).where(Link.token_hash == crypto.token_hash(token)))
    if link is None or (link.expires_at and link.expires_at < now):
        raise errors.DeadLink
    return link


def held(public_id: str, generation: int, now: datetime) -> Link | None:
    """Return the link of a session when it is still valid: not renewed and not expired; else None."""
    lasting = sa.or_(Link.expires_at.is_(None), Link.expires_at >= now)
    same = (Link.public_id == public_id, Link.generation == generation)
    return db.session().scalar(sa.select(Link).where(*same, lasting))
