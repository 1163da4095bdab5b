"""The outbox in order, and the links in its mails."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from schakel import db
from schakel.notifications import service as notifications
from schakel.notifications.models import Mail
from tests.web_client import Client

Work = Callable[[], AbstractContextManager[Any]]


def mails(kind: str | None = None, to: str | None = None) -> list[Mail]:
    """Return the outbox in order."""
    query = sa.select(Mail).order_by(Mail.id)
    query = query.where(Mail.kind == kind) if kind else query
    return list(db.session().scalars(query.where(Mail.to_name == to) if to else query))


def link_in(mail: Mail) -> str:
    """Return the path of the link in a mail, as its recipient sees it."""
    return notifications.filled(mail.content["button"][1], "")


def follow(work: Work, client: Client, name: str) -> Client:
    """Open the newest link mailed to somebody."""
    with work():
        path = link_in([mail for mail in mails(to=name) if mail.content["button"]][-1])
    answer = client.get(path)
    assert answer.status_code == 303, answer.status_code
    return client
