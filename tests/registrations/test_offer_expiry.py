"""How long an offered place is held: computed by hand, in Amsterdam time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.registrations.rules import offer_until

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


WORKED = {
    "two days by day": ("2027-01-11 10:00", "2027-01-21 17:30", "2027-01-13 10:00"),
    "21.59 is still evening": ("2027-01-11 21:59", "2027-01-21 17:30", "2027-01-13 21:59"),
    "22.00 is night: nine the next morning": ("2027-01-11 22:00", "2027-01-21 17:30", "2027-01-14 09:00"),
    "after midnight is night: nine the same morning": ("2027-01-11 00:00", "2027-01-21 17:30", "2027-01-13 09:00"),
    "06.59 is night": ("2027-01-11 06:59", "2027-01-21 17:30", "2027-01-13 09:00"),
    "07.00 is day": ("2027-01-11 07:00", "2027-01-21 17:30", "2027-01-13 07:00"),
    "a second more than three days": ("2027-01-18 17:29", "2027-01-21 17:30", "2027-01-20 17:29"),
    "three days to the minute: half a day": ("2027-01-18 17:30", "2027-01-21 17:30", "2027-01-19 09:00"),
    "last three days, by day": ("2027-01-19 09:00", "2027-01-21 17:30", "2027-01-19 21:00"),
    "last three days, into the night": ("2027-01-19 10:00", "2027-01-21 17:30", "2027-01-20 09:00"),
    "the evening before": ("2027-01-20 23:30", "2027-01-21 17:30", "2027-01-21 11:30"),
    "the day itself": ("2027-01-21 09:00", "2027-01-21 17:30", "2027-01-21 11:00"),
    "the day itself, too near the start": ("2027-01-21 16:00", "2027-01-21 17:30", "2027-01-21 17:30"),
    "the day itself, in the night": ("2027-01-21 00:30", "2027-01-21 17:30", "2027-01-21 09:00"),
    "nine would be after the start": ("2027-01-20 19:00", "2027-01-21 08:00", "2027-01-21 07:00"),
    "night, and nine would be after the start": ("2027-01-20 13:00", "2027-01-21 08:00", "2027-01-21 08:00"),
    "48 hours over the start of summer time": ("2027-03-26 10:00", "2027-04-10 17:30", "2027-03-28 11:00"),
    "into the night in which summer time starts": ("2027-03-26 03:30", "2027-04-10 17:30", "2027-03-28 09:00"),
    "48 hours over the end of summer time": ("2026-10-23 22:30", "2026-11-10 17:30", "2026-10-25 21:30"),
    "into the night in which summer time ends": ("2026-10-23 23:30", "2026-11-10 17:30", "2026-10-26 09:00"),
    "the doubled hour is night": ("2026-10-23 02:30", "2026-11-10 17:30", "2026-10-25 09:00"),
    "over new year": ("2026-12-30 22:30", "2027-01-21 17:30", "2027-01-02 09:00"),
    "onto a leap day": ("2028-02-27 12:00", "2028-03-20 17:30", "2028-02-29 12:00"),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKED)
def test_an_offer_ends_as_computed_by_hand(name):
    now, starts, ends = map(at, WORKED[name])
    assert offer_until(now, starts) == ends


instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))


@settings(max_examples=300, deadline=None)
@given(instants, st.floats(0.02, 40 * 24))
def test_an_offer_ends_in_the_future_never_at_night_and_never_after_the_start(now, hours):
    starts = now + timedelta(hours=hours)
    ends = offer_until(now, starts)
    assert now < ends <= starts
    clock = ends.astimezone(AMSTERDAM).time()
    assert ends == starts or time(7) <= clock < time(22)
    assert ends == starts or ends - now <= timedelta(hours=48 + 12)
    near = starts.astimezone(AMSTERDAM).date() == now.astimezone(AMSTERDAM).date()
    assert ends == starts or ends - now >= timedelta(hours=2 if near else 10)
