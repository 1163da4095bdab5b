"""Making an action point under a measure."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from schakel import access, errors
from schakel.actions import queries as actions_queries
from schakel.actions.new_action import ActionForm, new_action_page
from schakel.actions.rules import Tier
from schakel.identity.rules import Role
from schakel.measures import policy, queries
from schakel.measures.planning import service
from schakel.measures.rules import Verb
from schakel.pages import actor, saved
from schakel.programmes import queries as programmes

pages = Blueprint("planning", __name__, url_prefix="/maatregelen")


@pages.route("/<public_id>/actiepunten/nieuw", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def new_action(public_id: str) -> ResponseReturnValue:
    """Create an action point under a measure; an owner from outside requires a released measure."""
    measure = errors.found(queries.load_for_page(actor(), public_id))
    errors.require(policy.may(actor(), measure, Verb.PLAN))
    form = ActionForm()
    people = actions_queries.people_of(
        actor().organisations(*policy.INNER, Role.DEPARTMENT_HEAD) | {measure.organisation_id}
    )
    form.prepare(people, programmes.themes(), (Tier.MEASURE,))
    if form.validate_on_submit():
        with form.refusals():
            facts = form.facts(actor(), measure.department_id or measure.organisation_id)
            service.make_action(actor(), measure, facts)
            return saved(url_for("measures.show", public_id=public_id), days=[form.due_on.data])
    cause = f"{measure.number}: {measure.title}"
    return new_action_page(form, cause, url_for("measures.show", public_id=public_id))
