"""Who sees an event, and who makes, changes and publishes it."""

from collections.abc import Callable

import sqlalchemy as sa

from schakel.access import Actor
from schakel.events import rules
from schakel.events.models import Event, EventOrganiser
from schakel.events.rules import Verb
from schakel.identity.rules import Role


def may_make_events(actor: Actor) -> bool:
    """Coordinators make events."""
    return actor.holds(Role.COORDINATOR)


def may_make_for(actor: Actor, organisation_id: int) -> bool:
    """For the organisations they coordinate."""
    return actor.holds(Role.COORDINATOR, organisation_id=organisation_id)


def may_edit(actor: Actor, event: Event) -> bool:
    """The owner's coordinators change, publish, move and cancel."""
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
    """Who may do a verb; whether the state allows it is the workflow's. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, event)


def visible_to(actor: Actor) -> sa.Select[Event]:
    """What is public, and the drafts of the organisations the actor coordinates or that co-organise."""
    is_public = Event.state.in_(rules.PUBLIC_STATES)
    mine = actor.organisations(Role.COORDINATOR, Role.FACILITATOR)
    if not mine:
        return sa.select(Event).where(is_public)
    invites = sa.exists().where(EventOrganiser.event_id == Event.id, EventOrganiser.organisation_id.in_(mine))
    return sa.select(Event).where(sa.or_(is_public, Event.organisation_id.in_(mine), invites))
