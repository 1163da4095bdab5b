"""Queries on the shared lists."""

from flask_babel import gettext

from schakel import db
from schakel.programmes.models import Theme


def themes() -> list[Theme]:
    """Return the shared themes in order."""
    return list(db.session().scalars(Theme.in_order()))


def theme_options() -> list[tuple[str, str]]:
    """Return the choices of a filter on theme: (code, name), first the one for no theme (1 statement)."""
    return [("", gettext("Alle thema’s")), *((theme.code, theme.name) for theme in themes())]
