"""Measures: two rings, nobody checks their own work, carried out is not effective, and no link to a case."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, errors
from schakel.actions import service as actions
from schakel.measures import policy, progress, queries, rules, service
from schakel.measures.models import Measure, MeasureHistory
from schakel.measures.page_data import page_data
from schakel.measures.planning import service as planning
from schakel.measures.theme import service as theme
from schakel.reports.loops.queries import faults
from tests import make_followup
from tests.measures.steps import to_state


def test_a_ruling_starts_as_decided_with_a_number_and_needs_a_term(in_app, hospital, measure):
    assert measure.state == "decided" and measure.number.startswith("M-")
    with pytest.raises(errors.Refused, match="artikel 17"):
        make_followup.make_measure(hospital, due_on=None)
    promise = make_followup.make_measure(hospital, kind="commitment", cause_kind="investigation", due_on=None)
    assert progress.is_undated(promise.state, promise.due_on) and promise.number.startswith("T-")


def test_only_the_inner_ring_sees_an_unreleased_measure(in_app, hospital, measure):
    sees = {
        role for role in hospital.people if in_app.scalars(policy.visible_to(hospital.actor(role))).all() == [measure]
    }
    assert sees == {"medical_director", "quality_adviser", "board_secretary", "secretary", "department_head"}
    other = make_followup.make_hospital("Ander")
    assert all(not in_app.scalars(policy.visible_to(other.actor(role))).all() for role in other.people)


def test_once_released_everybody_with_a_role_sees_the_working_text_only(in_app, hospital, measure):
    make_followup.release(hospital, measure)
    other = make_followup.make_hospital("Ander")
    for role in ("coordinator", "facilitator", "medical_director"):
        assert in_app.scalars(policy.visible_to(other.actor(role))).all() == [measure]
        page = page_data(other.actor(role), measure, dates.today())
        assert page.official is None and page.working.startswith("WERKTEKST") and page.verbs == []
        assert [(entry.text, entry.who) for entry in page.history] == [("Vrijgegeven", None)]
    assert in_app.scalars(policy.visible_to(other.actor("participant"))).all() == []


def test_the_writer_of_the_working_text_cannot_release_it(in_app, hospital, measure):
    service.write_working_text(hospital.actor("quality_adviser"), measure, "Tekst.", measure.version)
    with pytest.raises(errors.NotAllowed):
        service.release(hospital.actor("quality_adviser"), measure)
    assert measure.released_at is None


def test_before_release_the_owner_is_of_the_hospital(in_app, hospital, measure):
    outsider = make_followup.make_hospital("Ander").people["coordinator"]
    with pytest.raises(errors.Refused, match="vrijgegeven"):
        service.assign(hospital.actor("medical_director"), measure, outsider)


def test_carried_out_waits_for_every_action_point(in_app, hospital, measure):
    to_state(hospital, measure, "running")
    facts = actions.Facts(
        "Lijst per dag", hospital.department.id, hospital.people["participant"], hospital.people["quality_adviser"].id
    )
    action = planning.make_action(hospital.actor("department_head"), measure, facts)
    with pytest.raises(errors.Refused, match="nog %"):
        service.move(hospital.actor("department_head"), measure, "implement", "Klaar.")
    make_followup.done(hospital, action)
    actions.move(hospital.actor("quality_adviser"), action, "check", "Gezien.")
    service.move(hospital.actor("department_head"), measure, "implement", "Klaar.")
    assert queries.done_of(measure) == (1, 1)


def test_the_owner_neither_checks_nor_judges_the_effect(in_app, hospital, measure):
    service.assign(hospital.actor("medical_director"), measure, hospital.people["quality_adviser"])
    adviser = hospital.actor("quality_adviser")
    service.move(adviser, measure, "start")
    service.move(adviser, measure, "implement", "Klaar.")
    for verb in ("check", "send_back", "effective", "close"):
        assert not policy.may(adviser, measure, verb)


def test_carried_out_is_not_effective_and_closing_waits_for_informing_the_people_concerned(in_app, hospital, measure):
    to_state(hospital, measure, "embedded")
    director = hospital.actor("medical_director")
    with pytest.raises(errors.Refused, match="geïnformeerd"):
        service.move(director, measure, "close", "Alles klaar.")
    service.inform(hospital.actor("secretary"), measure, "realised", dates.today())
    with pytest.raises(errors.Refused, match="over het besluit"):
        service.move(director, measure, "close", "Alles klaar.")
    service.inform(hospital.actor("secretary"), measure, "taken", dates.today())
    service.move(director, measure, "close", "Alles klaar.")
    assert measure.is_closed and queries.loop(measure, dates.today(), (0, 0)).closed


@pytest.mark.parametrize("verb", ["implement", "check", "effective", "not_effective", "effect_not_measurable"])
def test_every_judgement_needs_a_reason(verb):
    assert rules.WORKFLOW[verb].needs_reason


def test_no_effect_leads_to_a_new_decision(in_app, hospital, measure):
    to_state(hospital, measure, "checked")
    service.move(hospital.actor("medical_director"), measure, "not_effective", "Geen verschil.")
    service.move(hospital.actor("medical_director"), measure, "decide_anew", "Anders aanpakken.")
    assert measure.state == "decided"


def test_a_measure_stores_only_kind_and_year_of_its_cause(in_app):
    names = {column.name for column in Measure.__table__.columns}
    assert {name for name in names if "cause" in name} == {"cause_kind", "cause_year"}
    assert not {
        name for name in names if any(word in name for word in ("case", "complain", "klacht", "dossier", "patient"))
    }


def test_same_theme_is_proposed_by_one_side_and_accepted_by_the_other(in_app, hospital):
    subject = make_followup.make.make_theme()
    measure = make_followup.release(hospital, make_followup.make_measure(hospital, theme_ids=(subject.id,)))
    other = make_followup.make_hospital("Regio")
    action = make_followup.make_action(other, theme_id=subject.id)
    assert theme.fitting_measures(other.actor("coordinator"), action) == [measure]
    theme.propose(other.actor("coordinator"), measure, action, "action")
    with pytest.raises(errors.NotAllowed):
        theme.answer(other.actor("coordinator"), measure, action, True)
    theme.answer(hospital.actor("quality_adviser"), measure, action, True)
    assert [tie.state for tie in in_app.scalars(sa.select(make_followup.measures.MeasureAction))] == ["accepted"]


def test_an_unreleased_measure_is_proposed_to_nobody(in_app, hospital):
    subject = make_followup.make.make_theme()
    measure = make_followup.make_measure(hospital, theme_ids=(subject.id,))
    action = make_followup.make_action(hospital, theme_id=subject.id)
    with pytest.raises(errors.Refused, match="niet vrijgegeven"):
        theme.propose(hospital.actor("quality_adviser"), measure, action, "measure")


def test_the_day_of_informing_is_not_before_the_decision_and_not_in_the_future(in_app, hospital, measure):
    secretary = hospital.actor("secretary")
    for day in (measure.decided_on - timedelta(days=1), dates.today() + timedelta(days=1)):
        with pytest.raises(errors.Refused):
            service.inform(secretary, measure, "taken", day)
    service.inform(secretary, measure, "taken", dates.today())
    assert [row for row in in_app.scalars(sa.select(MeasureHistory.text)).all() if row] == []


def test_the_loop_check_finds_a_closed_measure_without_informed_people(in_app, hospital, measure):
    point = in_app.begin_nested()
    in_app.execute(sa.update(Measure).values(state="closed", is_closed=True))
    assert any("geïnformeerd" in fault for fault in faults())
    point.rollback()
