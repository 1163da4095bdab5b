"""*Zelfde thema* on the page of an action point (slot `panel.action`) and of a measure (slot `panel.measure`)."""

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.actions import policy as actions_policy
from schakel.actions.models import Action
from schakel.measures import policy
from schakel.measures.models import Measure, MeasureAction
from schakel.measures.rules import Tie, Verb
from schakel.measures.theme import service
from schakel.slot_types import Panel


def on_action(actor: Actor, action_id: int) -> list[Panel]:
    """Return the panel with measures that fit this action point, proposals to answer, and existing ties."""
    action = db.session().scalar(actions_policy.visible_to(actor).where(Action.id == action_id))
    if action is None or not actor.is_known:
        return []
    ties = _ties(MeasureAction.action_id == action_id, actor)
    fits = service.fitting_measures(actor, action) if actions_policy.may_direct(actor, action) else []
    values = {"action": action, "ties": ties, "fits": fits, "may_answer": actions_policy.may_direct(actor, action)}
    return [Panel("measures/theme_on_action.html", values)] if ties or fits else []


def on_measure(actor: Actor, measure_id: int) -> list[Panel]:
    """Return the panel with action points that fit this measure, and proposals to answer."""
    measure = db.session().scalar(policy.visible_to(actor).where(Measure.id == measure_id))
    if measure is None or not policy.may(actor, measure, Verb.PLAN):
        return []
    ties = [tie for tie in _ties(MeasureAction.measure_id == measure_id, actor) if tie.state == Tie.PROPOSED]
    fits = service.fitting_actions(actor, measure) if measure.released_at else []
    return (
        [Panel("measures/theme_on_measure.html", {"measure": measure, "ties": ties, "fits": fits})]
        if ties or fits
        else []
    )


def _ties(which: sa.ColumnElement[bool], actor: Actor) -> list[MeasureAction]:
    """Return open and accepted proposals whose measure the actor may see; ties made under it appear as the cause."""
    seen = policy.visible_to(actor).with_only_columns(Measure.id)
    visible = MeasureAction.state.in_((Tie.PROPOSED, Tie.ACCEPTED))
    query = sa.select(MeasureAction).where(which, visible, MeasureAction.measure_id.in_(seen))
    return list(db.session().scalars(query))
