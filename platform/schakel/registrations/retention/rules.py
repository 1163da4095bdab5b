"""How long registrations are stored after the event, by kind of event."""

from datetime import datetime, timedelta

from schakel.events.rules import Kind

RETENTION = {Kind.PATIENT_DAY: timedelta(days=30)}


def over_before(kind: str, now: datetime) -> datetime:
    """Return the time before which events of this kind must have ended for deletion (design 3: 30 days)."""
    return now - RETENTION[Kind(kind)]
