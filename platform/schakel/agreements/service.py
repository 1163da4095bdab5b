"""The verbs on agreements, and what they give to the pages of events and action points."""

from datetime import date

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.agreements.models import Agreement, AgreementAction, AgreementEvent
from schakel.agreements.rules import AuditEvent
from schakel.audit import service as audit
from schakel.events import policy as events
from schakel.events.models import Event
from schakel.events.service import touch
from schakel.i18n import gettext
from schakel.supplied import Cause, Panel


def put_on_table(actor: Actor, event: Event, text: str, since: str, confirmed: date | str | None) -> Agreement:
    """Lay an agreement on the table of an event. `confirmed`: a day, a year, or None when it never was."""
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
    touch(event)  # its public page changes
    audit.record(actor, AuditEvent.PUT_ON_TABLE, "agreement", made.id, event=event.id)
    return made


def make_action(actor: Actor, event: Event, agreement: Agreement, facts: actions.Facts) -> Action:
    """An action point out of an agreement that lies on the table of this event."""
    errors.require(events.may_edit(actor, event))
    lies = sa.select(AgreementEvent.event_id).where(AgreementEvent.agreement_id == agreement.id)
    errors.found(db.session().scalar(lies.where(AgreementEvent.event_id == event.id)))
    action = actions.create(actor, facts)
    db.insert_once(AgreementAction, agreement_id=agreement.id, action_id=action.id)
    audit.record(actor, AuditEvent.ACTION, "agreement", agreement.id, action=action.id)
    return action


def causes(actor: Actor, action_ids: list[int]) -> dict[int, list[Cause]]:
    """Slot `loop.cause`: the agreement behind each of these action points."""
    rows = db.session().execute(
        sa.select(AgreementAction.action_id, Agreement.text)
        .join(Agreement, Agreement.id == AgreementAction.agreement_id)
        .where(AgreementAction.action_id.in_(action_ids))
    )
    return {row.action_id: [Cause(gettext("Afspraak: %(text)s", text=row.text))] for row in rows}


def panel(actor: Actor, event_id: int) -> list[Panel]:
    """Slot `panel.event`: the agreements on the table."""
    rows = db.session().scalars(Agreement.on_table(event_id)).all()
    lines = [(agreement.public_id, agreement.text, _said(agreement)) for agreement in rows]
    return [Panel("agreements/panel.html", {"agreements": lines})] if lines else []


def _said(agreement: Agreement) -> str:
    start = gettext("Geldt sinds %(since)s", since=agreement.since) if agreement.since else gettext("Geldt")
    if agreement.confirmed_on:
        day = dates.nl_date(agreement.confirmed_on)
        return gettext("%(start)s, laatst bevestigd op %(day)s.", start=start, day=day)
    if agreement.confirmed_year:
        return gettext("%(start)s, laatst bevestigd in %(year)s.", start=start, year=agreement.confirmed_year)
    return gettext("%(start)s, nog niet eerder samen besproken.", start=start)
