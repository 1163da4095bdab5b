"""Offers with a human deadline; words for states; what a consent says."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CONSENT = "2026-11"  # the version of the consent text shown at signing up
CONSENT_TEXT = "We gebruiken deze gegevens voor deze bijeenkomst en voor wat er met uw inbreng gebeurt."
MAX_PERSONS = 6
STATES = {
    "registered": "Aangemeld",
    "waiting": "Wachtlijst",
    "offered": "Plaats aangeboden",
    "withdrawn": "Afgemeld",
    "lapsed": "Aanbod verlopen",
}
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)


def offer_until(now: datetime, starts_at: datetime) -> datetime:
    """How long an offered place is held: 48 hours, 12 in the last three days, 2 on the day itself; never ends at night.

    An offer that would end between 22.00 and 7.00 in Amsterdam ends at 9.00; none outlives the start of the event.
    """
    left = starts_at - now
    same_day = now.astimezone(AMSTERDAM).date() == starts_at.astimezone(AMSTERDAM).date()
    hours = 2 if same_day else 12 if left <= timedelta(days=3) else 48
    ends = (now + timedelta(hours=hours)).astimezone(AMSTERDAM)
    if ends.time() >= NIGHT_BEGINS:
        ends = datetime.combine(ends.date() + timedelta(days=1), time(9), AMSTERDAM)
    elif ends.time() < NIGHT_ENDS:
        ends = datetime.combine(ends.date(), time(9), AMSTERDAM)
    return min(ends.astimezone(starts_at.tzinfo), starts_at)
