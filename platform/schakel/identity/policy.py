"""Who may see and change people, roles and organisations."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.identity.models import Account, Deputy, Person, RoleGrant
from schakel.identity.rules import Role

COMMAND_LINE = "command_line"


def may_administer(actor: Actor) -> bool:
    """Roles and accounts are the administrator's."""
    return actor.holds(Role.ADMINISTRATOR)


def may_start_installation(actor: Actor) -> bool:
    """Whoever has a shell on the machine makes the first account; the web never does."""
    return actor.auth_method == f"system:{COMMAND_LINE}"


def may_grant(actor: Actor, organisation_id: int) -> bool:
    """An administrator gives and withdraws roles inside the own organisation only."""
    return actor.holds(Role.ADMINISTRATOR, organisation_id=organisation_id)


def may_arrange_deputy(actor: Actor, away_person_id: int, organisation_id: int | None) -> bool:
    """Everybody arranges their own deputy; an administrator does so for roles inside the own organisation."""
    if organisation_id is None:
        return actor.person_id == away_person_id
    return actor.person_id == away_person_id or may_grant(actor, organisation_id)


def people_of(actor: Actor) -> sa.Select[Person]:
    """Whom an administrator sees: people with an account who belong to the own organisations or do something there."""
    mine = actor.organisations(Role.ADMINISTRATOR)
    grants = sa.exists().where(RoleGrant.person_id == Person.id, RoleGrant.organisation_id.in_(mine))
    stands_in = sa.exists().where(Deputy.by_person_id == Person.id, Deputy.organisation_id.in_(mine))
    belongs = sa.or_(Person.organisation_id.in_(mine), grants, stands_in)
    return sa.select(Person).join(Account, Account.person_id == Person.id).where(belongs)


def grants_in(actor: Actor) -> sa.Select[RoleGrant]:
    """The roles, past and to come too, over the organisations that an administrator has."""
    return sa.select(RoleGrant).where(RoleGrant.organisation_id.in_(actor.organisations(Role.ADMINISTRATOR)))


def deputies_in(actor: Actor) -> sa.Select[Deputy]:
    """Who stands in for whom over those organisations."""
    return sa.select(Deputy).where(Deputy.organisation_id.in_(actor.organisations(Role.ADMINISTRATOR)))
