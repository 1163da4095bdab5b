"""Grant and withdraw roles; appoint deputies."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit_service
from schakel.identity import policy, rules
from schakel.identity.models import Deputy, Organisation, Person, RoleGrant
from schakel.identity.rules import AuditEvent, Role


def grant_role(actor: Actor, person: Person, role: str, organisation: Organisation, **dates_: date | None) -> RoleGrant:
    """Grant a person a role over an organisation; `from_on`, `until_on` optional."""
    errors.require(policy.may_grant(actor, organisation.id))
    if role not in set(Role):
        raise errors.Refused("Deze rol bestaat niet.", field="role")
    first, last = dates_.get("from_on"), dates_.get("until_on")
    if first and last and last < first:
        raise errors.Refused("De laatste dag ligt vóór de eerste.", field="until_on")
    if any(rules.overlap((first, last), (one.from_on, one.until_on)) for one in _grants(person, role, organisation.id)):
        raise errors.Refused("%(naam)s heeft deze rol daar in die tijd al.", field="role", naam=person.name)
    return grant(actor, person, Role(role), organisation, **dates_)


def grant(actor: Actor, person: Person, role: Role, organisation: Organisation, **dates_: date | None) -> RoleGrant:
    """Store the role and its audit record; for services that checked their own policy."""
    made = RoleGrant(person_id=person.id, role=role, organisation_id=organisation.id, **dates_)
    db.session().add(made)
    db.session().flush()
    audit_service.record(actor, AuditEvent.ROLE_GRANTED, "person", person.id, role=role, organisation=organisation.id)
    return made


def _grants(person: Person, role: str, organisation_id: int) -> list[RoleGrant]:
    query = sa.select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role)
    return list(db.session().scalars(query.where(RoleGrant.organisation_id == organisation_id)))


def withdraw_role(actor: Actor, grant: RoleGrant, last_day: date | None = None) -> None:
    """End a role after its last day; without one it ends yesterday, so that it is gone on the next request."""
    errors.require(policy.may_grant(actor, grant.organisation_id))
    if grant.role == Role.ADMINISTRATOR and grant.person_id == actor.person_id:
        raise errors.Refused("Uw eigen rol van beheerder trekt een andere beheerder in.")
    today = dates.today()
    if last_day is not None and last_day < today:
        raise errors.Refused("Kies vandaag of een latere dag, of laat het leeg.", field="last_day")
    last = last_day or today - timedelta(days=1)
    if grant.until_on is not None and grant.until_on <= last:
        raise errors.Refused("Deze rol eindigt al op %(dag)s.", dag=dates.format_date(grant.until_on), field="last_day")
    grant.until_on = last
    detail: dict[str, Any] = {"role": grant.role, "organisation": grant.organisation_id, "last_day": last.isoformat()}
    audit_service.record(actor, AuditEvent.ROLE_WITHDRAWN, "person", grant.person_id, **detail)


def appoint_deputy(
    actor: Actor,
    away: Person,
    deputy: Person,
    role: str,
    from_on: date,
    until_on: date,
    organisation: Organisation | None = None,
) -> Deputy:
    """Let one person deputise for another in one role, both days inclusive; over one organisation, or all of them."""
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
    detail: dict[str, Any] = {"role": role, "deputy": deputy.id, "organisation": made.organisation_id}
    audit_service.record(actor, AuditEvent.DEPUTY_ARRANGED, "person", away.id, **detail)
    return made


def end_deputy(actor: Actor, deputy: Deputy) -> None:
    """End a *waarneming* as of yesterday, or before it begins. Does nothing when it already ended."""
    errors.require(policy.may_arrange_deputy(actor, deputy.for_person_id, deputy.organisation_id))
    yesterday = dates.today() - timedelta(days=1)
    if deputy.until_on <= yesterday:
        return
    deputy.until_on = yesterday
    detail: dict[str, Any] = {
        "role": deputy.role,
        "deputy": deputy.by_person_id,
        "organisation": deputy.organisation_id,
    }
    audit_service.record(actor, AuditEvent.DEPUTY_ENDED, "person", deputy.for_person_id, **detail)
