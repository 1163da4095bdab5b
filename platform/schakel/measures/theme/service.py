"""Propose and accept links between measures and action points of the same theme."""

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import policy as actions
from schakel.actions import rules as action_rules
from schakel.actions.models import Action
from schakel.measures import policy, rules, service
from schakel.measures.models import Measure, MeasureAction, MeasureTheme
from schakel.measures.rules import AuditEvent, Side, Tie, Verb

FEW = 10


def fitting_actions(actor: Actor, measure: Measure) -> list[Action]:
    """Return open action points the actor may see with a theme of this measure, not tied to it yet."""
    themes = sa.select(MeasureTheme.theme_id).where(MeasureTheme.measure_id == measure.id)
    tied = sa.exists().where(MeasureAction.measure_id == measure.id, MeasureAction.action_id == Action.id)
    query = actions.visible_to(actor).where(Action.theme_id.in_(themes), Action.state.in_(action_rules.OPEN), ~tied)
    query = query.where(Action.inner.is_(False))  # outside the inner ring nobody may read of it
    return list(db.session().scalars(query.order_by(Action.due_sort, Action.id).limit(FEW)))


def fitting_measures(actor: Actor, action: Action) -> list[Measure]:
    """Return released, open measures the actor may see with the theme of this action point, not tied to it yet."""
    if action.theme_id is None or action.inner:
        return []
    same = sa.exists().where(MeasureTheme.measure_id == Measure.id, MeasureTheme.theme_id == action.theme_id)
    tied = sa.exists().where(MeasureAction.measure_id == Measure.id, MeasureAction.action_id == action.id)
    still = (Measure.state.in_(rules.OPEN_TO_ACTIONS), Measure.released_at.is_not(None))
    query = policy.visible_to(actor).where(same, ~tied, *still)
    return list(db.session().scalars(query.order_by(Measure.due_sort, Measure.id).limit(FEW)))


def open_measures(actor: Actor, limit: int = 100) -> list[Measure]:
    """Return released measures that still accept action points, as choices for an action point."""
    still = (Measure.state.in_(rules.OPEN_TO_ACTIONS), Measure.released_at.is_not(None))
    return list(
        db.session().scalars(policy.visible_to(actor).where(*still).order_by(Measure.due_sort, Measure.id).limit(limit))
    )


def propose(actor: Actor, measure: Measure, action: Action, side: Side) -> None:
    """Propose that they fit, from the side of the measure or of the action; requires a released measure.

    What was declined before may be proposed again, by either side.
    """
    db.lock(measure)
    errors.require(_speaks_for(actor, measure, action, side))
    if measure.released_at is None or action.inner:
        raise errors.Refused("Deze maatregel is nog niet vrijgegeven.")
    _still_open(measure, action)
    proposed = {"state": Tie.PROPOSED, "proposed_by": side, "at": dates.now()}
    again = sa.update(MeasureAction).where(
        MeasureAction.measure_id == measure.id,
        MeasureAction.action_id == action.id,
        MeasureAction.state == Tie.DECLINED,
    )
    if db.insert_once(MeasureAction, measure_id=measure.id, action_id=action.id, **proposed) or db.rows_affected(
        again.values(**proposed)
    ):
        service.record(actor, AuditEvent.THEME_PROPOSED, measure, action=action.id, side=side)


def _still_open(measure: Measure, action: Action) -> None:
    """Raise Refused when the measure is reported carried out and the action point still has to be done."""
    if measure.state not in rules.OPEN_TO_ACTIONS and action.state not in action_rules.WORKFLOW.final:
        raise errors.Refused("De maatregel is al uitgevoerd gemeld: er komen geen actiepunten meer bij.")


def tie_of(actor: Actor, measure_id: str, action_id: str) -> MeasureAction | None:
    """Return a tie by both public ids, for an actor who speaks for the measure or may see both; else None.

    Proposing an action point discloses it to the side of the measure, who may belong to another organisation.
    """
    seen = policy.visible_to(actor).where(Measure.public_id == measure_id).with_only_columns(Measure.id)
    tie = db.session().scalar(
        sa.select(MeasureAction)
        .join(Action, Action.id == MeasureAction.action_id)
        .where(Action.public_id == action_id, MeasureAction.measure_id.in_(seen))
    )
    if tie is None or policy.may(actor, tie.measure, Verb.PLAN):
        return tie
    return tie if db.session().scalar(actions.visible_to(actor).where(Action.id == tie.action_id)) else None


def answer(actor: Actor, measure: Measure, action: Action, yes: bool) -> None:
    """Accept or decline a proposal for the other side; an accepted action point counts as work under the measure."""
    db.lock(measure)
    tie = errors.found(db.session().get(MeasureAction, (measure.id, action.id), populate_existing=True))
    other = Side.ACTION if tie.proposed_by == Side.MEASURE else Side.MEASURE
    errors.require(_speaks_for(actor, measure, action, other))
    if tie.state != Tie.PROPOSED:
        raise errors.Refused("Hierover is al beslist.")
    if yes:
        _still_open(measure, action)
    tie.state = Tie.ACCEPTED if yes else Tie.DECLINED
    service.record(actor, AuditEvent(f"measure.theme_{tie.state}"), measure, action=action.id)


def _speaks_for(actor: Actor, measure: Measure, action: Action, side: Side) -> bool:
    return policy.may(actor, measure, Verb.PLAN) if side == Side.MEASURE else actions.may_direct(actor, action)
