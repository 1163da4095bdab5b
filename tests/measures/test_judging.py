"""Measures: who judges whose work, and what is stored of an effect."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.actions import service as actions
from schakel.measures import policy, queries, service, work_items
from schakel.measures.models import Measure, MeasureHistory
from schakel.measures.planning import service as planning
from schakel.reports import queries as reports
from schakel.reports.loops.queries import faults
from tests import make_followup
from tests.measures.steps import inform, to_state


def test_after_a_ruling_the_medical_director_owns_it_until_it_is_assigned(in_app, hospital, measure):
    assert measure.owner_id == hospital.people["medical_director"].id and measure.state == "decided"
    notice = make_followup.make_measure(hospital, cause_kind="notice")
    assert notice.owner_id is None
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    assert measure.owner_id == hospital.people["department_head"].id


def test_whoever_reports_it_carried_out_does_not_check_it(in_app, hospital, measure):
    """Not even when somebody else owns it."""
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    adviser = hospital.actor("quality_adviser")
    service.move(adviser, measure, "start")
    service.move(adviser, measure, "implement", "Klaar.")
    with pytest.raises(errors.NotAllowed):
        service.move(adviser, measure, "check", "Ik vind het klaar.")
    service.move(hospital.actor("medical_director"), measure, "check", "Nagevraagd.")
    assert measure.state == "checked"


def test_a_director_who_owns_it_does_not_judge_its_effect(in_app, hospital, measure):
    director = hospital.people["medical_director"]
    service.assign(hospital.actor("quality_adviser"), measure, director)
    service.move(hospital.actor("medical_director"), measure, "start")
    service.move(hospital.actor("medical_director"), measure, "implement", "Klaar.")
    service.move(hospital.actor("quality_adviser"), measure, "check", "Nagevraagd.")
    assert queries.list_row(measure, dates.today()).at_move == "bestuurssecretaris: effect vaststellen"
    with pytest.raises(errors.NotAllowed):
        service.move(hospital.actor("medical_director"), measure, "effective", "Het helpt.")
    service.move(hospital.actor("board_secretary"), measure, "effective", "Het helpt.")
    assert measure.effect == "effective"


def test_closed_without_a_measurable_effect_is_not_counted_as_proven(in_app, hospital, measure):
    to_state(hospital, measure, "checked")
    director = hospital.actor("medical_director")
    service.move(director, measure, "effect_not_measurable", "Te klein om te meten.")
    inform(hospital, measure, "taken", "realised")
    service.move(director, measure, "close", "Uitgevoerd en getoetst.")
    figures, _ = reports.figures(reports.area_of(director), queries.Filters(state="all"), dates.today())
    assert figures.reached == (1, 1, 1, 1, 0, 0)
    loop = queries.loop(measure, dates.today(), (0, 0))
    assert loop.closed and loop.knots[3].state_word == "Niet meetbaar"


def test_a_former_checker_may_own_it_after_a_new_decision(in_app, hospital, measure):
    to_state(hospital, measure, "checked")
    director = hospital.actor("medical_director")
    service.move(director, measure, "not_effective", "Geen verschil.")
    service.move(director, measure, "decide_anew", "Anders aanpakken.")
    service.assign(director, measure, hospital.people["quality_adviser"])
    assert faults() == [] and measure.effect == ""


@pytest.mark.parametrize("state", ["implemented", "checked", "embedded"])
def test_a_measure_carried_out_accepts_no_action_point_and_no_other_date(in_app, hospital, measure, state):
    to_state(hospital, measure, state)
    facts = actions.Facts(
        "Nog iets", hospital.organisation.id, hospital.people["participant"], hospital.people["coordinator"].id
    )
    with pytest.raises(errors.Refused, match="al uitgevoerd"):
        planning.make_action(hospital.actor("quality_adviser"), measure, facts)
    with pytest.raises(errors.Refused, match="al uitgevoerd"):
        service.move_deadline(
            hospital.actor("quality_adviser"), measure, dates.today() + timedelta(days=90), "Later.", measure.version
        )


def test_a_closed_measure_stores_the_days_on_which_people_were_informed(in_app, hospital, measure):
    to_state(hospital, measure, "embedded")
    inform(hospital, measure, "taken", "realised")
    service.move(hospital.actor("medical_director"), measure, "close", "Alles klaar.")
    with pytest.raises(errors.Refused, match="gesloten"):
        inform(hospital, measure, "taken")


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"decided_on": 1}, "decided_on"),
        ({"due_on": -30}, "due_on"),
        ({"cause_year": 2099}, "cause_year"),
    ],
)
def test_impossible_dates_are_refused_at_their_field(in_app, hospital, wishes, field):
    days = {
        name: dates.today() + timedelta(days=value) if name != "cause_year" else value for name, value in wishes.items()
    }
    with pytest.raises(errors.Refused) as no:
        make_followup.make_measure(hospital, **days)
    assert no.value.field == field


def test_informing_the_people_concerned_is_on_the_list_of_who_must_do_it(in_app, hospital):
    measure = make_followup.make_measure(hospital, cause_kind="mediation")
    officer = hospital.actor("complaints_officer")
    assert in_app.scalars(policy.visible_to(officer)).all() == [measure]
    assert [item.why for item in work_items.work(officer, dates.today(), None)] == [
        f"{measure.number} · Laat betrokkenen weten dat de maatregel is genomen"
    ]
    service.inform(officer, measure, "taken", dates.today())
    assert work_items.work(officer, dates.today(), None) == []
    ruling = make_followup.make_measure(hospital)
    assert ruling not in in_app.scalars(policy.visible_to(officer)).all()


def test_releasing_informing_and_closing_are_each_on_somebodys_list(in_app, hospital, measure):
    service.write_working_text(hospital.actor("secretary"), measure, "Tekst.", measure.version)

    def asked(role):
        return [item.why.partition(" · ")[2] for item in work_items.work(hospital.actor(role), dates.today(), None)]

    assert "Werktekst wacht op vrijgave, binnen tien werkdagen" in asked("quality_adviser")
    service.release(hospital.actor("quality_adviser"), measure)
    to_state(hospital, measure, "checked")
    service.move(hospital.actor("medical_director"), measure, "effect_not_measurable", "Te klein.")
    inform(hospital, measure, "taken")
    assert "Effect niet meetbaar: kan dicht" not in asked("medical_director"), "the people concerned are informed first"
    assert "Laat betrokkenen weten dat de maatregel is uitgevoerd" in asked("secretary")
    inform(hospital, measure, "realised")
    assert "Effect niet meetbaar: kan dicht" in asked("medical_director")


def test_a_recorded_row_that_was_deleted_is_found(in_app, hospital):
    make_followup.make_measure(hospital)
    db.end_transaction(True)
    point = in_app.begin_nested()
    for table in ("measure_history", "measure"):
        in_app.execute(sa.text(f"delete from {table}"))
    assert any("verdwenen" in fault for fault in faults())
    point.rollback()


def test_a_judgement_of_own_work_is_found(in_app, hospital, measure):
    to_state(hospital, measure, "effective")
    point = in_app.begin_nested()
    for kind, who in (("check", "department_head"), ("effective", "department_head")):
        in_app.execute(
            sa.update(MeasureHistory).where(MeasureHistory.verb == kind).values(person_id=hospital.people[who].id)
        )
        assert any("eigen werk beoordeeld" in fault for fault in faults())
    point.rollback()


def test_two_simultaneous_measures_get_two_numbers(fresh_database):
    from tests.concurrency import together

    with fresh_database.app_context():
        db.set_writing(True)
        hospital = make_followup.make_hospital()
        who, organisation = hospital.actor("medical_director"), hospital.organisation.id
        db.end_transaction(True)

    def decide(number):
        facts = service.Facts(
            "measure", organisation, "committee", dates.today().year, f"Maatregel {number}", "Tekst.", dates.today(),
            dates.today() + timedelta(days=30),
        )  # fmt: skip
        return service.decide(who, facts).number

    assert len(set(together(fresh_database, decide, range(6), 6))) == 6


def test_a_measure_sent_twice_is_one(in_app, hospital):
    first = make_followup.make_measure(hospital, nonce="n" * 22)
    assert make_followup.make_measure(hospital, nonce="n" * 22) is first
    assert in_app.scalar(sa.select(sa.func.count(Measure.id))) == 1


def test_a_form_made_for_another_measure_ties_its_action_point_to_no_second_one(in_app, hospital, measure):
    adviser = hospital.actor("quality_adviser")
    facts = actions.Facts(
        "Werk", hospital.department.id, hospital.people["participant"], adviser.person_id, nonce="n" * 22
    )
    first = planning.make_action(adviser, measure, facts)
    assert planning.make_action(adviser, measure, facts) is first
    with pytest.raises(errors.Refused, match="andere maatregel"):
        planning.make_action(adviser, make_followup.make_measure(hospital), facts)
