"""The organiser's list: searched, filtered and paged in the database; the same rows as a stream for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

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
IN_LINE = {rules.State.WAITING, rules.State.OFFERED}
# The place in the waiting list: the id of the first wait (models.Wait).
FIRST_WAIT = (
    sa.select(sa.func.coalesce(sa.func.min(Wait.id), 0))
    .where(Wait.registration_id == Registration.id)
    .correlate(Registration)
    .scalar_subquery()
)


def _order(filters: Filters) -> tuple[Any, Any]:
    """Return the order of the list: by name, and who waits by place in the waiting list."""
    return (FIRST_WAIT if filters.state in IN_LINE else Registration.sort_name), Registration.id


def _rows(event_id: int, filters: Filters) -> sa.Select[Any]:
    query = cast(
        "sa.Select[Any]", _narrowed(event_id, filters).with_only_columns(*COLUMNS, _order(filters)[0].label("key"))
    )
    return query.outerjoin(Profession, Profession.code == Registration.profession_code).order_by(*_order(filters))


def listed(event_id: int, filters: Filters, size: int = PAGE) -> tuple[list[SimpleNamespace], int | None]:
    """Return a page, and the id of its last row when there are more (4 statements; less for the first page).

    By name; who waits, by place in the waiting list.
    """
    order = _order(filters)
    query = cursors.after(_rows(event_id, filters), order, _key_of(event_id, filters.after, order[0]))
    total = db.count_of(_narrowed(event_id, filters)).label("total")
    rows = db.session().execute(query.limit(size + 1).add_columns(total)).all()
    letters: dict[int, list[str]] = {}
    lines: dict[int, list[str]] = {}
    if any(row.state in IN_LINE for row in rows[:size]):
        for number, pool, place in db.session().execute(_places([row.id for row in rows[:size]])):
            lines.setdefault(number, []).append(gettext("plaats %(n)d: %(pool)s", n=place, pool=pool))
    if rows:
        ids = Registration.id.in_([row.id for row in rows[:size]])
        for number, letter, waits in db.session().execute(_letters(ids).order_by("registration_id", "letter")):
            letters.setdefault(number, []).append(_letter(letter, waits))
    page, more = cursors.split(rows, size, lambda row: (row.key, row.id))
    listed_rows = [_list_row(row, ", ".join(letters.get(row.id, [])), lines.get(row.id, [])) for row in page]
    return listed_rows, more[1] if more else None


def _places(ids: list[int]) -> sa.Select[Any]:
    """Select (registration, pool, place) of each wait of these registrations."""
    before = aliased(Wait)
    place = (
        sa.select(sa.func.count())
        .where(before.pool_id == Wait.pool_id, before.id <= Wait.id)
        .correlate(Wait)
        .scalar_subquery()
    )
    query = sa.select(Wait.registration_id, CapacityPool.name, place).join(
        CapacityPool, CapacityPool.id == Wait.pool_id
    )
    return query.where(Wait.registration_id.in_(ids)).order_by(Wait.id)


def _key_of(event_id: int, after: int | None, key: Any) -> tuple[Any, int] | None:
    """Return where this registration stands in the order; None when it is not one of this event."""
    if after is None:
        return None
    found = db.session().scalar(sa.select(key).where(Registration.id == after, Registration.event_id == event_id))
    return None if found is None else (found, after)


def _list_row(row: Any, sessions: str, lines: list[str]) -> SimpleNamespace:
    facts = row._asdict() | {"name": names.listed_name(row.name)}
    return SimpleNamespace(
        **facts,
        state_name=rules.WORKFLOW.label(row.state),
        sessions=sessions,
        lines=lines if row.state in IN_LINE else [],
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
