"""Queries shaped by page: one event with all its data, its stamp, its calendar entries, its data for signing up."""

from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from schakel import dates, db, errors
from schakel.access import ANONYMOUS, Actor
from schakel.events import policy, rules
from schakel.events.models import AgendaItem, CapacityPool, Event, EventOrganiser, EventSession, EventTheme
from schakel.i18n import gettext, language
from schakel.identity.models import Organisation
from schakel.notifications.ics import Entry
from schakel.programmes.models import Theme


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


FLAGS = ("is_draft", "is_published", "is_cancelled", "is_over", "is_editable")


def heading(event: Event) -> SimpleNamespace:
    """Return the data at the top of a page about an event."""
    return SimpleNamespace(
        slug=event.slug,
        title=event.title,
        when=dates.format_span(event.starts_at, event.ends_at),
        place=event.place_name,
        form=event.form,
        is_for_patients=event.is_for_patients,
        has_sign_up=event.form != rules.SignUp.NONE,
    )


def card(event: Event) -> SimpleNamespace:
    """Return the data of an event in a list."""
    page_data = heading(event)
    page_data.__dict__.update(
        kind=gettext(rules.KINDS[rules.Kind(event.kind)].name),
        iso=dates.local(event.starts_at).date().isoformat(),
        day=dates.local(event.starts_at).day,
        month=dates.names(language())[1][dates.local(event.starts_at).month - 1],
        year=dates.local(event.starts_at).year,
        organisers=", ".join(organiser.short for organiser in event.organisers),
        themes=[theme.name for theme in event.themes],
        **{name: getattr(event, name) for name in FLAGS},
        state_name=rules.WORKFLOW.label(event.state),
        state_shape=rules.WORKFLOW.shape(event.state),
        lead=event.lead,
        reason=event.reason,
    )
    return page_data


def page_data(event: Event) -> SimpleNamespace:
    """Return the page's data as plain values, usable after the session ends; `seats` returns the capacity figures."""
    several = len(event.days) > 1
    pools = {pool.session_id: pool.id for pool in event.pools if pool.session_id}
    base = card(event)
    base.__dict__.update(
        id=event.id,
        organisation_id=event.organisation_id,
        over=event.over,
        about=rules.paragraphs(event.about),
        chosen=event.chosen,
        place_detail=event.place_detail,
        accreditation=event.accreditation,
        mailbox=event.mailbox,
        organisers_full=[organiser.name for organiser in event.organisers],
        days=[(dates.format_date(day.starts_at), dates.format_times(day.starts_at, day.ends_at)) for day in event.days],
        steps=[SimpleNamespace(title=step.title, paragraphs=rules.paragraphs(step.text)) for step in event.steps],
        agenda=[_agenda_item(item, several, pools) for item in event.items],
        room=[
            SimpleNamespace(id=pool.id, name=pool.name, code=pool.profession_code) for pool in event.profession_pools
        ],
    )
    return base


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


def page_data_by(slug: str, stamp_rows: Stamp) -> SimpleNamespace:
    """Return title, pools and sessions of an event from its stamp. Raises NotFound when it is not public."""
    first = errors.found(stamp_rows[0] if stamp_rows else None)
    rounds: dict[int | None, list[SimpleNamespace]] = {}
    for row in stamp_rows:
        if row.session_id is not None:
            session = SimpleNamespace(id=row.session_id, letter=row.session_letter, title=row.session_title)
            rounds.setdefault(row.round_id, []).append(session)
    return SimpleNamespace(
        id=first.event_id,
        slug=slug,
        title=first.title,
        organisation_id=first.organisation_id,
        agenda=[SimpleNamespace(id=number, sessions=sessions) for number, sessions in rounds.items()],
        room=[
            SimpleNamespace(id=row.pool_id, name=row.pool_name, code=row.profession_code)
            for row in stamp_rows
            if row.pool_id is not None and row.session_id is None
        ],
    )


def _agenda_item(item: AgendaItem, several: bool, pools: dict[int, int]) -> SimpleNamespace:
    return SimpleNamespace(
        id=item.id,
        time_text=dates.format_time(item.starts_at),
        time_iso=f"{dates.local(item.starts_at):%H:%M}",
        day_text=dates.format_date(item.starts_at) if several else None,
        kind=item.kind,
        title=item.title,
        text=" ".join(part for part in ((item.place + "." if item.place else ""), item.text) if part),
        sessions=[
            SimpleNamespace(
                id=session.id,
                letter=session.letter,
                title=session.title,
                text=session.text,
                pool_id=pools.get(session.id),
            )
            for session in item.sessions
        ],
    )


def seats(stamp_rows: Stamp) -> dict[int, SimpleNamespace]:
    """Return the capacity per pool from a stamp: capacity, used, waiting and a text."""
    return {
        row.pool_id: SimpleNamespace(
            capacity=row.capacity,
            used=row.used,
            waiting=row.waiting,
            full=row.capacity is not None and row.used is not None and row.used >= row.capacity,
            left_text=rules.seats_text(row.capacity, row.used or 0, row.waiting or 0),
        )
        for row in stamp_rows
        if row.pool_id is not None
    }
