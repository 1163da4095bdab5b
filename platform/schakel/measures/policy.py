"""Two rings: who sees a measure at once and in full, and who sees it once released. And who may do what."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.measures.models import Measure

INNER = ("medical_director", "quality_adviser", "board_secretary", "secretary")
DECIDERS = ("medical_director", "quality_adviser", "board_secretary", "secretary")
SEEDS = "system:seeds"


def is_inner(actor: Actor, measure: Measure) -> bool:
    """*Besloten kring*: those who got the ruling, and the owner inside the department."""
    if actor.came == SEEDS or actor.holds(*INNER, organisation_id=measure.organisation_id):
        return True
    department = measure.department_id or measure.organisation_id
    heads = actor.holds("department_head", organisation_id=department)
    return heads or (actor.person_id is not None and actor.person_id == measure.owner_id)


def visible_to(actor: Actor) -> sa.Select[Measure]:
    """The inner ring sees theirs; every other role sees released measures only; nobody else sees any."""
    rings: list[sa.ColumnElement[bool]] = []
    if inner := actor.organisations(*INNER):
        rings.append(Measure.organisation_id.in_(inner))
    if heads := actor.organisations("department_head"):
        rings.append(Measure.department_id.in_(heads))
    if actor.person_id is not None:
        rings.append(Measure.owner_id == actor.person_id)
    if any(grant.role != "participant" for grant in actor.grants):
        rings.append(Measure.released_at.is_not(None))
    return sa.select(Measure).where(sa.or_(*rings) if rings else sa.false())


def sees_any(actor: Actor) -> bool:
    """Whether the list of measures is a page for this actor."""
    return any(grant.role != "participant" for grant in actor.grants)


def may_decide(actor: Actor) -> bool:
    """Puts a measure or commitment on record."""
    return actor.holds(*DECIDERS) or actor.came == SEEDS


def may_monitor(actor: Actor) -> bool:
    """The director's page, also for who prepares it and for the board's secretary."""
    return actor.holds("medical_director", "quality_adviser", "board_secretary")


def may(actor: Actor, measure: Measure, verb: str) -> bool:
    """Who may do a verb of rules.MOVES, or `release`, `write`, `inform`, `deadline`, `plan`."""
    if actor.came == SEEDS:
        return True
    house = measure.organisation_id
    decides = ("board_secretary",) if measure.kind == "commitment" else ("medical_director",)
    owner = actor.person_id is not None and actor.person_id == measure.owner_id
    adviser = actor.holds("quality_adviser", organisation_id=house)
    decider = actor.holds(*decides, organisation_id=house)
    if verb in ("start", "implement"):
        return owner or adviser
    if verb in ("check", "send_back"):  # nobody checks their own work
        return (adviser or decider) and not owner
    if verb in ("effective", "not_effective", "effect_not_measurable", "close", "decide_anew"):
        return decider
    if verb == "release":  # written by one, released by another
        return adviser and actor.person_id != measure.working_by
    if verb == "write":  # it stands beside the official text: the inner ring only
        return adviser or actor.holds("secretary", "board_secretary", organisation_id=house)
    if verb == "inform":
        return adviser or actor.holds("secretary", "complaints_officer", "board_secretary", organisation_id=house)
    return adviser or decider  # assign, embed, deadline, plan
