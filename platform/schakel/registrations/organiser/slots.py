"""What the organiser's list supplies to the pages of events."""

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.events.models import Event
from schakel.identity.rules import Role
from schakel.registrations.models import Registration
from schakel.registrations.rules import LIVE, State
from schakel.slot_types import Recipients


def recipients(actor: Actor, event_id: int) -> Recipients:
    """Return how many people get a mail about a change, if the actor may see the list (slot `recipients.event`)."""
    mine = actor.organisations(Role.COORDINATOR)
    rows = db.session().execute(
        sa.select(Registration.state, sa.func.count(Registration.id))
        .join(Event, Event.id == Registration.event_id)
        .where(Event.id == event_id, Event.organisation_id.in_(mine), Registration.state.in_(LIVE))
        .group_by(Registration.state)
    )
    counts = {row[0]: row[1] for row in rows}
    registered = counts.pop(State.REGISTERED, 0)
    return Recipients(registered, sum(counts.values()))
