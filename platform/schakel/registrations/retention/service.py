"""The daily job that deletes the registrations of past patient days; running it twice changes nothing."""

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events.models import CapacityPool, Event
from schakel.identity.links import service as links
from schakel.notifications import service as notifications
from schakel.registrations import policy
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.places import service as places
from schakel.registrations.policy import LINK
from schakel.registrations.retention import rules
from schakel.registrations.rules import AuditEvent


def forget(actor: Actor) -> int:
    """Delete registrations after their retention period, with their links and mail texts; return how many."""
    errors.require(policy.may_forget(actor))
    now = dates.now()
    over = [sa.and_(Event.kind == kind, Event.ends_at <= rules.over_before(kind, now)) for kind in rules.RETENTION]
    known = sa.exists().where(Registration.event_id == Event.id)
    due = sa.select(Event.id).where(sa.or_(*over), known).order_by(Event.id)
    return sum(_forget_event(actor, number) for number in db.session().scalars(due).all())


def _forget_event(actor: Actor, event_id: int) -> int:
    places.lock_room(event_id)
    mine = sa.select(Registration.id).where(Registration.event_id == event_id)
    ids = list(db.session().scalars(mine.order_by(Registration.id).with_for_update()))
    notifications.scrub(LINK, [str(number) for number in ids])
    links.drop(LINK, ids)
    for table in (SeatClaim, Wait):
        db.rows_affected(sa.delete(table).where(table.registration_id.in_(mine)))
    db.rows_affected(sa.update(CapacityPool).where(CapacityPool.event_id == event_id).values(used=0, waiting=0))
    db.rows_affected(sa.delete(Registration).where(Registration.event_id == event_id))
    audit.record(actor, AuditEvent.FORGOTTEN, "event", event_id, count=len(ids))
    return len(ids)
