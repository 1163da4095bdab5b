"""The services on people and accounts."""

import secrets

import sqlalchemy as sa

from schakel import addresses, db, errors
from schakel.access import Actor
from schakel.audit import service as audit_service
from schakel.identity import policy, queries, rules
from schakel.identity.models import Account, Organisation, Person, Sector
from schakel.identity.roles import service as roles
from schakel.identity.rules import AuditEvent, Role


def known_or_new(name: str, email: str, asking: int) -> Person:
    """Return the person with this name and address, created when unknown; no account is made.

    `asking` is the id of an organisation: it is locked first, so that two simultaneous requests create one person.
    """
    db.lock(errors.found(db.session().get(Organisation, asking)))
    folded = addresses.fold_address(email)
    for person in db.session().scalars(sa.select(Person).where(Person.folded_email == folded)):
        if rules.fold(person.name) == rules.fold(name):
            return person
    person = Person(name=name, email=email, folded_email=folded)
    db.session().add(person)
    db.session().flush()
    return person


def add_person(actor: Actor, name: str, email: str, organisation_id: int | None, profession: str | None) -> Person:
    """Create a person; an account is a separate step."""
    errors.require(policy.may_administer(actor))
    return _add_person(actor, name, email, organisation_id, profession)


def _add_person(actor: Actor, name: str, email: str, organisation_id: int | None, profession: str | None) -> Person:
    person = Person(
        name=name,
        email=email,
        folded_email=addresses.fold_address(email),
        organisation_id=organisation_id,
        profession_code=profession,
    )
    db.session().add(person)
    db.session().flush()
    audit_service.record(actor, AuditEvent.PERSON_ADDED, "person", person.id)
    return person


def first_account(
    actor: Actor, name: str, email: str, organisation_code: str, role: str, password_hash: str
) -> Account:
    """Create a person with an account and a role from the command line, for an installation without administrator.

    The organisation is created when its code is unknown. Raises Refused for an unknown role or a taken address.
    """
    errors.require(policy.may_start_installation(actor))
    if role not in set(Role):
        raise errors.Refused("Deze rol bestaat niet.")
    if queries.account_of(email):
        raise errors.Refused("Er is al een account met dit adres.")
    organisation = _organisation(organisation_code)
    person = _add_person(actor, name, email, organisation.id, None)
    roles.grant(actor, person, Role(role), organisation)
    return _open_account(actor, person, password_hash)


def _organisation(code: str) -> Organisation:
    found = db.session().scalar(sa.select(Organisation).where(Organisation.code == code))
    if found is not None:
        return found
    db.session().merge(Sector(code="overig", name="Overig", line="other"))
    made = Organisation(code=code, name=code, short=code[:60], sector_code="overig")
    db.session().add(made)
    db.session().flush()
    return made


def open_account(actor: Actor, person: Person, password_hash: str | None) -> Account:
    """Create a person's account; `password_hash` is argon2's, None when they only use the demo page or a link."""
    errors.require(policy.may_administer(actor))
    return _open_account(actor, person, password_hash)


def _open_account(actor: Actor, person: Person, password_hash: str | None) -> Account:
    account = Account(
        person=person, email=person.folded_email, password=password_hash, fs_uniquifier=secrets.token_hex(16)
    )
    try:
        with db.session().begin_nested():
            db.session().add(account)
    except sa.exc.IntegrityError:
        raise errors.Refused("Er is al een account met dit adres.", field="email") from None
    audit_service.record(actor, AuditEvent.ACCOUNT_OPENED, "person", person.id)
    return account
