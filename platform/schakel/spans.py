"""Judge a day or a span of time that somebody typed: order, length, past, overlap, inside its parent, days off.

Every form with dates asks here. A refusal is a sentence; a `Question` must be confirmed in the form
(`pages.Questions`); a remark about a weekend or a holiday is displayed after saving and stops nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import combinations

from schakel import dates
from schakel.i18n import N_, gettext

Span = tuple[datetime, datetime]
LONG = timedelta(hours=12)  # a longer span is more often a mistake in one of the times than meant
FAR = timedelta(days=2 * 366)
SHIFT = timedelta(days=183)  # a move over more than half a year may be a year typed wrong


@dataclass(frozen=True)
class Question:
    """Something unusual that may be meant. The code contains the values, so another value is asked about again."""

    code: str
    text: str


def span_of(on: date, begins: time, ends: time) -> Span:
    """Return start and end in UTC of local times; an end before the start is on the next day."""
    last = on if ends >= begins else on + timedelta(days=1)
    return dates.at(on, begins), dates.at(last, ends)


def refusal(span: Span) -> str | None:
    """Return why a span is impossible: it has no length."""
    return None if span[0] < span[1] else gettext("Begin en einde zijn gelijk. Vul een later einde in.")


def outside(span: Span, parents: Sequence[Span]) -> str | None:
    """Return why a span is not inside one of its parents; None when it is."""
    if any(begins <= span[0] < span[1] <= ends for begins, ends in parents):
        return None
    if not span[0] < span[1]:
        return refusal(span)
    if dates.today(span[0]) != dates.today(span[1]) and dates.local(span[1]).time() != time(0):
        return gettext("Het einde ligt vóór het begin.")
    times = "; ".join(dates.format_span(*parent) for parent in parents)
    return gettext("Dit onderdeel valt buiten de tijden van de bijeenkomst: %(times)s.", times=times)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share time; one that begins when the other ends does not."""
    return one[0] < other[1] and other[0] < one[1]


def overlapping(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """Return the first two spans that overlap."""
    return next((pair for pair in combinations(sorted(spans), 2) if overlap(*pair)), None)


def questions(spans: Sequence[Span], before: Sequence[Span], now: datetime) -> list[Question]:
    """Return what to ask about the spans that are not in `before`: too long, in the past, far away, far from before."""
    found = []
    for span in (one for one in spans if one not in before):
        text, key = dates.format_span(*span), f"{span[0]:%Y%m%d%H%M}-{span[1]:%Y%m%d%H%M}"
        if span[1] - span[0] > LONG:
            found.append(
                Question(f"long-{key}", gettext("%(span)s duurt langer dan twaalf uur. Dat klopt.", span=text))
            )
        if span[0] < now:
            found.append(Question(f"past-{key}", gettext("%(span)s is al geweest. Dat klopt.", span=text)))
        elif span[0] > now + FAR:
            found.append(
                Question(f"far-{key}", gettext("%(span)s is pas over meer dan twee jaar. Dat klopt.", span=text))
            )
    return found + _shifted(spans, before, now)


def _shifted(spans: Sequence[Span], before: Sequence[Span], now: datetime) -> list[Question]:
    if not spans or not before:
        return []
    first, was = min(spans)[0], min(before)[0]
    if abs(first - was) <= SHIFT or not now <= first <= now + FAR:
        return []
    days = {"was": dates.format_date(was), "new": dates.format_date(first)}
    text = gettext("De bijeenkomst gaat van %(was)s naar %(new)s. Dat klopt.", **days)
    return [Question(f"shift-{was:%Y%m%d}-{first:%Y%m%d}", text)]


def easter(year: int) -> date:
    """Return Easter Sunday (the algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> dict[date, str]:
    """Return the public holidays of the Netherlands in a year, with their names."""
    sunday = easter(year)
    king = date(year, 4, 27)
    return {
        date(year, 1, 1): N_("Nieuwjaarsdag"),
        sunday - timedelta(days=2): N_("Goede Vrijdag"),
        king - timedelta(days=king.weekday() == 6): N_("Koningsdag"),
        date(year, 5, 5): N_("Bevrijdingsdag"),
        sunday + timedelta(days=39): N_("Hemelvaartsdag"),
        sunday: N_("Eerste Paasdag"),
        sunday + timedelta(days=1): N_("Tweede Paasdag"),
        sunday + timedelta(days=49): N_("Eerste Pinksterdag"),
        sunday + timedelta(days=50): N_("Tweede Pinksterdag"),
        date(year, 12, 25): N_("Eerste Kerstdag"),
        date(year, 12, 26): N_("Tweede Kerstdag"),
    }


def day_off(day: date) -> str:
    """Return the name of the holiday, or the day of the weekend; empty for a working day."""
    name = holidays(day.year).get(day, "")
    if not name and day.weekday() >= 5:
        name = N_("een zaterdag") if day.weekday() == 5 else N_("een zondag")
    return gettext(name) if name else ""


def remarks(days: Iterable[date | None]) -> str:
    """Return a sentence for each day that is in a weekend or on a holiday; empty for working days."""
    return " ".join(
        gettext("Let op: %(day)s is %(name)s.", day=dates.format_date(day), name=name)
        for day in days
        if day and (name := day_off(day))
    )
