"""Texts about deadlines, the same for every subject that has one."""

from datetime import date

from schakel.dates import format_date
from schakel.i18n import gettext, ngettext

FAR = date(9999, 12, 31)  # the sort key of rows without a date, so that they sort last
SOON = 7  # a date this many days away, or fewer, is called soon


def days_late(days: int) -> str:
    """Return how long ago a date passed, in words."""
    return ngettext("%(num)d dag te laat", "%(num)d dagen te laat", days)


def days_silent(days: int) -> str:
    """Return how long ago a report was due, in words."""
    return ngettext("Geen bericht, %(num)d dagen", "Geen bericht, %(num)d dagen", days)


def days_left(days: int) -> str:
    """Return how many days are left, in words; 0 is today."""
    return ngettext("nog %(num)d dag", "nog %(num)d dagen", days) if days else gettext("vandaag")


def moved_text(was: date | None, due_on: date, reason: str) -> str:
    """Return the text of a moved date: from when, to when, and why."""
    new = format_date(due_on)
    if was is None:
        return f"{new}: {reason}"
    return gettext("Van %(was)s naar %(new)s: %(reason)s", was=format_date(was), new=new, reason=reason)
