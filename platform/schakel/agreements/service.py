"""The services on agreements."""

from datetime import date

import sqlalchemy as sa

from schakel import db, errors
from schakel.access import Actor
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.agreements.models import Agreement, AgreementAction, AgreementEvent
from schakel.agreements.rules import AuditEvent
from schakel.audit import service as audit
from schakel.events import policy as events
from schakel.events.models import Event
from schakel.events.service import lock


def add_to_event(actor: Actor, event: Event, text: str, since: str, confirmed: date | str | None) -> Agreement:
    """Add a new agreement to an event. `confirmed`: a day, a year, or None when it was never confirmed."""
    lock(event)
    errors.require(events.may_edit(actor, event))
    on = confirmed if isinstance(confirmed, date) else None
    year = confirmed if isinstance(confirmed, str) else ""
    made = Agreement(
        organisation_id=event.organisation_id, text=text, since=since, confirmed_on=on, confirmed_year=year
    )
    db.session().add(made)
    db.session().flush()
    position = sa.select(sa.func.count()).where(AgreementEvent.event_id == event.id)
    db.session().add(
        AgreementEvent(agreement_id=made.id, event_id=event.id, position=db.session().scalar(position) or 0)
    )
    event.touch()  # its public page changes
    audit.record(actor, AuditEvent.ADDED_TO_EVENT, "agreement", made.id, event=event.id)
    return made


def make_action(actor: Actor, event: Event, agreement: Agreement, facts: actions.Facts) -> Action:
    """Create an action point from an agreement of this event."""
    lock(event)
    errors.require(events.may_edit(actor, event))
    of_agreement = sa.select(AgreementEvent.event_id).where(AgreementEvent.agreement_id == agreement.id)
    errors.found(db.session().scalar(of_agreement.where(AgreementEvent.event_id == event.id)))
    action = actions.create(actor, facts)
    if db.insert_once(AgreementAction, agreement_id=agreement.id, action_id=action.id):
        audit.record(actor, AuditEvent.ACTION, "agreement", agreement.id, action=action.id)
    return action
