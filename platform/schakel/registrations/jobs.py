"""Jobs of each round of the worker: idempotent, each in its own transaction, safe with any number of workers."""

from typing import Any

import sqlalchemy as sa

from schakel import dates, db, errors, settings
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events.models import CapacityPool, Event, EventDay
from schakel.events.rules import State as EventState
from schakel.identity.links import service as links
from schakel.notifications import service as notifications
from schakel.registrations import letters, mail_table, mailing, policy, snapshots
from schakel.registrations.models import Registration, Wait
from schakel.registrations.places import service as places
from schakel.registrations.rules import LIVE, AuditEvent, MailKind, State
from schakel.registrations.self_service import service as self_service

BATCH = 200


def lapse_offers(actor: Actor) -> int:
    """End offers that were not answered in time, so that the next person gets them; return how many."""
    errors.require(policy.is_job(actor))
    late = db.session().scalars(
        sa.select(Registration)
        .join(Wait, Wait.registration_id == Registration.id)
        .where(Wait.offer_until < dates.now(), Registration.state == State.OFFERED)
        .order_by(Wait.offer_until)
        .limit(BATCH)
    )
    rows = sorted(late.unique().all(), key=lambda row: (row.event_id, row.id))
    for row in rows:
        self_service.lapse(actor, row)
    return len(rows)


def fill_freed(actor: Actor) -> int:
    """Hand out places after a coordinator raised the capacity, in order of waiting; return how many."""
    errors.require(policy.is_job(actor))
    room = sa.or_(CapacityPool.capacity.is_(None), CapacityPool.used < CapacityPool.capacity)
    unoffered = sa.exists().where(Wait.pool_id == CapacityPool.id, Wait.offer_until.is_(None))
    pools = db.session().execute(
        sa.select(CapacityPool.id, CapacityPool.event_id, Event.starts_at)
        .join(Event, Event.id == CapacityPool.event_id)
        .where(Event.state == EventState.PUBLISHED, CapacityPool.waiting > 0, room, unoffered)
        .order_by(CapacityPool.event_id, CapacityPool.id)
    )
    moved = []
    for pool in pools.all():
        places.lock_room(pool.event_id)
        moved += places.serve_waiting_list(pool.id, pool.starts_at, dates.now())
    self_service.mail_moved(moved)
    for move in moved:
        audit.record(actor, AuditEvent.HANDED_OUT, policy.LINK, move.registration_id, pool=move.pool_id)
    return len(moved)


def follow_events(actor: Actor) -> int:
    """Notify everybody of events that were moved or cancelled longer ago than `settings.undo`; return how many."""
    errors.require(policy.is_job(actor))
    rows = (
        db.session()
        .scalars(
            sa.select(Registration)
            .join(Event, Event.id == Registration.event_id)
            .where(
                Registration.sent_sequence < Event.sequence,
                Registration.state.in_(LIVE),
                Event.changed_at <= dates.now() - settings.undo(),
                Event.ends_at > dates.now(),
            )
            .order_by(Registration.id)
            .limit(BATCH)
        )
        .all()
    )
    for row in rows:
        _notify(actor, row)
    return len(rows)


def _notify(actor: Actor, row: Registration) -> None:
    event, snapshot = row.event, row.calendar_snapshot
    row.sent_sequence, row.calendar_snapshot = event.sequence, snapshots.snapshot_of(event)
    gone = event.state == EventState.CANCELLED
    changes = snapshots.changes(snapshot, row.calendar_snapshot, _session_ids(row))
    if not gone and not changes:  # nothing that this guest must know, or moved back in time
        return
    kind = MailKind.CANCELLED if gone else MailKind.MOVED
    if not mail_table.leaves(kind, State(row.state), mailing.is_coming(event)):
        return
    row.sequence += 1
    db.session().flush()
    guest = mailing.guest_of(row)
    if gone:
        letter = letters.cancelled(event, guest)
    else:
        letter = letters.moved(event, guest, links.placeholder(policy.LINK, row.id), changes, event.move_words)
    calendar = _calendar(row, guest, cancel=gone) if row.state == State.REGISTERED else None
    mailing.send(event, letter, guest, row.id, calendar)
    dropped = snapshots.gone_days(event, snapshot)
    if dropped and row.state == State.REGISTERED:
        calendar = _calendar(row, guest, cancel=True, days=dropped)
        mailing.send(event, letters.day_gone(event, guest), guest, row.id, calendar)
    audit.record(actor, AuditEvent.NOTIFIED, policy.LINK, row.id, event=event.id, sequence=row.sequence)


def _session_ids(row: Registration) -> set[int]:
    """Return the ids of the sessions that a guest has a place in or waits for."""
    pools = {claim.pool_id for claim in row.claims} | {wait.pool_id for wait in row.waits}
    return {pool.session_id for pool in row.event.pools if pool.id in pools and pool.session_id}


def _calendar(row: Registration, guest: letters.Guest, cancel: bool, days: list[EventDay] | None = None) -> Any:
    entries = letters.entries(row.event, guest, mailing.event_url(row.event), cancel=cancel, days=days)
    return notifications.calendar_of("CANCEL" if cancel else "REQUEST", entries)
