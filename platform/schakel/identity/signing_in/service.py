"""Count tries, put sign-ins on record, end sessions."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from schakel import crypto, db
from schakel.access import Actor
from schakel.audit import service as audit_service
from schakel.identity import queries, rules
from schakel.identity.models import Account, Attempt
from schakel.identity.rules import AuditEvent


def count_try(kind: rules.Try, tried_on: str, now: datetime) -> bool:
    """Take one of the tries on this account, link or code; False, and nothing is counted, when the window holds all.

    Tries on the same thing are taken one after another, so that many at once get no more than there are.
    """
    key = _try_key(tried_on)
    db.advisory_lock(f"{kind} {key}")
    inside = Attempt.kind == kind, Attempt.key == key, Attempt.at > now - rules.WINDOWS[kind]
    taken = db.session().scalar(sa.select(sa.func.count(Attempt.id)).where(*inside)) or 0
    if taken >= rules.TRIES[kind]:
        return False
    db.session().add(Attempt(kind=kind, key=key, at=now))
    return True


def sign_in_failed(email: str) -> None:
    """Put a failed try on record, also though the request ends in a no; it was counted already."""
    key = _try_key(email)
    db.journal(lambda: audit_service.record(Actor(), AuditEvent.SIGN_IN_FAILED, "account", key[:16]))


def sign_in_succeeded(account_id: int, email: str, auth_method: str, now: datetime) -> None:
    """Wipe the count, remember the visit, put it on record: in a transaction after the slow password check."""

    def write() -> None:
        db.rows_affected(sa.delete(Attempt).where(Attempt.kind == rules.Try.SIGN_IN, Attempt.key == _try_key(email)))
        account = queries.account_by_id(account_id)
        account.previous_visit_at, account.visit_at = account.visit_at, now
        who = Actor(person_id=account.person_id, account_id=account_id, auth_method=auth_method)
        audit_service.record(who, AuditEvent.SIGN_IN, "account", account_id, auth_method=auth_method)

    db.journal(write)


def _try_key(tried_on: str) -> str:
    return crypto.token_hash(rules.fold(tried_on))


def previous_visit(actor: Actor) -> datetime | None:
    """When the actor was here before this session began; None at the first visit."""
    if actor.account_id is None:
        return None
    account = db.session().get(Account, actor.account_id)  # the request has loaded it already
    return account.previous_visit_at if account else None


def end_all_sessions(account: Account) -> None:
    """Make every cookie of this account worthless (sign-out, withdrawal)."""
    account.fs_uniquifier = secrets.token_hex(16)
