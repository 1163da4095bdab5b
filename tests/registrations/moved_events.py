"""An event that a coordinator changes, and the job that mails its guests."""

from datetime import time, timedelta

import time_machine

from schakel import dates, db
from schakel.events import service as events
from schakel.events.models import Event
from schakel.registrations import jobs
from tests import make
from tests.registrations.make_registrations import WORKER

LATER = timedelta(minutes=10, seconds=1)
DAY = events.Day(dates.today() + timedelta(days=30), time(17, 30), time(21, 30))
THREE = tuple(events.Day(DAY.on + timedelta(days=days), time(9), time(17)) for days in (0, 7, 14))


def edit(hall, **facts) -> None:
    """Save the event as it was made, with some facts changed."""
    event = db.session().get(Event, hall.id)
    db.session().expire(event)
    wanted = make.make_facts(event.organisation, mailbox="postbus@ziekenhuis.example.org", **{"days": (DAY,), **facts})
    events.edit(make.ANY_ROLE, event, wanted, event.version)
    db.end_transaction(True)


def later(hours: float = 0) -> int:
    """Let the time to undo pass and run the worker's jobs."""
    with time_machine.travel(dates.now() + LATER + timedelta(hours=hours), tick=False):
        number = jobs.follow_events(WORKER)
        db.end_transaction(True)
    return number
