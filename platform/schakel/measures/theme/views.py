"""Proposing and answering *Zelfde thema*, from the page of a measure or of an action point."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, db, errors
from schakel.actions import policy as actions_policy
from schakel.actions.models import Action
from schakel.measures import queries
from schakel.measures.rules import Side
from schakel.measures.theme import service
from schakel.pages import actor, saved

pages = Blueprint("theme", __name__, url_prefix="/maatregelen/<public_id>/zelfde-thema/<action_id>")


@pages.post("")
@access.rule(access.signed_in, writes=True)
def propose(public_id: str, action_id: str) -> ResponseReturnValue:
    """Propose that they fit; `kant` is the side that proposes."""
    measure, action = errors.found(queries.load_for_page(actor(), public_id)), _action(action_id)
    service.propose(actor(), measure, action, _side())
    return saved(_back(public_id, action_id))


@pages.post("/<any(ja, nee):word>")
@access.rule(access.signed_in, writes=True)
def answer(public_id: str, action_id: str, word: str) -> ResponseReturnValue:
    """Accept or decline, for the other side."""
    tie = errors.found(service.tie_of(actor(), public_id, action_id))
    service.answer(actor(), tie.measure, tie.action, word == "ja")
    return saved(_back(public_id, action_id))


def _action(public_id: str) -> Action:
    return errors.found(db.session().scalar(actions_policy.visible_to(actor()).where(Action.public_id == public_id)))


def _side() -> Side:
    """Return the side whose page the form is on."""
    return Side.ACTION if request.form.get("kant") == "actie" else Side.MEASURE


def _back(measure_id: str, action_id: str) -> str:
    if _side() == Side.ACTION:
        return url_for("actions.show", public_id=action_id)
    return url_for("measures.show", public_id=measure_id)
