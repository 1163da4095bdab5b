"""Making an action point from an event or one of its sessions."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, errors
from schakel.actions import queries as actions_queries
from schakel.actions.new_action import new_action_page
from schakel.events import policy, queries
from schakel.events.followup import service
from schakel.events.followup.forms import SessionActionForm
from schakel.measures.rules import Side
from schakel.measures.theme import service as themes
from schakel.pages import actor, saved
from schakel.programmes import queries as programmes

pages = Blueprint("followup", __name__, url_prefix="/bijeenkomsten")


@pages.route("/<slug>/actiepunten/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def new_action(slug: str) -> ResponseReturnValue:
    """Create an action point on one page: what, who, when, from which session."""
    event = errors.found(queries.load_for_page(actor(), slug))
    errors.require(policy.may_edit(actor(), event))
    form = SessionActionForm()
    form.prepare(actions_queries.people_near(actor(), event.organisation_id), programmes.themes())
    form.offer_ties(event, themes.open_measures(actor()))
    if request.method == "GET":
        form.session.data = request.args.get("sessie", "")[:20]
    if form.validate_on_submit():
        with form.refusals():
            session_id = int(form.session.data) if form.session.data else None
            action = service.make_action(actor(), event, session_id, form.facts(actor(), event.organisation_id))
            if wanted := form.chosen_measure():
                themes.propose(actor(), wanted, action, Side.ACTION)
            return saved(url_for("actions.show", public_id=action.public_id), days=[form.due_on.data])
    return new_action_page(form, event.title, url_for("events.show", slug=slug))
