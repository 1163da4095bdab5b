"""Queries for accounts and for the choices of forms."""

import sqlalchemy as sa

from schakel import db, errors
from schakel.identity import rules
from schakel.identity.models import Account, Organisation, Profession


def professions() -> list[Profession]:
    """Return all professions in display order."""
    return list(db.session().scalars(sa.select(Profession).order_by(Profession.position, Profession.code)))


def organisations(ids: frozenset[int] | None) -> list[Organisation]:
    """Return organisations by name; only these when ids are given."""
    query = sa.select(Organisation).order_by(Organisation.name)
    return list(db.session().scalars(query if ids is None else query.where(Organisation.id.in_(ids))))


def account_of(email: str) -> Account | None:
    """Return the account that signs in with this address, or None."""
    return db.session().scalar(sa.select(Account).where(Account.email == rules.fold(email)))


def account_by_id(account_id: int) -> Account:
    """Return an account. Raises NotFound when it does not exist."""
    return errors.found(db.session().get(Account, account_id))
