"""Count attempts, record sign-ins, end sessions."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from schakel import addresses, crypto, db
from schakel.access import Actor
from schakel.audit import service as audit_service
from schakel.identity import queries, rules
from schakel.identity.models import Account, Attempt
from schakel.identity.rules import AuditEvent


def count_try(kind: rules.Try, tried_on: str, now: datetime) -> bool:
    """Count one attempt for this account, link or code; return False, without counting, when the limit is reached.

    Attempts for the same key run one after another, so that simultaneous ones cannot exceed the limit.
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
    """Record a failed attempt, committed although the request is refused; it was counted already."""
    key = _try_key(email)
    db.journal(lambda: audit_service.record(Actor(), AuditEvent.SIGN_IN_FAILED, "account", key[:16]))


def sign_in_succeeded(account_id: int, email: str, auth_method: str, now: datetime) -> None:
    """Clear the count, store the visit and record the sign-in, in its own transaction after the slow password check."""

    def write() -> None:
        db.rows_affected(sa.delete(Attempt).where(Attempt.kind == rules.Try.SIGN_IN, Attempt.key == _try_key(email)))
        account = queries.account_by_id(account_id)
        account.previous_visit_at, account.visit_at = account.visit_at, now
        who = Actor(person_id=account.person_id, account_id=account_id, auth_method=auth_method)
        audit_service.record(who, AuditEvent.SIGN_IN, "account", account_id, auth_method=auth_method)

    db.journal(write)


def _try_key(tried_on: str) -> str:
    return crypto.token_hash(addresses.fold_address(tried_on))


def previous_visit(actor: Actor) -> datetime | None:
    """Return when the actor last visited before this session; None at the first visit."""
    if actor.account_id is None:
        return None
    account = db.session().get(Account, actor.account_id)  # the request has loaded it already
    return account.previous_visit_at if account else None


def end_all_sessions(account: Account) -> None:
    """Invalidate every session cookie of this account (sign-out, withdrawal)."""
    account.fs_uniquifier = secrets.token_hex(16)
