"""Measures: what stays inside the inner ring until the release."""

from datetime import timedelta

import pytest

from schakel import dates, errors
from schakel.actions import service as actions
from schakel.actions.editing import service as editing
from schakel.measures import policy, queries, service, work_items
from schakel.measures.planning import service as planning
from tests import make_followup
from tests.measures.steps import inform


def test_a_department_of_another_hospital_is_refused(in_app, hospital):
    other = make_followup.make_hospital("Ander")
    with pytest.raises(errors.Refused, match="afdeling"):
        make_followup.make_measure(hospital, department_id=other.department.id)


def test_an_action_point_of_an_unreleased_measure_has_no_owner_outside(in_app, hospital, measure):
    outsider = make_followup.make_hospital("Ander").people["coordinator"]
    adviser = hospital.actor("quality_adviser")
    facts = {"title": "Werk", "organisation_id": hospital.department.id, "requester_id": adviser.person_id}
    for owner in (outsider, ("Buiten", "buiten@elders.example.org")):
        with pytest.raises(errors.Refused, match="eigen huis"):
            planning.make_action(adviser, measure, actions.Facts(owner=owner, **facts))
    inside = planning.make_action(adviser, measure, actions.Facts(owner=hospital.people["participant"], **facts))
    for owner in (outsider, ("Buiten", "buiten@elders.example.org")):
        with pytest.raises(errors.Refused, match="eigen huis"):
            editing.give_to(adviser, inside, owner)


def test_an_owner_elsewhere_is_assigned_after_release_and_sees_the_working_text_only(in_app, hospital, measure):
    outsider = make_followup.make_hospital("Ander").people["facilitator"]
    assert outsider not in [person for person, _ in queries.owners_for(measure)]
    make_followup.release(hospital, measure)
    assert outsider in [person for person, _ in queries.owners_for(measure)]
    service.assign(hospital.actor("medical_director"), measure, outsider)
    actor = make_followup.make.actor_of(outsider)
    assert not policy.is_inner(actor, measure) and policy.may(actor, measure, "start")
    facts = actions.Facts("Bij ons", hospital.organisation.id, ("Buiten", "b@elders.example.org"), outsider.id)
    assert planning.make_action(actor, measure, facts).state == "proposed"


def test_only_the_displayed_text_is_released(in_app, hospital, measure):
    service.write_working_text(hospital.actor("secretary"), measure, "Eerste tekst.", measure.version)
    read = measure.version
    service.write_working_text(hospital.actor("secretary"), measure, "Andere tekst.", measure.version)
    with pytest.raises(errors.Stale):
        service.release(hospital.actor("quality_adviser"), measure, read)
    assert measure.released_at is None


def test_outside_the_inner_ring_the_news_begins_at_the_release(in_app, hospital, measure):
    since = dates.now() - timedelta(days=1)
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    make_followup.release(hospital, measure)
    inform(hospital, measure, "taken")
    in_app.flush()
    outsider = make_followup.make_hospital("Ander").actor("facilitator")
    said = {item.why for item in work_items.work(outsider, dates.today(), since) if item.kind == "news"}
    assert said == {f"{measure.number} is vrijgegeven"}
    inside = {item.why for item in work_items.work(hospital.actor("quality_adviser"), dates.today(), since)}
    assert f"{measure.number} is belegd" in inside
