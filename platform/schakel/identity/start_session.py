"""Starting a session, for the sign-in page and the demo page."""

from urllib.parse import urlsplit

from flask import g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from schakel import dates
from schakel.identity.links import scope
from schakel.identity.models import Account
from schakel.identity.signing_in import service as signing_in
from schakel.pages import typed


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


def sign_in_and_redirect(
    account: Account, auth_method: str, wanted: str | None, unsent: str | None = None
) -> ResponseReturnValue:
    """Start a session for an account and redirect; with the fields of a form in `unsent`, return to that form."""
    scope.start_session()
    login_user(account, remember=False)
    session["auth_method"] = auth_method
    signing_in.sign_in_succeeded(account.id, account.email, auth_method, dates.now())
    if fields := typed.unpacked(unsent):
        return _return_to_form(local_target(wanted), fields)
    return redirect(local_target(wanted), 303)


def _return_to_form(path: str, fields: typed.Pairs) -> ResponseReturnValue:
    for name in ("csrf_token", "visitor", "actor"):
        g.pop(name, None)  # made for the session that just ended
    return render_template(
        "_shared/signed_in_again.html",
        action=path,
        fields=fields,
        texts=typed.texts(fields),
        can_be_displayed=typed.can_be_displayed(path),
    )
