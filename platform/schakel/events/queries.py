"""Page-shaped reads: the list with filters, and one event in as few statements as its page allows."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from schakel import dates, db, errors
from schakel.access import ANONYMOUS, Actor
from schakel.events import policy, rules
from schakel.events.models import AgendaSlot, CapacityPool, Event, EventOrganiser, EventTheme
from schakel.i18n import gettext
from schakel.identity.models import Organisation
from schakel.notifications.ics import Entry
from schakel.programmes.models import Theme

PAGE = 20
KEPT = 256


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; as in the URL."""

    past: bool = False
    kind: str | None = None
    organisation: str | None = None
    theme: str | None = None
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Page:
    """A page of the list and where the next one begins."""

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
    """One page of events: upcoming first to come, past last held first (3 statements)."""
    query = _narrowed(policy.visible_to(actor), filters, now)
    order = (Event.starts_at.desc(), Event.id.desc()) if filters.past else (Event.starts_at, Event.id)
    if filters.after:
        place = sa.tuple_(Event.starts_at, Event.id)
        mark = sa.tuple_(sa.literal(filters.after[0], db.Moment()), sa.literal(filters.after[1]))
        query = query.where(place < mark if filters.past else place > mark)
    rows = list(
        db.session()
        .scalars(
            query.order_by(*order).limit(size + 1).options(selectinload(Event.organisers), selectinload(Event.themes))
        )
        .unique()
    )
    more = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], (more.starts_at, more.id) if more else None)


def _stamp_query() -> sa.Select[Any]:
    events, pools = db.table_of(Event), db.table_of(CapacityPool)
    event, pool = events.c, pools.c
    figures = (pool.id, pool.capacity, pool.used, pool.waiting)
    return (
        sa.select(event.id, event.version, event.state, *figures, event.closes_at)
        .select_from(events.outerjoin(pools, pool.event_id == event.id))
        .where(event.slug == sa.bindparam("slug"), event.state != "draft")
        .order_by(pool.id)
    )


_STAMP = _stamp_query()  # made once: making it anew cost a fifth of the request


def stamp(slug: str) -> tuple[Any, ...]:
    """Everything that decides how the public page of an event looks, in 1 statement; () when it is not public."""
    return tuple(tuple(row) for row in db.look(_STAMP, {"slug": slug}))


def stamp_of(event: Event) -> tuple[Any, ...]:
    """The same rows out of a loaded event (drafts, which have no public stamp)."""
    return tuple(
        (event.id, event.version, event.state, pool.id, pool.capacity, pool.used, pool.waiting, event.closes_at)
        for pool in event.pools
    )


def entries(event: Event, url: str) -> list[Entry]:
    """The calendar entries of an event as everybody may have them, one per contact day."""
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
            cancelled=event.state == "cancelled",
        )
        for day in event.days
    ]


def whole(actor: Actor, slug: str) -> Event | None:
    """One event with all that its page shows (at most 9 statements, however long its agenda)."""
    return db.session().scalar(
        policy.visible_to(actor)
        .where(Event.slug == slug)
        .options(
            joinedload(Event.organisation),
            joinedload(Event.contact),
            selectinload(Event.organisers),
            selectinload(Event.themes),
            selectinload(Event.days),
            selectinload(Event.slots).selectinload(AgendaSlot.sessions),
            selectinload(Event.steps),
            selectinload(Event.pools),
        )
    )


def organising(limit: int = 200) -> list[Organisation]:
    """The organisations that invite to anything, for the filter."""
    return list(
        db.session().scalars(
            sa.select(Organisation)
            .where(sa.exists().where(EventOrganiser.organisation_id == Organisation.id))
            .order_by(Organisation.short)
            .limit(limit)
        )
    )


def card(event: Event) -> SimpleNamespace:
    """An event as a line in a list."""
    return SimpleNamespace(
        slug=event.slug,
        title=event.title,
        kind=gettext(rules.KINDS[rules.Kind(event.kind)].name),
        when=dates.nl_span(event.starts_at, event.ends_at),
        iso=dates.local(event.starts_at).date().isoformat(),
        day=dates.local(event.starts_at).day,
        month=dates.MONTHS[dates.local(event.starts_at).month - 1],
        year=dates.local(event.starts_at).year,
        place=event.place_name,
        organisers=", ".join(organiser.short for organiser in event.organisers),
        themes=[theme.name for theme in event.themes],
        state=event.state,
        state_name=rules.WORKFLOW.label(event.state),
        state_shape=rules.WORKFLOW.shape(event.state),
        lead=event.lead,
        reason=event.reason,
    )


def shown(event: Event) -> SimpleNamespace:
    """All that the page of an event says, as plain values that outlive the session; figures of room come apart."""
    several = len(event.days) > 1
    pools = {pool.session_id: pool.id for pool in event.pools if pool.session_id}
    base = card(event)
    base.__dict__.update(
        id=event.id,
        organisation_id=event.organisation_id,
        version=event.version,
        over=event.over,
        about=rules.paragraphs(event.about),
        chosen=event.chosen,
        place_detail=event.place_detail,
        accreditation=event.accreditation,
        mailbox=event.mailbox,
        organisers_full=[organiser.name for organiser in event.organisers],
        contact=event.contact.name if event.contact else None,
        form=event.form,
        closes_at=event.closes_at,
        starts_at=event.starts_at,
        days=[
            (dates.nl_date(day.starts_at), f"{dates.nl_time(day.starts_at)} – {dates.nl_time(day.ends_at)} uur")
            for day in event.days
        ],
        steps=[SimpleNamespace(title=step.title, paragraphs=rules.paragraphs(step.text)) for step in event.steps],
        agenda=[_agenda_line(slot, several, pools) for slot in event.slots],
        room=[
            SimpleNamespace(id=pool.id, name=pool.name, code=pool.profession_code)
            for pool in event.pools
            if pool.session_id is None
        ],
    )
    return base


_shown: OrderedDict[tuple[int, int], SimpleNamespace] = OrderedDict()


def shown_by(slug: str, stamp_rows: tuple[Any, ...]) -> SimpleNamespace:
    """The public page of an event by its stamp: read once per version, then kept. NotFound when the stamp is empty."""
    if not stamp_rows:
        raise errors.NotFound
    key = (stamp_rows[0][0], stamp_rows[0][1])
    if key not in _shown:
        _shown[key] = shown(errors.found(whole(ANONYMOUS, slug)))
        while len(_shown) > KEPT:
            _shown.popitem(last=False)
    return _shown[key]


_registering: OrderedDict[tuple[int, int], Event] = OrderedDict()


def for_registering(slug: str, stamp_rows: tuple[Any, ...] = ()) -> Event | None:
    """A public event with what signing up needs: read once per version when its stamp is given, then kept.

    What is kept belongs to no session and its pools are good for ids and names only: figures are in the stamp.
    """
    key = stamp_rows[0][:2] if stamp_rows else None
    if key and key in _registering:
        return _registering[key]
    event = db.session().scalar(
        policy.visible_to(ANONYMOUS)
        .where(Event.slug == slug)
        .options(
            joinedload(Event.organisation),
            selectinload(Event.pools),
            selectinload(Event.days),
            selectinload(Event.slots).selectinload(AgendaSlot.sessions),
        )
    )
    if event is not None and key and key == (event.id, event.version):
        db.session().expunge(event.organisation)
        db.session().expunge(event)
        _registering[key] = event
        while len(_registering) > KEPT:
            _registering.popitem(last=False)
    return event


def _agenda_line(slot: AgendaSlot, several: bool, pools: dict[int, int]) -> SimpleNamespace:
    return SimpleNamespace(
        id=slot.id,
        time_text=dates.nl_time(slot.starts_at),
        time_iso=f"{dates.local(slot.starts_at):%H:%M}",
        day_text=dates.nl_date(slot.starts_at) if several else None,
        kind=slot.kind,
        title=slot.title,
        text=" ".join(part for part in ((slot.place + "." if slot.place else ""), slot.text) if part),
        sessions=[
            SimpleNamespace(
                id=session.id,
                letter=session.letter,
                title=session.title,
                text=session.text,
                pool_id=pools.get(session.id),
            )
            for session in slot.sessions
        ],
    )


def seats(stamp_rows: tuple[Any, ...]) -> dict[int, SimpleNamespace]:
    """Room per pool out of a stamp: capacity, used, waiting and the words for it."""
    return {
        row[3]: SimpleNamespace(
            capacity=row[4],
            used=row[5],
            waiting=row[6],
            full=row[4] is not None and row[5] >= row[4],
            left_text=rules.seats_text(row[4], row[5], row[6]),
        )
        for row in stamp_rows
        if row[3] is not None
    }
