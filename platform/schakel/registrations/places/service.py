"""Places: counters claimed by a guarded UPDATE in ascending pool id (design 2, law 7; measured in events.md 3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schakel import db
from schakel.events.models import CapacityPool, Event
from schakel.events.rules import State as EventState
from schakel.registrations import rules
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.rules import State


class _Full(Exception):
    """A required pool is full: the claims made so far are rolled back."""


def _take(only_if_nobody_waits: bool) -> sa.Update:
    pool = db.table_of(CapacityPool)
    room = sa.or_(pool.c.capacity.is_(None), pool.c.used + sa.bindparam("wanted") <= pool.c.capacity)
    claim = sa.update(pool).where(pool.c.id == sa.bindparam("pool"), room)
    claim = claim.where(pool.c.waiting == 0) if only_if_nobody_waits else claim
    return claim.values(used=pool.c.used + sa.bindparam("wanted"))


# Built once: building it takes 0.3 ms, and a registration runs it for each of its pools (docs/performance.md).
_TAKE, _TAKE_FREE = _take(False), _take(True)


def take(pool_id: int, seats: int, *, only_if_nobody_waits: bool = False) -> bool:
    """Claim places in a pool unless fewer are left; return whether it succeeded. This guard prevents overselling.

    With `only_if_nobody_waits` it also fails when the pool's own counter says that somebody waits for it.
    """
    claim = _TAKE_FREE if only_if_nobody_waits else _TAKE
    return db.connection().execute(claim, {"pool": pool_id, "wanted": seats}).rowcount == 1


def lock(pool_ids: list[int]) -> None:
    """Lock these rows in ascending id on PostgreSQL; SQLite has one writer at a time and needs no lock.

    Every transaction locks pools first and registrations after them, and jobs over several events go by ascending event
    id, so that no deadlock can occur. Inserting rows that refer to a pool is not blocked (FOR NO KEY UPDATE).
    """
    _lock(_THESE, {"pools": pool_ids})


def lock_room(event_id: int) -> None:
    """Lock all pools of an event: releasing a place may hand on a place in any of them."""
    _lock(_locking(db.table_of(CapacityPool).c.event_id == event_id), {})


def _locking(which: sa.ColumnElement[bool]) -> sa.Select[int]:
    pool = db.table_of(CapacityPool)
    return sa.select(pool.c.id).where(which).order_by(pool.c.id).with_for_update(key_share=True)


_THESE = _locking(db.table_of(CapacityPool).c.id.in_(sa.bindparam("pools", expanding=True)))


def _lock(which: sa.Select[int], values: dict[str, Any]) -> None:
    if db.session().get_bind().dialect.name == "postgresql":
        db.connection().execute(which, values).all()


def with_waiting_list(pool_ids: list[int]) -> set[int]:
    """Return the pools for which somebody waits: later people do not get a place first, even if places are left.

    For a session only people with a place at the event count.
    """
    seated = sa.and_(Registration.id == Wait.registration_id, Registration.state == State.REGISTERED)
    counts = sa.or_(CapacityPool.session_id.is_(None), sa.exists().where(seated))
    query = sa.select(Wait.pool_id).join(CapacityPool, CapacityPool.id == Wait.pool_id)
    query = query.where(Wait.pool_id.in_(pool_ids), Wait.offer_until.is_(None), counts)
    return set(db.session().scalars(query.distinct()))


@dataclass(frozen=True)
class Taken:
    """The pools that gave a place, and those that were full."""

    held: list[int]
    full: list[int]


def claim_all(must: list[int], wish: list[int], seats: int) -> Taken:
    """Claim places in ascending id, inside a savepoint around the claims only.

    When a pool in `must` is full, nothing is claimed: the registration waits for all pools. The caller holds the lock
    on these pools.
    """
    held: list[int] = []
    full: list[int] = []
    try:
        with db.connection().begin_nested():
            for pool_id in sorted({*must, *wish}):
                has = take(pool_id, seats, only_if_nobody_waits=True) or (
                    not with_waiting_list([pool_id]) and take(pool_id, seats)
                )
                (held if has else full).append(pool_id)
            if set(must) & set(full):
                raise _Full
    except _Full:
        return Taken([], [*must, *wish])
    return Taken(held, full)


def hold(registration_id: int, taken: Taken, seats: int) -> None:
    """Store the places claimed and the waiting list entries (at most 3 statements)."""
    connection = db.connection()
    for pools, table in ((taken.held, SeatClaim), (taken.full, Wait)):
        if pools:
            rows = [{"registration_id": registration_id, "pool_id": pool, "seats": seats} for pool in pools]
            connection.execute(sa.insert(db.table_of(table)), rows)
    if taken.full:
        connection.execute(_LONGER, [{"pool": pool} for pool in sorted(taken.full)])


_POOLS = db.table_of(CapacityPool)
_LONGER = sa.update(_POOLS).where(_POOLS.c.id == sa.bindparam("pool")).values(waiting=_POOLS.c.waiting + 1)


def seat_wishes(registration_id: int) -> None:
    """After accepting an offer: claim a place in each wished session that has one, else the person stays waiting."""
    wishes = db.session().execute(
        sa.select(Wait.id, Wait.pool_id, Wait.seats)
        .join(CapacityPool, CapacityPool.id == Wait.pool_id)
        .where(Wait.registration_id == registration_id, CapacityPool.session_id.is_not(None))
        .order_by(Wait.pool_id)
    )
    for wish in wishes.all():
        if take(wish.pool_id, wish.seats):
            row = {"registration_id": registration_id, "pool_id": wish.pool_id, "seats": wish.seats}
            db.session().execute(sa.insert(SeatClaim), [row])
            leave_waiting_list(wish.id, wish.pool_id)


def leave_waiting_list(wait_id: int, pool_id: int) -> bool:
    """Delete an entry of a waiting list; return whether it still existed."""
    if not db.rows_affected(sa.delete(Wait).where(Wait.id == wait_id)):
        return False
    db.rows_affected(sa.update(CapacityPool).where(CapacityPool.id == pool_id).values(waiting=CapacityPool.waiting - 1))
    return True


@dataclass(frozen=True)
class Moved:
    """A freed place that was passed on: offered for the event itself, given for a session."""

    registration_id: int
    pool_id: int
    offer_until: datetime | None


def release(claim: SeatClaim, starts_at: datetime, now: datetime) -> list[Moved]:
    """Release a place and give it to the waiting list in the same transaction, so that nobody takes it in between."""
    if not db.rows_affected(sa.delete(SeatClaim).where(SeatClaim.id == claim.id)):
        return []
    seats = CapacityPool.used - claim.seats
    db.rows_affected(sa.update(CapacityPool).where(CapacityPool.id == claim.pool_id).values(used=seats))
    return serve_waiting_list(claim.pool_id, starts_at, now)


def serve_waiting_list(pool_id: int, starts_at: datetime, now: datetime) -> list[Moved]:
    """Give free places in a pool to whoever waits longest; stops at a party too large for what is left."""
    moved: list[Moved] = []
    session_id, state = (
        db.session()
        .execute(
            sa.select(CapacityPool.session_id, Event.state)
            .join(Event, Event.id == CapacityPool.event_id)
            .where(CapacityPool.id == pool_id)
        )
        .one()
    )
    if state != EventState.PUBLISHED or starts_at <= now:  # the event has begun or does not take place: nobody waits
        return moved
    waiting = sa.select(Wait).where(Wait.pool_id == pool_id, Wait.offer_until.is_(None)).order_by(Wait.id)
    if session_id is not None:  # a session place is of use only to people with a place at the event
        seated = sa.select(Registration.id).where(Registration.state == State.REGISTERED)
        waiting = waiting.where(Wait.registration_id.in_(seated))
    while (first := db.session().scalar(waiting.limit(1))) and take(pool_id, first.seats):
        claim = {"registration_id": first.registration_id, "pool_id": pool_id, "seats": first.seats}
        db.session().execute(sa.insert(SeatClaim), [claim])
        until = rules.offer_until(now, starts_at) if session_id is None else None
        if until is None:
            leave_waiting_list(first.id, pool_id)
        else:
            first.offer_until = until
            db.session().flush()
        moved.append(Moved(first.registration_id, pool_id, until))
    return moved
