"""`/l/<token>`: limits the session to one object and redirects to an address without the token. Writes nothing."""

from flask import Blueprint, current_app, redirect, session
from flask.typing import ResponseReturnValue

from schakel import access, dates, errors
from schakel.identity.links import service

pages = Blueprint("links", __name__)


@pages.get("/l/<token>")
@access.rule(access.public)
def follow(token: str) -> ResponseReturnValue:
    """Start the session and redirect. Mail scanners open links too, so nothing changes before a form is posted."""
    link = service.follow(token, dates.now())
    home = errors.found(current_app.config["LINK_HOMES"].get(link.kind))
    session.clear()
    session["link"] = {"kind": link.kind, "id": link.object_id, "link": link.id, "generation": link.generation}
    return redirect(home, 303)
