"""The administrator's services on people and accounts."""

from datetime import date

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.identity import policy
from schakel.identity import queries as accounts
from schakel.identity import service as identity
from schakel.identity.models import Account, Organisation, Person, RoleGrant
from schakel.identity.own_account import service as passwords
from schakel.identity.roles import service as roles
from schakel.identity.rules import AuditEvent
from schakel.identity.staff import letters
from schakel.notifications import service as notifications


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
    placeholder = passwords.new_link(account)
    held = db.session().scalars(RoleGrant.valid_on(RoleGrant.person_id == person.id, dates.today())).all()
    here = [grant.role for grant in held if policy.may_grant(actor, grant.organisation_id)]
    letter = letters.account_link(person, organisation, list(dict.fromkeys(here)), placeholder)
    sender = notifications.Sender(organisation.short, "")
    notifications.queue(letter, (person.name, person.email), sender, (passwords.LINK, str(account.id)))
    audit.record(actor, AuditEvent.ACCOUNT_LINK_SENT, "person", person.id)
