"""Who sees an event, and who creates, changes and publishes it."""

from collections.abc import Callable

import sqlalchemy as sa

from schakel.access import Actor
from schakel.events import rules
from schakel.events.models import Event, EventOrganiser
from schakel.events.rules import Verb
from schakel.identity.rules import Role


def may_make_events(actor: Actor) -> bool:
    """Coordinators create events."""
    return actor.holds(Role.COORDINATOR)


def may_make_for(actor: Actor, organisation_id: int) -> bool:
    """Coordinators create events for the organisations they coordinate."""
    return actor.holds(Role.COORDINATOR, organisation_id=organisation_id)


def may_edit(actor: Actor, event: Event) -> bool:
    """Coordinators of the event's organisation change, publish, move and cancel it."""
    return may_make_for(actor, event.organisation_id)


VERBS: dict[str, Callable[[Actor, Event], bool]] = {
    Verb.CREATE: may_edit,
    Verb.EDIT: may_edit,
    Verb.PUBLISH: may_edit,
    Verb.CANCEL: may_edit,
    Verb.HOLD: may_edit,
    Verb.CLOSE: may_edit,
}


def may(actor: Actor, event: Event, verb: str) -> bool:
    """Whether the actor may do a verb; the workflow checks the state. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, event)


def visible_to(actor: Actor) -> sa.Select[Event]:
    """Select public events, and all events that the actor's own organisations hold or co-organise."""
    is_public = Event.state.in_(rules.PUBLIC_STATES)
    mine = actor.organisations(Role.COORDINATOR, Role.FACILITATOR)
    if not mine:
        return sa.select(Event).where(is_public)
    invites = sa.exists().where(EventOrganiser.event_id == Event.id, EventOrganiser.organisation_id.in_(mine))
    return sa.select(Event).where(sa.or_(is_public, Event.organisation_id.in_(mine), invites))
