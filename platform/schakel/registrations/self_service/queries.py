"""Queries of *Mijn aanmelding*."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from schakel import db
from schakel.registrations.models import Registration, Wait


def ranks(row: Registration) -> dict[int, int]:
    """Return the place on each waiting list that a registration is on, by pool; 1 is the first (1 statement)."""
    mine, before = aliased(Wait), aliased(Wait)
    earlier = sa.and_(before.pool_id == mine.pool_id, before.id < mine.id, before.offer_until.is_(None))
    counted = sa.select(mine.pool_id, sa.func.count(before.id)).outerjoin(before, earlier)
    counted = counted.where(mine.registration_id == row.id, mine.offer_until.is_(None)).group_by(mine.pool_id)
    return {pool_id: count + 1 for pool_id, count in db.session().execute(counted)}
