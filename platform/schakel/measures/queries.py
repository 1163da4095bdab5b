"""Queries shaped by page: the list of measures, one measure with all its data, its cause and possible owners."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from schakel import dates, db, names
from schakel.access import Actor
from schakel.actions.models import Action
from schakel.actions.rules import State as ActionState
from schakel.csv_cells import Value
from schakel.deadlines import FAR
from schakel.i18n import N_, gettext
from schakel.identity.models import Account, Organisation, Person
from schakel.loop import Loop
from schakel.measures import policy, progress, rules
from schakel.measures.models import Measure, MeasureAction, MeasureHistory, MeasureTheme
from schakel.measures.rules import State, StateFilter
from schakel.pages import cursors
from schakel.programmes.models import Theme

PAGE = 30
WEEK = timedelta(days=7)
URGENT_STATES = (State.NOT_EFFECTIVE, State.IMPLEMENTED, State.CHECKED)
FOUND = {  # the state in whose words an effect is named
    rules.Effect.EFFECTIVE: State.EFFECTIVE,
    rules.Effect.NOT_EFFECTIVE: State.NOT_EFFECTIVE,
    rules.Effect.NOT_MEASURABLE: State.EFFECT_NOT_MEASURABLE,
}
HEADS = (
    N_("Nummer"),
    N_("Maatregel of toezegging"),
    N_("Staat"),
    N_("Eigenaar"),
    N_("Aanleiding"),
    N_("Jaar"),
    N_("Afdeling"),
    N_("Klaar op"),
    N_("Dagen te laat"),
    N_("Actiepunten getoetst"),
    N_("Actiepunten"),
    N_("Effect"),
)


@dataclass(frozen=True)
class Filters:
    """The filters of the list, as in the URL. `state`: a state or a StateFilter."""

    state: str = StateFilter.OPEN
    cause: str = ""
    department: int | None = None
    theme: str = ""
    word: str = ""
    after: tuple[date, int] | None = None


def narrowed(query: sa.Select[Measure], filters: Filters, today: date) -> sa.Select[Measure]:
    """Return the select with the filters applied."""
    if filters.state == StateFilter.OPEN:
        query = query.where(Measure.is_closed.is_(False))
    elif filters.state == StateFilter.URGENT:
        query = query.where(urgent(today))
    elif filters.state == StateFilter.LATE:
        query = query.where(Measure.state.in_(rules.WORKING), Measure.due_sort < today)
    elif filters.state in set(State):
        query = query.where(Measure.state == filters.state)
    if filters.cause in set(rules.CauseKind):
        query = query.where(Measure.cause_kind == filters.cause)
    if filters.department:
        query = query.where(Measure.department_id == filters.department)
    if filters.theme:
        wanted = sa.select(Theme.id).where(Theme.code == filters.theme)
        query = query.where(sa.exists().where(MeasureTheme.measure_id == Measure.id, MeasureTheme.theme_id.in_(wanted)))
    if filters.word:
        word = filters.word
        query = query.where(
            sa.or_(
                db.has_words(Measure.search_title, names.words_of(word)),
                Measure.number.istartswith(word, autoescape=True),
            )
        )
    return query


def urgent(today: date) -> sa.ColumnElement[bool]:
    """Return the condition for: late, due this week, silent, undated, without effect, or waiting to be checked."""
    working = Measure.state.in_(rules.WORKING)
    return sa.and_(
        Measure.is_closed.is_(False),
        sa.or_(
            sa.and_(working, Measure.due_sort <= today + WEEK),
            sa.and_(working, Measure.due_sort == FAR),
            sa.and_(working, Measure.next_report_on < today),
            Measure.state.in_(URGENT_STATES),
        ),
    )


def _done() -> tuple[sa.ScalarSelect[int], sa.ScalarSelect[int]]:
    """Return (checked, all) of the action points under a measure, cancelled ones left out, as columns to select."""
    under = (
        sa.select(sa.func.count())
        .select_from(MeasureAction)
        .join(Action, Action.id == MeasureAction.action_id)
        .where(MeasureAction.measure_id == Measure.id, MeasureAction.state.in_(rules.UNDER))
        .correlate(Measure)
    )
    checked = under.where(Action.state == ActionState.CHECKED)
    counting = under.where(Action.state != ActionState.CANCELLED)
    return checked.scalar_subquery(), counting.scalar_subquery()


def done_of(measure: Measure) -> tuple[int, int]:
    """Return (checked, all) of the action points under a measure (1 statement)."""
    checked, of = db.session().execute(sa.select(*_done()).where(Measure.id == measure.id)).one()
    return checked, of


Row = tuple[Measure, tuple[int, int]]


def page(
    query: sa.Select[Measure], filters: Filters, size: int = PAGE
) -> tuple[cursors.Rows[Row], tuple[date, int] | None]:
    """Return a page of measures with their action points (checked, all), and the key of the next page (1 statement).

    Earliest deadline first, undated last.
    """
    order = (Measure.due_sort, Measure.id)
    total = db.count_of(query.with_only_columns(Measure.id))
    query = cursors.after(query, order, filters.after)
    options = (joinedload(Measure.owner), joinedload(Measure.department), joinedload(Measure.organisation))
    full_query = query.add_columns(*_done(), total).options(*options)
    found = db.session().execute(full_query.order_by(*order).limit(size + 1)).unique().all()
    rows: list[Row] = [(measure, (checked, of)) for measure, checked, of, _ in found]
    return cursors.split(rows, size, lambda row: (row[0].due_sort, row[0].id), found[0][3] if found else 0)


def list_row(measure: Measure, today: date, done: tuple[int, int] = (0, 0)) -> SimpleNamespace:
    """Return the data of a measure in a list."""
    shape, word = progress.why(measure.state, measure.due_on, measure.next_report_on, today)
    return SimpleNamespace(
        id=measure.public_id,
        number=measure.number,
        title=measure.title,
        cause=cause_text(measure),
        shape=shape,
        word=word,
        state=measure.state,
        state_name=rules.WORKFLOW.label(measure.state),
        at_move=_at_move(standing(measure, today, done)),
        owner=measure.owner.name if measure.owner else gettext("nog niemand"),
        department=measure.department.short if measure.department else measure.organisation.short,
        due=dates.format_date(measure.due_on) if measure.due_on else gettext("geen datum"),
        loop=loop(measure, today, done),
    )


def _at_move(it: progress.Standing) -> str:
    who, task = progress.at_move(it)
    return f"{who}: {task}" if task else who


def cause_text(measure: Measure) -> str:
    """Return all that is displayed of a cause: its kind and year."""
    return f"{gettext(rules.CAUSES[rules.CauseKind(measure.cause_kind)])}, {measure.cause_year}"


def standing(measure: Measure, today: date, done: tuple[int, int]) -> progress.Standing:
    """Return the data that decides the loop and whose turn it is."""
    late = progress.is_late(measure.state, measure.due_on, today)
    undated = progress.is_undated(measure.state, measure.due_on)
    informed = measure.informed_realised_on is not None
    roles = {"signer": policy.signing_role(measure.kind), "judge": policy.judging_role(measure)}
    return progress.Standing(measure.state, measure.effect, measure.cause_kind, late, undated, done, informed, **roles)


def loop(measure: Measure, today: date, done: tuple[int, int]) -> Loop:
    """Return the loop of a measure."""
    return progress.loop_of(standing(measure, today, done), cause_text(measure))


def load_for_page(actor: Actor, public_id: str) -> Measure | None:
    """Return a measure with everything its page displays, or None (5 statements)."""
    return db.session().scalar(
        policy.visible_to(actor)
        .where(Measure.public_id == public_id)
        .options(
            joinedload(Measure.owner),
            joinedload(Measure.department),
            joinedload(Measure.organisation),
            selectinload(Measure.themes),
            selectinload(Measure.history).joinedload(MeasureHistory.person),
            selectinload(Measure.links).joinedload(MeasureAction.action).joinedload(Action.owner),
        )
    )


def rows_for_file(query: sa.Select[Measure], today: date) -> Iterator[tuple[Value, ...]]:
    """Yield every row of a filtered select, in the order of the screen, streamed (1 statement)."""
    department = aliased(Organisation)
    columns = (
        Measure.number,
        Measure.title,
        Measure.state,
        Person.name,
        Measure.cause_kind,
        Measure.cause_year,
        department.short,
        Measure.due_on,
        Measure.effect,
        *_done(),
    )
    rows = db.session().execute(
        query.outerjoin(Person, Person.id == Measure.owner_id)
        .outerjoin(department, department.id == Measure.department_id)
        .with_only_columns(*columns)
        .order_by(Measure.due_sort, Measure.id)
        .execution_options(yield_per=1000)
    )
    for number, title, state, owner, cause, year, where, due, effect, checked, of in rows:
        kind = gettext(rules.CAUSES[rules.CauseKind(cause)])
        facts = (owner or "", kind, year, where or "", due)
        late = (today - due).days if due and progress.is_late(state, due, today) else None
        found = rules.WORKFLOW.label(FOUND[rules.Effect(effect)]) if effect else ""
        yield (number, title, rules.WORKFLOW.label(state), *facts, late, checked, of, found)


def owners_for(measure: Measure) -> list[tuple[Person, str]]:
    """Return who may own a measure, each with their organisation: people of the same organisation first.

    After release also everybody with an account elsewhere; they see the working text only.
    """
    tree = Organisation.with_all_below({measure.organisation_id}).subquery()
    inside = Person.organisation_id.in_(sa.select(tree.c.id))
    may_own = (
        inside if measure.released_at is None else sa.or_(inside, sa.exists().where(Account.person_id == Person.id))
    )
    rows = db.session().execute(
        sa.select(Person, Organisation.short)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(may_own)
        .order_by(sa.case((inside, 0), else_=1), Person.sort_name, Person.id)
        .limit(300)
    )
    return [(row[0], row[1] or "") for row in rows]


def top_organisations(ids: frozenset[int]) -> list[Organisation]:
    """Return those of these organisations that are not a department."""
    query = sa.select(Organisation).where(Organisation.id.in_(ids), Organisation.parent_id.is_(None))
    return list(db.session().scalars(query.order_by(Organisation.name)))


def departments(organisation_ids: frozenset[int]) -> list[Organisation]:
    """Return the departments among these organisations, for filters and forms."""
    query = sa.select(Organisation).where(Organisation.id.in_(organisation_ids), Organisation.parent_id.is_not(None))
    return list(db.session().scalars(query.order_by(Organisation.name)))
