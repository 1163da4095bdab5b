"""Queries shaped by page: the list with filters, one action point with all its data, its causes and possible owners."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from schakel import dates, db, errors, names, slots
from schakel.access import Actor
from schakel.actions import policy, rules
from schakel.actions.models import Action, ActionHistory, Evidence
from schakel.actions.rules import StateFilter
from schakel.csv_cells import Value
from schakel.deadlines import FAR
from schakel.i18n import N_, gettext
from schakel.identity.models import Organisation, Person
from schakel.identity.rules import Role, fold
from schakel.pages import cursors
from schakel.programmes.models import Theme
from schakel.slot_types import Cause

PAGE = 30
MOST_LINKS = 20  # mails at once to who lost a link
WEEK = timedelta(days=7)
HEADS = (
    N_("Actiepunt"),
    N_("Staat"),
    N_("Eigenaar"),
    N_("Gevraagd door"),
    N_("Organisatie"),
    N_("Thema"),
    N_("Klaar op"),
    N_("Eerste datum"),
)


@dataclass(frozen=True)
class Filters:
    """The filters of the list, as in the URL. `whose`: mine, asked. `state`: a state or a StateFilter."""

    whose: str = ""
    state: str = StateFilter.OPEN
    theme: str = ""
    word: str = ""
    after: tuple[date, int] | None = None


def link_name(action_id: int) -> str:
    """Return what the object of an owner's link is called."""
    action = errors.found(db.session().get(Action, action_id))
    return gettext("Het actiepunt “%(title)s”", title=action.title)


def given_away(entry_id: int) -> tuple[str, datetime]:
    """Return the title of an action point that was given to another owner by this entry, and when."""
    row = db.session().execute(
        sa.select(Action.title, ActionHistory.at)
        .join(ActionHistory, ActionHistory.action_id == Action.id)
        .where(ActionHistory.id == entry_id, ActionHistory.verb == rules.Verb.PROPOSE)
    )
    title, at = errors.found(row.one_or_none())
    return title, at


def former_link_name(entry_id: int) -> str:
    """Return what the object of a former owner's link is called."""
    return gettext("Het actiepunt “%(title)s”, dat niet meer bij u is", title=given_away(entry_id)[0])


def open_of_mailbox(email: str) -> list[Action]:
    """Return the open action points of the owners with this address (1 statement)."""
    owned = sa.select(Action).join(Person, Person.id == Action.owner_id)
    owned = owned.where(Person.folded_email == fold(email), Action.state.in_(rules.OPEN))
    return list(db.session().scalars(owned.order_by(Action.id).limit(MOST_LINKS)))


def narrowed(actor: Actor, filters: Filters, today: date) -> sa.Select[Action]:
    """Return the filtered select behind the list and the file."""
    query = policy.visible_to(actor)
    if filters.whose == "mine":
        query = query.where(Action.owner_id == actor.person_id)
    elif filters.whose == "asked":
        query = query.where(Action.requester_id == actor.person_id)
    if filters.state == StateFilter.OPEN:
        query = query.where(Action.state.in_(rules.OPEN))
    elif filters.state == StateFilter.LATE:
        query = query.where(Action.state.in_(rules.UNDECIDED | rules.WORKING))
        query = query.where(Action.due_sort < today)
    elif filters.state == StateFilter.UNDATED:
        query = query.where(Action.state.in_(rules.OPEN), Action.due_sort == FAR)
    elif filters.state in rules.STATES:
        query = query.where(Action.state == filters.state)
    if filters.theme:
        query = query.where(Action.theme_id.in_(sa.select(Theme.id).where(Theme.code == filters.theme)))
    if filters.word:
        query = query.where(db.has_words(Action.search_title, names.words_of(filters.word)))
    return query


def listed(
    actor: Actor, filters: Filters, today: date, size: int = PAGE
) -> tuple[cursors.Rows[Action], tuple[date, int] | None]:
    """Return a page, earliest deadline first and undated last, and the key of the next page (1 statement)."""
    joined = (
        joinedload(Action.owner),
        joinedload(Action.requester),
        joinedload(Action.organisation),
        joinedload(Action.theme),
    )
    order = (Action.due_sort, Action.id)
    wanted = narrowed(actor, filters, today)
    query = cursors.after(wanted, order, filters.after).order_by(*order).limit(size + 1).options(*joined)
    found = db.session().execute(query.add_columns(db.count_of(wanted.with_only_columns(Action.id)))).unique().all()
    total = found[0][1] if found else 0
    return cursors.split([row[0] for row in found], size, lambda row: (row.due_sort, row.id), total)


def list_row(action: Action, today: date) -> SimpleNamespace:
    """Return the data of an action point in a list."""
    shape, word = rules.why(action.state, action.due_on, action.next_report_on, today)
    return SimpleNamespace(
        id=action.public_id,
        title=action.title,
        owner=action.owner.name,
        organisation=action.organisation.short,
        theme=action.theme.name if action.theme else "",
        due=dates.format_date(action.due_on) if action.due_on else gettext("geen datum"),
        due_iso=action.due_on.isoformat() if action.due_on else "",
        shape=shape,
        word=word,
        state_name=rules.WORKFLOW.label(action.state),
        moved=action.due_moves,
    )


def rows_for_file(actor: Actor, filters: Filters, today: date) -> Iterator[tuple[Value, ...]]:
    """Yield every filtered row, in the order of the screen, streamed (1 statement)."""
    owner, requester = aliased(Person), aliased(Person)
    query = (
        narrowed(actor, filters, today)
        .join(owner, owner.id == Action.owner_id)
        .join(requester, requester.id == Action.requester_id)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Theme, Theme.id == Action.theme_id)
        .with_only_columns(
            Action.title,
            Action.state,
            owner.name,
            requester.name,
            Organisation.short,
            Theme.name,
            Action.due_on,
            Action.first_due_on,
        )
        .order_by(Action.due_sort, Action.id)
    )
    for title, state, owns, asked, organisation, theme, due, first in db.session().execute(
        query.execution_options(yield_per=1000)
    ):
        yield (title, rules.WORKFLOW.label(state), owns, asked, organisation, theme or "", due, first)


def load_for_page(actor: Actor, public_id: str) -> Action | None:
    """Return an action point with everything its page displays, or None (6 statements)."""
    return db.session().scalar(
        policy.visible_to(actor)
        .where(Action.public_id == public_id)
        .options(
            joinedload(Action.owner),
            joinedload(Action.requester),
            joinedload(Action.checker),
            joinedload(Action.organisation),
            joinedload(Action.theme),
            selectinload(Action.history).joinedload(ActionHistory.person),
            selectinload(Action.evidence).joinedload(Evidence.person),
            selectinload(Action.evidence).joinedload(Evidence.file),
        )
    )


def causes(actor: Actor, ids: list[int]) -> dict[int, list[Cause]]:
    """Return the causes of each of these action points, supplied by upper features (one statement each)."""
    found: dict[int, list[Cause]] = {}
    for _, answer in slots.ask("loop.cause", actor, ids):
        for number, items in answer.items():
            found.setdefault(number, []).extend(items)
    return found


def people_of(organisation_ids: frozenset[int]) -> list[Person]:
    """Return the people inside these organisations, as choices for an owner."""
    query = (
        sa.select(Person)
        .where(Person.organisation_id.in_(organisation_ids))
        .order_by(Person.sort_name, Person.id)
        .limit(300)
    )
    return list(db.session().scalars(query))


def people_near(actor: Actor, organisation_id: int) -> list[Person]:
    """Return the choices for the owner of a new action point of this organisation."""
    return people_of(
        actor.organisations(Role.COORDINATOR, Role.QUALITY_ADVISER, Role.MEDICAL_DIRECTOR) | {organisation_id}
    )
