"""The actor (access.Actor) behind an account, with the roles valid on a day."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor, Grant
from schakel.identity.models import Account, Deputy, Organisation, Person, RoleGrant


def actor_of(account: Account, auth_method: str, today: date) -> Actor:
    """Return the actor of an account with the roles valid today: their own, and those they deputise for."""
    person = account.person
    return Actor(
        person_id=person.id,
        account_id=account.id,
        person_name=person.name,
        grants=grants_of(person.id, today),
        auth_method=auth_method,
    )


def _held_by() -> sa.Select[Any]:
    """Select the roles of person :who on :day, own and as a deputy, each with every organisation it covers."""
    who: sa.BindParameter[int] = sa.bindparam("who", type_=sa.Integer)
    day = sa.bindparam("day", type_=sa.Date)
    columns = (RoleGrant.role, RoleGrant.organisation_id)
    own = RoleGrant.valid_on(RoleGrant.person_id == who, day)
    own_rows = own.with_only_columns(*columns, sa.null().label("away_id"), sa.null().label("away"))
    here = sa.or_(Deputy.organisation_id.is_(None), Deputy.organisation_id == RoleGrant.organisation_id)
    deputises = sa.and_(Deputy.by_person_id == who, Deputy.from_on <= day, Deputy.until_on >= day)
    away_rows = (
        RoleGrant.valid_on(deputises, day)
        .join(Deputy, sa.and_(Deputy.for_person_id == RoleGrant.person_id, Deputy.role == RoleGrant.role, here))
        .join(Person, Person.id == RoleGrant.person_id)
        .with_only_columns(*columns, Person.id.label("away_id"), Person.name.label("away"))
    )
    held = sa.union_all(own_rows, away_rows).cte("held")
    top = sa.select(held.c.organisation_id.label("top"), held.c.organisation_id.label("id")).cte("tree", recursive=True)
    tree = top.union(sa.select(top.c.top, Organisation.id).join(top, Organisation.parent_id == top.c.id))
    return sa.select(held.c.role, held.c.organisation_id, held.c.away_id, held.c.away, tree.c.id).join(
        tree, tree.c.top == held.c.organisation_id
    )


_HELD = _held_by()  # built once: it runs on every page of a signed-in user


def grants_of(person_id: int, today: date) -> tuple[Grant, ...]:
    """Return the roles of a person on a day, each with every organisation it covers (1 statement)."""
    below: dict[tuple[str, int, int | None, str | None], set[int]] = {}
    for role, organisation_id, away_id, away, number in db.session().execute(_HELD, {"who": person_id, "day": today}):
        below.setdefault((role, organisation_id, away_id, away), set()).add(number)
    return tuple(
        Grant(role, frozenset(ids), away, away_id) for (role, _organisation, away_id, away), ids in below.items()
    )
