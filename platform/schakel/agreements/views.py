"""Making an action point out of an agreement."""

import sqlalchemy as sa
from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from schakel import access, db, errors
from schakel.actions import queries as actions_queries
from schakel.actions.forms import ActionForm
from schakel.agreements import service
from schakel.agreements.models import Agreement, AgreementEvent
from schakel.events import policy
from schakel.events.models import Event
from schakel.pages import actor, attempt, show_form
from schakel.programmes import queries as programmes

pages = Blueprint("agreements", __name__)


@pages.route("/samenwerkingsafspraken/<public_id>/actiepunt", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def new_action(public_id: str) -> ResponseReturnValue:
    """An action point out of an agreement on the table."""
    agreement = errors.found(db.session().scalar(sa.select(Agreement).where(Agreement.public_id == public_id)))
    tie = sa.select(AgreementEvent.event_id).where(AgreementEvent.agreement_id == agreement.id)
    event = errors.found(db.session().scalar(policy.visible_to(actor()).where(Event.id.in_(tie))))
    errors.require(policy.may_edit(actor(), event))
    form = ActionForm()
    form.prepare(actions_queries.people_near(actor(), event.organisation_id), programmes.themes())
    action = attempt(
        form, lambda: service.make_action(actor(), event, agreement, form.facts(actor(), event.organisation_id))
    )
    if action:
        return redirect(url_for("actions.show", public_id=action.public_id), 303)
    return show_form("actions/new.html", form, cause=agreement.text, back=url_for("events.show", slug=event.slug))
