"""Action points that require action from an actor, and what changed since a given time."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from schakel import db
from schakel.access import Actor
from schakel.actions import policy, rules
from schakel.actions.models import Action, ActionHistory
from schakel.actions.queries import WEEK
from schakel.actions.rules import State, Verb
from schakel.i18n import gettext
from schakel.identity.models import Person
from schakel.identity.rules import Role
from schakel.slot_types import WorkItem, WorkKind

WORK = 60


def work(actor: Actor, today: date, since: datetime | None) -> list[WorkItem]:
    """Return what requires action from this actor, and what changed since then (slot `work`; at most 2 statements)."""
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

    def item(kind: WorkKind, why: str, verb: str) -> WorkItem:
        return WorkItem(kind, action.title, why, url, verb, action.due_on)

    if action.state == State.PROPOSED and owner:
        return item(WorkKind.ACCEPT, gettext("Aan u voorgesteld"), gettext("Beoordeel"))
    if action.state == State.REPORTED_DONE:
        if not policy.may_check(actor, action):
            return None
        return item(WorkKind.CHECK, gettext("%(name)s meldde dit gereed", name=action.owner.name), gettext("Toets"))
    if action.state == State.RETURNED and not owner:
        return item(
            WorkKind.ANSWER,
            gettext("Teruggegeven door %(name)s, met reden", name=action.owner.name),
            gettext("Lees reden"),
        )
    if rules.is_late(action.state, action.due_on, today):
        why = gettext("Eigenaar: u") if owner else gettext("Eigenaar: %(name)s", name=action.owner.name)
        return item(WorkKind.LATE, why, gettext("Werk bij") if owner else gettext("Bekijk"))
    if owner and rules.is_silent(action.state, action.next_report_on, today):
        return item(WorkKind.LATE, gettext("U zou laten weten hoe het staat"), gettext("Meld het"))
    if owner and action.due_on and action.due_on <= today + WEEK and action.state in rules.WORKING:
        sent_back = action.state == State.SENT_BACK
        why = gettext("Teruggestuurd na toetsing") if sent_back else gettext("U bent eigenaar")
        return item(WorkKind.WEEK, why, gettext("Werk bij"))
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
            WorkKind.NEWS,
            row.title,
            f"{row.name or gettext('Iemand')} {gettext(NEWS[Verb(row.verb)])}",
            f"/actiepunten/{row.public_id}",
            at=row.at,
        )
        for row in rows
    ]
