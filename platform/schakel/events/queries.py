"""Queries shaped by page: the list with filters, one event with all its data, its stamp, its calendar entries."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from schakel import db
from schakel.access import ANONYMOUS, Actor
from schakel.events import policy, rules
from schakel.events.models import AgendaItem, CapacityPool, Event, EventOrganiser, EventSession, EventTheme
from schakel.identity.models import Organisation
from schakel.notifications.ics import Entry
from schakel.pages import cursors
from schakel.programmes.models import Theme

PAGE = 20


class StampRow(NamedTuple):
    """What decides the content of the public page of an event: one row per pool; one without pool when there is none.

    `version` rises with every change of the event itself: data, days, agenda, steps, capacity, agreements at it.
    What can change without it has columns here: names of organisers and themes, and how many places are taken.
    """

    event_id: int
    version: int
    state: str
    title: str
    form: str
    starts_at: datetime
    closes_at: datetime | None
    mailbox: str
    organisation_id: int
    organisers: str | None
    themes: str | None
    pool_id: int | None
    pool_name: str | None
    profession_code: str | None
    session_id: int | None
    session_letter: str | None
    session_title: str | None
    round_id: int | None
    capacity: int | None
    used: int | None
    waiting: int | None

    @property
    def content(self) -> tuple[object, ...]:
        """The columns of the event, without its pools."""
        return self[:11]


Stamp = tuple[StampRow, ...]
EVENT_COLUMNS = (
    Event.id,
    Event.version,
    Event.state,
    Event.title,
    Event.form,
    Event.starts_at,
    Event.closes_at,
    Event.mailbox,
    Event.organisation_id,
)
POOL_COLUMNS = (
    CapacityPool.id,
    CapacityPool.name,
    CapacityPool.profession_code,
    EventSession.id,
    EventSession.letter,
    EventSession.title,
    EventSession.item_id,
    CapacityPool.capacity,
    CapacityPool.used,
    CapacityPool.waiting,
)


def _stamp_query() -> sa.Select[Any]:
    organisers = (
        sa.select(sa.func.aggregate_strings(Organisation.name, "\n"))
        .join(EventOrganiser, EventOrganiser.organisation_id == Organisation.id)
        .where(EventOrganiser.event_id == Event.id)
    )
    themes = (
        sa.select(sa.func.aggregate_strings(Theme.name, "\n"))
        .join(EventTheme, EventTheme.theme_id == Theme.id)
        .where(EventTheme.event_id == Event.id)
    )
    return (
        sa.select(*EVENT_COLUMNS, organisers.scalar_subquery(), themes.scalar_subquery(), *POOL_COLUMNS)
        .outerjoin(CapacityPool, CapacityPool.event_id == Event.id)
        .outerjoin(EventSession, EventSession.id == CapacityPool.session_id)
        .outerjoin(AgendaItem, AgendaItem.id == EventSession.item_id)
        .where(Event.slug == sa.bindparam("slug"), Event.state.in_(rules.PUBLIC_STATES))
        .order_by(AgendaItem.starts_at, AgendaItem.id, EventSession.letter, EventSession.id, CapacityPool.id)
    )


_STAMP = _stamp_query()  # built once: building it takes 0.8 ms (docs/performance.md)


def stamp(slug: str) -> Stamp:
    """Return what decides the content of an event's public page (1 statement); () when it is not public."""
    return tuple(StampRow._make(row) for row in db.read_outside_transaction(_STAMP, {"slug": slug}))


def stamp_of(event: Event) -> Stamp:
    """Return the same rows from a loaded event, in any state."""
    facts = [getattr(event, column.key) for column in EVENT_COLUMNS]
    names = ("\n".join(one.name for one in event.organisers), "\n".join(theme.name for theme in event.themes))
    rows = []
    for pool in event.pools:
        session = pool.session
        choice = (session.id, session.letter, session.title, session.item_id) if session else (None,) * 4
        figures = (pool.capacity, pool.used, pool.waiting)
        rows.append(StampRow._make((*facts, *names, pool.id, pool.name, pool.profession_code, *choice, *figures)))
    return tuple(rows)


def entries(event: Event, url: str) -> list[Entry]:
    """Return the public calendar entries of an event, one per contact day."""
    place = ", ".join(part for part in (event.place_name, event.place_detail) if part)
    return [
        Entry(
            uid=f"dag-{day.id}-{event.id}@schakel",
            sequence=event.sequence,
            stamped_at=event.changed_at,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            summary=event.title,
            location=place,
            description=url,
            url=url,
            cancelled=event.state == rules.State.CANCELLED,
        )
        for day in event.days
    ]


def load_for_page(actor: Actor, slug: str) -> Event | None:
    """Return one event with everything its page displays, or None (at most 9 statements, for any agenda)."""
    return db.session().scalar(
        policy.visible_to(actor)
        .where(Event.slug == slug)
        .options(
            joinedload(Event.organisation),
            selectinload(Event.organisers),
            selectinload(Event.themes),
            selectinload(Event.days),
            selectinload(Event.items).selectinload(AgendaItem.sessions),
            selectinload(Event.steps),
            selectinload(Event.pools),
        )
    )


def for_registering(slug: str) -> Event | None:
    """Return a public event with its pools, their sessions and rounds, or None (1 statement)."""
    return db.session().scalars(_with_room(), {"slug": slug}).unique().one_or_none()


@cache
def _with_room() -> sa.Select[Event]:
    # Built once: building it takes 0.6 ms, twice for each registration (docs/performance.md).
    return (
        policy.visible_to(ANONYMOUS)
        .where(Event.slug == sa.bindparam("slug"))
        .outerjoin(Event.pools)
        .outerjoin(CapacityPool.session)
        .outerjoin(EventSession.item)
        .options(
            joinedload(Event.organisation),
            contains_eager(Event.pools).contains_eager(CapacityPool.session).contains_eager(EventSession.item),
        )
        .order_by(CapacityPool.id)
    )


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
