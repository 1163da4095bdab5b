"""Who sees a measure (two rings: in full from the start, or once released), and who may do what to it."""

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
    """*Besloten kring*: deciding roles, complaints officer by cause, department head, owner inside it."""
    organisation_id = measure.organisation_id
    if actor.holds(*INNER, organisation_id=organisation_id):
        return True
    if measure.cause_kind in OFFICERS and actor.holds(Role.COMPLAINTS_OFFICER, organisation_id=organisation_id):
        return True
    heads = actor.holds(Role.DEPARTMENT_HEAD, organisation_id=measure.department_id or organisation_id)
    return heads or (measure.owner_inside and is_owner(actor, measure))


def is_owner(actor: Actor, measure: Measure) -> bool:
    """Whether the measure is assigned to the actor."""
    return actor.person_id is not None and actor.person_id == measure.owner_id


def inner_ring(actor: Actor) -> sa.ColumnElement[bool]:
    """Return `is_inner` as a condition on measures."""
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
    """Select measures of the inner ring, one's own as owner, and for every staff role those that are released."""
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
    """Whether the actor may record measures or commitments for some organisation."""
    return actor.holds(*DECIDERS)


def may_decide_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor may record a measure or commitment for this organisation."""
    return actor.holds(*DECIDERS, organisation_id=organisation_id)


def may_monitor(actor: Actor) -> bool:
    """The director's page is also for the quality adviser who prepares it and for the board secretary."""
    return actor.holds(*JUDGING)


def signing_role(kind: str) -> Role:
    """Return the role that decides and signs: the medical director; for a commitment the board secretary."""
    return Role.BOARD_SECRETARY if kind == Kind.COMMITMENT else Role.MEDICAL_DIRECTOR


def judging_role(measure: Measure) -> Role:
    """Return the role that judges effect and closes: the signing role, or the other when the owner has that role."""
    other = Role.MEDICAL_DIRECTOR if measure.kind == Kind.COMMITMENT else Role.BOARD_SECRETARY
    return other if measure.owner_decides else signing_role(measure.kind)


def _is_own_work(actor: Actor, measure: Measure) -> bool:
    """Nobody checks their own work: not the owner, not who reported it carried out, nor their deputy as such."""
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
    """The text is written by one person and released by another."""
    return _leads(actor, measure) and actor.person_id != measure.working_by


def _writes(actor: Actor, measure: Measure) -> bool:
    """The working text is written beside the official one, so by people of the inner ring only."""
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
    """Whether the actor may do a verb; the workflow checks the state. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, measure)
