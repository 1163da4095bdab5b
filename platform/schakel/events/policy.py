"""Who sees an event, and who makes, changes and publishes it."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.events import rules
from schakel.events.models import Event, EventOrganiser


def may_make_events(actor: Actor) -> bool:
    """Coordinators make events (and the loader of the stories)."""
    return actor.holds("coordinator") or actor.came == "system:seeds"


def may_make_for(actor: Actor, organisation_id: int) -> bool:
    """For the organisations they coordinate."""
    return actor.holds("coordinator", organisation_id=organisation_id) or actor.came == "system:seeds"


def may_edit(actor: Actor, event: Event) -> bool:
    """The owner's coordinators change, publish, move and cancel."""
    return may_make_for(actor, event.organisation_id)


def visible_to(actor: Actor) -> sa.Select[Event]:
    """What is public, and the drafts of the organisations the actor coordinates or that co-organise."""
    is_public = Event.state.in_(rules.PUBLIC_STATES)
    mine = actor.organisations("coordinator", "facilitator")
    if not mine:
        return sa.select(Event).where(is_public)
    invites = sa.exists().where(EventOrganiser.event_id == Event.id, EventOrganiser.organisation_id.in_(mine))
    return sa.select(Event).where(sa.or_(is_public, Event.organisation_id.in_(mine), invites))
