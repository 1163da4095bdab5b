"""The organiser's list: searched, filtered and paged in the database; the same rows as a stream for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa

from schakel import addresses, dates, db, names
from schakel.csv_cells import Value
from schakel.events.models import CapacityPool, EventSession
from schakel.i18n import N_, gettext
from schakel.identity.models import Profession
from schakel.pages import cursors
from schakel.registrations import rules
from schakel.registrations.models import Registration, SeatClaim, Wait

PAGE = 50
HEADS = (
    N_("Naam"),
    N_("E-mail"),
    N_("Beroep of rol"),
    N_("Organisatie"),
    N_("Personen"),
    N_("Sessies"),
    N_("Wensen"),
    N_("Staat"),
    N_("Aangemeld op"),
)


@dataclass(frozen=True)
class Filters:
    """The filters of the list, as in the URL."""

    word: str = ""
    state: str | None = None
    profession: str | None = None
    session: int | None = None
    after: int | None = None


def _narrowed(event_id: int, filters: Filters) -> sa.Select[Any]:
    query = sa.select(Registration.id).where(Registration.event_id == event_id)
    if filters.word:
        address = addresses.fold_address(filters.word)
        query = query.where(
            sa.or_(
                db.has_words(Registration.sort_name, names.words_of(filters.word)),
                Registration.folded_email.startswith(address, autoescape=True),
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
ORDER = (Registration.sort_name, Registration.id)


def _rows(event_id: int, filters: Filters) -> sa.Select[Any]:
    query = cast("sa.Select[Any]", _narrowed(event_id, filters).with_only_columns(*COLUMNS))
    return query.outerjoin(Profession, Profession.code == Registration.profession_code).order_by(*ORDER)


def listed(event_id: int, filters: Filters, size: int = PAGE) -> tuple[list[SimpleNamespace], int | None]:
    """Return a page by name, and the id of its last row when there are more (3 statements; 2 for the first page)."""
    query = cursors.after(_rows(event_id, filters), ORDER, _key_of(event_id, filters.after))
    rows = db.session().execute(query.limit(size + 1)).all()
    letters: dict[int, list[str]] = {}
    if rows:
        ids = Registration.id.in_([row.id for row in rows[:size]])
        for number, letter, waits in db.session().execute(_letters(ids).order_by("registration_id", "letter")):
            letters.setdefault(number, []).append(_letter(letter, waits))
    page, more = cursors.split(rows, size, lambda row: (row.sort_name, row.id))
    return [_list_row(row, ", ".join(letters.get(row.id, []))) for row in page], more[1] if more else None


def _key_of(event_id: int, after: int | None) -> tuple[str, int] | None:
    """Return where this registration stands in the order; None when it is not one of this event."""
    if after is None:
        return None
    name = sa.select(Registration.sort_name).where(Registration.id == after, Registration.event_id == event_id)
    found = db.session().scalar(name)
    return None if found is None else (found, after)


def _list_row(row: Any, sessions: str) -> SimpleNamespace:
    facts = row._asdict() | {"name": names.listed_name(row.name)}
    return SimpleNamespace(
        **facts,
        state_name=rules.WORKFLOW.label(row.state),
        sessions=sessions,
        made=dates.format_datetime(row.created_at),
    )


def _letter(letter: str, waits: int) -> str:
    return gettext("%(letter)s (wacht)", letter=letter) if waits else letter


def _letters(which: sa.ColumnElement[bool]) -> sa.CompoundSelect[Any]:
    """Select letters of the sessions per registration, and whether each is waited for."""
    halves = [
        sa.select(table.registration_id, EventSession.letter, sa.literal(waits).label("waits"))
        .join(Registration, Registration.id == table.registration_id)
        .join(CapacityPool, CapacityPool.id == table.pool_id)
        .join(EventSession, EventSession.id == CapacityPool.session_id)
        .where(which)
        for table, waits in ((SeatClaim, 0), (Wait, 1))
    ]
    return sa.union_all(*halves)


def rows_for_file(event_id: int, filters: Filters) -> Iterator[tuple[Value, ...]]:
    """Yield every filtered row, in the order of the screen, streamed (2 statements for any number of rows)."""
    letters: dict[int, list[str]] = {}
    for number, letter, waits in db.session().execute(
        _letters(Registration.event_id == event_id).order_by("registration_id", "letter")
    ):
        letters.setdefault(number, []).append(_letter(letter, waits))
    for row in db.session().execute(_rows(event_id, filters).execution_options(yield_per=1000)):
        yield (
            row.name,
            row.email,
            row.profession or "",
            row.organisation,
            row.persons,
            ", ".join(letters.get(row.id, ())),
            row.wishes,
            rules.WORKFLOW.label(row.state),
            row.created_at,
        )
