"""Who sees a measure (two rings: in full from the start, or once released), and who may do what to it."""

from collections.abc import Callable

import sqlalchemy as sa

from schakel.access import OWN, Actor, Grant
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


def _leaders(measure: Measure) -> tuple[Role, ...]:
    return Role.QUALITY_ADVISER, signing_role(measure.kind)


def _judges(measure: Measure) -> tuple[Role, ...]:
    return (judging_role(measure),)


def _informers(measure: Measure) -> tuple[Role, ...]:
    return Role.QUALITY_ADVISER, rules.INFORMERS[CauseKind(measure.cause_kind)]


# The roles over the measure's organisation that give the right to a verb.
ROLES: dict[str, Callable[[Measure], tuple[Role, ...]]] = {
    Verb.DECIDE: lambda measure: DECIDERS,
    Verb.ASSIGN: _leaders,
    Verb.START: lambda measure: (Role.QUALITY_ADVISER,),
    Verb.IMPLEMENT: lambda measure: (Role.QUALITY_ADVISER,),
    Verb.CHECK: lambda measure: (*_leaders(measure), *_judges(measure)),
    Verb.SEND_BACK: lambda measure: (*_leaders(measure), *_judges(measure)),
    Verb.EFFECTIVE: _judges,
    Verb.NOT_EFFECTIVE: _judges,
    Verb.EFFECT_NOT_MEASURABLE: _judges,
    Verb.DECIDE_ANEW: _judges,
    Verb.EMBED: _leaders,
    Verb.CLOSE: _judges,
    Verb.PLAN: _leaders,
    Verb.WRITE: lambda measure: WRITERS,
    Verb.RELEASE: _leaders,
    Verb.INFORMED_TAKEN: _informers,
    Verb.INFORMED_REALISED: _informers,
    Verb.DEADLINE: _leaders,
}


def authors(measure: Measure, verb: str) -> frozenset[int]:
    """Return the ids of the people whose work a verb judges: they may not do it, nor may a deputy as their deputy.

    Checking, finding the effect and what follows from it judge the work of the owner and of who reported it carried
    out; releasing judges the text of its writer. For what a deputy did, both the deputy and the principal are authors.
    """
    people: set[int | None] = set()
    if verb in rules.JUDGING:
        people = {measure.owner_id, measure.implemented_by, measure.implemented_for}
    if verb == Verb.RELEASE:
        people = {measure.working_by, measure.working_for}
    return frozenset(person for person in people if person is not None)


def _by_role(verb: Verb) -> Callable[[Actor, Measure], bool]:
    return lambda actor, measure: actor.holds(*ROLES[verb](measure), organisation_id=measure.organisation_id)


def _by_role_or_owner(verb: Verb) -> Callable[[Actor, Measure], bool]:
    return lambda actor, measure: is_owner(actor, measure) or _by_role(verb)(actor, measure)


def _by_another(verb: Verb) -> Callable[[Actor, Measure], bool]:
    """Allow the roles of the verb, but not to the authors of what it judges."""

    def allowed(actor: Actor, measure: Measure) -> bool:
        people, where = authors(measure, verb), measure.organisation_id
        return actor.person_id not in people and actor.holds_apart_from(
            people, *ROLES[verb](measure), organisation_id=where
        )

    return allowed


OWNER_VERBS = (Verb.START, Verb.IMPLEMENT, Verb.PLAN)  # what the owner may do as well
VERBS: dict[str, Callable[[Actor, Measure], bool]] = {
    **{verb: _by_role(Verb(verb)) for verb in ROLES},
    **{verb: _by_role_or_owner(verb) for verb in OWNER_VERBS},
    **{verb: _by_another(verb) for verb in (*rules.JUDGING, Verb.RELEASE)},
}


def may(actor: Actor, measure: Measure, verb: str) -> bool:
    """Whether the actor may do a verb; the workflow checks the state. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, measure)


def deputyship(actor: Actor, measure: Measure, verb: Verb) -> Grant:
    """Return the grant by which a deputy does this verb; access.OWN for the owner and for a holder of the role."""
    if verb in OWNER_VERBS and is_owner(actor, measure):
        return OWN
    roles, people = ROLES[verb](measure), authors(measure, verb)
    return actor.deputyship(measure.organisation_id, *roles, apart_from=people)
