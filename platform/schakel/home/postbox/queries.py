"""Queries on the outbox for the demo's mailbox."""

from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask import current_app

from schakel import dates, db, names
from schakel.i18n import N_, gettext
from schakel.notifications import service
from schakel.notifications.models import Mail
from schakel.notifications.rules import MailState
from schakel.workflow import Shape, StateInfo

PAGE = 30
STATES = {
    MailState.SENT: StateInfo(N_("Verstuurd"), Shape.DONE),
    MailState.WAITING: StateInfo(N_("Wacht"), Shape.WAIT),
    MailState.FAILED: StateInfo(N_("Mislukt"), Shape.LATE),
}


def one(public_id: str) -> sa.Select[Mail]:
    """Select a mail by its public id."""
    return sa.select(Mail).where(Mail.public_id == public_id)


def list_row(mail: Mail) -> SimpleNamespace:
    """Return the data of a mail in the list."""
    return SimpleNamespace(
        id=mail.public_id,
        to_name=mail.to_name,
        to_address=mail.to_address,
        from_name=mail.from_name,
        from_address=mail.from_address,
        reply_to=mail.reply_to,
        subject=mail.subject,
        queued=dates.format_datetime(mail.queued_at),
        iso=mail.queued_at.isoformat(),
        state=gettext(STATES[MailState(mail.state)].label),
        shape=STATES[MailState(mail.state)].shape,
        calendar=bool(mail.calendar),
    )


def listed(word: str, after: int | None) -> tuple[list[SimpleNamespace], int | None]:
    """Return a page of mails, newest first, and the id of its last row when there are more."""
    query = sa.select(Mail).order_by(Mail.id.desc()).limit(PAGE + 1)
    if after:
        query = query.where(Mail.id < after)
    if word:
        query = query.where(Mail.id.in_(list(islice(_found(word, after), PAGE + 1))))
    rows = db.session().scalars(query).all()
    return [list_row(mail) for mail in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None


def _found(word: str, after: int | None) -> Iterator[int]:
    """Yield the ids of mails with these words, newest first: the outbox stores no search key."""
    words = names.words_of(word)
    query = sa.select(Mail.id, Mail.to_address, Mail.to_name, Mail.subject).order_by(Mail.id.desc())
    if after:
        query = query.where(Mail.id < after)
    for number, *texts in db.session().execute(query.execution_options(yield_per=500)):
        key = names.search_key(" ".join(texts))
        if words and all(one in key for one in words):
            yield number


def filled(mail: Mail) -> dict[str, Any]:
    """Return the content of a mail with its secret addresses filled in, as the recipient sees it."""
    return service.with_addresses(mail.content, current_app.config["BASE_URL"])
