"""Action points from an event."""

import sqlalchemy as sa

from schakel import db, errors
from schakel.access import Actor
from schakel.actions import policy as actions_policy
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.events import policy
from schakel.events.followup.models import EventAction
from schakel.events.models import Event
from schakel.events.rules import AuditEvent
from schakel.events.service import lock, record


def make_action(actor: Actor, event: Event, session_id: int | None, facts: actions.Facts) -> Action:
    """Create an action point from an event or one of its sessions."""
    lock(event)
    errors.require(policy.may_edit(actor, event))
    known = {session.id for item in event.items for session in item.sessions}
    if session_id is not None and session_id not in known:
        raise errors.Refused("Deze sessie hoort niet bij deze bijeenkomst.", field="session")
    action = actions.create(actor, facts)
    tie(actor, event, session_id, action)
    return action


def tie(actor: Actor, event: Event, session_id: int | None, action: Action) -> None:
    """Record that an action point is (also) worked on at this event."""
    lock(event)
    errors.require(policy.may_edit(actor, event))
    if db.insert_once(EventAction, event_id=event.id, action_id=action.id, session_id=session_id):
        record(actor, AuditEvent.ACTION, event, action=action.id)


def actions_of(actor: Actor, event_id: int) -> list[Action]:
    """Return the action points of an event that the actor may see."""
    ties = sa.select(EventAction.action_id).where(EventAction.event_id == event_id)
    query = actions_policy.visible_to(actor).where(Action.id.in_(ties)).order_by(Action.due_sort, Action.id).limit(100)
    return list(db.session().scalars(query))
