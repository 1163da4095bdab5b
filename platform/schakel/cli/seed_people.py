"""Organisations, people, accounts, roles and deputies from the seeds, inserted as rows.

An installation gets these before anybody can act, and no service creates an organisation yet. The loader writes the
audit records that a service would have written.
"""

import secrets
from datetime import timedelta
from typing import Any

from schakel import addresses, dates, db
from schakel.access import system
from schakel.audit import service as audit
from schakel.cli.seed_world import World
from schakel.home.models import DemoPerson
from schakel.identity.models import Account, Deputy, Organisation, Person, Profession, RoleGrant, Sector
from schakel.identity.rules import AuditEvent, Role

ROLES = {
    "deelnemer": Role.PARTICIPANT,
    **{role.value: role for role in (Role.COORDINATOR, Role.FACILITATOR)},  # the same word in Dutch
    "klachtenfunctionaris": Role.COMPLAINTS_OFFICER,
    "servicemedewerker": Role.SERVICE_EMPLOYEE,
    "secretaris": Role.SECRETARY,
    "voorzitter": Role.CHAIR,
    "commissielid": Role.COMMITTEE_MEMBER,
    "medisch_directeur": Role.MEDICAL_DIRECTOR,
    "kwaliteitsadviseur": Role.QUALITY_ADVISER,
    "bestuurssecretaris": Role.BOARD_SECRETARY,
    "afdelingshoofd": Role.DEPARTMENT_HEAD,
    "beheerder": Role.ADMINISTRATOR,
}
LOADER = system("loader")
SINCE_LAST_VISIT = timedelta(days=7)  # so that the demonstration displays what changed since


def load(world: World) -> None:
    """Load people.yaml, and organisations.yaml except its themes."""
    _organisations(world, world.read("organisations"))
    content = world.read("people")
    for row in content["people"]:
        _person(world, row)
    for row in content.get("deputies", []):
        _deputy(world, row)
    db.session().flush()


def _organisations(world: World, content: dict[str, Any]) -> None:
    session = db.session()
    session.add_all(Sector(**row) for row in content["sectors"])
    session.add_all(Profession(position=n, **row) for n, row in enumerate(content["professions"]))
    world.professions = {row["code"]: row["name"] for row in content["professions"]}
    session.flush()
    for row in content["organisations"]:
        parent = world.organisations[row["parent"]] if row.get("parent") else None
        organisation = Organisation(
            code=row["code"],
            name=row["name"],
            short=row.get("short", row["name"])[:60],
            place=row.get("place", ""),
            sector_code=row["sector"],
            parent_id=parent.id if parent else None,
        )
        session.add(organisation)
        session.flush()
        world.organisations[row["code"]] = organisation


def _person(world: World, row: dict[str, Any]) -> None:
    organisation = world.organisations.get(row.get("organisation", ""))
    person = Person(
        name=row["name"],
        email=row["email"],
        folded_email=addresses.fold_address(row["email"]),
        organisation_id=organisation.id if organisation else None,
        profession_code=row.get("profession"),
    )
    db.session().add(person)
    db.session().flush()
    world.people[row["code"]] = person
    audit.record(LOADER, AuditEvent.PERSON_ADDED, "person", person.id)
    for role in row.get("roles", []):
        _role(world, person, role)
    if row.get("account"):
        _account(world, person, row.get("demo"))


def _role(world: World, person: Person, row: dict[str, Any]) -> None:
    role, organisation = ROLES[row["role"]], world.organisations[row["organisation"]]
    spell = {"from_on": world.day(row.get("from")), "until_on": world.day(row.get("until"))}
    db.session().add(RoleGrant(person_id=person.id, role=role, organisation_id=organisation.id, **spell))
    world.holders.setdefault((organisation.id, role), person.id)
    detail: dict[str, Any] = {"role": role, "organisation": organisation.id}
    audit.record(LOADER, AuditEvent.ROLE_GRANTED, "person", person.id, **detail)


def _account(world: World, person: Person, demo: dict[str, Any] | None) -> None:
    account = Account(person=person, email=person.folded_email, password=None, fs_uniquifier=secrets.token_hex(16))
    account.visit_at = dates.now() - SINCE_LAST_VISIT if demo else None
    db.session().add(account)
    db.session().flush()
    world.accounts[person.id] = account
    audit.record(LOADER, AuditEvent.ACCOUNT_OPENED, "person", person.id)
    if demo:
        facts = {"group": demo["group"], "role_name": demo["role_name"], "says": demo["says"]}
        db.session().add(DemoPerson(account_id=account.id, position=demo["order"], **facts))


def _deputy(world: World, row: dict[str, Any]) -> None:
    away, by = world.people[row["for"]], world.people[row["by"]]
    organisation = world.organisations[row["organisation"]] if row.get("organisation") else None
    db.session().add(
        Deputy(
            for_person_id=away.id,
            by_person_id=by.id,
            role=ROLES[row["role"]],
            organisation_id=organisation.id if organisation else None,
            from_on=world.day(row["from"]),
            until_on=world.day(row["until"]),
        )
    )
    audit.record(LOADER, AuditEvent.DEPUTY_ARRANGED, "person", away.id, role=ROLES[row["role"]], deputy=by.id)
