"""Two rings: who sees a measure at once and in full, and who sees it once released. And who may do what."""

from collections.abc import Callable

import sqlalchemy as sa

from schakel.access import Actor
from schakel.identity.rules import Role
from schakel.measures import rules
from schakel.measures.models import Measure
from schakel.measures.rules import CauseKind, Kind, Verb

INNER = (Role.MEDICAL_DIRECTOR, Role.QUALITY_ADVISER, Role.BOARD_SECRETARY, Role.SECRETARY)
DECIDERS = INNER
JUDGING = (Role.QUALITY_ADVISER, Role.MEDICAL_DIRECTOR, Role.BOARD_SECRETARY)
WRITERS = (Role.QUALITY_ADVISER, Role.SECRETARY, Role.BOARD_SECRETARY)
OFFICERS = tuple(cause for cause, role in rules.INFORMERS.items() if role == Role.COMPLAINTS_OFFICER)


def is_inner(actor: Actor, measure: Measure) -> bool:
    """*Besloten kring*: who got the ruling, the officer it came from, the head, and an owner of the own house."""
    organisation_id = measure.organisation_id
    if actor.holds(*INNER, organisation_id=organisation_id):
        return True
    if measure.cause_kind in OFFICERS and actor.holds(Role.COMPLAINTS_OFFICER, organisation_id=organisation_id):
        return True
    heads = actor.holds(Role.DEPARTMENT_HEAD, organisation_id=measure.department_id or organisation_id)
    return heads or (measure.owner_inside and is_owner(actor, measure))


def is_owner(actor: Actor, measure: Measure) -> bool:
    """The person it is given to."""
    return actor.person_id is not None and actor.person_id == measure.owner_id


def inner_ring(actor: Actor) -> sa.ColumnElement[bool]:
    """The same as `is_inner`, over all measures."""
    rings: list[sa.ColumnElement[bool]] = []
    if inner := actor.organisations(*INNER):
        rings.append(Measure.organisation_id.in_(inner))
    if officers := actor.organisations(Role.COMPLAINTS_OFFICER):
        rings.append(sa.and_(Measure.organisation_id.in_(officers), Measure.cause_kind.in_(OFFICERS)))
    if heads := actor.organisations(Role.DEPARTMENT_HEAD):
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
    return any(grant.role != Role.PARTICIPANT for grant in actor.grants)


def may_decide(actor: Actor) -> bool:
    """Puts measures or commitments on record, in some organisation."""
    return actor.holds(*DECIDERS)


def may_decide_for(actor: Actor, organisation_id: int) -> bool:
    """Puts a measure or commitment of this organisation on record."""
    return actor.holds(*DECIDERS, organisation_id=organisation_id)


def may_monitor(actor: Actor) -> bool:
    """The director's page, also for who prepares it and for the board's secretary."""
    return actor.holds(*JUDGING)


def signing_role(kind: str) -> Role:
    """The role that decides and signs: the medical director, for a commitment the board's secretary."""
    return Role.BOARD_SECRETARY if kind == Kind.COMMITMENT else Role.MEDICAL_DIRECTOR


def judging_role(measure: Measure) -> Role:
    """The role that judges effect and closes: who signs, or the other of the two when they own it themselves."""
    other = Role.MEDICAL_DIRECTOR if measure.kind == Kind.COMMITMENT else Role.BOARD_SECRETARY
    return other if measure.owner_decides else signing_role(measure.kind)


def _is_own_work(actor: Actor, measure: Measure) -> bool:
    """Nobody checks their own work: not the owner, not who reported it carried out, not who only stands in for them."""
    doers = (measure.owner_id, measure.implemented_by)
    mine = actor.person_id is not None and actor.person_id in doers
    return mine or any(actor.stands_in_only_for(person, measure.organisation_id, *JUDGING) for person in doers)


def _leads(actor: Actor, measure: Measure) -> bool:
    return actor.holds(Role.QUALITY_ADVISER, signing_role(measure.kind), organisation_id=measure.organisation_id)


def _judges(actor: Actor, measure: Measure) -> bool:
    return actor.holds(judging_role(measure), organisation_id=measure.organisation_id)


def _carries_out(actor: Actor, measure: Measure) -> bool:
    adviser = actor.holds(Role.QUALITY_ADVISER, organisation_id=measure.organisation_id)
    return adviser or is_owner(actor, measure)


def _checks(actor: Actor, measure: Measure) -> bool:
    return (_leads(actor, measure) or _judges(actor, measure)) and not _is_own_work(actor, measure)


def _finds_effect(actor: Actor, measure: Measure) -> bool:
    return _judges(actor, measure) and not _is_own_work(actor, measure)


def _releases(actor: Actor, measure: Measure) -> bool:
    """Written by one person, released by another."""
    return _leads(actor, measure) and actor.person_id != measure.working_by


def _writes(actor: Actor, measure: Measure) -> bool:
    """The working text stands beside the official one: the inner ring only."""
    return actor.holds(*WRITERS, organisation_id=measure.organisation_id)


def _informs(actor: Actor, measure: Measure) -> bool:
    informer = rules.INFORMERS[CauseKind(measure.cause_kind)]
    return actor.holds(Role.QUALITY_ADVISER, informer, organisation_id=measure.organisation_id)


def _plans(actor: Actor, measure: Measure) -> bool:
    return _leads(actor, measure) or is_owner(actor, measure)


VERBS: dict[str, Callable[[Actor, Measure], bool]] = {
    Verb.DECIDE: lambda actor, measure: may_decide_for(actor, measure.organisation_id),
    Verb.ASSIGN: _leads,
    Verb.START: _carries_out,
    Verb.IMPLEMENT: _carries_out,
    Verb.CHECK: _checks,
    Verb.SEND_BACK: _checks,
    Verb.EFFECTIVE: _finds_effect,
    Verb.NOT_EFFECTIVE: _finds_effect,
    Verb.EFFECT_NOT_MEASURABLE: _finds_effect,
    Verb.DECIDE_ANEW: _judges,
    Verb.EMBED: _leads,
    Verb.CLOSE: _judges,
    Verb.PLAN: _plans,
    Verb.WRITE: _writes,
    Verb.RELEASE: _releases,
    Verb.INFORMED_TAKEN: _informs,
    Verb.INFORMED_REALISED: _informs,
    Verb.DEADLINE: _leads,
}


def may(actor: Actor, measure: Measure, verb: str) -> bool:
    """Who may do a verb; whether the state allows it is the workflow's. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, measure)
