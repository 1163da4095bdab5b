"""Who sees an action point and who may do what to it."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.actions import rules
from schakel.actions.models import Action

OVERSEERS = (
    "coordinator",
    "facilitator",
    "quality_adviser",
    "medical_director",
    "board_secretary",
    "department_head",
)
DIRECTING = ("coordinator", "quality_adviser", "medical_director", "board_secretary", "department_head")
RING = ("quality_adviser", "medical_director", "board_secretary", "department_head")
LINK = "action"


def came_for(actor: Actor) -> int | None:
    """The action point whose link the actor came in by."""
    kind, _, number = actor.came.removeprefix("link:").partition(":")
    return int(number) if actor.came.startswith("link:") and kind == LINK and number.isdigit() else None


def visible_to(actor: Actor) -> sa.Select[Action]:
    """One's own (owner, requester, checker), those of the organisations one oversees, and the one of the link."""
    query = sa.select(Action)
    by_link = came_for(actor)
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
    """The owner, signed in or by the link in the mail."""
    return came_for(actor) == action.id or (actor.person_id is not None and actor.person_id == action.owner_id)


def may_coordinate(actor: Actor, organisation_id: int) -> bool:
    """Coordinators and quality advisers of the organisation make, move and end action points."""
    return actor.holds(*DIRECTING, organisation_id=organisation_id) or actor.came == "system:seeds"


def may_direct(actor: Actor, action: Action) -> bool:
    """Whoever asked for it, and who coordinates it."""
    asked = actor.person_id is not None and actor.person_id == action.requester_id
    return asked or may_coordinate(actor, action.organisation_id)


def may_check(actor: Actor, action: Action) -> bool:
    """Whoever directs it or was asked to check it, but never the owner nor who stands in for the owner.

    An agreement is done when who asked agrees; only when they own it themselves another who directs says so.
    """
    person = actor.person_id if actor.person_id is not None else (-1 if actor.came == "system:seeds" else None)
    if not rules.may_judge(action.owner_id, person):
        return False
    if person in (action.requester_id, -1):
        return True
    if action.tier == "agreement" and action.requester_id != action.owner_id:
        return False
    if actor.stands_in_only_for(action.owner_id, action.organisation_id, *DIRECTING):
        return person == action.checker_id
    return person == action.checker_id or may_coordinate(actor, action.organisation_id)


def may(actor: Actor, action: Action, verb: str) -> bool:
    """Who may do a verb; whether the state allows it is a rule, not a right."""
    if verb in ("accept", "return", "report", "hold", "resume", "done"):
        return is_owner(actor, action) or actor.came == "system:seeds"
    if verb in ("check", "send_back"):
        return may_check(actor, action)
    return may_direct(actor, action)
