"""Who is this, what may they today; sign-in tries; the verbs on people, roles and deputies."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from schakel import crypto, dates, db, errors
from schakel.access import Actor, Grant
from schakel.audit import service as audit_service
from schakel.identity import policy, rules
from schakel.identity.models import Account, Attempt, Deputy, Organisation, Person, RoleGrant, Sector
from schakel.identity.rules import AuditEvent, Role


def actor_of(account: Account, came: str, today: date) -> Actor:
    """The actor behind an account, with the roles that hold today, their own and those they stand in for."""
    person = account.person
    return Actor(
        person_id=person.id,
        account_id=account.id,
        person_name=person.name,
        grants=grants_of(person.id, today),
        came=came,
    )


def _held_by() -> sa.Select[Any]:
    """The roles of person :who on :day, own and stood in for, each with every organisation it covers."""
    who: sa.BindParameter[int] = sa.bindparam("who", type_=sa.Integer)
    day = sa.bindparam("day", type_=sa.Date)
    columns = (RoleGrant.role, RoleGrant.organisation_id)
    own = RoleGrant.valid_on(RoleGrant.person_id == who, day)
    own_rows = own.with_only_columns(*columns, sa.null().label("away_id"), sa.null().label("away"))
    here = sa.or_(Deputy.organisation_id.is_(None), Deputy.organisation_id == RoleGrant.organisation_id)
    stands_in = sa.and_(Deputy.by_person_id == who, Deputy.from_on <= day, Deputy.until_on >= day)
    away_rows = (
        RoleGrant.valid_on(stands_in, day)
        .join(Deputy, sa.and_(Deputy.for_person_id == RoleGrant.person_id, Deputy.role == RoleGrant.role, here))
        .join(Person, Person.id == RoleGrant.person_id)
        .with_only_columns(*columns, Person.id.label("away_id"), Person.name.label("away"))
    )
    held = sa.union_all(own_rows, away_rows).cte("held")
    top = sa.select(held.c.organisation_id.label("top"), held.c.organisation_id.label("id")).cte("tree", recursive=True)
    tree = top.union(sa.select(top.c.top, Organisation.id).join(top, Organisation.parent_id == top.c.id))
    return sa.select(held.c.role, held.c.organisation_id, held.c.away_id, held.c.away, tree.c.id).join(
        tree, tree.c.top == held.c.organisation_id
    )


_HELD = _held_by()  # made once: everybody who is signed in asks it on every page


def grants_of(person_id: int, today: date) -> tuple[Grant, ...]:
    """The roles of a person on a day, each with every organisation it covers (1 statement)."""
    below: dict[tuple[str, int, int | None, str | None], set[int]] = {}
    for role, organisation_id, away_id, away, number in db.session().execute(_HELD, {"who": person_id, "day": today}):
        below.setdefault((role, organisation_id, away_id, away), set()).add(number)
    return tuple(
        Grant(role, frozenset(ids), away, away_id) for (role, _organisation, away_id, away), ids in below.items()
    )


def known_or_new(name: str, email: str, asking: int) -> Person:
    """The person with this name and address, put on record when new; no account is made.

    The organisation that asks is locked first, so that asking for the same person twice at once makes one.
    """
    db.lock(errors.found(db.session().get(Organisation, asking)))
    folded = rules.fold(email)
    for person in db.session().scalars(sa.select(Person).where(Person.folded_email == folded)):
        if rules.fold(person.name) == rules.fold(name):
            return person
    person = Person(name=name, email=email, folded_email=folded)
    db.session().add(person)
    db.session().flush()
    return person


def count_try(kind: rules.Try, tried_on: str, now: datetime) -> bool:
    """Take one of the tries on this account, link or code; False, and nothing is counted, when the window holds all.

    Tries on the same thing are taken one after another, so that many at once get no more than there are.
    """
    key = _try_key(tried_on)
    db.one_at_a_time(f"{kind} {key}")
    inside = Attempt.kind == kind, Attempt.key == key, Attempt.at > now - rules.WINDOWS[kind]
    taken = db.session().scalar(sa.select(sa.func.count(Attempt.id)).where(*inside)) or 0
    if taken >= rules.TRIES[kind]:
        return False
    db.session().add(Attempt(kind=kind, key=key, at=now))
    return True


def account_of(email: str) -> Account | None:
    """The account that signs in with this address."""
    return db.session().scalar(sa.select(Account).where(Account.email == rules.fold(email)))


def account_by_id(account_id: int) -> Account:
    """An account that must exist."""
    return errors.found(db.session().get(Account, account_id))


def sign_in_failed(email: str) -> None:
    """Put a failed try on record, also though the request ends in a no; it was counted already."""
    key = _try_key(email)
    db.journal(lambda: audit_service.record(Actor(), AuditEvent.SIGN_IN_FAILED, "account", key[:16]))


def sign_in_succeeded(account_id: int, email: str, came: str, now: datetime) -> None:
    """Wipe the count, remember the visit, put it on record: in a transaction after the slow password check."""

    def write() -> None:
        db.changed(sa.delete(Attempt).where(Attempt.kind == rules.Try.SIGN_IN, Attempt.key == _try_key(email)))
        account = account_by_id(account_id)
        account.previous_visit_at, account.visit_at = account.visit_at, now
        who = Actor(person_id=account.person_id, account_id=account_id, came=came)
        audit_service.record(who, AuditEvent.SIGN_IN, "account", account_id, came=came)

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


def grant_role(actor: Actor, person: Person, role: str, organisation: Organisation, **dates_: date | None) -> RoleGrant:
    """Give a person a role over an organisation; `from_on`, `until_on` optional."""
    errors.require(policy.may_grant(actor, organisation.id))
    if role not in set(Role):
        raise errors.Refused("Deze rol bestaat niet.", field="role")
    first, last = dates_.get("from_on"), dates_.get("until_on")
    if first and last and last < first:
        raise errors.Refused("De laatste dag ligt vóór de eerste.", field="until_on")
    if any(rules.overlap((first, last), (one.from_on, one.until_on)) for one in _grants(person, role, organisation.id)):
        raise errors.Refused("%(naam)s heeft deze rol daar in die tijd al.", field="role", naam=person.name)
    return _grant(actor, person, Role(role), organisation, **dates_)


def _grant(actor: Actor, person: Person, role: Role, organisation: Organisation, **dates_: date | None) -> RoleGrant:
    made = RoleGrant(person_id=person.id, role=role, organisation_id=organisation.id, **dates_)
    db.session().add(made)
    db.session().flush()
    audit_service.record(actor, AuditEvent.ROLE_GRANTED, "person", person.id, role=role, organisation=organisation.id)
    return made


def _grants(person: Person, role: str, organisation_id: int) -> list[RoleGrant]:
    query = sa.select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role)
    return list(db.session().scalars(query.where(RoleGrant.organisation_id == organisation_id)))


def withdraw_role(actor: Actor, grant: RoleGrant, last_day: date | None = None) -> None:
    """End a role after its last day; without one as of yesterday, so that it is gone on the next request."""
    errors.require(policy.may_grant(actor, grant.organisation_id))
    if grant.role == Role.ADMINISTRATOR and grant.person_id == actor.person_id:
        raise errors.Refused("Uw eigen rol van beheerder trekt een andere beheerder in.")
    today = dates.today()
    if last_day is not None and last_day < today:
        raise errors.Refused("Kies vandaag of een latere dag, of laat het leeg.", field="last_day")
    last = last_day or today - timedelta(days=1)
    if grant.until_on is not None and grant.until_on <= last:
        raise errors.Refused("Deze rol eindigt al op %(dag)s.", dag=dates.nl_date(grant.until_on), field="last_day")
    grant.until_on = last
    detail = {"role": grant.role, "organisation": grant.organisation_id, "last_day": last.isoformat()}
    audit_service.record(actor, AuditEvent.ROLE_WITHDRAWN, "person", grant.person_id, **detail)


def stand_in(
    actor: Actor,
    away: Person,
    deputy: Person,
    role: str,
    from_on: date,
    until_on: date,
    organisation: Organisation | None = None,
) -> Deputy:
    """Let one person stand in for another in one role, both days inclusive; over one organisation, or wherever held."""
    errors.require(policy.may_arrange_deputy(actor, away.id, organisation.id if organisation else None))
    if organisation and not _grants(away, role, organisation.id):
        raise errors.Refused("%(naam)s heeft deze rol daar niet.", field="grant", naam=away.name)
    if until_on < from_on:
        raise errors.Refused("De laatste dag ligt vóór de eerste.", field="until_on")
    if away.id == deputy.id:
        raise errors.Refused("Niemand neemt voor zichzelf waar.", field="by")
    made = Deputy(for_person_id=away.id, by_person_id=deputy.id, role=role, from_on=from_on, until_on=until_on)
    made.organisation_id = organisation.id if organisation else None
    db.session().add(made)
    db.session().flush()
    detail = {"role": role, "deputy": deputy.id, "organisation": made.organisation_id}
    audit_service.record(actor, AuditEvent.DEPUTY_ARRANGED, "person", away.id, **detail)
    return made


def end_stand_in(actor: Actor, deputy: Deputy) -> None:
    """End a *waarneming* as of yesterday; what was still to come never begins. Twice is nothing."""
    errors.require(policy.may_arrange_deputy(actor, deputy.for_person_id, deputy.organisation_id))
    yesterday = dates.today() - timedelta(days=1)
    if deputy.until_on <= yesterday:
        return
    deputy.until_on = yesterday
    detail = {"role": deputy.role, "deputy": deputy.by_person_id, "organisation": deputy.organisation_id}
    audit_service.record(actor, AuditEvent.DEPUTY_ENDED, "person", deputy.for_person_id, **detail)


def add_person(actor: Actor, name: str, email: str, organisation_id: int | None, profession: str | None) -> Person:
    """Put somebody on record; an account is a separate step."""
    errors.require(policy.may_administer(actor))
    return _add_person(actor, name, email, organisation_id, profession)


def _add_person(actor: Actor, name: str, email: str, organisation_id: int | None, profession: str | None) -> Person:
    person = Person(
        name=name,
        email=email,
        folded_email=rules.fold(email),
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
    """Somebody with an account and a role, from the command line: a new installation has nobody who may give roles.

    The organisation is made when no organisation has this code. Refused for an unknown role or a taken address.
    """
    errors.require(policy.may_start_installation(actor))
    if role not in set(Role):
        raise errors.Refused("Deze rol bestaat niet.")
    if account_of(email):
        raise errors.Refused("Er is al een account met dit adres.")
    organisation = _organisation(organisation_code)
    person = _add_person(actor, name, email, organisation.id, None)
    _grant(actor, person, Role(role), organisation)
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
    """Let a person sign in; `password_hash` is argon2's, None when they can only use the demo page or a link."""
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
