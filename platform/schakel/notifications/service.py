"""Queue a mail in the transaction it is about; claim and settle mails for the worker."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from schakel import addresses, crypto, dates, db
from schakel.i18n import gettext
from schakel.notifications import rules
from schakel.notifications.ics import Entry
from schakel.notifications.models import Mail
from schakel.notifications.rules import MailState

_ring: crypto.KeyRing | None = None
_address: str = ""
_domains: tuple[str, ...] = ()


def use_keys(ring: crypto.KeyRing) -> None:
    """Set the key ring whose key `links` derives link tokens."""
    global _ring
    _ring = ring


def use_addresses(own: str, domains: tuple[str, ...]) -> None:
    """Set the sender: `own`, or a mailbox of one of these domains."""
    global _address, _domains
    _address, _domains = own, domains


def from_of(mailbox: str) -> str:
    """Return the From of mails on behalf of a mailbox, also the ORGANIZER of their calendar entries (ADR 7)."""
    return mailbox if rules.may_send_as(mailbox, _domains) else _address


def link_token(public_id: str, generation: int) -> str:
    """Return the token of a link: derived, so that the database never holds it."""
    assert _ring is not None, "no key ring"
    return crypto.derive_token(_ring.key("links"), public_id, str(generation))


@dataclass(frozen=True)
class Letter:
    """A mail in final texts. `facts`: (label, value, sub line). Addresses may contain link placeholders.

    `scan`: what a QR code in the HTML part is for, and its address; the code itself is made when the mail is sent.
    """

    kind: StrEnum
    subject: str
    heading: str
    facts: list[tuple[str, str, str]]
    paragraphs: list[str] = field(default_factory=list)
    button: tuple[str, str] | None = None
    links: list[tuple[str, str, str]] = field(default_factory=list)
    scan: tuple[str, str] | None = None
    footer: str = ""
    unsubscribe: str = ""  # the link with which its reader stops mails of this kind


@dataclass(frozen=True)
class Sender:
    """Whom a mail is sent for: the displayed name, and the mailbox that receives replies."""

    name: str
    mailbox: str


def queue(
    letter: Letter, to: tuple[str, str], sender: Sender, about: tuple[str, str], calendar: dict[str, Any] | None = None
) -> None:
    """Put a mail in the outbox. `to` (name, address); `about` (kind, id); `calendar` from `calendar_of`."""
    mailbox = addresses.mail_address(sender.mailbox)
    now, address = dates.now(), from_of(mailbox)
    row = dict(
        kind=letter.kind,
        about_kind=about[0],
        about_id=about[1],
        to_name=to[0],
        to_address=addresses.mail_address(to[1]),
        from_name=sender.name,
        from_address=address,
        reply_to=mailbox if mailbox != address else "",
        subject=letter.subject,
        content=_content(letter),
        calendar=calendar,
        queued_at=now,
        next_at=now,
    )
    db.connection().execute(sa.insert(db.table_of(Mail)), row)


def calendar_of(method: str, entries: list[Entry]) -> dict[str, Any]:
    """Return calendar entries in the form in which they are stored with a mail."""
    rows = []
    for entry in entries:
        row = dict(vars(entry))
        for name in ("stamped_at", "starts_at", "ends_at"):
            row[name] = row[name].isoformat()
        rows.append(row)
    return {"method": method, "entries": rows}


def entries_of(calendar: dict[str, Any]) -> list[Entry]:
    """Return the entries of a stored calendar."""
    made = []
    for row in calendar["entries"]:
        values = dict(row)
        for name in ("stamped_at", "starts_at", "ends_at"):
            values[name] = datetime.fromisoformat(values[name])
        for name in ("organizer", "attendee"):
            values[name] = tuple(values[name]) if values[name] else None
        made.append(Entry(**values))
    return made


def claim(holder: str, now: datetime) -> Mail | None:
    """Take the lease of the next mail that is due; None when there is none, or another worker was first."""
    free = sa.or_(Mail.lease_until.is_(None), Mail.lease_until < now)
    due = (
        sa.select(Mail.id)
        .where(Mail.state == MailState.WAITING, Mail.next_at <= now, free)
        .order_by(Mail.next_at, Mail.id)
        .limit(1)
    )
    lease = (
        sa.update(Mail)
        .where(Mail.id == due.scalar_subquery(), Mail.state == MailState.WAITING, free)
        .values(holder=holder, lease_until=now + rules.LEASE, tries=Mail.tries + 1)
        .returning(Mail)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return db.session().scalar(lease)


def settle(mail_id: int, holder: str, fault: str | None, now: datetime) -> None:
    """Record the result of an attempt: sent, to be tried again later, or given up after MAX_TRIES."""
    mail = db.session().get(Mail, mail_id, populate_existing=True)
    if mail is None or mail.holder != holder:
        return
    mail.lease_until = mail.holder = None
    mail.fault = fault
    if fault is None:
        mail.state, mail.sent_at = MailState.SENT, now
    elif mail.tries >= rules.MAX_TRIES:
        mail.state = MailState.FAILED
    else:
        mail.next_at = rules.next_try(mail.tries, now)


def count_since(kind: str, about: tuple[str, str], since: datetime) -> int:
    """Return how many mails of a kind about an object were queued since then."""
    same = (Mail.about_kind == about[0], Mail.about_id == about[1], Mail.kind == kind)
    return db.session().scalar(sa.select(sa.func.count(Mail.id)).where(*same, Mail.queued_at > since)) or 0


def waiting(now: datetime) -> tuple[int, int, int]:
    """Return for health checks: mails waiting, seconds the oldest waits, mails given up."""
    count, oldest = (
        db.session()
        .execute(sa.select(sa.func.count(Mail.id), sa.func.min(Mail.queued_at)).where(Mail.state == MailState.WAITING))
        .one()
    )
    failed = db.session().scalar(sa.select(sa.func.count(Mail.id)).where(Mail.state == MailState.FAILED)) or 0
    return count, int((now - oldest).total_seconds()) if oldest else 0, failed


def scrub(kind: str, ids: list[str]) -> None:
    """Erase recipients and texts of mails about these objects; those not sent yet are deleted."""
    about = sa.and_(Mail.about_kind == kind, Mail.about_id.in_(ids))
    db.rows_affected(sa.delete(Mail).where(about, Mail.state == MailState.WAITING))
    heading = gettext("Wat hier stond is gewist")
    erased: dict[str, Any] = {
        "heading": heading,
        "facts": [],
        "paragraphs": [],
        "button": None,
        "links": [],
        "scan": None,
        "footer": "",
        "unsubscribe": "",
    }
    values = {"to_name": "", "to_address": "", "subject": heading, "calendar": sa.null()}
    db.rows_affected(sa.update(Mail).where(about).values(content=erased, **values))


def _content(letter: Letter) -> dict[str, Any]:
    return {name: value for name, value in vars(letter).items() if name not in ("kind", "subject")}


def with_addresses(content: dict[str, Any], base: str) -> dict[str, Any]:
    """Return a mail's content with its secret addresses: only where an address belongs, never in typed text."""
    button, scan, links = content.get("button"), content.get("scan"), content.get("links") or []
    return content | {
        "button": [button[0], filled(button[1], base)] if button else None,
        "scan": [scan[0], filled(scan[1], base)] if scan else None,
        "links": [[before, label, filled(url, base)] for before, label, url in links],
        "unsubscribe": filled(content.get("unsubscribe") or "", base),
    }


def filled(text: str, base: str) -> str:
    """Return a text with each link placeholder replaced by its secret address."""
    for placeholder, public_id, generation in rules.link_placeholders(text):
        text = text.replace(placeholder, f"{base}/l/{link_token(public_id, generation)}")
    return text
