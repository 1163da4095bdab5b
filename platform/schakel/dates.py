"""Moments in UTC, civil dates in Europe/Amsterdam, and how both read in the language of the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schakel.i18n import N_, gettext, language

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = (N_("ma"), N_("di"), N_("wo"), N_("do"), N_("vr"), N_("za"), N_("zo"))
MONTHS = (
    N_("jan"),
    N_("feb"),
    N_("mrt"),
    N_("apr"),
    N_("mei"),
    N_("jun"),
    N_("jul"),
    N_("aug"),
    N_("sep"),
    N_("okt"),
    N_("nov"),
    N_("dec"),
)


_clock: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This moment, in UTC and aware; inside `clock`, the moment set there."""
    return _clock.get() or datetime.now(UTC)


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Let what is loaded from the seeds have happened at a moment. Audit keeps the real time."""
    mark = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(mark)


def local(moment: datetime) -> datetime:
    """A moment on the clock of Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def today(moment: datetime | None = None) -> date:
    """The civil date in Amsterdam at a moment (default: now)."""
    return local(moment or now()).date()


def at(day: date, clock: time) -> datetime:
    """The UTC moment at which the clock in Amsterdam shows this time; in the doubled hour, the first of the two."""
    return datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The UTC moment at which a civil day begins in Amsterdam."""
    return at(day, time(0))


class _Words(NamedTuple):
    days: tuple[str, ...]
    months: tuple[str, ...]
    moment: str


@cache
def _words(_language: str) -> _Words:
    # Looked up once a language: dates stand in every row of a list.
    moment = gettext("%(day)s, %(time)s uur")
    return _Words(tuple(gettext(day) for day in DAYS), tuple(gettext(month) for month in MONTHS), moment)


def nl_date(value: date | datetime, year: bool = True) -> str:
    """'do 21 jan 2027'; a moment is first brought to Amsterdam."""
    return _date(_words(language()), local(value).date() if isinstance(value, datetime) else value, year)


def _date(words: _Words, day: date, year: bool = True) -> str:
    text = f"{words.days[day.weekday()]} {day.day} {words.months[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def nl_time(moment: datetime) -> str:
    """'17.30' on the clock of Amsterdam."""
    here = local(moment)
    return f"{here.hour:02d}.{here.minute:02d}"


def nl_moment(moment: datetime) -> str:
    """'do 21 jan 2027, 17.30 uur'."""
    here, words = local(moment), _words(language())
    return words.moment % {"day": _date(words, here.date()), "time": f"{here:%H.%M}"}


def nl_times(start: datetime, end: datetime) -> str:
    """'17.30 – 21.30 uur'."""
    return gettext("%(start)s – %(end)s uur", start=nl_time(start), end=nl_time(end))


def nl_span(start: datetime, end: datetime) -> str:
    """'do 21 jan 2027, 17.30 – 21.30 uur', or both days when the span crosses midnight."""
    if local(start).date() == local(end).date():
        return f"{nl_date(start)}, {nl_times(start, end)}"
    return f"{nl_date(start, year=False)} – {nl_date(end)}"


def relative(text: str, base: date) -> date:
    """A date from the seeds: ISO ('2021-10-26') or days from `base` ('+60', '-45').

    '+60 do' is the first Thursday from then on: an evening for huisartsen is not on a Saturday, whenever it is loaded.
    """
    if text[:1] in "+-":
        days, _, weekday = text.partition(" ")
        day = base + timedelta(days=int(days))
        return day + timedelta(days=(DAYS.index(weekday) - day.weekday()) % 7) if weekday else day
    return date.fromisoformat(text)
