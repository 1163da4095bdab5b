"""The hooks around every request: body, CSRF, actor, rule, the end of the transaction, headers."""

import logging
import secrets
import time
from urllib.parse import unquote, urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import RequestRedirect

from schakel import access, dates, db, error_pages, errors, headers, lost_forms, pages, templating
from schakel.access import ANONYMOUS, Actor
from schakel.audit import service as audit
from schakel.files import uploads
from schakel.headers import THIRD_PARTY
from schakel.identity import actors
from schakel.identity.links import scope
from schakel.sessions import Sessions

SAFE = {"GET", "HEAD", "OPTIONS"}
csrf = CSRFProtect()
log = logging.getLogger("schakel.request_hooks")


def init(app: Flask) -> None:
    """Register the hooks on an application; call after all routes are registered."""
    app.config |= {"WTF_CSRF_CHECK_DEFAULT": False, "WTF_CSRF_SSL_STRICT": False, "WTF_CSRF_TIME_LIMIT": 12 * 3600}
    csrf.init_app(app)
    check_rules(app)
    app.extensions |= {"schakel.actor": _build_actor, "schakel.visitor": _visitor, "schakel.by_link": _by_link}
    app.before_request_funcs.setdefault(None, []).insert(
        0, _before_request
    )  # before any hook that could query the database
    app.after_request(_after_request)
    app.request_class = uploads.UploadRequest
    templating.init(app)
    app.session_interface = Sessions()
    error_pages.init(app)


def check_rules(app: Flask) -> None:
    """Raise RuntimeError when a route declares no rule, so that no route is public by mistake."""
    for endpoint, view in app.view_functions.items():
        if endpoint not in THIRD_PARTY and not isinstance(getattr(view, "rule", None), access.Rule):
            raise RuntimeError(f"route {endpoint} declares no access rule")


def rule_of(app: Flask, endpoint: str) -> access.Rule:
    """Return the rule that a route declared."""
    return THIRD_PARTY.get(endpoint) or app.view_functions[endpoint].rule  # type: ignore[union-attr]  # put there by access.rule


def _before_request() -> ResponseReturnValue | None:
    audit.request_id.set(secrets.token_hex(8))
    db.set_writing(False)
    g.started = time.perf_counter()
    if request.endpoint is None:
        return _redirect_doubled_slashes()
    if "\0" in unquote(request.full_path):  # no valid path contains one, and PostgreSQL refuses it
        raise errors.NotFound
    rule = rule_of(current_app, request.endpoint)
    unsafe = request.method not in SAFE
    if unsafe:
        # Reads the complete body before the first statement, so that no slow client holds a lock.
        if rule.uploads:
            request.max_content_length = uploads.MAX_BODY
        request.form = _without_nul(request.form)
        if _is_cross_site():
            return error_pages.error_page(400)
        try:
            csrf.protect()
        except CSRFError:
            return lost_forms.not_accepted(rule)
    db.set_writing((unsafe and rule.writes) or rule.logs_read)
    return _check_rule(rule)


def _redirect_doubled_slashes() -> ResponseReturnValue | None:
    """Redirect a path with doubled slashes to the one without, on this site, whatever the Host header says."""
    if not isinstance(request.routing_exception, RequestRedirect):
        return None
    parts = urlsplit(request.routing_exception.new_url)
    return redirect(parts._replace(scheme="", netloc="", path=f"/{parts.path.lstrip('/')}").geturl(), 308)


def _without_nul(form: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return the form with U+FFFD for each NUL: PostgreSQL refuses a NUL, and fields refuse U+FFFD."""
    pairs = list(form.items(multi=True))
    if not any("\0" in part for pair in pairs for part in pair):
        return form
    return ImmutableMultiDict([(name.replace("\0", "\ufffd"), value.replace("\0", "\ufffd")) for name, value in pairs])


def _check_rule(rule: access.Rule) -> ResponseReturnValue | None:
    if rule.kind == "public":
        return None
    who = pages.actor()
    if rule.kind == "link":
        if rule.policy and rule.policy(who):
            return None
        if not rule.text.endswith("+signed_in"):
            raise errors.DeadLink
    if not who.is_known:
        target = request.full_path.rstrip("?") if request.method in SAFE else None
        return redirect(url_for("identity.sign_in", verder=target), 302)
    if rule.policy and not rule.policy(who):
        raise errors.NotAllowed
    return None


def _is_cross_site() -> bool:
    """Whether another site made this browser send the form (our pages send Origin: null, as they send no referrer)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return True
    origin = request.headers.get("Origin", "null")
    return origin not in ("null", request.host_url.rstrip("/"), current_app.config["BASE_URL"])


def _visitor() -> Actor:
    """Return who is signed in."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return ANONYMOUS
    if "_user_id" in session and current_user.is_authenticated:
        return actors.actor_of(current_user._get_current_object(), session.get("auth_method", "session"), dates.today())
    return ANONYMOUS


def _by_link() -> Actor | None:
    """Return the actor of the open link, on a route for links of its kind; None without one."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies or request.endpoint is None:
        return None
    opened = scope.open_link()
    kind = (rule_of(current_app, request.endpoint).link_kind or "").removesuffix("+signed_in")
    return Actor(auth_method=f"link:{opened.kind}:{opened.object_id}") if opened and opened.kind == kind else None


def _build_actor() -> Actor:
    """Return the actor: by the open link on a route for links only, else who is signed in, else by the open link."""
    rule = rule_of(current_app, request.endpoint) if request.endpoint else None
    if rule is None or rule.kind != "link":
        return pages.visitor()
    only_links = not rule.text.endswith("+signed_in")
    if only_links or not pages.visitor().is_known:
        return _by_link() or ANONYMOUS
    return pages.visitor()


def _after_request(response: Response) -> Response:
    if request.endpoint not in THIRD_PARTY:
        try:
            db.end_transaction(response.status_code < 400)
            db.set_writing(False)  # what is still streamed only reads: it must not hold the write lock
        except Exception:
            log.error("commit_failed request=%s path=%s", audit.request_id.get(), error_pages.cut_path())
            response = error_pages.unavailable()
    headers.add(response)
    _log(response)
    return response


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
