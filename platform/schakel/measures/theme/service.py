"""Propose and accept links between measures and action points of the same theme."""

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import policy as actions
from schakel.actions.models import OPEN, Action
from schakel.audit import service as audit
from schakel.measures import policy
from schakel.measures.models import Measure, MeasureAction, MeasureTheme

FEW = 10


def fitting_actions(actor: Actor, measure: Measure) -> list[Action]:
    """Open action points the actor may see with a theme of this measure, not tied to it yet."""
    themes = sa.select(MeasureTheme.theme_id).where(MeasureTheme.measure_id == measure.id)
    tied = sa.exists().where(MeasureAction.measure_id == measure.id, MeasureAction.action_id == Action.id)
    query = actions.visible_to(actor).where(Action.theme_id.in_(themes), Action.state.in_(OPEN), ~tied)
    return list(db.session().scalars(query.order_by(Action.due_sort, Action.id).limit(FEW)))


def fitting_measures(actor: Actor, action: Action) -> list[Measure]:
    """Released, open measures the actor may see with the theme of this action point, not tied to it yet."""
    if action.theme_id is None:
        return []
    same = sa.exists().where(MeasureTheme.measure_id == Measure.id, MeasureTheme.theme_id == action.theme_id)
    tied = sa.exists().where(MeasureAction.measure_id == Measure.id, MeasureAction.action_id == action.id)
    query = policy.visible_to(actor).where(same, ~tied, Measure.is_closed.is_(False), Measure.released_at.is_not(None))
    return list(db.session().scalars(query.order_by(Measure.due_sort, Measure.id).limit(FEW)))


def propose(actor: Actor, measure: Measure, action: Action, side: str) -> None:
    """Say that they fit, from the side of the measure or of the action; an outside action needs a released measure."""
    errors.require(_speaks_for(actor, measure, action, side))
    if measure.released_at is None:
        raise errors.Refused("Deze maatregel is nog niet vrijgegeven.")
    made = db.insert_once(
        MeasureAction,
        measure_id=measure.id,
        action_id=action.id,
        state="proposed",
        proposed_by=side,
        at=dates.now(),
    )
    if made:
        audit.record(actor, "theme.proposed", "measure", measure.id, action=action.id, side=side)


def answer(actor: Actor, measure: Measure, action: Action, yes: bool) -> None:
    """The other side accepts or declines a proposal."""
    tie = errors.found(db.session().get(MeasureAction, (measure.id, action.id)))
    if tie.state != "proposed":
        raise errors.Refused("Hierover is al beslist.")
    other = "action" if tie.proposed_by == "measure" else "measure"
    errors.require(_speaks_for(actor, measure, action, other))
    if yes:
        tie.state = "accepted"
    else:
        db.session().delete(tie)
    audit.record(actor, "theme.accepted" if yes else "theme.declined", "measure", measure.id, action=action.id)


def _speaks_for(actor: Actor, measure: Measure, action: Action, side: str) -> bool:
    return policy.may(actor, measure, "plan") if side == "measure" else actions.may_direct(actor, action)
