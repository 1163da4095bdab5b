"""The administrator's services on people and accounts, and choosing a password by the link they send."""

from datetime import date, timedelta

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.identity import policy
from schakel.identity import queries as accounts
from schakel.identity import service as identity
from schakel.identity.links import service as links
from schakel.identity.models import Account, Organisation, Person, RoleGrant
from schakel.identity.roles import service as roles
from schakel.identity.rules import AuditEvent
from schakel.identity.signing_in import service as signing_in
from schakel.identity.staff import letters
from schakel.notifications import service as notifications

LINK = "account"
LINK_LASTS = timedelta(days=7)


def welcome(actor: Actor, name: str, email: str, role: str, organisation: Organisation, **days: date | None) -> Person:
    """Give a new person an account, a role and a mail with a link; a person with an account gets the role only."""
    errors.require(policy.may_grant(actor, organisation.id))
    account = accounts.account_of(email)
    if account is not None:
        roles.grant_role(actor, account.person, role, organisation, **days)
        return account.person
    person = identity.add_person(actor, name, email, organisation.id, None)
    identity.open_account(actor, person, None)
    roles.grant_role(actor, person, role, organisation, **days)
    send_account_link(actor, person)
    return person


def send_account_link(actor: Actor, person: Person) -> None:
    """Mail a person of the actor's organisation a link to choose a password; the previous link expires."""
    organisation = person.organisation
    errors.require(organisation is not None and policy.may_grant(actor, organisation.id))
    assert organisation is not None, "just required"
    account = errors.found(db.session().scalar(sa.select(Account).where(Account.person_id == person.id)))
    links.drop(LINK, [account.id])
    placeholder = links.make(LINK, account.id, dates.now() + LINK_LASTS)
    held = db.session().scalars(RoleGrant.valid_on(RoleGrant.person_id == person.id, dates.today())).all()
    here = [grant.role for grant in held if policy.may_grant(actor, grant.organisation_id)]
    letter = letters.account_link(person, organisation, list(dict.fromkeys(here)), placeholder)
    sender = notifications.Sender(organisation.short, "")
    notifications.queue(letter, (person.name, person.email), sender, (LINK, str(account.id)))
    audit.record(actor, AuditEvent.ACCOUNT_LINK_SENT, "person", person.id)


def account_behind(actor: Actor) -> Account | None:
    """Return the account whose link started the actor's session, or None."""
    number = actor.link_id(LINK)
    return db.session().get(Account, number) if number is not None else None


def choose_password(actor: Actor, account_id: int, password_hash: str) -> None:
    """Set the password and delete the link, in its own transaction after the slow hash; all older sessions end."""
    errors.require(actor.link_id(LINK) == account_id)

    def write() -> None:
        if not links.drop(LINK, [account_id]):
            return  # the same link was used just before
        account = accounts.account_by_id(account_id)
        account.password = password_hash
        signing_in.end_all_sessions(account)
        audit.record(actor, AuditEvent.ACCOUNT_PASSWORD, "person", account.person_id)

    db.journal(write)
