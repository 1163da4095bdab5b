"""Roles are valid between two dates, for an organisation and all below it; deputies; withdrawal at once."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.audit.models import AuditEntry
from schakel.events import policy as events_policy
from schakel.events import service as events
from schakel.identity import actors
from schakel.identity.models import Account
from schakel.identity.roles import service as roles
from tests import make

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def roles_on(person, today: date) -> list[str]:
    return [grant.role for grant in actors.grants_of(person.id, today)]


@pytest.mark.parametrize(
    ("today", "holds"), [(TODAY - DAY, False), (TODAY, True), (TODAY + 9 * DAY, True), (TODAY + 10 * DAY, False)]
)
def test_a_role_is_valid_from_its_first_day_to_its_last(in_app, today, holds):
    person = make.make_person()
    make.make_grant(person, "chair", from_on=TODAY, until_on=TODAY + 9 * DAY)
    assert roles_on(person, today) == ["chair"] * holds


def test_a_role_without_dates_is_always_valid(in_app):
    person = make.make_person()
    make.make_grant(person, "chair")
    assert roles_on(person, date(2000, 1, 1)) == roles_on(person, date(2100, 1, 1)) == ["chair"]


def test_a_role_covers_everything_below_and_nothing_beside_or_above(in_app):
    hospital = make.make_organisation("Huis")
    department, neighbour = make.make_organisation("Afdeling", parent=hospital), make.make_organisation("Buren")
    ward = make.make_organisation("Kamer", parent=department)
    person = make.make_person()
    make.make_grant(person, "department_head", department)
    (grant,) = actors.grants_of(person.id, TODAY)
    assert grant.organisation_ids == {department.id, ward.id}
    assert not grant.organisation_ids & {hospital.id, neighbour.id}


@pytest.mark.parametrize(
    ("today", "holds"), [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True), (TODAY + 2 * DAY, False)]
)
def test_a_deputy_has_the_role_on_the_days_agreed_both_inclusive(in_app, today, holds):
    away, deputy = make.make_person("Weg Wezen"), make.make_person("Waar Nemer")
    make.make_grant(away, "complaints_officer")
    make.make_deputy(away, deputy, "complaints_officer", TODAY, TODAY + DAY)
    assert roles_on(deputy, today) == ["complaints_officer"] * holds


def test_a_deputy_gets_that_role_and_no_other(in_app):
    away, deputy = make.make_person(), make.make_person()
    for role in ("coordinator", "administrator"):
        make.make_grant(away, role)
    make.make_deputy(away, deputy, "coordinator", TODAY, TODAY)
    assert roles_on(deputy, TODAY) == ["coordinator"]


def test_a_deputy_has_no_role_that_the_other_person_lacks_that_day(in_app):
    away, deputy = make.make_person(), make.make_person()
    make.make_grant(away, "coordinator", until_on=TODAY - DAY)
    make.make_deputy(away, deputy, "coordinator", TODAY, TODAY)
    assert roles_on(deputy, TODAY) == []


def test_a_deputy_of_a_deputy_has_no_role(in_app):
    first, second, third = (make.make_person() for _ in range(3))
    make.make_grant(first, "coordinator")
    make.make_deputy(first, second, "coordinator", TODAY, TODAY)
    make.make_deputy(second, third, "coordinator", TODAY, TODAY)
    assert roles_on(third, TODAY) == []


@pytest.fixture
def deputised(in_app):
    """Somebody who coordinates one hospital in person and another as a deputy."""
    own, other = make.make_organisation("Eigen"), make.make_organisation("Ander")
    away, deputy = (
        make.make_staff("coordinator", other, "Aleid Afwezig"),
        make.make_staff("coordinator", own, "Wim Waarnemer"),
    )
    make.make_deputy(away, deputy)
    return own, other, make.actor_of(deputy)


def behalf(session) -> list[str | None]:
    return list(
        session.scalars(
            sa.select(AuditEntry.on_behalf_of).where(AuditEntry.action == "event.created").order_by(AuditEntry.id)
        )
    )


def test_the_record_of_a_deputys_step_names_for_whom(in_app, deputised):
    _, other, actor = deputised
    events.create(actor, make.make_facts(other))
    db.end_transaction(True)
    assert behalf(in_app) == ["Aleid Afwezig"]


def test_a_deputy_acts_in_their_own_name_in_their_own_hospital(in_app, deputised):
    own, _, actor = deputised
    events.create(actor, make.make_facts(own))
    db.end_transaction(True)
    assert behalf(in_app) == [None]


def test_an_impossible_deputy_is_refused(in_app):
    person, other = make.make_person(), make.make_person()
    for who, first, last, field in ((person, TODAY, TODAY, "by"), (other, TODAY, TODAY - DAY, "until_on")):
        with pytest.raises(errors.Refused) as no:
            make.make_deputy(person, who, "coordinator", first, last)
        assert no.value.field == field


def test_a_role_that_does_not_exist_is_refused(in_app):
    with pytest.raises(errors.Refused):
        make.make_grant(make.make_person(), "emperor")


@pytest.mark.parametrize("role", [role for role in make.ROLES if role != "administrator"])
def test_only_an_administrator_grants_roles(in_app, role):
    hospital = make.make_organisation()
    actor = make.actor_of(make.make_staff(role, hospital))
    with pytest.raises(errors.NotAllowed):
        roles.grant_role(actor, make.make_person(), "participant", hospital)


def test_an_administrator_grants_roles_in_their_own_organisation_only(in_app):
    own, other = make.make_organisation("Eigen"), make.make_organisation("Ander")
    actor = make.actor_of(make.make_staff("administrator", own))
    roles.grant_role(actor, make.make_person(), "participant", own)
    with pytest.raises(errors.NotAllowed):
        roles.grant_role(actor, make.make_person(), "participant", other)


def test_a_withdrawn_role_is_gone_on_the_next_request(work, client_of):
    with work():
        hospital = make.make_organisation()
        person = make.make_person()
        make.make_account(person)
        grant = make.make_grant(person, "coordinator", hospital)
    client = client_of(person)
    assert client.get("/bijeenkomsten/nieuw").status_code == 200
    with work() as session:
        roles.withdraw_role(make.ANY_ROLE, session.merge(grant))
    assert client.get("/bijeenkomsten/nieuw").status_code == 403


def test_a_disabled_account_is_signed_out_on_the_next_request(work, client_of):
    with work():
        person = make.make_staff("coordinator", make.make_organisation())
    client = client_of(person)
    assert client.get("/vandaag").status_code == 200
    with work() as session:
        session.execute(sa.update(Account).values(active=False))
    assert client.get("/vandaag").status_code == 302


def test_nobody_without_a_role_creates_events(in_app):
    account = make.make_account()
    assert not events_policy.may_make_events(actors.actor_of(account, "session", dates.today()))
