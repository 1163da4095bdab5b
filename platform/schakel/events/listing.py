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
from schakel.programmes.models import Theme

PAGE = 20


@dataclass(frozen=True)
class Filters:
    """The filters of the list, as in the URL."""

    past: bool = False
    kind: str | None = None
    organisation: str | None = None
    theme: str | None = None
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Page:
    """A page of the list and the key of the next one."""

    events: list[Event]
    next: tuple[datetime, int] | None


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


def listed(actor: Actor, filters: Filters, now: datetime, size: int = PAGE) -> Page:
    """Return a page of events: upcoming ones soonest first, past ones latest first (3 statements)."""
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
    more = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], (more.starts_at, more.id) if more else None)


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
