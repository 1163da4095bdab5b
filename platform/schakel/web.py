"""What every request goes through: body, CSRF, actor, rule, the end of the transaction, headers."""

import hashlib
import logging
import secrets
import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import RequestRedirect

from schakel import access, dates, db, error_pages, errors, pages, slots
from schakel.access import ANONYMOUS, Actor
from schakel.audit import service as audit
from schakel.identity import service as identity
from schakel.identity.links import service as links
from schakel.slot_types import MenuItem

SAFE = {"GET", "HEAD", "OPTIONS"}
# Endpoints that are not ours, with their rule; everything else declares its own.
THIRD_PARTY = {"static": access.Rule("public", access.public), "bootstrap.static": access.Rule("public", access.public)}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# By whether the visitor came by TLS; laid ready, as every answer carries them.
_HEADERS = {
    False: list(HEADERS.items()),
    True: [*HEADERS.items(), ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")],
}
KEEP_COUNT = 60  # seconds
csrf = CSRFProtect()
log = logging.getLogger("schakel.web")


def init(app: Flask) -> None:
    """Hang the hooks on an application; call after all routes are registered."""
    app.config |= {"WTF_CSRF_CHECK_DEFAULT": False, "WTF_CSRF_SSL_STRICT": False, "WTF_CSRF_TIME_LIMIT": 12 * 3600}
    csrf.init_app(app)
    check_rules(app)
    app.extensions["schakel.actor"] = _build_actor
    app.before_request_funcs.setdefault(None, []).insert(0, _open)  # before any hook that could ask the database
    app.after_request(_close)
    app.context_processor(_context)
    app.session_interface = _Sessions()
    error_pages.init(app)


class _Sessions(SecureCookieSessionInterface):
    """Flask's sessions, left out of files: a proxy need not keep a copy of a style sheet for every visitor."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer, made once per application: its key is derived at every making."""
        kept: URLSafeTimedSerializer | None = app.extensions.get("schakel.signer")
        if kept is None:
            kept = app.extensions["schakel.signer"] = super().get_signing_serializer(app)
        return kept

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Who sends no cookie has an empty session, without asking the signer."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint not in THIRD_PARTY or response.status_code >= 400:
            super().save_session(app, session, response)


def check_rules(app: Flask) -> None:
    """Raise RuntimeError when a route declares no rule: closed by default."""
    for endpoint, view in app.view_functions.items():
        if endpoint not in THIRD_PARTY and not isinstance(getattr(view, "rule", None), access.Rule):
            raise RuntimeError(f"route {endpoint} declares no access rule")


def rule_of(app: Flask, endpoint: str) -> access.Rule:
    """The rule a route declared."""
    return THIRD_PARTY.get(endpoint) or app.view_functions[endpoint].rule  # type: ignore[union-attr]  # put there by access.rule


def _open() -> ResponseReturnValue | None:
    audit.request_id.set(secrets.token_hex(8))
    db.writing.set(False)
    g.started = time.perf_counter()
    if request.endpoint is None:
        return _merged()
    if "\0" in unquote(request.full_path):  # no address of ours holds one, and PostgreSQL refuses it
        raise errors.NotFound
    rule = rule_of(current_app, request.endpoint)
    unsafe = request.method not in SAFE
    if unsafe and "asks" in session:
        del session["asks"]
    if unsafe:
        request.form = _shown(request.form)  # the whole body, before the first statement: no slow client holds a lock
        if _foreign():
            return error_pages.error_page(400)
        try:
            csrf.protect()
        except CSRFError:
            return _expired()
    db.writing.set((unsafe and rule.writes) or rule.logs_look)
    return _judge(rule)


def _merged() -> ResponseReturnValue | None:
    """Doubled slashes lead to the address without, within this house, whatever name it was called by."""
    if not isinstance(request.routing_exception, RequestRedirect):
        return None
    parts = urlsplit(request.routing_exception.new_url)
    return redirect(parts._replace(scheme="", netloc="", path=f"/{parts.path.lstrip('/')}").geturl(), 308)


def _shown(form: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """What was sent; a NUL, which PostgreSQL refuses, becomes the sign for what no page shows, which fields refuse."""
    pairs = list(form.items(multi=True))
    if not any("\0" in part for pair in pairs for part in pair):
        return form
    return ImmutableMultiDict([(name.replace("\0", "\ufffd"), value.replace("\0", "\ufffd")) for name, value in pairs])


def _judge(rule: access.Rule) -> ResponseReturnValue | None:
    if rule.kind == "public":
        return None
    who = pages.actor()
    if rule.kind == "link":
        if rule.policy and rule.policy(who):
            return None
        if not (rule.link_kind or "").endswith("+signed_in"):
            raise errors.NotFound
    if not who.is_known:
        target = request.full_path.rstrip("?") if request.method in SAFE else None
        return redirect(url_for("identity.sign_in", verder=target), 302)
    if rule.policy and not rule.policy(who):
        raise errors.NotAllowed
    return None


def _foreign() -> bool:
    """Whether another site made this browser send the form (our pages send Origin: null, as they send no referrer)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return True
    origin = request.headers.get("Origin", "null")
    return origin not in ("null", request.host_url.rstrip("/"), current_app.config["BASE_URL"])


def _expired() -> ResponseReturnValue:
    """A form whose mark ran out: told so, nothing lost. A machine gets the plain status."""
    if pages.wants_json():
        return error_pages.error_page(400)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "password")]
    return render_template("_shared/expired.html", action=request.full_path.rstrip("?"), fields=fields), 400


def _build_actor() -> Actor:
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return ANONYMOUS
    if "_user_id" in session and current_user.is_authenticated:
        return identity.actor_of(current_user._get_current_object(), session.get("came", "session"), dates.today())
    scope = session.get("link")
    if scope and links.still_holds(scope["link"], scope["generation"], dates.now()):
        return Actor(came=f"link:{scope['kind']}:{scope['id']}")
    return ANONYMOUS


def _close(response: Response) -> Response:
    if request.endpoint not in THIRD_PARTY:
        try:
            db.finish(response.status_code < 400)
            db.writing.set(False)  # what is still streamed only reads: it must not hold the write lock
        except Exception:
            log.error("commit_failed request=%s path=%s", audit.request_id.get(), error_pages.cut_path())
            response = error_pages.unavailable()
    secure = request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]
    has = {name.lower() for name, _ in response.headers}
    response.headers.extend([pair for pair in _HEADERS[secure] if pair[0].lower() not in has])
    _cache_header(response)
    _log(response)
    return response


def _cache_header(response: Response) -> None:
    """Pages are kept by nobody, unless a view said otherwise (public event pages) or it is a versioned file."""
    if request.endpoint in THIRD_PARTY and response.status_code in (200, 304):
        lasting = "v" in request.args or request.endpoint == "bootstrap.static"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "public, max-age=3600"
    elif "Cache-Control" not in response.headers or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"


def _log(response: Response) -> None:
    if request.endpoint not in THIRD_PARTY:
        spent = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000)
        log.info(
            "request=%s %s %s %s %d ms",
            audit.request_id.get(),
            request.method,
            error_pages.cut_path(),
            response.status_code,
            spent,
        )


@lru_cache(maxsize=200)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=200)
def _asset(_root: str, folder: str, name: str) -> str:
    return url_for("static", filename=name, v=_fingerprint(str(Path(folder) / name)))


def asset(name: str) -> str:
    """The address of a file of ours, with its fingerprint so that it may be kept for ever."""
    return _asset(request.script_root, current_app.static_folder or "", name)


@lru_cache(maxsize=8)
def _addresses(_root: str, demo: bool, postbox: bool) -> dict[str, str]:
    """Addresses that stand on every page, the same for everybody: made once."""
    return {
        "bootstrap_css": url_for("bootstrap.static", filename="css/bootstrap.min.css"),
        "sign_in_url": url_for("home.demo" if demo else "identity.sign_in"),
        "sign_out_url": url_for("identity.sign_out"),
        "home_url": url_for("home.front"),
        "events_url": url_for("events.index"),
        "accessibility_url": url_for("home.accessibility"),
        "privacy_url": url_for("home.privacy"),
        "postbox_url": url_for("postbox.index") if postbox else "",
    }


def _asks(item: MenuItem) -> int:
    """How many things ask something, as the menu tells it: at most a minute old, and counted anew after every verb."""
    if item.count is None:
        return 0
    now, kept = int(time.time()), session.get("asks")
    if "asks" not in g and kept and 0 <= now - kept[1] < KEEP_COUNT:
        return int(kept[0])
    count = int(g.asks) if "asks" in g else item.count()
    if kept is None or kept[0] != count or now - kept[1] >= KEEP_COUNT:
        session["asks"] = (count, now)
    return count


def _context() -> dict[str, Any]:
    if not has_request_context():  # a mail, rendered by the worker: no visitor, no menu
        return {}
    who = pages.actor()
    found = () if error_pages.is_plain() else slots.ask("menu", who)  # an error page asks nothing of the database
    items = sorted((item for _, some in found for item in some), key=lambda item: item.position)
    menu = [
        {"label": item.label, "url": item.url, "count": _asks(item), "current": request.path.startswith(item.url)}
        for item in items
    ]
    return {
        "actor": who,
        "menu": menu,
        "demo": current_app.config["DEMO"],
        "asset": asset,
        "icon_url": asset("icons.svg"),
        **_addresses(request.script_root, current_app.config["DEMO"], "postbox" in current_app.blueprints),
    }
