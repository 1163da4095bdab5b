"""Build a message from the stored row, and send what is due."""

import logging
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app, render_template

from schakel import dates, db
from schakel.notifications import ics, qr, rules, service, smtp
from schakel.notifications.models import Mail

PER_ROUND = 200
# Faults of the server and not of one mail: the round ends, the other mails are not tried.
UNREACHABLE = (
    "ConnectionRefusedError",
    "TimeoutError",
    "gaierror",
    "OSError",
    "SSLCertVerificationError",
    "SMTPServerDisconnected",
    "SMTPConnectError",
    "SMTPHeloError",
    "SMTPNotSupportedError",
    "SMTPAuthenticationError",
)
log = logging.getLogger("schakel.mail")


@dataclass(frozen=True)
class Parts:
    """A rendered mail: both texts, the QR code in the HTML, and the calendar files."""

    text: str
    html: str
    code: bytes | None
    calendars: list[bytes]
    method: str
    unsubscribe: str


def parts(mail: Mail, base: str, code_at: str = "") -> Parts:
    """Render both texts and each calendar file of a mail, with its secret addresses filled in.

    `code_at` is the address of the QR code in the HTML; without it the HTML contains the code itself.
    """
    content = service.with_addresses(mail.content, base)
    code = qr.png(content["scan"][1]) if content["scan"] else None
    calendar = mail.calendar or {"method": "", "entries": []}
    entries = service.entries_of(calendar)
    files = [ics.calendar(calendar["method"], [entry]) for entry in entries]
    context = {"subject": mail.subject, **content}
    context["code_src"] = code_at or (qr.inline(code) if code else "")
    return Parts(
        text=render_template("_shared/mail.txt", **context),
        html=render_template("_shared/mail.html", **context),
        code=code,
        calendars=files,
        method=calendar["method"],
        unsubscribe=content["unsubscribe"],
    )


def _mailbox(address: str) -> Address | None:
    """Return the Reply-To address, or None when it is invalid: the mail is sent without it."""
    try:
        return Address(addr_spec=rules.one_line(address)) if address else None
    except (MessageError, ValueError, LookupError, AttributeError):  # what its parser raises on invalid input
        return None


def build(mail: Mail, base: str, from_address: str) -> EmailMessage:
    """Return the message: text, HTML with its code, the first calendar as an alternative, all calendars attached."""
    domain = from_address.rpartition("@")[2]
    code_id = f"code.{mail.public_id}@{domain}"
    ready = parts(mail, base, f"cid:{code_id}")
    made = EmailMessage()
    made["Subject"] = rules.one_line(mail.subject)
    made["From"] = Address(rules.display_name(mail.from_name), addr_spec=mail.from_address or from_address)
    made["To"] = Address(rules.display_name(mail.to_name), addr_spec=mail.to_address)
    if mailbox := _mailbox(mail.reply_to):
        made["Reply-To"] = mailbox
    made["Message-ID"] = f"<{mail.public_id}@{domain}>"
    made["Date"] = format_datetime(mail.queued_at)
    made["Auto-Submitted"] = "auto-generated"
    if ready.unsubscribe:
        made["List-Unsubscribe"] = f"<{ready.unsubscribe}>"  # RFC 2369
    made.set_content(ready.text)
    made.add_alternative(ready.html, subtype="html")
    if ready.code:
        page = made.get_body(("html",))
        assert isinstance(page, EmailMessage), "the HTML part was just added"
        page.add_related(ready.code, "image", "png", cid=f"<{code_id}>", filename="code.png", disposition="inline")
        page.set_param("type", "text/html")  # RFC 2387: the type of the root part
    if ready.calendars:
        first = ready.calendars[0].decode()
        made.add_alternative(first, subtype="calendar", params={"method": ready.method})
    for number, file in enumerate(ready.calendars, 1):
        name = "afspraak.ics" if len(ready.calendars) == 1 else f"afspraak-{number}.ics"
        made.add_attachment(file.decode(), subtype="calendar", filename=name, params={"method": ready.method})
    return made


@db.writing()
def deliver(holder: str) -> int:
    """Send mails that are due, each with a lease and two short transactions; return how many were sent.

    Stops when the mail server cannot be reached.
    """
    sent, connection = 0, smtp.Round()
    try:
        for _ in range(PER_ROUND):
            mail = service.claim(holder, dates.now())
            db.end_transaction(True)
            if mail is None:
                break
            fault = _attempt(mail, connection)
            service.settle(mail.id, holder, fault, dates.now())
            db.end_transaction(True)
            sent += fault is None
            if fault in UNREACHABLE:
                break
    finally:
        connection.close()
    return sent


def _attempt(mail: Mail, connection: smtp.Round) -> str | None:
    """Try once; return the kind of fault, or None. The demo sends nothing: the mail is displayed at /postvak."""
    config = current_app.config
    if config["DEMO"] and not config["MAIL_SERVER"]:
        return None
    if not config["MAIL_SERVER"]:
        return "geen SMTP ingesteld"
    try:
        message = build(mail, config["BASE_URL"], config["MAIL_FROM"])
        connection.send(smtp.Ready(message, config["MAIL_FROM"], mail.to_address))
    except Exception as fault:  # one mail that cannot be built or sent must not stop the others
        log.warning("mail=%s fault=%s", mail.public_id, type(fault).__name__)
        return type(fault).__name__
    return None
