"""What a deadline says in words, the same for every subject that has one."""

from datetime import date

from schakel.i18n import gettext, ngettext

FAR = date(9999, 12, 31)  # the sort key of what has no date: undated rows sort last
SOON = 7  # days before a date from which it is called soon


def days_late(days: int) -> str:
    """How long ago a date passed."""
    return ngettext("%(num)d dag te laat", "%(num)d dagen te laat", days)


def days_silent(days: int) -> str:
    """How long ago a report was due."""
    return ngettext("Geen bericht, %(num)d dagen", "Geen bericht, %(num)d dagen", days)


def days_left(days: int) -> str:
    """How many days are left; 0 is today."""
    return ngettext("nog %(num)d dag", "nog %(num)d dagen", days) if days else gettext("vandaag")
