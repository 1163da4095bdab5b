"""Making an action point out of an event or one of its sessions."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import SelectField

from schakel import access, errors
from schakel.access import Actor
from schakel.actions import forms as action_forms
from schakel.actions import queries as actions_queries
from schakel.actions import service as actions
from schakel.actions.views import chosen_owner
from schakel.events import policy, queries
from schakel.events.followup import service
from schakel.identity.models import Person
from schakel.identity.rules import Role
from schakel.measures.rules import Side
from schakel.measures.theme import service as themes
from schakel.pages import actor, attempt, show_form
from schakel.programmes import queries as programmes

pages = Blueprint("followup", __name__, url_prefix="/bijeenkomsten")


class SessionActionForm(action_forms.ActionForm):
    """An action point with the session it came from."""

    session = SelectField(_("Uit welke sessie?"))
    measure = SelectField(_("Draagt het bij aan een maatregel?"))


def action_form(who: Actor, house: int, made: Any = None) -> tuple[Any, list[Person]]:
    """The form for a new action point with its choices filled in, and the people among whom the owner is chosen."""
    form = made or action_forms.ActionForm()
    people = actions_queries.people_of(
        who.organisations(Role.COORDINATOR, Role.QUALITY_ADVISER, Role.MEDICAL_DIRECTOR) | {house}
    )
    form.prepare(people, programmes.themes())
    return form, people


def facts_of(who: Actor, form: Any, people: list[Person], house: int) -> actions.Facts:
    """What was filled in, for the service."""
    return actions.Facts(
        title=form.title.data,
        text=form.text.data or "",
        organisation_id=house,
        owner=chosen_owner(form, people),
        requester_id=who.person_id or 0,
        tier=form.tier.data,
        theme_id=int(form.theme.data) if form.theme.data else None,
        due_on=form.due_on.data,
        nonce=form.nonce.data,
    )


@pages.route("/<slug>/actiepunten/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def new_action(slug: str) -> ResponseReturnValue:
    """One screen: what, who, when, out of which session."""
    event = errors.found(queries.whole(actor(), slug))
    errors.require(policy.may_edit(actor(), event))
    form, people = action_form(actor(), event.organisation_id, SessionActionForm())
    sessions = [(str(item.id), f"{item.letter}. {item.title}") for line in event.slots for item in line.sessions]
    form.session.choices = [("", "De bijeenkomst als geheel"), *sessions]
    if request.method == "GET":
        form.session.data = request.args.get("sessie", "")[:20]
    house = event.organisation_id
    released = themes.open_measures(actor())
    form.measure.choices = [("", _("Nee")), *((item.public_id, f"{item.number}: {item.title}") for item in released)]

    def make() -> Any:
        session_id = int(form.session.data) if form.session.data else None
        action = service.make_action(actor(), event, session_id, facts_of(actor(), form, people, house))
        wanted = next((item for item in released if item.public_id == form.measure.data), None)
        if wanted is not None:
            themes.propose(actor(), wanted, action, Side.ACTION)
        return action

    action = attempt(form, make)
    if action:
        return redirect(url_for("actions.show", public_id=action.public_id), 303)
    return show_form("actions/new.html", form, cause=event.title, back=url_for("events.show", slug=slug))
