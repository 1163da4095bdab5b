"""The demo's mailbox: every mail with its parts and attachments. Does not exist outside the demo."""

from flask import Blueprint, abort, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from schakel import access, db, errors
from schakel.home.postbox import queries
from schakel.i18n import gettext
from schakel.notifications import mailer, qr
from schakel.notifications.models import Mail
from schakel.pages import Filter, ListPage

pages = Blueprint("postbox", __name__, url_prefix="/postvak")


def _only_in_demo() -> None:
    if not current_app.config["DEMO"]:
        abort(404)


def _mail(public_id: str) -> Mail:
    _only_in_demo()
    return errors.found(db.session().scalar(queries.one(public_id)))


@pages.get("")
@access.rule(access.public)
def index() -> ResponseReturnValue:
    """List the newest mails, filtered by address or word."""
    _only_in_demo()
    page = ListPage([Filter("q", gettext("Adres, naam of onderwerp"))])
    mails, more = queries.listed(page["q"], page.after_id)
    return page.render("home/postbox.html", mails, more)


@pages.get("/<public_id>")
@access.rule(access.public)
def show(public_id: str) -> ResponseReturnValue:
    """Display one mail with its attachments."""
    mail = _mail(public_id)
    parts = mailer.parts(mail, current_app.config["BASE_URL"])
    code = qr.inline(parts.code) if parts.code else None
    return render_template(
        "home/mail.html", mail=queries.list_row(mail), parts=parts, content=queries.filled(mail), code=code
    )


@pages.get("/<public_id>/<any(tekst, html):part>")
@access.rule(access.public)
def part(public_id: str, part: str) -> ResponseReturnValue:
    """Return a part exactly as it is sent. The HTML has inline styles, as mail requires, so it has its own CSP."""
    mail = _mail(public_id)
    parts = mailer.parts(mail, current_app.config["BASE_URL"])
    response = make_response(parts.html if part == "html" else parts.text)
    response.headers["Content-Type"] = f"text/{'html' if part == 'html' else 'plain'}; charset=utf-8"
    if part == "html":
        policy = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; "
            "form-action 'none'"
        )
        response.headers["Content-Security-Policy"] = policy
    return response


@pages.get("/<public_id>/afspraak-<int:number>.ics")
@access.rule(access.public)
def calendar(public_id: str, number: int) -> ResponseReturnValue:
    """Return a calendar file attached to a mail."""
    parts = mailer.parts(_mail(public_id), current_app.config["BASE_URL"])
    if not 1 <= number <= len(parts.calendars):
        raise errors.NotFound
    response = make_response(parts.calendars[number - 1])
    response.headers["Content-Type"] = f"text/calendar; charset=utf-8; method={parts.method}"
    response.headers["Content-Disposition"] = f'attachment; filename="afspraak-{number}.ics"'
    return response
