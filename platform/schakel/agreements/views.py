"""Making an action point from an agreement."""

import sqlalchemy as sa
from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from schakel import access, db, errors
from schakel.actions import queries as actions_queries
from schakel.actions.new_action import ActionForm, new_action_page
from schakel.agreements import service
from schakel.agreements.models import Agreement, AgreementEvent
from schakel.events import policy
from schakel.events.models import Event
from schakel.pages import actor, saved
from schakel.programmes import queries as programmes

pages = Blueprint("agreements", __name__)


@pages.route("/samenwerkingsafspraken/<public_id>/actiepunt", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def new_action(public_id: str) -> ResponseReturnValue:
    """Create an action point from an agreement that is discussed at an event."""
    agreement = errors.found(db.session().scalar(sa.select(Agreement).where(Agreement.public_id == public_id)))
    tie = sa.select(AgreementEvent.event_id).where(AgreementEvent.agreement_id == agreement.id)
    event = errors.found(db.session().scalar(policy.visible_to(actor()).where(Event.id.in_(tie))))
    errors.require(policy.may_edit(actor(), event))
    form = ActionForm()
    form.prepare(actions_queries.people_near(actor(), event.organisation_id), programmes.themes())
    if form.validate_on_submit():
        with form.refusals():
            facts = form.facts(actor(), event.organisation_id)
            action = service.make_action(actor(), event, agreement, facts)
            return saved(url_for("actions.show", public_id=action.public_id), days=[form.due_on.data])
    return new_action_page(form, agreement.text, url_for("events.show", slug=event.slug))
