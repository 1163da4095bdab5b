"""Data of the pages about events: their heading, their card in a list, the page of one, the places that are left."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from schakel import dates, errors, slots
from schakel.events import rules
from schakel.events.models import AgendaItem, Event
from schakel.events.queries import Stamp
from schakel.i18n import gettext, language

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
        closing=closing_text(event),
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


def closing_text(event: Event) -> str:
    """Return until when, or since when, people can sign up; empty when it was held or does not take place."""
    if not event.is_editable:
        return ""
    return rules.closing_text(event.form, event.closes_at, event.starts_at, dates.now())


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


def _agenda_item(item: AgendaItem, several: bool, pools: dict[int, int]) -> SimpleNamespace:
    return SimpleNamespace(
        id=item.id,
        time_text=dates.format_time(item.starts_at),
        time_iso=f"{dates.local(item.starts_at):%H:%M}",
        day_text=dates.format_date(item.starts_at) if several else None,
        kind=item.kind,
        title=item.title,
        text=item.text,
        place=item.place,
        sessions=[
            SimpleNamespace(
                id=session.id,
                letter=session.letter,
                title=session.title,
                text=session.text,
                place=session.place,
                pool_id=pools.get(session.id),
            )
            for session in item.sessions
        ],
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


def queued(rows: Iterable[Any]) -> set[int]:
    """Return the pools whose free places are for others, because they wait for them already.

    Asked only about pools that have a free place and a waiting list, so mostly without a statement.
    """
    ids = [row.pool_id for row in rows if row.waiting and (row.capacity is None or row.used < row.capacity)]
    return {pool_id for _, found in slots.ask("queues", ids) for pool_id in found} if ids else set()


def seats(stamp_rows: Stamp) -> dict[int, SimpleNamespace]:
    """Return the capacity per pool from a stamp: capacity, used, waiting, queued, how many are free, and a text."""
    queues = queued(row for row in stamp_rows if row.pool_id is not None)
    return {
        row.pool_id: SimpleNamespace(
            capacity=row.capacity,
            used=row.used,
            waiting=row.waiting,
            queued=row.pool_id in queues,
            free=rules.free_places(row.capacity or 0, row.used or 0, row.pool_id in queues),
            full=row.capacity is not None and row.used is not None and row.used >= row.capacity,
            left_text=rules.seats_text(row.capacity, row.used or 0, row.waiting or 0, row.pool_id in queues),
        )
        for row in stamp_rows
        if row.pool_id is not None
    }
