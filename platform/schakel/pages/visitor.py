"""The actor of this request, and the format they accept."""

from flask import current_app, g, request

from schakel.access import Actor


def actor() -> Actor:
    """Return the actor of this request; built once, by the function that request_hooks.py registered."""
    if "actor" not in g:
        g.actor = current_app.extensions["schakel.actor"]()
    made: Actor = g.actor
    return made


def wants_json() -> bool:
    """Whether the client prefers JSON to HTML."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
