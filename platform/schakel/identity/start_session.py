"""Starting a session, for the sign-in page and the demo page."""

from urllib.parse import urlsplit

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from schakel import dates
from schakel.identity.models import Account
from schakel.identity.signing_in import service as signing_in


def local_target(wanted: str | None) -> str:
    """Return the path to go to after signing in: a path of this site, else *vandaag* (no open redirect)."""
    wanted = wanted or ""
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    if not safe or any(char in wanted for char in "\\\r\n\t") or ".." in wanted or not wanted.isprintable():
        return url_for("today.show")
    return wanted


def sign_in_and_redirect(account: Account, auth_method: str, wanted: str | None) -> ResponseReturnValue:
    """Start a session for an account and redirect."""
    session.clear()
    login_user(account, remember=False)
    session["auth_method"] = auth_method
    signing_in.sign_in_succeeded(account.id, account.email, auth_method, dates.now())
    return redirect(local_target(wanted), 303)
