"""Reads for choices in forms."""

import sqlalchemy as sa

from schakel import db
from schakel.identity.models import Organisation, Profession


def professions() -> list[Profession]:
    """All professions as they are shown."""
    return list(db.session().scalars(sa.select(Profession).order_by(Profession.position, Profession.code)))


def organisations(ids: frozenset[int] | None) -> list[Organisation]:
    """Organisations by name; only these when ids are given."""
    query = sa.select(Organisation).order_by(Organisation.name)
    return list(db.session().scalars(query if ids is None else query.where(Organisation.id.in_(ids))))
