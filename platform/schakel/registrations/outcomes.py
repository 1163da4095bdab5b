"""What became of a form that was sent, by its nonce: the same form sent twice has one effect and one outcome."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schakel import db, errors
from schakel.registrations.models import Submission

Outcome = dict[str, Any]  # state: registered or waiting; full: ids of the pools that are waited for


def claim(event_id: int, nonce: str, now: datetime) -> bool:
    """Take a nonce for this submission; False when it was taken before."""
    return db.insert_once(Submission, nonce=nonce, event_id=event_id, at=now, outcome={})


def store(nonce: str, outcome: Outcome) -> None:
    """Store what became of the submission that took this nonce."""
    db.changed(sa.update(Submission).where(Submission.nonce == nonce).values(outcome=outcome))


def outcome_of(event_id: int, nonce: str) -> Outcome:
    """What became of the form that was sent with this nonce; NotFound when none was sent for this event."""
    query = sa.select(Submission.outcome).where(Submission.nonce == nonce, Submission.event_id == event_id)
    return errors.found(db.session().scalar(query))
