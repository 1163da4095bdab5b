"""What every request goes through: body, CSRF, actor, rule, the end of the transaction, headers, errors."""

import hashlib
import logging
import secrets
import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from schakel import access, dates, db, errors, pages, slots
from schakel.access import ANONYMOUS, Actor
from schakel.audit import service as audit
from schakel.identity import service as identity
from schakel.identity.links import service as links

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
csrf = CSRFProtect()
log = logging.getLogger("schakel.web")


def init(app: Flask) -> None:
    """Hang the hooks on an application; call after all routes are registered."""
    app.config |= {"WTF_CSRF_CHECK_DEFAULT": False, "WTF_CSRF_SSL_STRICT": False, "WTF_CSRF_TIME_LIMIT": 12 * 3600}
    csrf.init_app(app)
    check_rules(app)
    app.extensions["schakel.actor"] = _build_actor
    app.before_request(_open)
    app.after_request(_close)
    app.context_processor(_context)
    for kind, handler in (
        (HTTPException, _http_error),
        (errors.NotAllowed, lambda _e: error_page(403)),
        (errors.NotFound, lambda _e: error_page(404)),
        (errors.Refused, _refused),
        (DBAPIError, _database_error),
        (Exception, _crash),
    ):
        app.register_error_handler(kind, handler)


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
        return None
    if "\0" in unquote(request.full_path):  # no address of ours holds one, and PostgreSQL refuses it
        raise errors.NotFound
    rule = rule_of(current_app, request.endpoint)
    unsafe = request.method not in SAFE
    if unsafe:
        request.form  # noqa: B018  # read the whole body before the first statement, so that no slow client holds a lock
        if _foreign():
            return error_page(400)
        try:
            csrf.protect()
        except CSRFError:
            return _expired()
    db.writing.set((unsafe and rule.writes) or rule.logs_look)
    return _judge(rule)


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
        return error_page(400)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "password")]
    return render_template("_shared/expired.html", action=request.full_path.rstrip("?"), fields=fields), 400


def _build_actor() -> Actor:
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return ANONYMOUS
    if current_user.is_authenticated:
        return identity.actor_of(current_user._get_current_object(), session.get("came", "session"), dates.today())
    scope = session.get("link")
    if scope and links.still_holds(scope["link"], scope["generation"]):
        return Actor(came=f"link:{scope['kind']}:{scope['id']}")
    return ANONYMOUS


def _close(response: Response) -> Response:
    if request.endpoint not in THIRD_PARTY:
        try:
            db.finish(response.status_code < 400)
        except Exception:
            log.error("commit_failed request=%s path=%s", audit.request_id.get(), _cut_path())
            g.pop("actor", None)
            g.actor = ANONYMOUS
            response = make_response(error_page(503))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
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


def _cut_path() -> str:
    return "/l/-" if request.path.startswith("/l/") else quote(request.path)


def _log(response: Response) -> None:
    if request.endpoint not in THIRD_PARTY:
        spent = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000)
        log.info(
            "request=%s %s %s %s %d ms",
            audit.request_id.get(),
            request.method,
            _cut_path(),
            response.status_code,
            spent,
        )


TEXTS = {
    400: ("Dit verzoek klopt niet", "We konden niet lezen wat er is verstuurd. Ga terug en probeer het opnieuw."),
    403: ("Dat mag u hier niet", "U mag dit wel zien, maar niet doen. Vraag het aan wie het beheert."),
    404: (
        "Deze bladzijde is er niet",
        "Het adres klopt niet, of wat hier stond is er niet meer. Of het is niet voor u bedoeld.",
    ),
    405: ("Dit verzoek klopt niet", "Deze bladzijde kan dat niet. Ga terug en probeer het opnieuw."),
    409: ("Iemand anders was u voor", "Terwijl u bezig was, is dit gewijzigd. Bekijk wat er nu staat."),
    413: ("Dit is te groot", "Wat u verstuurde is te groot. Een bestand mag hoogstens 5 MB zijn."),
    422: ("Dit gaat zo niet", "Wat u vroeg kan niet, of niet meer."),
    429: ("Even wachten", "Er kwam te veel tegelijk. Probeer het over een kwartier opnieuw."),
    500: (
        "Er ging iets mis bij ons",
        "Dat ligt niet aan u. We hebben de storing vastgelegd onder het nummer hieronder.",
    ),
    503: (
        "We zijn er even niet",
        "Uw gegevens zijn veilig, maar er is nu niets opgeslagen. Probeer het over een minuut opnieuw.",
    ),
}


def error_page(status: int, text: str | None = None, reference: str | None = None) -> tuple[Response | str, int]:
    """The page, or the JSON, that goes with a status; it tells nothing of what was asked for."""
    title, default = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    if pages.wants_json():
        return jsonify(error={"status": status, "title": gettext(title), "detail": text or gettext(default)}), status
    page = render_template(
        "_shared/error.html",
        status=status,
        title=gettext(title),
        text=text or gettext(default),
        hint=None,
        reference=reference,
    )
    return page, status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    body, status = error_page(error.code)
    response = make_response(body, status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _refused(no: errors.Refused) -> ResponseReturnValue:
    return error_page(422, gettext(no.msgid) % no.values if no.values else gettext(no.msgid))


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    if not (error.connection_invalidated or type(error.orig).__name__ == "OperationalError"):
        return _crash(error)
    log.error("database_unavailable request=%s kind=%s", audit.request_id.get(), type(error.orig).__name__)
    g.actor = g.get("actor", ANONYMOUS)
    response = make_response(error_page(ServiceUnavailable.code))
    response.headers["Retry-After"] = "60"
    return response


def _crash(error: Exception) -> ResponseReturnValue:
    """A defect: on record by place and kind, never by its text, which may hold what somebody typed."""
    trace, place = error.__traceback__, "?"
    while trace:
        code = trace.tb_frame.f_code
        place, trace = f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}", trace.tb_next
    log.error(
        "crash request=%s path=%s kind=%s place=%s", audit.request_id.get(), _cut_path(), type(error).__name__, place
    )
    if current_app.testing and current_app.config.get("RAISE_CRASHES", True):
        raise error
    g.actor = g.get("actor", ANONYMOUS)
    return error_page(500, reference=audit.request_id.get())


@lru_cache(maxsize=200)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file of ours, with its fingerprint so that it may be kept for ever."""
    return url_for("static", filename=name, v=_fingerprint(str(Path(current_app.static_folder or "") / name)))


def _context() -> dict[str, Any]:
    who = pages.actor()
    items = sorted((item for _, some in slots.ask("menu", who) for item in some), key=lambda item: item.position)
    menu = [
        {"label": item.label, "url": item.url, "count": item.count, "current": request.path.startswith(item.url)}
        for item in items
    ]
    return {
        "actor": who,
        "menu": menu,
        "demo": current_app.config["DEMO"],
        "asset": asset,
        "icon_url": asset("icons.svg"),
        "bootstrap_css": url_for("bootstrap.static", filename="css/bootstrap.min.css"),
        "sign_in_url": url_for("home.demo" if current_app.config["DEMO"] else "identity.sign_in"),
        "sign_out_url": url_for("identity.sign_out"),
        "home_url": url_for("home.front"),
        "events_url": url_for("events.index"),
        "accessibility_url": url_for("home.accessibility"),
        "privacy_url": url_for("home.privacy"),
    }
