"""The verbs on action points: who may do them, when, and with which reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.actions import policy, service
from schakel.actions.editing import service as editing
from schakel.actions.models import Action, ActionHistory
from schakel.events.followup import service as followup
from schakel.identity.models import Account, Person
from schakel.notifications.models import Mail
from schakel.reports.loops.queries import faults
from tests import make_followup


@pytest.fixture
def hospital(in_app):
    return make_followup.make_hospital()


def test_an_owner_from_outside_gets_one_mail_with_a_link_and_no_account(in_app, hospital):
    action = make_followup.make_action(hospital, ("Sietse Buitenom", "Sietse@Elders.example.org"))
    mail = in_app.scalars(sa.select(Mail)).one()
    assert (mail.to_address, mail.kind, action.state) == ("Sietse@Elders.example.org", "action.proposed", "proposed")
    assert mail.content["button"][1].startswith("{link:")
    owner = in_app.get(Person, action.owner_id)
    assert in_app.scalar(sa.select(sa.func.count(Account.id)).where(Account.person_id == owner.id)) == 0


def test_an_outsider_asked_twice_is_one_person(in_app, hospital):
    first = make_followup.make_action(hospital, ("Sietse Buitenom", "sietse@elders.example.org"))
    second = make_followup.make_action(hospital, ("SIETSE  buitenom", "Sietse@elders.example.org"))
    assert first.owner_id == second.owner_id


def test_the_owner_accepts_reports_and_adds_evidence_and_somebody_else_checks(in_app, hospital):
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Sietse", "s@elders.example.org")))
    assert action.state == "reported_done"
    service.move(hospital.actor("coordinator"), action, "check", "Gezien op de balie.")
    assert (action.state, action.checker_id) == ("checked", hospital.people["coordinator"].id)
    kinds = in_app.scalars(sa.select(ActionHistory.verb).order_by(ActionHistory.id)).all()
    assert kinds == ["propose", "accept", "evidence", "done", "check"]


def test_the_owner_cannot_check_even_when_they_coordinate(in_app, hospital):
    action = make_followup.done(hospital, make_followup.make_action(hospital, hospital.people["coordinator"]))
    with pytest.raises(errors.NotAllowed):
        service.move(hospital.actor("coordinator"), action, "check", "Ik vind van wel.")
    service.move(hospital.actor("quality_adviser"), action, "check", "Nagevraagd.")
    assert action.state == "checked"


def test_the_owner_cannot_be_named_as_the_one_who_checks(in_app, hospital):
    owner = hospital.people["participant"]
    with pytest.raises(errors.Refused):
        make_followup.make_action(hospital, owner, checker_id=owner.id)


def test_nothing_is_reported_done_without_evidence(in_app, hospital):
    action = make_followup.make_action(hospital)
    service.move(make_followup.by_link(action), action, "accept")
    with pytest.raises(errors.Refused, match="onderbouwing"):
        service.move(make_followup.by_link(action), action, "done")


@pytest.mark.parametrize("verb", ["return", "cancel"])
def test_ending_and_sending_back_need_a_reason(in_app, hospital, verb):
    action = make_followup.make_action(hospital)
    who = make_followup.by_link(action) if verb == "return" else hospital.actor("coordinator")
    with pytest.raises(errors.Refused, match="waarom"):
        service.move(who, action, verb, "   ")
    service.move(who, action, verb, "Dit hoort bij een ander.")
    assert action.state == {"return": "returned", "cancel": "cancelled"}[verb]


def test_a_returned_point_gets_another_owner_and_the_old_link_stops_working(in_app, hospital):
    from schakel.identity.links.models import Link

    action = make_followup.make_action(hospital, ("Een", "een@elders.example.org"))
    service.move(make_followup.by_link(action), action, "return", "Niet van mij.")
    before = in_app.scalars(sa.select(Link.token_hash)).one()
    editing.give_to(hospital.actor("coordinator"), action, ("Twee", "twee@elders.example.org"))
    in_app.flush()
    in_app.expire_all()
    assert action.state == "proposed" and action.owner.name == "Twee"
    kinds = dict(in_app.execute(sa.select(Link.kind, Link.token_hash)).all())
    assert kinds["action_former"] == before and kinds["action"] != before


def test_a_moved_deadline_stores_the_first_date_and_counts_the_moves(in_app, hospital):
    action = make_followup.make_action(hospital)
    first = action.due_on
    for days in (10, 20):
        editing.move_deadline(
            hospital.actor("coordinator"), action, first + timedelta(days=days), "Vakantie.", action.version
        )
    assert (action.first_due_on, action.due_moves, action.due_on) == (first, 2, first + timedelta(days=20))
    with pytest.raises(errors.Stale):
        editing.move_deadline(hospital.actor("coordinator"), action, first, "Toch eerder.", 1)


@pytest.mark.parametrize("verb", ["accept", "return", "report", "hold", "done"])
def test_only_the_owner_accepts_returns_and_reports(in_app, hospital, verb):
    action = make_followup.make_action(hospital)
    for role in ("coordinator", "quality_adviser", "medical_director"):
        assert not policy.may(hospital.actor(role), action, verb)
    assert policy.may(make_followup.by_link(action), action, verb)


def test_another_hospital_sees_nothing_and_may_do_nothing(in_app, hospital):
    action, other = make_followup.make_action(hospital), make_followup.make_hospital("Ander")
    for role in other.people:
        seen = in_app.scalars(policy.visible_to(other.actor(role)).where(Action.id == action.id)).all()
        assert seen == []
    for verb in ("check", "cancel", "accept"):
        assert not policy.may(other.actor("coordinator"), action, verb)


def test_a_link_opens_exactly_one_action_point(in_app, hospital):
    mine, other = make_followup.make_action(hospital), make_followup.make_action(hospital)
    seen = in_app.scalars(policy.visible_to(make_followup.by_link(mine))).all()
    assert seen == [mine] and not policy.may(make_followup.by_link(mine), other, "accept")


def test_work_sent_back_continues_and_the_owner_is_mailed_the_reason(in_app, hospital):
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Sietse", "s@elders.example.org")))
    service.move(hospital.actor("coordinator"), action, "send_back", "De nachtdienst kent het niet.")
    mail = in_app.scalars(sa.select(Mail).where(Mail.kind == "action.sent_back")).one()
    assert "De nachtdienst kent het niet." in mail.content["paragraphs"]
    service.move(make_followup.by_link(action), action, "done")
    assert action.state == "reported_done"


def test_an_action_point_tied_twice_to_an_event_is_recorded_once(in_app, hospital):
    from schakel.audit.models import AuditEntry

    event = make_followup.make.make_event(hospital.organisation)
    action = make_followup.make_action(hospital, event=event)
    followup.tie(hospital.actor("coordinator"), event, None, action)
    db.end_transaction(True)
    assert len(in_app.scalars(sa.select(AuditEntry).where(AuditEntry.action == "event.action")).all()) == 1


def test_the_history_of_a_deputys_step_says_for_whom(in_app, hospital):
    from schakel.audit.models import AuditEntry

    deputy = make_followup.make.make_staff("participant", hospital.organisation, "Waarnemer")
    make_followup.make.make_deputy(hospital.people["coordinator"], deputy)
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Sietse", "s@elders.example.org")))
    service.move(make_followup.make.actor_of(deputy), action, "check", "Nagekeken.")
    db.end_transaction(True)
    entry = in_app.scalars(sa.select(AuditEntry).where(AuditEntry.action == "action.check")).one()
    assert entry.on_behalf_of == hospital.people["coordinator"].name


def test_the_loop_check_finds_a_point_without_cause_and_a_check_of_own_work(in_app, hospital):
    action = make_followup.done(hospital, make_followup.make_action(hospital))
    service.move(hospital.actor("coordinator"), action, "check", "Gezien.")
    point = in_app.begin_nested()
    in_app.execute(sa.text("delete from event_action"))
    in_app.execute(sa.update(ActionHistory).where(ActionHistory.verb == "check").values(person_id=action.owner_id))
    said = " ".join(faults())
    assert "actiepunt zonder aanleiding" in said and "eigen werk getoetst (actiepunt)" in said
    point.rollback()


def test_dates_are_relative_to_the_day_of_the_request(in_app, hospital):
    action = make_followup.make_action(hospital)
    with dates.clock(dates.now() + timedelta(days=45)):
        from schakel.actions.queries import list_row

        assert list_row(action, dates.today()).shape == "late"
