"""The outcome of a submitted form, by nonce: the same form sent twice has one effect and one outcome."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schakel import db, errors
from schakel.access import ANONYMOUS
from schakel.events import policy as events
from schakel.events.models import AgendaItem, CapacityPool, Event, EventSession
from schakel.registrations.models import Submission

Outcome = dict[str, Any]  # state: registered or waiting; full: ids of the pools that are waited for


def claim(event_id: int, nonce: str, now: datetime) -> bool:
    """Claim a nonce for this submission; return False when it was claimed before."""
    return db.insert_once(Submission, nonce=nonce, event_id=event_id, at=now, outcome={})


def store(nonce: str, outcome: Outcome) -> None:
    """Store the outcome of the submission with this nonce."""
    db.rows_affected(sa.update(Submission).where(Submission.nonce == nonce).values(outcome=outcome))


def outcome_of(event_id: int, nonce: str) -> Outcome:
    """Return the outcome of the submission with this nonce. Raises NotFound when this event has none."""
    query = sa.select(Submission.outcome).where(Submission.nonce == nonce, Submission.event_id == event_id)
    return errors.found(db.session().scalar(query))


def event_and_outcome(slug: str, nonce: str) -> tuple[Event, Outcome]:
    """Return a public event and the outcome of a submission to it (1 statement). Raises NotFound when there is none."""
    query = events.visible_to(ANONYMOUS).where(Event.slug == slug, Submission.nonce == nonce)
    query = query.join(Submission, Submission.event_id == Event.id)
    row = db.session().execute(query.add_columns(Submission.outcome)).first()
    event, outcome = errors.found(row)
    return event, outcome


def titles_of(pool_ids: list[int]) -> list[str]:
    """Return the titles of the sessions among these pools (1 statement; none when there are no pools)."""
    if not pool_ids:
        return []
    sessions = (
        sa.select(EventSession.letter, EventSession.title)
        .join(CapacityPool, CapacityPool.session_id == EventSession.id)
        .join(AgendaItem, AgendaItem.id == EventSession.item_id)
        .where(CapacityPool.id.in_(pool_ids))
        .order_by(AgendaItem.starts_at, EventSession.letter)
    )
    return [f"{letter}. {title}" for letter, title in db.session().execute(sessions)]
