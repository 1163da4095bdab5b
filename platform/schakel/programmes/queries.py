"""Reads of the shared lists."""

from flask_babel import gettext

from schakel import db
from schakel.programmes.models import Theme


def themes() -> list[Theme]:
    """The shared theme list in order."""
    return list(db.session().scalars(Theme.in_order()))


def theme_options() -> list[tuple[str, str]]:
    """The choices of a filter on theme: (code, name), first that of no theme (1 statement)."""
    return [("", gettext("Alle thema’s")), *((theme.code, theme.name) for theme in themes())]
