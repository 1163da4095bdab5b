"""The order of the groups of work, and their texts."""

from datetime import date
from enum import StrEnum

from schakel.deadlines import days_late
from schakel.i18n import N_, gettext, ngettext
from schakel.slot_types import WorkKind


class MailKind(StrEnum):
    """The kinds of mail of *vandaag*."""

    DIGEST = "digest"


class TaskKind(StrEnum):
    """How a task is drawn: the class `task--…`."""

    LATE = "late"
    SOON = "soon"
    ASK = "ask"


GROUPS = (
    (WorkKind.LATE, N_("Te laat"), N_("te laat")),
    (WorkKind.WEEK, N_("Deze week"), N_("deze week")),
    (WorkKind.ACCEPT, N_("Te aanvaarden"), N_("te aanvaarden")),
    (WorkKind.CHECK, N_("Te toetsen"), N_("te toetsen")),
    (WorkKind.ANSWER, N_("Te beslissen"), N_("te beslissen")),
)
WORDS = (
    N_("nul"),
    N_("één"),
    N_("twee"),
    N_("drie"),
    N_("vier"),
    N_("vijf"),
    N_("zes"),
    N_("zeven"),
    N_("acht"),
    N_("negen"),
    N_("tien"),
    N_("elf"),
    N_("twaalf"),
)


def number(count: int) -> str:
    """Return a count as a word up to twelve, else in digits."""
    return gettext(WORDS[count]) if count < len(WORDS) else str(count)


def distance(on: date | None, today: date) -> str:
    """Return how far away a day is, in words."""
    if on is None:
        return ""
    days = (on - today).days
    if days == 0:
        return gettext("vandaag")
    if days < 0:
        return days_late(-days)
    return ngettext("over %(num)d dag", "over %(num)d dagen", days)


def sentence(counts: dict[str, int]) -> list[tuple[str, bool]]:
    """Return the sentence at the top, as (text, bold) pieces: how many items, and of which kinds."""
    total = sum(counts.values())
    if not total:
        return [(gettext("Niets vraagt u vandaag."), False)]
    first = ngettext("Eén ding", "%(number)s dingen", total, number=number(total).capitalize())
    sorts = [f"{number(counts[kind])} {gettext(words)}" for kind, _, words in GROUPS if counts.get(kind)]
    listed = ", ".join(sorts[:-1]) + (f" {gettext('en')} " if len(sorts) > 1 else "") + sorts[-1]
    return [
        (first, True),
        (" " + ngettext("vraagt u: %(things)s.", "vragen u: %(things)s.", total, things=listed), False),
    ]
