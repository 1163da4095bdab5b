"""Who sees an action point and who may do what to it."""

from collections.abc import Callable

import sqlalchemy as sa

from schakel.access import OWN, Actor, Grant
from schakel.actions import rules
from schakel.actions.models import Action
from schakel.actions.rules import Tier, Verb
from schakel.identity.rules import Role

OVERSEERS = (
    Role.COORDINATOR,
    Role.FACILITATOR,
    Role.QUALITY_ADVISER,
    Role.MEDICAL_DIRECTOR,
    Role.BOARD_SECRETARY,
    Role.DEPARTMENT_HEAD,
)
DIRECTING = tuple(role for role in OVERSEERS if role != Role.FACILITATOR)
RING = tuple(role for role in DIRECTING if role != Role.COORDINATOR)
LINK = "action"
FORMER_LINK = "action_former"  # the link of an owner who is no longer; its object is the entry in the history


def linked_id(actor: Actor) -> int | None:
    """Return the id of the action point whose link the actor used, or None."""
    return actor.link_id(LINK)


def visible_to(actor: Actor) -> sa.Select[Action]:
    """Select one's own (owner, requester, checker), those of organisations one oversees, and the one of the link."""
    query = sa.select(Action)
    by_link = linked_id(actor)
    if by_link is not None:
        return query.where(Action.id == by_link)
    if actor.person_id is None:
        return query.where(sa.false())
    mine: list[sa.ColumnElement[bool]] = [Action.owner_id == actor.person_id, Action.requester_id == actor.person_id]
    mine.append(Action.checker_id == actor.person_id)
    scope = actor.organisations(*OVERSEERS)
    if scope:
        mine.append(sa.and_(Action.organisation_id.in_(scope), Action.inner.is_(False)))
    if ring := actor.organisations(*RING):
        mine.append(Action.organisation_id.in_(ring))
    return query.where(sa.or_(*mine))


def is_owner(actor: Actor, action: Action) -> bool:
    """Whether the actor is the owner, signed in or by the link in the mail."""
    return linked_id(actor) == action.id or (actor.person_id is not None and actor.person_id == action.owner_id)


def may_coordinate(actor: Actor, organisation_id: int) -> bool:
    """Coordinators and those who direct the organisation's follow-up create, change and cancel action points."""
    return actor.holds(*DIRECTING, organisation_id=organisation_id)


def may_create(actor: Actor, organisation_id: int, requester_id: int) -> bool:
    """Those who coordinate the organisation may; everybody else with an account only as the requester.

    The calling feature also checks its own policy on the cause of the action point.
    """
    own_name = actor.is_known and actor.person_id == requester_id
    return own_name or may_coordinate(actor, organisation_id)


def may_direct(actor: Actor, action: Action) -> bool:
    """The requester may, and those who coordinate its organisation."""
    asked = actor.person_id is not None and actor.person_id == action.requester_id
    return asked or may_coordinate(actor, action.organisation_id)


def may_check(actor: Actor, action: Action) -> bool:
    """Those who direct it or are its checker may, but never the owner or a deputy of the owner.

    The requester decides that an agreement is done; only when they are its owner does somebody else who directs it.
    """
    person = actor.person_id
    if not rules.may_judge(action.owner_id, person):
        return False
    if person == action.requester_id:
        return True
    if action.tier == Tier.AGREEMENT and action.requester_id != action.owner_id:
        return False
    directs = actor.holds_apart_from({action.owner_id}, *DIRECTING, organisation_id=action.organisation_id)
    return directs or person == action.checker_id


def may_remove(actor: Actor, action: Action) -> bool:
    """The owner removes evidence that should not be there, and so does who directs the action point."""
    return is_owner(actor, action) or may_direct(actor, action)


VERBS: dict[str, Callable[[Actor, Action], bool]] = {
    Verb.ACCEPT: is_owner,
    Verb.RETURN: is_owner,
    Verb.DONE: is_owner,
    Verb.REPORT: is_owner,
    Verb.HOLD: is_owner,
    Verb.RESUME: is_owner,
    Verb.EVIDENCE: is_owner,
    Verb.CHECK: may_check,
    Verb.SEND_BACK: may_check,
    Verb.CANCEL: may_direct,
    Verb.PROPOSE: may_direct,
    Verb.DEADLINE: may_direct,
    Verb.CORRECT: may_direct,
    Verb.REMOVE: may_remove,
}


def may(actor: Actor, action: Action, verb: str) -> bool:
    """Whether the actor may do a verb; the workflow checks the state. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, action)


def deputyship(actor: Actor, action: Action, verb: Verb) -> Grant:
    """Return the grant by which a deputy does this verb; access.OWN for who does it in their own right."""
    judges = verb in rules.JUDGING
    if VERBS[verb] is is_owner or actor.person_id in (action.requester_id, action.checker_id if judges else None):
        return OWN
    return actor.deputyship(action.organisation_id, *DIRECTING, apart_from={action.owner_id} if judges else ())
