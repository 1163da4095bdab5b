"""What the action points of events supply to pages of other features."""

import sqlalchemy as sa

from schakel import dates, db
from schakel.access import Actor
from schakel.actions import queries as actions_queries
from schakel.events import policy
from schakel.events.followup.models import EventAction
from schakel.events.followup.service import actions_of
from schakel.events.models import Event, EventSession
from schakel.i18n import gettext
from schakel.slot_types import Cause, Panel


def causes(actor: Actor, action_ids: list[int]) -> dict[int, list[Cause]]:
    """Return the event and session of each of these action points (slot `loop.cause`)."""
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


def panel(actor: Actor, event_id: int) -> list[Panel]:
    """Return the panel with the action points of an event that the actor may see (slot `panel.event`)."""
    if not actor.is_known:
        return []
    rows = [actions_queries.list_row(action, dates.today()) for action in actions_of(actor, event_id)]
    return [Panel("events/actions_panel.html", {"rows": rows})]
