"""Who sends this request, and the format they accept."""

from collections.abc import Iterable
from datetime import date

from flask import current_app, flash, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from schakel import spans
from schakel.access import Actor


def actor() -> Actor:
    """Return the actor of this request; built once, by the function that request_hooks.py registered."""
    if "actor" not in g:
        g.actor = current_app.extensions["schakel.actor"]()
    made: Actor = g.actor
    return made


def visitor() -> Actor:
    """Return who is signed in, also on a page that a link opened beside the account; for header and menu."""
    if "visitor" not in g:
        g.visitor = current_app.extensions["schakel.visitor"]()
    made: Actor = g.visitor
    return made


def act_by_link() -> Actor | None:
    """Let the open link act for the rest of this request, where the account has no access; None without one."""
    made: Actor | None = current_app.extensions["schakel.by_link"]()
    if made:
        g.actor = made
    return made


def saved(url: str, text: str = "", days: Iterable[date | None] = ()) -> Response:
    """Redirect after a verb to a page that says once what was done (macro `saved` of the page kit).

    `days`: the days that were typed; those in a weekend or on a holiday are named.
    """
    flash(" ".join(filter(None, (text or gettext("Bewaard."), spans.remarks(days)))))
    return redirect(url, 303)


def wants_json() -> bool:
    """Whether the client prefers JSON to HTML."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
