"""Action points under a measure."""

from dataclasses import replace

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.measures import policy, rules, service
from schakel.measures.models import Measure, MeasureAction
from schakel.measures.rules import AuditEvent, Tie, Verb


def make_action(actor: Actor, measure: Measure, facts: actions.Facts) -> Action:
    """Create an action point for this measure; until the release its owner is of the same organisation."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, Verb.PLAN))
    if not rules.WORKFLOW.allows(measure.state, Verb.PLAN):
        raise errors.Refused("De maatregel is al uitgevoerd gemeld: er komen geen actiepunten meer bij.")
    action = actions.create(actor, replace(facts, inner=measure.released_at is None))
    elsewhere = sa.select(MeasureAction.action_id).where(
        MeasureAction.action_id == action.id, MeasureAction.measure_id != measure.id, MeasureAction.state == Tie.MADE
    )
    if db.session().scalar(elsewhere.limit(1)):
        raise errors.Refused("Dit formulier hoort bij een andere maatregel. Open het opnieuw.")
    made = db.insert_once(
        MeasureAction, measure_id=measure.id, action_id=action.id, state=Tie.MADE, proposed_by="", at=dates.now()
    )
    if made:
        service.record(actor, AuditEvent.ACTION, measure, action=action.id)
    return action
