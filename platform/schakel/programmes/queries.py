"""Reads of the shared lists."""

from schakel import db
from schakel.programmes.models import Theme


def themes() -> list[Theme]:
    """The shared theme list in order."""
    return list(db.session().scalars(Theme.in_order()))
