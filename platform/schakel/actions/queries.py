"""Page-shaped reads: the list with filters, one action point whole, and the work it brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from schakel import dates, db, slots
from schakel.access import Actor
from schakel.actions import policy, rules
from schakel.actions.models import Action, ActionHistory, Evidence
from schakel.actions.rules import State, Verb
from schakel.deadlines import FAR
from schakel.i18n import gettext
from schakel.identity.models import Organisation, Person
from schakel.identity.rules import Role
from schakel.programmes.models import Theme
from schakel.supplied import Cause, WorkItem

PAGE = 30
WORK = 60
WEEK = timedelta(days=7)
HEADS = ("Actiepunt", "Staat", "Eigenaar", "Gevraagd door", "Organisatie", "Thema", "Klaar op", "Eerste datum")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; as in the URL. `whose`: mine, asked. `state`: a state, or open, late, undated."""

    whose: str = ""
    state: str = "open"
    theme: str = ""
    word: str = ""
    after: tuple[date, int] | None = None


def narrowed(actor: Actor, filters: Filters, today: date) -> sa.Select[Action]:
    """The select behind list and file."""
    query = policy.visible_to(actor)
    if filters.whose == "mine":
        query = query.where(Action.owner_id == actor.person_id)
    elif filters.whose == "asked":
        query = query.where(Action.requester_id == actor.person_id)
    if filters.state == "open":
        query = query.where(Action.state.in_(rules.OPEN))
    elif filters.state == "late":
        query = query.where(Action.state.in_(rules.UNDECIDED | rules.WORKING))
        query = query.where(Action.due_sort < today)
    elif filters.state == "undated":
        query = query.where(Action.state.in_(rules.OPEN), Action.due_sort == FAR)
    elif filters.state in rules.STATES:
        query = query.where(Action.state == filters.state)
    if filters.theme:
        query = query.where(Action.theme_id.in_(sa.select(Theme.id).where(Theme.code == filters.theme)))
    if filters.word:
        query = query.where(Action.title.icontains(filters.word, autoescape=True))
    return query


def listed(
    actor: Actor, filters: Filters, today: date, size: int = PAGE
) -> tuple[list[Action], tuple[date, int] | None]:
    """One page, first due first and undated last, and the key of the next (1 statement)."""
    query = narrowed(actor, filters, today)
    if filters.after:
        place = sa.tuple_(Action.due_sort, Action.id)
        query = query.where(place > sa.tuple_(sa.literal(filters.after[0]), sa.literal(filters.after[1])))
    joined = (
        joinedload(Action.owner),
        joinedload(Action.requester),
        joinedload(Action.organisation),
        joinedload(Action.theme),
    )
    rows = list(
        db.session().scalars(query.order_by(Action.due_sort, Action.id).limit(size + 1).options(*joined)).unique()
    )
    more = rows[size - 1] if len(rows) > size else None
    return rows[:size], (more.due_sort, more.id) if more else None


def line(action: Action, today: date) -> SimpleNamespace:
    """An action point as it stands in a list."""
    shape, word = rules.why(action.state, action.due_on, action.next_report_on, today)
    return SimpleNamespace(
        id=action.public_id,
        title=action.title,
        owner=action.owner.name,
        organisation=action.organisation.short,
        theme=action.theme.name if action.theme else "",
        due=dates.nl_date(action.due_on) if action.due_on else "geen datum",
        due_iso=action.due_on.isoformat() if action.due_on else "",
        shape=shape,
        word=word,
        state_name=rules.WORKFLOW.label(action.state),
        moved=action.due_moves,
    )


def rows_for_csv(actor: Actor, filters: Filters, today: date) -> Iterator[tuple[str, ...]]:
    """Every row the filters leave, in the order of the screen, streamed (1 statement)."""
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
    for title, state, owns, asked, house, theme, due, first in db.session().execute(
        query.execution_options(yield_per=1000)
    ):
        days = (due.isoformat() if due else "", first.isoformat() if first else "")
        yield (title, rules.WORKFLOW.label(state), owns, asked, house, theme or "", *days)


def whole(actor: Actor, public_id: str) -> Action | None:
    """One action point with all its page shows (6 statements)."""
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
    """Why each of these exists, asked of the upper features (one statement each)."""
    found: dict[int, list[Cause]] = {}
    for _, answer in slots.ask("loop.cause", actor, ids):
        for number, items in answer.items():
            found.setdefault(number, []).extend(items)
    return found


def work(actor: Actor, today: date, since: datetime | None) -> list[WorkItem]:
    """What asks something of this actor, and what changed since a moment (slot `work`; at most 2 statements)."""
    if actor.person_id is None:
        return []
    query = policy.visible_to(actor).where(Action.state.in_(rules.OPEN)).order_by(Action.due_sort, Action.id)
    directs = sa.or_(
        Action.requester_id == actor.person_id,
        Action.organisation_id.in_(actor.organisations(Role.COORDINATOR, Role.QUALITY_ADVISER) or {-1}),
    )
    mine = Action.owner_id == actor.person_id
    soon = sa.or_(Action.due_sort <= today + WEEK, Action.next_report_on < today, Action.state == State.PROPOSED)
    asks = sa.or_(
        sa.and_(mine, soon),
        sa.and_(Action.state == State.REPORTED_DONE, ~mine, sa.or_(directs, Action.checker_id == actor.person_id)),
        sa.and_(directs, sa.or_(Action.state == State.RETURNED, Action.due_sort < today)),
    )
    rows = db.session().scalars(query.where(asks).limit(WORK).options(joinedload(Action.owner))).unique()
    items = [item for row in rows if (item := _item(actor, row, today))]
    return items + _news(actor, since)


def _item(actor: Actor, action: Action, today: date) -> WorkItem | None:
    url = f"/actiepunten/{action.public_id}"
    owner = action.owner_id == actor.person_id

    def item(kind: str, why: str, verb: str) -> WorkItem:
        return WorkItem(kind, action.title, why, url, verb, action.due_on)

    if action.state == State.PROPOSED and owner:
        return item("accept", "Aan u voorgesteld", "Beoordeel")
    if action.state == State.REPORTED_DONE:
        if not policy.may_check(actor, action):
            return None
        return item("check", f"{action.owner.name} meldde dit gereed", "Toets")
    if action.state == State.RETURNED and not owner:
        return item("answer", f"Teruggegeven door {action.owner.name}, met reden", "Lees reden")
    if rules.is_late(action.state, action.due_on, today):
        return item(
            "late", "Eigenaar: u" if owner else f"Eigenaar: {action.owner.name}", "Werk bij" if owner else "Bekijk"
        )
    if owner and rules.is_silent(action.state, action.next_report_on, today):
        return item("late", "U zou laten weten hoe het staat", "Meld het")
    if owner and action.due_on and action.due_on <= today + WEEK and action.state in rules.WORKING:
        return item(
            "week", "Teruggestuurd na toetsing" if action.state == State.SENT_BACK else "U bent eigenaar", "Werk bij"
        )
    return None


NEWS = {verb: rules.WORKFLOW[verb].news for verb in rules.WORKFLOW.verbs if rules.WORKFLOW[verb].news}


def _news(actor: Actor, since: datetime | None) -> list[WorkItem]:
    if since is None:
        return []
    visible = policy.visible_to(actor).with_only_columns(Action.id)
    rows = db.session().execute(
        sa.select(ActionHistory.at, ActionHistory.verb, Action.title, Action.public_id, Person.name)
        .join(Action, Action.id == ActionHistory.action_id)
        .outerjoin(Person, Person.id == ActionHistory.person_id)
        .where(
            Action.changed_at > since, ActionHistory.at > since, ActionHistory.verb.in_(NEWS), Action.id.in_(visible)
        )
        .order_by(ActionHistory.id.desc())
        .limit(8)
    )
    return [
        WorkItem(
            "news",
            row.title,
            f"{row.name or 'Iemand'} {gettext(NEWS[Verb(row.verb)])}",
            f"/actiepunten/{row.public_id}",
            at=row.at,
        )
        for row in rows
    ]


def people_of(organisation_ids: frozenset[int]) -> list[Person]:
    """Who may be asked inside these organisations, for the owner's choice."""
    query = sa.select(Person).where(Person.organisation_id.in_(organisation_ids)).order_by(Person.name).limit(300)
    return list(db.session().scalars(query))


def organisations_of(ids: frozenset[int]) -> list[Organisation]:
    """The organisations an actor can make action points for."""
    return list(
        db.session().scalars(sa.select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name))
    )
