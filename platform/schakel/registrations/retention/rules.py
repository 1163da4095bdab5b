"""How long registrations are kept after the event, by kind of event."""

from datetime import datetime, timedelta

from schakel.events.rules import Kind

RETENTION = {Kind.PATIENT_DAY: timedelta(days=30)}


def over_before(kind: str, now: datetime) -> datetime:
    """Of events of this kind that ended at this moment or earlier, nothing is kept any more (design 3: 30 days)."""
    return now - RETENTION[Kind(kind)]
