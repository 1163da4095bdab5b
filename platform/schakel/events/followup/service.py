"""Action points out of an event, and the cause they show."""

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import policy as actions_policy
from schakel.actions import queries as actions_queries
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.events import policy
from schakel.events.followup.models import EventAction
from schakel.events.models import Event, EventSession
from schakel.events.rules import AuditEvent
from schakel.events.service import record
from schakel.i18n import gettext
from schakel.supplied import Cause, Panel


def make_action(actor: Actor, event: Event, session_id: int | None, facts: actions.Facts) -> Action:
    """An action point out of an event or one of its sessions."""
    errors.require(policy.may_edit(actor, event))
    known = {session.id for slot in event.slots for session in slot.sessions}
    if session_id is not None and session_id not in known:
        raise errors.Refused("Deze sessie hoort niet bij deze bijeenkomst.", field="session")
    action = actions.create(actor, facts)
    tie(actor, event, session_id, action)
    return action


def tie(actor: Actor, event: Event, session_id: int | None, action: Action) -> None:
    """Say that an action point is (also) worked on at this event."""
    errors.require(policy.may_edit(actor, event))
    db.insert_once(EventAction, event_id=event.id, action_id=action.id, session_id=session_id)
    record(actor, AuditEvent.ACTION, event, action=action.id)


def causes(actor: Actor, action_ids: list[int]) -> dict[int, list[Cause]]:
    """Slot `loop.cause`: the event and session each of these action points came from."""
    visible = policy.visible_to(actor).with_only_columns(Event.id)
    seen = Event.id.in_(visible).label("seen")
    rows = db.session().execute(
        sa.select(
            EventAction.action_id,
            Event.title,
            Event.slug,
            EventSession.letter,
            EventSession.title.label("session"),
            seen,
        )
        .join(Event, Event.id == EventAction.event_id)
        .outerjoin(EventSession, EventSession.id == EventAction.session_id)
        .where(EventAction.action_id.in_(action_ids))
    )
    found: dict[int, list[Cause]] = {}
    for row in rows:
        name = f"{row.letter}. {row.session}"
        text = gettext("Sessie %(name)s", name=name) if row.letter else row.title
        cause = Cause(text, f"/bijeenkomsten/{row.slug}") if row.seen else Cause(gettext("Een bijeenkomst"))
        found.setdefault(row.action_id, []).append(cause)
    return found


def actions_of(actor: Actor, event_id: int) -> list[Action]:
    """The action points of an event that the actor may see."""
    ties = sa.select(EventAction.action_id).where(EventAction.event_id == event_id)
    query = actions_policy.visible_to(actor).where(Action.id.in_(ties)).order_by(Action.due_sort, Action.id).limit(100)
    return list(db.session().scalars(query))


def panel(actor: Actor, event_id: int) -> list[Panel]:
    """Slot `panel.event`: what came out of it, for who may see that."""
    if not actor.is_known:
        return []
    lines = [actions_queries.line(action, dates.today()) for action in actions_of(actor, event_id)]
    return [Panel("events/actions_panel.html", {"lines": lines})]
