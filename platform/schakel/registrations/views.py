"""Signing up on one page: no account, no JavaScript; what it says betrays nothing about who was there before."""

import re
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from schakel import access, crypto, dates, errors
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
    if request.method == "GET" and actor() == access.ANONYMOUS:
        return _fresh(page, choices_beside(page, events.seats(stamp)))
    form = forms.form_of(page, page.room)
    answers = attempt(form, lambda: _register(slug, stamp, form))
    if answers:
        return redirect(url_for("registrations.done", slug=slug, nonce=form.nonce.data), 303)
    return show_form("registrations/sign_up.html", form, **choices_beside(page, events.seats(stamp)))


# A fresh form is the same for every stranger, save two marks of its own and the figures of room: it is rendered once
# per version with signs where those come, as the public page is.
KEPT = 256
SIGN = re.compile("\x00([^\x00]+)\x00")
BESIDE = ("right", "notes", "session_right", "session_notes")
_kept: OrderedDict[tuple[Any, ...], str] = OrderedDict()


def _keep(key: tuple[Any, ...], text: str) -> str:
    _kept[key] = text
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return text


def _fresh(page: SimpleNamespace, beside: dict[str, Any]) -> str:
    texts = {f"{group} {code}": text for group in BESIDE for code, text in beside[group].items() if text}
    key = (page.id, page.version, request.script_root, current_app.config["DEMO"], *texts)
    skeleton = _kept.get(key) or _keep(key, _skeleton(page, beside))
    texts |= {"csrf": generate_csrf(), "nonce": crypto.new_token()}
    return SIGN.sub(lambda found: escape(texts[found[1]]), skeleton)


def _skeleton(page: SimpleNamespace, beside: dict[str, Any]) -> str:
    signs = {
        group: {code: f"\x00{group} {code}\x00" if text else "" for code, text in beside[group].items()}
        for group in BESIDE
    }
    form = forms.form_of(page, page.room)
    form.nonce.data = "\x00nonce\x00"
    text, _status = show_form("registrations/sign_up.html", form, **{**beside, **signs})
    return text.replace(generate_csrf(), "\x00csrf\x00")


def _register(slug: str, stamp: tuple[Any, ...], form: Any) -> dict[str, Any]:
    event = errors.found(events.for_registering(slug, stamp))
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
    shown = {"event": page, "state": told.get("state"), "waiting_for": waiting_for}
    if actor() != access.ANONYMOUS:
        return render_template("registrations/done.html", **shown)
    key = (page.id, page.version, request.script_root, current_app.config["DEMO"], told.get("state"), *waiting_for)
    return _kept.get(("done", *key)) or _keep(("done", *key), render_template("registrations/done.html", **shown))
