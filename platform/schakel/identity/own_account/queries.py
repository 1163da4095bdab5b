"""Queries of the page of one's own account."""

from types import SimpleNamespace
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.i18n import gettext
from schakel.identity import rules
from schakel.identity.models import Account, Deputy, Organisation, Person, RoleGrant

MOST = 500  # choices in one select


def link_name(account_id: int) -> str:
    """Return what the object of a password link is called."""
    account = errors.found(db.session().get(Account, account_id))
    return gettext("Een wachtwoord kiezen voor %(email)s", email=account.email)


def stop_name(account_id: int) -> str:
    """Return what the object of a link to the weekly mail is called."""
    account = errors.found(db.session().get(Account, account_id))
    return gettext("De weekmail aan %(email)s", email=account.person.email)


def own(actor: Actor) -> Account:
    """Return the actor's account. Raises NotFound for who is not signed in."""
    return errors.found(db.session().get(Account, actor.account_id) if actor.account_id else None)


def grants(actor: Actor) -> list[RoleGrant]:
    """Return the actor's own roles that are valid today, by organisation (1 statement)."""
    query = RoleGrant.valid_on(RoleGrant.person_id == actor.person_id, dates.today())
    query = query.options(joinedload(RoleGrant.organisation)).join(RoleGrant.organisation)
    return list(db.session().scalars(query.order_by(Organisation.name, RoleGrant.id)))


def roles(actor: Actor) -> list[SimpleNamespace]:
    """Return the same roles as the page displays them."""
    return [
        SimpleNamespace(
            role=role_name(row.role),
            organisation=row.organisation.name,
            until=dates.format_date(row.until_on) if row.until_on else "",
        )
        for row in grants(actor)
    ]


def deputies(actor: Actor) -> list[SimpleNamespace]:
    """Return who deputises for the actor now or later (1 statement)."""
    query = sa.select(Deputy).where(Deputy.for_person_id == actor.person_id, Deputy.until_on >= dates.today())
    query = query.options(joinedload(Deputy.by), joinedload(Deputy.organisation))
    return [
        SimpleNamespace(
            id=row.id,
            by=row.by.name,
            role=role_name(row.role),
            organisation=row.organisation.name if row.organisation else "",
            days=gettext(
                "%(first)s tot en met %(last)s",
                first=dates.format_date(row.from_on),
                last=dates.format_date(row.until_on),
            ),
        )
        for row in db.session().scalars(query.order_by(Deputy.from_on, Deputy.id).limit(MOST))
    ]


def deputy(actor: Actor, number: int) -> Deputy | None:
    """Return a deputy of the actor, or None."""
    return db.session().scalar(sa.select(Deputy).where(Deputy.id == number, Deputy.for_person_id == actor.person_id))


def colleagues(actor: Actor) -> list[tuple[int, str]]:
    """Return who can deputise: people with an account and a role in the same top organisations, by name."""
    mine = {row.organisation_id for row in grants(actor)}
    tops = {cast("int", db.session().scalar(Organisation.top_of(number))) for number in mine}
    below = Organisation.with_all_below(tops).subquery()
    holds = sa.exists().where(RoleGrant.person_id == Person.id, RoleGrant.organisation_id.in_(sa.select(below.c.id)))
    query = sa.select(Person.id, Person.name).join(Account, Account.person_id == Person.id)
    query = query.where(holds, Person.id != actor.person_id, Account.active).order_by(Person.name, Person.id)
    return [(row.id, row.name) for row in db.session().execute(query.limit(MOST))]


def role_name(code: str) -> str:
    """Return the name of a role as screens display it."""
    return gettext(rules.ROLES[rules.Role(code)])
