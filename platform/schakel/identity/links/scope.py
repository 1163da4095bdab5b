"""The links that this browser opened, in its session: one is open at a time, beside the account that is signed in.

An entry is [public id, generation, raw CSRF token]. Each opened link gets a CSRF token of its own, so a form of a page
that was displayed under an earlier link is recognised and never acts on the object of the open one.
"""

import secrets
from typing import Any

from flask import current_app, session
from itsdangerous import BadData, URLSafeTimedSerializer

from schakel import dates
from schakel.identity.links import service
from schakel.identity.links.models import Link

KEY, CSRF = "links", "csrf_token"
MOST = 4  # the open link and three before it; a cookie has little room


def remember(link: Link) -> None:
    """Open a link in this session; an account that is signed in stays so."""
    earlier = [entry for entry in _entries() if entry[0] != link.public_id]
    raw = secrets.token_hex(20)
    session[KEY] = [[link.public_id, link.generation, raw], *earlier][:MOST]
    session[CSRF] = raw


def open_link() -> Link | None:
    """Return the link that is open in this session and still valid, or None (1 statement when one is open)."""
    return _held(_entries()[0]) if _entries() else None


def link_of_form(token: str) -> Link | None:
    """Return the link under which a page with this CSRF token was displayed in this browser, or None."""
    serializer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    try:
        raw = serializer.loads(token)
    except BadData:
        return None
    return next((_held(entry) for entry in _entries() if entry[2] == raw), None)


def start_session() -> None:
    """Empty the session for an account that signs in; the links it opened stay."""
    links = _entries()
    session.clear()
    if links:
        session[KEY] = links


def _entries() -> list[Any]:
    found: list[Any] = session.get(KEY, [])
    return found


def _held(entry: Any) -> Link | None:
    return service.held(entry[0], entry[1], dates.now())
