"""Services on one's own account: the password, also by a link in a mail, and one's name."""

from datetime import timedelta

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.identity import policy
from schakel.identity import queries as accounts
from schakel.identity.links import service as links
from schakel.identity.models import Account
from schakel.identity.own_account import letters
from schakel.identity.rules import AuditEvent
from schakel.identity.signing_in import service as signing_in
from schakel.notifications import service as notifications

LINK = "account"
LINK_LASTS = timedelta(days=7)


def new_link(account: Account) -> str:
    """Return the placeholder of a new link to choose a password; the previous one expires."""
    links.drop(LINK, [account.id])
    return links.make(LINK, account.id, dates.now() + LINK_LASTS)


def send_forgotten(email: str) -> None:
    """Mail the account of an address a link to choose a password. Returns nothing about it."""
    account = accounts.account_of(email)
    if account is None or not account.active:
        return
    letter = letters.forgotten(account.person, new_link(account))
    to = (account.person.name, account.person.email)
    notifications.queue(letter, to, notifications.Sender("Schakel", ""), (LINK, str(account.id)))
    audit.record(Actor(), AuditEvent.PASSWORD_LINK_SENT, "person", account.person_id)


def account_behind(actor: Actor) -> Account | None:
    """Return the account whose link the actor opened, or None."""
    number = actor.link_id(LINK)
    return db.session().get(Account, number) if number is not None else None


def choose_password(actor: Actor, account_id: int, password_hash: str) -> None:
    """Set the password and delete the link, in its own transaction after the slow hash; all older sessions end."""
    errors.require(actor.link_id(LINK) == account_id)

    def write() -> None:
        if not links.drop(LINK, [account_id]):
            return  # the same link was used just before
        _set_password(actor, accounts.account_by_id(account_id), password_hash)

    db.journal(write)


def change_password(actor: Actor, password_hash: str) -> None:
    """Set one's own password, in its own transaction after the slow hashes; every other session ends."""
    errors.require(policy.may_change_own(actor))
    db.journal(lambda: _set_password(actor, accounts.account_by_id(actor.account_id or 0), password_hash))


def _set_password(actor: Actor, account: Account, password_hash: str) -> None:
    account.password = password_hash
    signing_in.end_all_sessions(account)
    audit.record(actor, AuditEvent.ACCOUNT_PASSWORD, "person", account.person_id)


def choose_weekly_mail(actor: Actor, account_id: int, wanted: bool) -> None:
    """Choose whether an account gets the weekly mail."""
    errors.require(policy.may_choose_mails(actor, account_id))
    account = accounts.account_by_id(account_id)
    account.weekly_mail = wanted
    audit.record(actor, AuditEvent.WEEKLY_MAIL, "person", account.person_id, wanted=wanted)


def stop_link(account_id: int) -> str:
    """Return the placeholder of the link that stops the weekly mail of an account; made when there is none."""
    return links.present_or_new(policy.WEEKLY_LINK, account_id)


def rename(actor: Actor, name: str) -> None:
    """Change one's own name."""
    errors.require(policy.may_change_own(actor))
    account = accounts.account_by_id(actor.account_id or 0)
    account.person.name = name
    audit.record(actor, AuditEvent.PERSON_RENAMED, "person", account.person_id)
