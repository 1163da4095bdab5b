"""The list of events: filtered by the URL, one page at a time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from schakel import db
from schakel.access import Actor
from schakel.events import policy
from schakel.events.models import Event, EventOrganiser, EventTheme
from schakel.identity.models import Organisation
from schakel.pages import cursors
from schakel.programmes.models import Theme

PAGE = 20


@dataclass(frozen=True)
class Filters:
    """The filters of the list, as in the URL."""

    past: bool = False
    kind: str = ""
    organisation: str = ""
    theme: str = ""
    after: tuple[datetime, int] | None = None


def _narrowed(query: sa.Select[Event], filters: Filters, now: datetime) -> sa.Select[Event]:
    query = query.where(Event.ends_at < now if filters.past else Event.ends_at >= now)
    if filters.kind:
        query = query.where(Event.kind == filters.kind)
    if filters.organisation:
        top = sa.select(Organisation.id).where(Organisation.code == filters.organisation)
        query = query.where(
            sa.exists().where(EventOrganiser.event_id == Event.id, EventOrganiser.organisation_id.in_(top))
        )
    if filters.theme:
        wanted = sa.select(Theme.id).where(Theme.code == filters.theme)
        query = query.where(sa.exists().where(EventTheme.event_id == Event.id, EventTheme.theme_id.in_(wanted)))
    return query


def listed(
    actor: Actor, filters: Filters, now: datetime, size: int = PAGE
) -> tuple[list[Event], tuple[datetime, int] | None]:
    """Return a page of events, and the key of its last one when there are more (3 statements).

    Upcoming events are soonest first, past ones latest first.
    """
    query = _narrowed(policy.visible_to(actor), filters, now)
    order = (Event.starts_at.desc(), Event.id.desc()) if filters.past else (Event.starts_at, Event.id)
    if filters.after:
        place = sa.tuple_(Event.starts_at, Event.id)
        cursor = sa.tuple_(sa.literal(filters.after[0], db.UtcDateTime()), sa.literal(filters.after[1]))
        query = query.where(place < cursor if filters.past else place > cursor)
    rows = list(
        db.session()
        .scalars(
            query.order_by(*order).limit(size + 1).options(selectinload(Event.organisers), selectinload(Event.themes))
        )
        .unique()
    )
    return cursors.split(rows, size, lambda event: (event.starts_at, event.id))


def organising(limit: int = 200) -> list[Organisation]:
    """Return the organisations that organise any event, for the filter."""
    return list(
        db.session().scalars(
            sa.select(Organisation)
            .where(sa.exists().where(EventOrganiser.organisation_id == Organisation.id))
            .order_by(Organisation.short)
            .limit(limit)
        )
    )
