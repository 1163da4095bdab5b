"""Queries shaped by page for the pages outside the features."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from schakel import db, errors
from schakel.home.models import DemoPerson
from schakel.identity import rules as identity
from schakel.identity.models import Account, Person
from schakel.jobs import service as jobs
from schakel.notifications import service as notifications
from schakel.programmes.models import Story

WORKER_LATE, MAIL_LATE = 180, 600  # seconds


def stories() -> list[Story]:
    """Return the stories of the front page."""
    return list(db.session().scalars(sa.select(Story).order_by(Story.position)))


def demo_groups() -> list[tuple[str, list[SimpleNamespace]]]:
    """Return the people to choose from in the demo, by group (1 statement)."""
    rows = db.session().execute(
        sa.select(DemoPerson, Person.name, Person.public_id)
        .join(Account, Account.id == DemoPerson.account_id)
        .join(Person, Person.id == Account.person_id)
        .order_by(DemoPerson.position)
    )
    groups: dict[str, list[SimpleNamespace]] = {}
    for person, name, public_id in rows:
        groups.setdefault(person.group, []).append(
            SimpleNamespace(
                id=public_id, initials=identity.initials(name), role=person.role_name, name=name, says=person.says
            )
        )
    return list(groups.items())


def demo_account(public_id: str) -> Account:
    """Return the account of a choice on the demo page. Raises NotFound for anybody not on that page."""
    return errors.found(
        db.session().scalar(
            sa.select(Account)
            .join(DemoPerson, DemoPerson.account_id == Account.id)
            .join(Account.person)
            .where(Person.public_id == public_id)
        )
    )


def health(now: datetime) -> dict[str, Any]:
    """Return the state of database, migration, worker (age in seconds) and mail."""
    try:
        migration = db.session().scalar(sa.text("select version_num from alembic_version"))
        age = jobs.worker_age(now)
        count, oldest, failed = notifications.waiting(now)
    except DBAPIError as fault:
        db.rollback()
        return {"status": "fout", "database": type(fault.orig).__name__, "migration": None, "worker_age_seconds": None}
    late = age is None or age > WORKER_LATE or oldest > MAIL_LATE or failed > 0
    return {
        "status": "let op" if late else "ok",
        "database": "ok",
        "migration": migration,
        "worker_age_seconds": age,
        "mail_waiting": count,
        "mail_oldest_seconds": oldest,
        "mail_failed": failed,
    }
