"""The session cookie: not on static files."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from schakel.headers import THIRD_PARTY


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions; static files get no cookie, so that a proxy can share one copy among visitors."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return an empty session for a request without cookie, without the signer."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, except on static files."""
        if request.endpoint not in THIRD_PARTY or response.status_code >= 400:
            super().save_session(app, session, response)
