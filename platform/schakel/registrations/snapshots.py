"""What a guest was last mailed of an event, stored with the registration, and what changed since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schakel import dates
from schakel.events.models import Event, EventDay
from schakel.i18n import N_
from schakel.registrations import selection


@dataclass(frozen=True)
class Change:
    """What a guest must know that changed: what it is (a msgid), what it was and what it is now."""

    what: str
    was: str
    now: str


def snapshot_of(event: Event) -> dict[str, Any]:
    """Return what a guest must know of an event, to see later what changed and which days were dropped.

    Not the title: another full stop in it concerns nobody.
    """
    return {
        "days": [[day.id, day.starts_at.isoformat(), day.ends_at.isoformat()] for day in event.days],
        "place": ", ".join(part for part in (event.place_name, event.place_detail) if part),
        "sessions": {str(session.id): session.as_text for session in selection.sessions_of(event)},
    }


def changes(was: dict[str, Any], now: dict[str, Any], session_ids: Collection[int]) -> list[Change]:
    """Return what changed for a guest of these sessions between two snapshots, in the order of the mail."""
    found = []
    before, after = _days_text(was["days"]), _days_text(now["days"])
    if before != after:
        found.append(Change(N_("Wanneer"), before, after))
    if was.get("place", now["place"]) != now["place"]:
        found.append(Change(N_("Waar"), was["place"] or "–", now["place"] or "–"))
    for number in map(str, sorted(session_ids)):
        title, other = was.get("sessions", {}).get(number), now["sessions"].get(number)
        if title and other and title != other:
            found.append(Change(N_("Uw sessie"), title, other))
    return found


def _days_text(days: list[list[Any]]) -> str:
    spans = [(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for _id, begins, ends in days]
    return "; ".join(dates.format_span(*span) for span in sorted(spans))


def gone_days(event: Event, snapshot: dict[str, Any]) -> list[EventDay]:
    """Return the days in a snapshot that the event no longer has."""
    present = {day.id for day in event.days}
    return [
        EventDay(id=number, starts_at=datetime.fromisoformat(begins), ends_at=datetime.fromisoformat(ends))
        for number, begins, ends in snapshot.get("days", [])
        if number not in present
    ]
