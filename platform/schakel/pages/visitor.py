"""Who acts in this request, and what they can read."""

from flask import current_app, g, request

from schakel.access import Actor


def actor() -> Actor:
    """Who acts in this request; built once, by the function that web.py registered."""
    if "actor" not in g:
        g.actor = current_app.extensions["schakel.actor"]()
    made: Actor = g.actor
    return made


def wants_json() -> bool:
    """Whether the client prefers JSON over a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
