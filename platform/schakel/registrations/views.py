"""Signing up on one page, without account or JavaScript; the response discloses nothing about earlier registrations."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, dates, errors
from schakel.events import queries as events
from schakel.events.page_data import closing_text, heading
from schakel.pages import actor
from schakel.registrations import choices, forms, outcomes, service
from schakel.registrations.rules import State

pages = Blueprint("registrations", __name__)


@pages.route("/bijeenkomsten/<slug>/aanmelden", methods=["GET", "POST"])
@access.rule(access.public, writes=True)
def sign_up(slug: str) -> ResponseReturnValue:
    """Display and handle the sign-up form: five fields and the sessions."""
    event = errors.found(events.for_registering(slug))
    if not event.is_open(dates.now()):
        page = render_template("registrations/closed.html", event=event, closing=closing_text(event))
        return page, 200 if request.method == "GET" else 422
    form = forms.form_class(event)()
    if form.validate_on_submit():
        with form.refusals():
            service.register(actor(), event, _answers(form), form.nonce.data)
            return redirect(url_for("registrations.done", slug=slug, nonce=form.nonce.data), 303)
    return form.page("registrations/sign_up.html", **choices.beside(event))


def _answers(form: Any) -> service.Answers:
    return service.Answers(
        name=form.name.data,
        email=form.email.data,
        profession=form.profession.data if "profession" in form else None,
        organisation=form.organisation.data if "organisation" in form else "",
        sessions=forms.chosen_sessions(form),
        wishes=form.wishes.data or "",
        persons=form.persons.data if "persons" in form else 1,
        on_list=form.on_list.data if "on_list" in form else False,
    )


@pages.get("/bijeenkomsten/<slug>/aangemeld/<nonce>")
@access.rule(access.public)
def done(slug: str, nonce: str) -> ResponseReturnValue:
    """Display the outcome of the form. No name, address or link: those are in the mail only."""
    event, outcome = outcomes.event_and_outcome(slug, nonce)
    return render_template(
        "registrations/done.html",
        event=heading(event),
        has_place=outcome.get("state") == State.REGISTERED,
        waiting_for=outcomes.titles_of(outcome.get("full", [])),
    )
