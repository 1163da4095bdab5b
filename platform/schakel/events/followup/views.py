"""Making an action point from an event or one of its sessions."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import SelectField

from schakel import access, errors
from schakel.actions import queries as actions_queries
from schakel.actions.new_action import ActionForm, new_action_page
from schakel.events import policy, queries
from schakel.events.followup import service
from schakel.measures.rules import Side
from schakel.measures.theme import service as themes
from schakel.pages import actor
from schakel.programmes import queries as programmes

pages = Blueprint("followup", __name__, url_prefix="/bijeenkomsten")


class SessionActionForm(ActionForm):
    """An action point with the session it follows from."""

    session = SelectField(_("Uit welke sessie?"))
    measure = SelectField(_("Draagt het bij aan een maatregel?"))


@pages.route("/<slug>/actiepunten/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def new_action(slug: str) -> ResponseReturnValue:
    """Create an action point on one page: what, who, when, from which session."""
    event = errors.found(queries.load_for_page(actor(), slug))
    errors.require(policy.may_edit(actor(), event))
    form = SessionActionForm()
    form.prepare(actions_queries.people_near(actor(), event.organisation_id), programmes.themes())
    sessions = [(str(item.id), f"{item.letter}. {item.title}") for entry in event.items for item in entry.sessions]
    form.session.choices = [("", _("De bijeenkomst als geheel")), *sessions]
    if request.method == "GET":
        form.session.data = request.args.get("sessie", "")[:20]
    released = themes.open_measures(actor())
    form.measure.choices = [("", _("Nee")), *((item.public_id, f"{item.number}: {item.title}") for item in released)]
    if form.validate_on_submit():
        with form.refusals():
            session_id = int(form.session.data) if form.session.data else None
            action = service.make_action(actor(), event, session_id, form.facts(actor(), event.organisation_id))
            wanted = next((item for item in released if item.public_id == form.measure.data), None)
            if wanted is not None:
                themes.propose(actor(), wanted, action, Side.ACTION)
            return redirect(url_for("actions.show", public_id=action.public_id), 303)
    return new_action_page(form, event.title, url_for("events.show", slug=slug))
