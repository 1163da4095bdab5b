"""A client that behaves like a browser at https://schakel.example.org and checks every page."""

import hashlib
import secrets
import time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from schakel.identity.models import Account, Person
from tests import html_rules
from tests.databases import BASE_URL

AGENT = "Schakel-tests"


class Client(FlaskClient):
    """The test client of Flask, with our address, CSRF tokens on request, and a check of every page."""

    check_pages = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_USER_AGENT"] = AGENT

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request and check the page in the response."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", BASE_URL)
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        if (
            self.check_pages
            and response.mimetype == "text/html"
            and response.data
            and response.request.method != "HEAD"
        ) and not (300 <= response.status_code < 400):  # a redirect's body is Werkzeug's, and displayed by no browser
            html_rules.check(response.text, f"{response.request.method} {response.request.path}")
        return response

    def session_transaction(self, *args: Any, **kwargs: Any) -> Any:
        """Return the session of this client, to read or change."""
        kwargs.setdefault("base_url", BASE_URL)
        return super().session_transaction(*args, **kwargs)

    def token(self) -> str:
        """Return a CSRF token for this client's session, as a page would contain it."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(secrets.token_bytes(16)).hexdigest())
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Post a form as a page would, with its CSRF token."""
        return self.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)


def sign_in(client: Client, app: Flask, account: Account, auth_method: str = "session") -> Client:
    """Give the client the session that signing in starts (flask_security.utils.login_user and identity.views.enter)."""
    with client.session_transaction() as session:
        session.clear()
        session.update(_user_id=account.fs_uniquifier, _fresh=True, _id=_identifier(app), auth_method=auth_method)
        session.update(fs_cc="set", fs_paa=time.time())
    return client


def _identifier(app: Flask) -> str:
    with app.test_request_context(
        base_url=BASE_URL, headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ):
        return str(app.login_manager._session_identifier_generator())


def account_of(person: Person | Account) -> Account:
    """Return the account of a person (who must have one), within an open session."""
    from schakel import db

    if isinstance(person, Account):
        return person
    return db.session().query(Account).filter_by(person_id=person.id).one()


def make_client(app: Flask) -> Client:
    """Return a client of any application."""
    app.test_client_class = Client
    return app.test_client()
