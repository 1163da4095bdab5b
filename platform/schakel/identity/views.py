"""Signing in and signing out."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security import hash_password
from flask_security.utils import logout_user

from schakel import access, dates, db
from schakel.identity import queries as accounts
from schakel.identity.forms import SignInForm
from schakel.identity.rules import Try
from schakel.identity.signing_in import service as signing_in
from schakel.identity.start_session import sign_in_and_redirect
from schakel.pages import typed

pages = Blueprint("identity", __name__)


@pages.route("/inloggen", methods=["GET", "POST"])
@access.rule(access.public)
def sign_in() -> ResponseReturnValue:
    """Display and handle the sign-in form; the message of a failure does not disclose what was wrong."""
    form = SignInForm(verder=request.args.get("verder"))
    texts = typed.texts(typed.unpacked(form.getypt.data))
    if request.method == "POST" and form.validate():
        email, password = form.email.data or "", form.password.data or ""
        # Counted before the password is checked, so that simultaneous attempts cannot exceed the limit.
        if not db.commit_now(lambda: signing_in.count_try(Try.SIGN_IN, email, dates.now())):
            page = render_template("identity/sign_in.html", form=form, blocked=True, form_has_errors=True, typed=texts)
            return page, 429, {"Retry-After": "900"}
        account = accounts.account_of(email)
        if account and account.password and account.verify_and_update_password(password) and account.active:
            return sign_in_and_redirect(account, "session", form.verder.data, form.getypt.data)
        if not (account and account.password):
            hash_password(password)  # as slow as for an existing account
        signing_in.sign_in_failed(email)
        form.form_errors.append(gettext("Dit e-mailadres en wachtwoord horen niet bij elkaar."))
    return form.page("identity/sign_in.html", blocked=False, typed=texts)


@pages.post("/uitloggen")
@access.rule(access.public, writes=True)
def sign_out() -> ResponseReturnValue:
    """End every session of this account, so that a stolen cookie becomes invalid."""
    if current_user.is_authenticated:
        signing_in.end_all_sessions(accounts.account_by_id(current_user.id))
        logout_user()
    session.clear()
    response = redirect(url_for("home.front"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
