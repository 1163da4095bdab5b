"""Queries for accounts and for the choices of forms."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from schakel import addresses, db, errors
from schakel.identity.models import Account, Organisation, Person, Profession


def professions() -> list[Profession]:
    """Return all professions in display order."""
    return list(db.session().scalars(sa.select(Profession).order_by(Profession.position, Profession.code)))


def organisations(ids: frozenset[int] | None) -> list[Organisation]:
    """Return organisations by name; only these when ids are given."""
    query = sa.select(Organisation).order_by(Organisation.name)
    return list(db.session().scalars(query if ids is None else query.where(Organisation.id.in_(ids))))


def account_of(email: str) -> Account | None:
    """Return the account that signs in with this address, or None."""
    return db.session().scalar(sa.select(Account).where(Account.email == addresses.fold_address(email)))


def account_by_id(account_id: int) -> Account:
    """Return an account. Raises NotFound when it does not exist."""
    return errors.found(db.session().get(Account, account_id))


def share_mailbox(some: Collection[int | None], others: Collection[int]) -> bool:
    """Whether one of these people has the mailbox of one of the others: the same person under another name, perhaps."""
    other = orm.aliased(Person)
    same = sa.select(sa.func.count()).where(Person.id.in_(some), other.folded_email == Person.folded_email)
    return bool(db.session().scalar(same.where(other.id.in_(others))))
