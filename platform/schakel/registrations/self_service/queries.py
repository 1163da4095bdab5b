"""Queries of *Mijn aanmelding*."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from schakel import db
from schakel.events.models import AgendaItem, CapacityPool, EventSession
from schakel.events.rules import session_text
from schakel.registrations.models import Registration, SeatClaim, Wait


def ranks(row: Registration) -> dict[int, int]:
    """Return the place on each waiting list that a registration is on, by pool; 1 is the first (1 statement)."""
    mine, before = aliased(Wait), aliased(Wait)
    earlier = sa.and_(before.pool_id == mine.pool_id, before.id < mine.id, before.offer_until.is_(None))
    counted = sa.select(mine.pool_id, sa.func.count(before.id)).outerjoin(before, earlier)
    counted = counted.where(mine.registration_id == row.id, mine.offer_until.is_(None)).group_by(mine.pool_id)
    return {pool_id: count + 1 for pool_id, count in db.session().execute(counted)}


def session_lines(row: Registration) -> list[str]:
    """Return the sessions in which a registration has a place, each with its hours and room (1 statement)."""
    room = sa.case((EventSession.place != "", EventSession.place), else_=AgendaItem.place)
    wanted = (
        sa.select(EventSession.letter, EventSession.title, AgendaItem.starts_at, AgendaItem.ends_at, room)
        .join(AgendaItem, AgendaItem.id == EventSession.item_id)
        .join(CapacityPool, CapacityPool.session_id == EventSession.id)
        .join(SeatClaim, SeatClaim.pool_id == CapacityPool.id)
        .where(SeatClaim.registration_id == row.id)
        .order_by(AgendaItem.starts_at, EventSession.letter)
    )
    return [session_text(*found) for found in db.session().execute(wanted)]
