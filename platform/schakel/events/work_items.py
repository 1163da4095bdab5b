"""Slot `work`: an event that is near and not published yet, and one that is over and not closed."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from schakel import dates, db
from schakel.access import Actor
from schakel.events import policy
from schakel.events.models import Event
from schakel.events.rules import State
from schakel.i18n import gettext
from schakel.identity.rules import Role
from schakel.slot_types import WorkItem, WorkKind

NEAR = timedelta(days=42)
WEEK = timedelta(days=7)
FEW = 20


def work(actor: Actor, today: date, _since: datetime | None) -> list[WorkItem]:
    """Return the events that require action from their coordinator (1 statement; none for everybody else)."""
    if not policy.may_make_events(actor):
        return []
    now = dates.now()
    near = sa.and_(Event.state == State.DRAFT, Event.starts_at > now, Event.starts_at < now + NEAR)
    over = sa.and_(Event.state == State.PUBLISHED, Event.ends_at < now)
    rows = db.session().execute(
        sa.select(Event.title, Event.slug, Event.state, Event.starts_at)
        .where(Event.organisation_id.in_(actor.organisations(Role.COORDINATOR)), sa.or_(near, over))
        .order_by(Event.starts_at, Event.id)
        .limit(FEW)
    )
    return [_item(row.title, row.slug, row.state, dates.local(row.starts_at).date(), today) for row in rows]


def _item(title: str, slug: str, state: str, on: date, today: date) -> WorkItem:
    url = f"/bijeenkomsten/{slug}"
    if state == State.DRAFT:
        return WorkItem(
            WorkKind.WEEK if on <= today + WEEK else WorkKind.ANSWER,
            title,
            gettext("Nog niet gepubliceerd"),
            url,
            gettext("Publiceer"),
            on,
        )
    return WorkItem(WorkKind.ANSWER, title, gettext("Is geweest, en nog niet afgerond"), url, gettext("Rond af"))
