"""Measures: a deputy judges no work of the person they stand in for, and the history names that person."""

import pytest
import sqlalchemy as sa

from schakel import db, errors
from schakel.audit.models import AuditEntry
from schakel.identity.rules import fold
from schakel.measures import policy, service
from schakel.measures.models import MeasureHistory
from schakel.measures.rules import JUDGING
from tests import make
from tests.measures.steps import to_state


def deputy_of(hospital, *roles, person=None):
    """Somebody who stands in for the people with these roles, and has the roles of `person` themselves."""
    person = person or make.make_staff("participant", hospital.organisation, "Waarnemer")
    for role in roles:
        make.make_deputy(hospital.people[role], person, role)
    return make.actor_of(person)


@pytest.fixture
def carried_out(hospital, measure):
    """A measure of the department head, reported carried out by the quality adviser."""
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    service.move(hospital.actor("quality_adviser"), measure, "start")
    service.move(hospital.actor("quality_adviser"), measure, "implement", "Klaar.")
    return measure


def last_entry(session):
    return session.scalar(sa.select(MeasureHistory).order_by(MeasureHistory.id.desc()).limit(1))


def test_the_deputy_of_the_owner_does_not_judge_for_them(in_app, hospital, measure):
    service.assign(hospital.actor("medical_director"), measure, hospital.people["quality_adviser"])
    adviser = hospital.actor("quality_adviser")
    service.move(adviser, measure, "start")
    service.move(adviser, measure, "implement", "Klaar.")
    actor = deputy_of(hospital, "quality_adviser")
    assert actor.holds("quality_adviser") and not policy.may(actor, measure, "check")


def test_another_role_gives_a_deputy_no_right_to_check_for_whoever_carried_it_out(in_app, hospital, carried_out):
    """The board secretary judges commitments, not this measure: only the deputyship would give the right."""
    actor = deputy_of(hospital, "quality_adviser", person=hospital.people["board_secretary"])
    for verb in JUDGING:
        assert not policy.may(actor, carried_out, verb), verb
    with pytest.raises(errors.NotAllowed):
        service.move(actor, carried_out, "check", "Nagevraagd.")


def test_a_deputy_of_two_people_judges_for_the_one_who_did_not_do_it(in_app, hospital, carried_out):
    actor = deputy_of(hospital, "quality_adviser", "medical_director")
    service.move(actor, carried_out, "check", "Nagevraagd.")
    assert carried_out.state == "checked"
    assert last_entry(in_app).on_behalf_of == hospital.people["medical_director"].name
    db.end_transaction(True)
    recorded = sa.select(AuditEntry.on_behalf_of).where(AuditEntry.action == "measure.check")
    assert in_app.scalar(recorded) == hospital.people["medical_director"].name


def test_who_has_the_role_themselves_acts_in_their_own_name(in_app, hospital, carried_out):
    director = hospital.people["medical_director"]
    make.make_deputy(hospital.people["quality_adviser"], director, "quality_adviser")
    service.move(make.actor_of(director), carried_out, "check", "Nagevraagd.")
    assert last_entry(in_app).on_behalf_of is None


def test_an_owner_starts_their_own_work_in_their_own_name(in_app, hospital, measure):
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    actor = deputy_of(hospital, "quality_adviser", person=hospital.people["department_head"])
    service.move(actor, measure, "start")
    assert last_entry(in_app).on_behalf_of is None


def test_the_writer_of_the_working_text_does_not_release_it_nor_does_their_deputy(in_app, hospital, measure):
    adviser = hospital.actor("quality_adviser")
    service.write_working_text(adviser, measure, "Werktekst.", measure.version)
    for actor in (adviser, deputy_of(hospital, "quality_adviser")):
        with pytest.raises(errors.NotAllowed):
            service.release(actor, measure, measure.version)
    service.release(hospital.actor("medical_director"), measure, measure.version)
    assert measure.released_at is not None


@pytest.mark.parametrize("who", ["department_head", "quality_adviser"])
def test_the_mailbox_of_whoever_did_it_does_not_judge_it_under_another_name(in_app, hospital, carried_out, who):
    for role in ("medical_director", who):
        hospital.people[role].folded_email = fold("zelfde@huis.example.org")
    with pytest.raises(errors.Refused, match="eigen e-mailadres"):
        service.move(hospital.actor("medical_director"), carried_out, "check", "Nagevraagd.")
    assert carried_out.state == "implemented"


def test_the_mailbox_of_the_writer_does_not_release_under_another_name(in_app, hospital, measure):
    service.write_working_text(hospital.actor("secretary"), measure, "Werktekst.", measure.version)
    for role in ("medical_director", "secretary"):
        hospital.people[role].folded_email = fold("zelfde@huis.example.org")
    with pytest.raises(errors.Refused, match="eigen e-mailadres"):
        service.release(hospital.actor("medical_director"), measure, measure.version)
    assert measure.released_at is None


def test_a_deputy_judges_the_effect_for_a_director_who_neither_owns_it_nor_did_it(in_app, hospital, measure):
    to_state(hospital, measure, "checked")
    actor = deputy_of(hospital, "medical_director")
    service.move(actor, measure, "effective", "Minder klachten.")
    assert last_entry(in_app).on_behalf_of == hospital.people["medical_director"].name


def test_work_that_a_deputy_reported_is_judged_neither_by_the_principal_nor_in_their_name(in_app, hospital, measure):
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    reporter = deputy_of(hospital, "quality_adviser")
    service.move(reporter, measure, "start")
    service.move(reporter, measure, "implement", "Klaar.")
    other = make.make_staff("participant", hospital.organisation, "Andere waarnemer")
    for actor in (reporter, hospital.actor("quality_adviser"), deputy_of(hospital, "quality_adviser", person=other)):
        assert not policy.may(actor, measure, "check")
    service.move(hospital.actor("medical_director"), measure, "check", "Nagevraagd.")


def test_a_text_that_a_deputy_wrote_is_released_neither_by_the_principal_nor_in_their_name(in_app, hospital, measure):
    service.write_working_text(deputy_of(hospital, "quality_adviser"), measure, "Werktekst.", measure.version)
    other = make.make_staff("participant", hospital.organisation, "Andere waarnemer")
    for actor in (hospital.actor("quality_adviser"), deputy_of(hospital, "quality_adviser", person=other)):
        assert not policy.may(actor, measure, "release")


def test_a_deputy_does_not_judge_for_somebody_with_the_mailbox_of_who_did_it(in_app, hospital, carried_out):
    for role in ("medical_director", "department_head"):
        hospital.people[role].folded_email = fold("zelfde@huis.example.org")
    with pytest.raises(errors.Refused, match="eigen e-mailadres"):
        service.move(deputy_of(hospital, "medical_director"), carried_out, "check", "Nagevraagd.")


@pytest.mark.parametrize("verb", ["close", "decide_anew"])
def test_an_owner_ends_or_decides_anew_no_own_measure_as_the_directors_deputy(in_app, hospital, measure, verb):
    to_state(hospital, measure, "embedded" if verb == "close" else "checked")
    if verb == "decide_anew":
        service.move(hospital.actor("medical_director"), measure, "not_effective", "Geen verschil.")
    owner = deputy_of(hospital, "medical_director", person=hospital.people["department_head"])
    assert measure.owner_id == owner.person_id and not policy.may(owner, measure, verb)
