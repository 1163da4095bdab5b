"""Signing up on one page: no account, no JavaScript; what it says betrays nothing about who was there before."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, errors
from schakel.events import queries as events
from schakel.events import rules as event_rules
from schakel.pages import actor, attempt, show_form
from schakel.registrations import forms, rules, service

pages = Blueprint("registrations", __name__)


@pages.route("/bijeenkomsten/<slug>/aanmelden", methods=["GET", "POST"])
@access.rule(access.public, writes=True)
def sign_up(slug: str) -> ResponseReturnValue:
    """Five fields and the sessions."""
    stamp = events.stamp(slug)
    page = events.shown_by(slug, stamp)
    if not event_rules.is_open(page.state, page.form, page.closes_at, page.starts_at, dates.now()):
        return render_template("registrations/closed.html", event=page), 200 if request.method == "GET" else 422
    form = forms.form_of(page, page.room)
    nonce = form.nonce
    if request.method == "GET":
        nonce.data = forms.new_nonce()
    answers = attempt(form, lambda: _register(slug, form))
    if answers:
        return redirect(url_for("registrations.done", slug=slug, nonce=nonce.data), 303)
    return show_form("registrations/sign_up.html", form, **choices_beside(page, events.seats(stamp)))


def _register(slug: str, form: Any) -> dict[str, Any]:
    event = errors.found(events.for_registering(slug))
    answers = service.Answers(
        name=form.name.data,
        email=form.email.data,
        profession=form.profession.data if "profession" in form else None,
        organisation=form.organisation.data if "organisation" in form else "",
        sessions=forms.chosen_sessions(form),
        wishes=form.wishes.data or "",
        persons=form.persons.data if "persons" in form else 1,
        on_list=form.on_list.data if "on_list" in form else False,
    )
    return service.register(actor(), event, answers, form.nonce.data)


def choices_beside(page: SimpleNamespace, seats: dict[int, SimpleNamespace]) -> dict[str, Any]:
    """What stands beside each choice: seats left at the right, the place in line under it."""
    right: dict[str, str] = {}
    notes: dict[str, str] = {}
    for pool in page.room:
        if pool.id in seats:
            right[pool.code or ""] = seats[pool.id].left_text
            if seats[pool.id].full:
                notes[pool.code or ""] = gettext(
                    "U komt op plaats %(n)d van de wachtlijst.", n=seats[pool.id].waiting + 1
                )
    session_right, session_notes = {}, {}
    for line in page.agenda:
        for session in line.sessions:
            if session.pool_id in seats:
                session_right[str(session.id)] = seats[session.pool_id].left_text
                if seats[session.pool_id].full:
                    session_notes[str(session.id)] = gettext(
                        "Vol. U komt op plaats %(n)d van de wachtlijst voor deze sessie.",
                        n=seats[session.pool_id].waiting + 1,
                    )
    return {
        "event": page,
        "rounds": [f"round_{line.id}" for line in page.agenda if line.sessions],
        "right": right,
        "notes": notes,
        "session_right": session_right,
        "session_notes": session_notes,
        "consent": rules.CONSENT_TEXT,
    }


@pages.get("/bijeenkomsten/<slug>/aangemeld/<nonce>")
@access.rule(access.public)
def done(slug: str, nonce: str) -> ResponseReturnValue:
    """What the form was told. No name, address or link: those are in the mail only."""
    stamp = events.stamp(slug)
    page = events.shown_by(slug, stamp)
    told = service.outcome_of(page.id, nonce)
    waiting_for = [
        f"{session.letter}. {session.title}"
        for line in page.agenda
        for session in line.sessions
        if session.pool_id in told.get("full", [])
    ]
    return render_template("registrations/done.html", event=page, state=told.get("state"), waiting_for=waiting_for)
