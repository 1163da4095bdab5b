"""Times in UTC, dates in Europe/Amsterdam, and both in words in the language of the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from schakel.i18n import SOURCE, gettext, language

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def names(code: str) -> tuple[list[str], list[str]]:
    """Short names of days and months in a language. Cached: format_date takes 0.1 ms, a list has a hundred dates."""
    days, months = get_day_names("abbreviated", locale=code), get_month_names("abbreviated", locale=code)
    return [days[number] for number in range(7)], [months[number] for number in range(1, 13)]


_clock: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the current time, aware and in UTC; inside `clock`, the time set there."""
    return _clock.get() or datetime.now(UTC)


@contextmanager
def clock(at_time: datetime) -> Iterator[None]:
    """Let `now` return this time inside the block, for loading the seeds. Audit uses the real time."""
    token = _clock.set(at_time)
    try:
        yield
    finally:
        _clock.reset(token)


def local(at_time: datetime) -> datetime:
    """Return a time in Amsterdam time."""
    return at_time.astimezone(AMSTERDAM)


def today(at_time: datetime | None = None) -> date:
    """Return the date in Amsterdam at a time (default: now)."""
    return local(at_time or now()).date()


def at(day: date, clock: time) -> datetime:
    """Return the UTC time of a local time in Amsterdam; in the doubled hour, the first of the two."""
    return datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)


def midnight(day: date) -> datetime:
    """Return the UTC time at which a date begins in Amsterdam."""
    return at(day, time(0))


def format_date(value: date | datetime, year: bool = True) -> str:
    """Format as 'do 21 jan 2027'; a time is converted to Amsterdam time first."""
    day = local(value).date() if isinstance(value, datetime) else value
    days, months = names(language())
    text = f"{days[day.weekday()]} {day.day} {months[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def format_time(at_time: datetime) -> str:
    """Format as '17.30' in Amsterdam time."""
    here = local(at_time)
    return f"{here.hour:02d}.{here.minute:02d}"


def format_datetime(at_time: datetime) -> str:
    """Format as 'do 21 jan 2027, 17.30 uur'."""
    return gettext("%(day)s, %(time)s uur", day=format_date(at_time), time=format_time(at_time))


def format_times(start: datetime, end: datetime) -> str:
    """'17.30 – 21.30 uur'; with the second day when midnight is in between: '22.00 – za 6 feb, 01.30 uur'."""
    last = format_time(end)
    if local(start).date() != local(end).date():
        last = f"{format_date(end, year=_year_changes(start, end))}, {last}"
    return gettext("%(start)s – %(end)s uur", start=format_time(start), end=last)


def format_span(start: datetime, end: datetime) -> str:
    """Format as 'do 21 jan 2027, 17.30 – 21.30 uur'.

    A span over one midnight has both days with their times; one of a day or longer has its first and last day.
    """
    if end - start < timedelta(days=1):
        return f"{format_date(start)}, {format_times(start, end)}"
    return f"{format_date(start, year=_year_changes(start, end))} – {format_date(end)}"


def _year_changes(start: datetime, end: datetime) -> bool:
    return local(start).year != local(end).year


def relative(text: str, base: date) -> date:
    """Return a date of the seeds: ISO ('2021-10-26') or days from `base` ('+60', '-45').

    '+60 do' is the first Thursday from then on: an evening for huisartsen is never on a Saturday.
    """
    if text[:1] in "+-":
        days, _, weekday = text.partition(" ")
        day = base + timedelta(days=int(days))
        return day + timedelta(days=(names(SOURCE)[0].index(weekday) - day.weekday()) % 7) if weekday else day
    return date.fromisoformat(text)
