"""The organiser's list: searched, narrowed and paged on the server by key; the same rows as a stream for CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from schakel import dates, db
from schakel.access import Actor
from schakel.events.models import CapacityPool, Event, EventSession
from schakel.identity import rules as identity
from schakel.identity.models import Profession
from schakel.registrations import rules
from schakel.registrations.models import LIVE, Registration, SeatClaim, Wait

PAGE = 50
HEADS = ("Naam", "E-mail", "Beroep of rol", "Organisatie", "Personen", "Sessies", "Wensen", "Staat", "Aangemeld op")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; as in the URL."""

    word: str = ""
    state: str | None = None
    profession: str | None = None
    session: int | None = None
    after: tuple[str, int] | None = None


def _narrowed(event: Event, filters: Filters) -> sa.Select[Any]:
    query = sa.select(Registration.id).where(Registration.event_id == event.id)
    if filters.word:
        start = identity.sort_name(filters.word)
        query = query.where(
            sa.or_(
                Registration.sort_name.contains(start, autoescape=True),
                Registration.folded_email.startswith(identity.fold(filters.word), autoescape=True),
            )
        )
    if filters.state:
        query = query.where(Registration.state == filters.state)
    if filters.profession:
        query = query.where(Registration.profession_code == filters.profession)
    if filters.session:
        pool = sa.select(CapacityPool.id).where(CapacityPool.session_id == filters.session)
        query = query.where(
            sa.or_(
                sa.exists().where(SeatClaim.registration_id == Registration.id, SeatClaim.pool_id.in_(pool)),
                sa.exists().where(Wait.registration_id == Registration.id, Wait.pool_id.in_(pool)),
            )
        )
    return query


COLUMNS = (
    Registration.id,
    Registration.sort_name,
    Registration.name,
    Registration.email,
    Profession.name.label("profession"),
    Registration.organisation,
    Registration.persons,
    Registration.wishes,
    Registration.state,
    Registration.created_at,
)


def listed(event: Event, filters: Filters, size: int = PAGE) -> tuple[list[SimpleNamespace], tuple[str, int] | None]:
    """One page by name, and the key of the next (2 statements)."""
    query = _narrowed(event, filters).with_only_columns(*COLUMNS)
    query = query.outerjoin(Profession, Profession.code == Registration.profession_code)
    if filters.after:
        place = sa.tuple_(Registration.sort_name, Registration.id)
        query = query.where(place > sa.tuple_(sa.literal(filters.after[0]), sa.literal(filters.after[1])))
    rows = db.session().execute(query.order_by(Registration.sort_name, Registration.id).limit(size + 1)).all()
    letters = _sessions([row.id for row in rows[:size]])
    more = rows[size - 1] if len(rows) > size else None
    return [_line(row, letters) for row in rows[:size]], (more.sort_name, more.id) if more else None


def _line(row: Any, letters: dict[int, list[str]]) -> SimpleNamespace:
    return SimpleNamespace(
        **row._asdict(),
        state_name=rules.STATES[row.state],
        sessions=", ".join(letters.get(row.id, [])),
        made=dates.nl_moment(row.created_at),
    )


def _sessions(ids: list[int]) -> dict[int, list[str]]:
    """Letters of the sessions per registration; those waited for are marked (1 statement)."""
    found: dict[int, list[str]] = {}
    if not ids:
        return found
    for row in db.session().execute(_letters(ids)):
        found.setdefault(row.registration_id, []).append(row.letter + (" (wacht)" if row.waits else ""))
    return found


def _letters(ids: list[int]) -> sa.CompoundSelect[int, str, int]:
    halves = [
        sa.select(table.registration_id, EventSession.letter, sa.literal(waits).label("waits"))
        .join(CapacityPool, CapacityPool.id == table.pool_id)
        .join(EventSession, EventSession.id == CapacityPool.session_id)
        .where(table.registration_id.in_(ids))
        for table, waits in ((SeatClaim, 0), (Wait, 1))
    ]
    return sa.union_all(*halves).order_by("letter")


def counts(event: Event) -> dict[str, int]:
    """How many registrations stand in each state (1 statement)."""
    rows = db.session().execute(
        sa.select(Registration.state, sa.func.count(Registration.id))
        .where(Registration.event_id == event.id)
        .group_by(Registration.state)
    )
    return {row[0]: row[1] for row in rows}


def told(actor: Actor, event_id: int) -> dict[str, int]:
    """Slot `told.event`: how many people a change of an event is told to, by state, for who may see its list."""
    mine = actor.organisations("coordinator")
    rows = db.session().execute(
        sa.select(Registration.state, sa.func.count(Registration.id))
        .join(Event, Event.id == Registration.event_id)
        .where(Event.id == event_id, Event.organisation_id.in_(mine), Registration.state.in_(LIVE))
        .group_by(Registration.state)
    )
    return {row[0]: row[1] for row in rows}


def rows_for_csv(event_id: int, filters: Filters) -> Iterator[list[str]]:
    """Every row the filters leave, in the order of the screen (2 statements a thousand rows)."""
    event = db.session().get(Event, event_id)
    assert event is not None
    after = None
    while True:
        lines, after = listed(event, Filters(**{**filters.__dict__, "after": after}), size=1000)
        for line in lines:
            yield [
                line.name,
                line.email,
                line.profession or "",
                line.organisation,
                str(line.persons),
                line.sessions,
                line.wishes,
                line.state_name,
                line.made,
            ]
        if after is None:
            return
