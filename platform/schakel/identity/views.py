"""Sign in, sign out."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security import hash_password
from flask_security.utils import login_user, logout_user

from schakel import access, dates, db
from schakel.identity import service
from schakel.identity.forms import SignInForm

pages = Blueprint("identity", __name__)


def local_target(wanted: str | None) -> str:
    """Where to go after signing in: a path of our own, else *vandaag* (no open redirect)."""
    wanted = wanted or ""
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    if not safe or any(sign in wanted for sign in "\\\r\n\t") or ".." in wanted or not wanted.isprintable():
        return url_for("today.show")
    return wanted


@pages.route("/inloggen", methods=["GET", "POST"])
@access.rule(access.public)
def sign_in() -> ResponseReturnValue:
    """The page with e-mail and password; the answer to a wrong one tells nothing."""
    form = SignInForm(verder=request.args.get("verder"))
    if request.method == "POST" and form.validate():
        email, password = form.email.data or "", form.password.data or ""
        # Counted before it is judged, so that of many at once no more are judged than there are tries.
        if not db.ahead(lambda: service.count_try("sign_in", email, dates.now())):
            page = render_template("identity/sign_in.html", form=form, blocked=True, form_has_errors=True)
            return page, 429, {"Retry-After": "900"}
        account = service.account_of(email)
        if account and account.password and account.verify_and_update_password(password) and account.active:
            return enter(account, "session", form.verder.data)
        if not (account and account.password):
            hash_password(password)  # as slow as for somebody who exists
        service.sign_in_failed(email)
        form.form_errors.append(gettext("Dit e-mailadres en wachtwoord horen niet bij elkaar."))
    return form.page("identity/sign_in.html", blocked=False)


def enter(account: service.Account, came: str, wanted: str | None) -> ResponseReturnValue:
    """Begin a session for an account (also used by the demo page) and go on."""
    session.clear()
    login_user(account, remember=False)
    session["came"] = came
    service.sign_in_succeeded(account.id, account.email, came, dates.now())
    return redirect(local_target(wanted), 303)


@pages.post("/uitloggen")
@access.rule(access.public, writes=True)
def sign_out() -> ResponseReturnValue:
    """End every session of this account: a stolen cookie dies with it."""
    if current_user.is_authenticated:
        service.end_all_sessions(service.account_by_id(current_user.id))
        logout_user()
    session.clear()
    response = redirect(url_for("home.front"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
