"""What agreements supply to the pages of events and action points."""

import sqlalchemy as sa

from schakel import dates, db
from schakel.access import Actor
from schakel.agreements.models import Agreement, AgreementAction
from schakel.i18n import gettext
from schakel.slot_types import Cause, Panel


def causes(actor: Actor, action_ids: list[int]) -> dict[int, list[Cause]]:
    """Return the agreement behind each of these action points (slot `loop.cause`)."""
    rows = db.session().execute(
        sa.select(AgreementAction.action_id, Agreement.text)
        .join(Agreement, Agreement.id == AgreementAction.agreement_id)
        .where(AgreementAction.action_id.in_(action_ids))
    )
    return {row.action_id: [Cause(gettext("Afspraak: %(text)s", text=row.text))] for row in rows}


def panel(actor: Actor, event_id: int) -> list[Panel]:
    """Return the panel with the agreements of an event (slot `panel.event`)."""
    rows = db.session().scalars(Agreement.of_event(event_id)).all()
    rows_of_page = [(agreement.public_id, agreement.text, _since_text(agreement)) for agreement in rows]
    return [Panel("agreements/panel.html", {"agreements": rows_of_page})] if rows_of_page else []


def _since_text(agreement: Agreement) -> str:
    start = gettext("Geldt sinds %(since)s", since=agreement.since) if agreement.since else gettext("Geldt")
    if agreement.confirmed_on:
        day = dates.format_date(agreement.confirmed_on)
        return gettext("%(start)s, laatst bevestigd op %(day)s.", start=start, day=day)
    if agreement.confirmed_year:
        return gettext("%(start)s, laatst bevestigd in %(year)s.", start=start, year=agreement.confirmed_year)
    return gettext("%(start)s, nog niet eerder samen besproken.", start=start)
