"""Making an action point under a measure; proposing and answering *Zelfde thema*."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, db, errors
from schakel.actions import policy as actions_policy
from schakel.actions import queries as actions_queries
from schakel.actions.models import Action
from schakel.actions.new_action import ActionForm, new_action_page
from schakel.actions.rules import Tier
from schakel.identity.rules import Role
from schakel.measures import policy, queries
from schakel.measures.models import Measure
from schakel.measures.planning import service
from schakel.measures.rules import Side, Verb
from schakel.measures.theme import service as theme
from schakel.pages import actor
from schakel.programmes import queries as programmes

pages = Blueprint("planning", __name__, url_prefix="/maatregelen")


@pages.route("/<public_id>/actiepunten/nieuw", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def new_action(public_id: str) -> ResponseReturnValue:
    """Create an action point under a measure; an owner from outside requires a released measure."""
    measure = _measure(public_id)
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
            return redirect(url_for("measures.show", public_id=public_id), 303)
    cause = f"{measure.number}: {measure.title}"
    return new_action_page(form, cause, url_for("measures.show", public_id=public_id))


def _measure(public_id: str) -> Measure:
    return errors.found(queries.load_for_page(actor(), public_id))


def _action(public_id: str) -> Action:
    return errors.found(db.session().scalar(actions_policy.visible_to(actor()).where(Action.public_id == public_id)))


@pages.post("/<public_id>/zelfde-thema/<action_id>")
@access.rule(access.signed_in, writes=True)
def propose(public_id: str, action_id: str) -> ResponseReturnValue:
    """Propose that they fit; `kant` is the side that proposes."""
    measure, action = _measure(public_id), _action(action_id)
    side = Side.ACTION if request.form.get("kant") == "actie" else Side.MEASURE
    theme.propose(actor(), measure, action, side)
    return redirect(_back(side, public_id, action_id), 303)


@pages.post("/<public_id>/zelfde-thema/<action_id>/<any(ja, nee):word>")
@access.rule(access.signed_in, writes=True)
def answer(public_id: str, action_id: str, word: str) -> ResponseReturnValue:
    """Accept or decline, for the other side."""
    tie = errors.found(theme.tie_of(actor(), public_id, action_id))
    theme.answer(actor(), tie.measure, tie.action, word == "ja")
    side = Side.ACTION if request.form.get("kant") == "actie" else Side.MEASURE
    return redirect(_back(side, public_id, action_id), 303)


def _back(side: Side, measure_id: str, action_id: str) -> str:
    if side == Side.ACTION:
        return url_for("actions.show", public_id=action_id)
    return url_for("measures.show", public_id=measure_id)
