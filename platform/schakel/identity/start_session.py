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
    return wanted if wanted and _is_local(wanted) else url_for("today.show")


def _is_local(wanted: str) -> bool:
    if not wanted.startswith("/") or wanted.startswith("//") or not wanted.isprintable():
        return False
    if "\\" in wanted or ".." in wanted:
        return False
    parts = urlsplit(wanted)
    return not parts.scheme and not parts.netloc


def sign_in_and_redirect(account: Account, auth_method: str, wanted: str | None) -> ResponseReturnValue:
    """Start a session for an account and redirect."""
    session.clear()
    login_user(account, remember=False)
    session["auth_method"] = auth_method
    signing_in.sign_in_succeeded(account.id, account.email, auth_method, dates.now())
    return redirect(local_target(wanted), 303)
