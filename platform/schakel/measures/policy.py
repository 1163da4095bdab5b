"""Two rings: who sees a measure at once and in full, and who sees it once released. And who may do what."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.measures import rules
from schakel.measures.models import Measure

INNER = ("medical_director", "quality_adviser", "board_secretary", "secretary")
DECIDERS = INNER
SEEDS = "system:seeds"
JUDGING = ("quality_adviser", "medical_director", "board_secretary")
OFFICERS = tuple(cause for cause, role in rules.INFORMERS.items() if role == "complaints_officer")


def is_inner(actor: Actor, measure: Measure) -> bool:
    """*Besloten kring*: who got the ruling, the officer it came from, the head, and an owner of the own house."""
    house = measure.organisation_id
    if actor.came == SEEDS or actor.holds(*INNER, organisation_id=house):
        return True
    if measure.cause_kind in OFFICERS and actor.holds("complaints_officer", organisation_id=house):
        return True
    heads = actor.holds("department_head", organisation_id=measure.department_id or house)
    return heads or (measure.owner_inside and is_owner(actor, measure))


def is_owner(actor: Actor, measure: Measure) -> bool:
    """The person it is given to."""
    return actor.person_id is not None and actor.person_id == measure.owner_id


def inner_ring(actor: Actor) -> sa.ColumnElement[bool]:
    """The same as `is_inner`, over all measures."""
    rings: list[sa.ColumnElement[bool]] = []
    if inner := actor.organisations(*INNER):
        rings.append(Measure.organisation_id.in_(inner))
    if officers := actor.organisations("complaints_officer"):
        rings.append(sa.and_(Measure.organisation_id.in_(officers), Measure.cause_kind.in_(OFFICERS)))
    if heads := actor.organisations("department_head"):
        rings.append(sa.func.coalesce(Measure.department_id, Measure.organisation_id).in_(heads))
    if actor.person_id is not None:
        rings.append(sa.and_(Measure.owner_id == actor.person_id, Measure.owner_inside.is_(True)))
    return sa.or_(*rings) if rings else sa.false()


def visible_to(actor: Actor) -> sa.Select[Measure]:
    """The inner ring sees theirs; every other role sees released measures only; nobody else sees any but their own."""
    rings = [inner_ring(actor)]
    if actor.person_id is not None:
        rings.append(Measure.owner_id == actor.person_id)
    if sees_any(actor):
        rings.append(Measure.released_at.is_not(None))
    return sa.select(Measure).where(sa.or_(*rings))


def sees_any(actor: Actor) -> bool:
    """Whether this actor sees every released measure."""
    return any(grant.role != "participant" for grant in actor.grants)


def may_decide(actor: Actor) -> bool:
    """Puts a measure or commitment on record."""
    return actor.holds(*DECIDERS) or actor.came == SEEDS


def may_monitor(actor: Actor) -> bool:
    """The director's page, also for who prepares it and for the board's secretary."""
    return actor.holds(*JUDGING)


def signs(kind: str) -> str:
    """The role that decides and signs: the medical director, for a commitment the board's secretary."""
    return "board_secretary" if kind == "commitment" else "medical_director"


def judges(measure: Measure) -> str:
    """The role that judges effect and closes: who signs, or the other of the two when they own it themselves."""
    other = "medical_director" if measure.kind == "commitment" else "board_secretary"
    return other if measure.owner_decides else signs(measure.kind)


def _own_work(actor: Actor, measure: Measure) -> bool:
    """Nobody checks their own work: not the owner, not who reported it carried out, not who only stands in for them."""
    mine = actor.person_id is not None and actor.person_id in (measure.owner_id, measure.implemented_by)
    house = measure.organisation_id
    return mine or any(
        actor.stands_in_only_for(person, house, *JUDGING) for person in (measure.owner_id, measure.implemented_by)
    )


def may(actor: Actor, measure: Measure, verb: str) -> bool:
    """Who may do a verb of rules.MOVES, or `release`, `write`, `inform`, `deadline`, `plan`."""
    if actor.came == SEEDS:
        return True
    house = measure.organisation_id
    leads = actor.holds("quality_adviser", signs(measure.kind), organisation_id=house)
    judge = actor.holds(judges(measure), organisation_id=house)
    if verb in ("start", "implement"):
        return is_owner(actor, measure) or actor.holds("quality_adviser", organisation_id=house)
    if verb in ("check", "send_back"):
        return (leads or judge) and not _own_work(actor, measure)
    if verb in rules.EFFECTS:
        return judge and not _own_work(actor, measure)
    if verb in ("close", "decide_anew"):
        return judge
    if verb == "release":  # written by one, released by another
        return leads and actor.person_id != measure.working_by
    if verb == "write":  # it stands beside the official text: the inner ring only
        return actor.holds("quality_adviser", "secretary", "board_secretary", organisation_id=house)
    if verb == "inform":
        return actor.holds("quality_adviser", rules.INFORMERS[measure.cause_kind], organisation_id=house)
    if verb == "plan":
        return leads or is_owner(actor, measure)
    return leads  # assign, embed, deadline
