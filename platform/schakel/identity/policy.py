"""Who may see and change people, roles and organisations."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.identity.models import Account, Deputy, Person, RoleGrant
from schakel.identity.rules import Role

COMMAND_LINE = "command_line"
WEEKLY_LINK = "weekly_mail"


def may_administer(actor: Actor) -> bool:
    """An administrator manages roles and accounts."""
    return actor.holds(Role.ADMINISTRATOR)


def may_change_own(actor: Actor) -> bool:
    """Who is signed in changes their own name and password."""
    return actor.is_known


def may_choose_mails(actor: Actor, account_id: int) -> bool:
    """The holder of an account chooses its mails, and so does who opened the link in such a mail."""
    return actor.account_id == account_id or actor.link_id(WEEKLY_LINK) == account_id


def may_start_installation(actor: Actor) -> bool:
    """The first account is made from the command line, never from the web."""
    return actor.auth_method == f"system:{COMMAND_LINE}"


def may_grant(actor: Actor, organisation_id: int) -> bool:
    """An administrator grants and withdraws roles inside their own organisations only."""
    return actor.holds(Role.ADMINISTRATOR, organisation_id=organisation_id)


def may_arrange_deputy(actor: Actor, away_person_id: int, organisation_id: int | None) -> bool:
    """People arrange their own deputy; an administrator does so for roles inside their own organisations."""
    if organisation_id is None:
        return actor.person_id == away_person_id
    return actor.person_id == away_person_id or may_grant(actor, organisation_id)


def people_of(actor: Actor) -> sa.Select[Person]:
    """Select the people an administrator sees: with an account, and a role or membership in their organisations."""
    mine = actor.organisations(Role.ADMINISTRATOR)
    grants = sa.exists().where(RoleGrant.person_id == Person.id, RoleGrant.organisation_id.in_(mine))
    deputises = sa.exists().where(Deputy.by_person_id == Person.id, Deputy.organisation_id.in_(mine))
    belongs = sa.or_(Person.organisation_id.in_(mine), grants, deputises)
    return sa.select(Person).join(Account, Account.person_id == Person.id).where(belongs)


def grants_in(actor: Actor) -> sa.Select[RoleGrant]:
    """Select the roles over the administrator's organisations, including past and future ones."""
    return sa.select(RoleGrant).where(RoleGrant.organisation_id.in_(actor.organisations(Role.ADMINISTRATOR)))


def deputies_in(actor: Actor) -> sa.Select[Deputy]:
    """Select the deputies over the administrator's organisations."""
    return sa.select(Deputy).where(Deputy.organisation_id.in_(actor.organisations(Role.ADMINISTRATOR)))
