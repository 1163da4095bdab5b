"""Measures: *Zelfde thema*, proposed by one side and answered by the other."""

import pytest
import sqlalchemy as sa

from schakel import dates, errors
from schakel.actions import service as actions
from schakel.measures import queries, service, slots, work_items
from schakel.measures.models import MeasureAction
from schakel.measures.planning import service as planning
from schakel.measures.theme import service as theme
from tests import make_followup
from tests.measures.steps import to_state


def proposed_from_elsewhere(hospital):
    """A released measure, and an action point of another hospital that its coordinator proposes for it."""
    subject = make_followup.make.make_theme()
    measure = make_followup.release(hospital, make_followup.make_measure(hospital, theme_ids=(subject.id,)))
    other = make_followup.make_hospital("Regio")
    action = make_followup.make_action(other, theme_id=subject.id)
    theme.propose(other.actor("coordinator"), measure, action, "action")
    return measure, action


def test_a_proposal_from_another_hospital_is_answered_by_somebody_who_cannot_open_the_action_point(in_app, hospital):
    measure, action = proposed_from_elsewhere(hospital)
    adviser = hospital.actor("quality_adviser")
    assert any(item.title == action.title for item in work_items.work(adviser, dates.today(), None))
    owner, participant = hospital.actor("department_head"), hospital.actor("participant")
    service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    assert any(item.title == action.title for item in work_items.work(owner, dates.today(), None))
    assert not any(item.title == action.title for item in work_items.work(participant, dates.today(), None))
    assert (
        theme.tie_of(make_followup.make_hospital("Nog een").actor("participant"), measure.public_id, action.public_id)
        is None
    )
    tie = theme.tie_of(adviser, measure.public_id, action.public_id)
    theme.answer(adviser, tie.measure, tie.action, True)
    assert queries.done_of(measure) == (0, 1), "accepted work counts"


def test_accepted_work_of_another_hospital_must_be_checked_before_it_is_carried_out(in_app, hospital):
    measure, action = proposed_from_elsewhere(hospital)
    theme.answer(hospital.actor("quality_adviser"), measure, action, True)
    to_state(hospital, measure, "running")
    with pytest.raises(errors.Refused, match="nog %"):
        service.move(hospital.actor("department_head"), measure, "implement", "Klaar.")


def test_a_declined_proposal_stays_on_record_and_may_be_made_again(in_app, hospital):
    subject = make_followup.make.make_theme()
    measure = make_followup.release(hospital, make_followup.make_measure(hospital, theme_ids=(subject.id,)))
    action = make_followup.make_action(make_followup.make_hospital("Regio"), theme_id=subject.id)
    adviser = hospital.actor("quality_adviser")
    coordinator = make_followup.make.actor_of(in_app.get(make_followup.Person, action.requester_id))
    theme.propose(adviser, measure, action, "measure")
    theme.answer(coordinator, measure, action, False)
    assert [tie.state for tie in in_app.scalars(sa.select(MeasureAction))] == ["declined"]
    assert slots.causes(adviser, [action.id]) == {}
    theme.propose(coordinator, measure, action, "action")
    assert [(tie.state, tie.proposed_by) for tie in in_app.scalars(sa.select(MeasureAction))] == [
        ("proposed", "action")
    ]


def test_an_action_point_of_the_inner_ring_is_not_proposed_elsewhere(in_app, hospital, measure):
    """Proposing discloses its title to the side of the other measure."""
    subject = make_followup.make.make_theme()
    facts = {"title": "Geheim", "organisation_id": hospital.department.id, "theme_id": subject.id}
    adviser = hospital.actor("quality_adviser")
    facts |= {"owner": hospital.people["participant"], "requester_id": adviser.person_id}
    inner = planning.make_action(adviser, measure, actions.Facts(**facts))
    other = make_followup.make_hospital("Ander")
    released = make_followup.release(other, make_followup.make_measure(other, theme_ids=(subject.id,)))
    assert inner.inner and theme.fitting_measures(adviser, inner) == []
    own = make_followup.release(hospital, make_followup.make_measure(hospital, theme_ids=(subject.id,)))
    assert theme.fitting_actions(adviser, own) == []
    for target in (released, own):
        with pytest.raises(errors.Refused, match="nog niet vrijgegeven"):
            theme.propose(adviser, target, inner, "action")
