"""Error pages, or JSON, by status: without details, and also when the database is down."""

import logging
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from schakel import errors, pages
from schakel.access import ANONYMOUS
from schakel.audit import service as audit
from schakel.i18n import N_
from schakel.pages import typed

log = logging.getLogger(__name__)


def init(app: Flask) -> None:
    """Register the error handlers."""
    for kind, handler in (
        (HTTPException, _http_error),
        (errors.NotAllowed, lambda _e: error_page(403)),
        (errors.NotFound, lambda _e: error_page(404)),
        (errors.DeadLink, _dead_link),
        (errors.Refused, _refused),
        (DBAPIError, _database_error),
        (Exception, _crash),
    ):
        app.register_error_handler(kind, handler)


def cut_path() -> str:
    """Return the path for logs: without the token of a link, and quoted."""
    return "/l/-" if request.path.startswith("/l/") else quote(request.path)


def _render_plain() -> None:
    """Render without actor or database from here on: the error page must work whatever is broken."""
    g.plain, g.actor, g.visitor, g._login_user = True, ANONYMOUS, ANONYMOUS, AnonymousUserMixin()


def unavailable() -> Response:
    """Return 503 with a Retry-After header."""
    _render_plain()
    response = make_response(error_page(503))
    response.headers["Retry-After"] = "60"
    return response


TEXTS = {
    400: (
        N_("Dit verzoek klopt niet"),
        N_("We konden niet lezen wat er is verstuurd. Ga terug en probeer het opnieuw."),
    ),
    403: (N_("Dat mag u hier niet"), N_("U mag dit wel zien, maar niet doen. Vraag het aan wie het beheert.")),
    404: (
        N_("Deze bladzijde is er niet"),
        N_("Het adres klopt niet, of wat hier stond is er niet meer. Of het is niet voor u bedoeld."),
    ),
    405: (N_("Dit verzoek klopt niet"), N_("Deze bladzijde kan dat niet. Ga terug en probeer het opnieuw.")),
    409: (N_("Iemand anders was u voor"), N_("Terwijl u bezig was, is dit gewijzigd. Bekijk wat er nu staat.")),
    413: (
        N_("Dit is te groot"),
        N_(
            "Wat u verstuurde is te groot. Een bestand mag hoogstens 5 MB zijn. Ga terug in uw browser: "
            "meestal staat daar nog wat u typte."
        ),
    ),
    422: (N_("Dit gaat zo niet"), N_("Wat u vroeg kan niet, of niet meer.")),
    429: (N_("Even wachten"), N_("Er kwam te veel tegelijk. Probeer het over een kwartier opnieuw.")),
    500: (
        N_("Er ging iets mis bij ons"),
        N_("Dat ligt niet aan u. We hebben de storing vastgelegd onder het nummer hieronder."),
    ),
    503: (
        N_("We zijn er even niet"),
        N_("Uw gegevens zijn veilig, maar er is nu niets opgeslagen. Probeer het over een minuut opnieuw."),
    ),
}


def error_page(status: int, text: str | None = None, reference: str | None = None) -> tuple[Response | str, int]:
    """Return the page, or the JSON, of a status; without details of what was requested."""
    title, default = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    if pages.wants_json():
        return jsonify(error={"status": status, "title": gettext(title), "detail": text or gettext(default)}), status
    page = render_template(
        "_shared/error.html",
        status=status,
        title=gettext(title),
        text=text or gettext(default),
        reference=reference,
    )
    return page, status


def _dead_link(_error: errors.DeadLink) -> ResponseReturnValue:
    """Return the same page for a link that is unknown, replaced or expired, and for a page without its link."""
    if pages.wants_json():
        return error_page(404)
    fields = typed.texts(typed.pairs(), complete=True) if request.form else []
    return render_template("_shared/dead_link.html", typed=fields), 404


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):  # a Host that is not ours: Flask has no URL adapter, which templates need
        _render_plain()
        request_ctx.url_adapter = current_app.url_map.bind("localhost", request.root_path)
    body, status = error_page(error.code)
    response = make_response(body, status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _refused(refused: errors.Refused) -> ResponseReturnValue:
    return error_page(422, refused.sentence)


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    if not (error.connection_invalidated or type(error.orig).__name__ == "OperationalError"):
        return _crash(error)
    log.error("database_unavailable request=%s kind=%s", audit.request_id.get(), type(error.orig).__name__)
    return unavailable()


def _crash(error: Exception) -> ResponseReturnValue:
    """Log an unexpected error by place and kind, never by its text, which may contain what somebody typed."""
    trace, place = error.__traceback__, "?"
    while trace:
        code = trace.tb_frame.f_code
        place, trace = f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}", trace.tb_next
    log.error(
        "crash request=%s path=%s kind=%s place=%s", audit.request_id.get(), cut_path(), type(error).__name__, place
    )
    if current_app.testing and current_app.config.get("RAISE_CRASHES", True):
        raise error
    _render_plain()
    return error_page(500, reference=audit.request_id.get())
