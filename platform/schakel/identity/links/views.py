"""`/l/<token>`: opens one object in the session and redirects to an address without the token. Writes nothing."""

from flask import Blueprint, current_app, redirect
from flask.typing import ResponseReturnValue

from schakel import access, dates, errors
from schakel.identity.links import scope, service

pages = Blueprint("links", __name__)


@pages.get("/l/<token>")
@access.rule(access.public)
def follow(token: str) -> ResponseReturnValue:
    """Open the link and redirect. Mail scanners open links too, so nothing changes before a form is posted."""
    link = service.follow(token, dates.now())
    home = current_app.config["LINK_HOMES"].get(link.kind)
    if home is None:
        raise errors.DeadLink  # its feature is off
    scope.remember(link)
    return redirect(home, 303)
