"""Who checks an action point, which evidence is required first, and who is mailed about the outcome."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.actions import policy, service
from schakel.actions.editing import service as editing
from schakel.actions.models import Action, ActionHistory
from schakel.actions.page_data import page_data
from schakel.identity.models import Person
from schakel.notifications.models import Mail
from tests import make_followup


@pytest.fixture
def hospital(in_app):
    return make_followup.make_hospital()


def on_behalf_of(session, action):
    """Return for whom the last entry of its history was made."""
    entries = sa.select(ActionHistory.on_behalf_of).where(ActionHistory.action_id == action.id)
    return session.scalars(entries.order_by(ActionHistory.id.desc())).first()


def mails(in_app, kind):
    return {mail.to_name for mail in in_app.scalars(sa.select(Mail).where(Mail.kind == f"action.{kind}"))}


def test_an_agreement_is_done_when_the_requester_agrees_and_needs_no_evidence(in_app, hospital):
    action = make_followup.make_action(hospital, ("Sietse", "s@elders.example.org"), tier="agreement")
    service.move(make_followup.by_link(action), action, "accept")
    service.move(make_followup.by_link(action), action, "done")
    for role in ("quality_adviser", "medical_director"):
        with pytest.raises(errors.NotAllowed):
            service.move(hospital.actor(role), action, "check", "Ik vind het klaar.")
    service.move(hospital.actor("coordinator"), action, "check", "Zo is het afgesproken.")
    assert action.state == "checked"


def test_somebody_else_must_check_an_agreement_that_its_requester_owns(in_app, hospital):
    action = make_followup.make_action(hospital, hospital.people["coordinator"], tier="agreement")
    coordinator = hospital.actor("coordinator")
    service.move(coordinator, action, "accept")
    service.move(coordinator, action, "done")
    assert not policy.may(coordinator, action, "check")
    service.move(hospital.actor("quality_adviser"), action, "check", "Klopt.")
    assert action.state == "checked"


def test_the_deputy_of_the_owner_does_not_check_for_them(in_app, hospital):
    deputy = make_followup.make.make_staff("participant", hospital.organisation, "Waarnemer")
    make_followup.make.make_deputy(hospital.people["coordinator"], deputy)
    action = make_followup.make_action(
        hospital, hospital.people["coordinator"], requester_id=hospital.people["quality_adviser"].id, title="Eigen werk"
    )
    make_followup.done(hospital, action)
    with pytest.raises(errors.NotAllowed):
        service.move(make_followup.make.actor_of(deputy), action, "check", "Namens de eigenaar.")


def test_a_deputy_of_the_owner_and_of_a_second_person_checks_for_the_second(in_app, hospital):
    deputy = make_followup.make.make_staff("participant", hospital.organisation, "Waarnemer")
    for role in ("coordinator", "medical_director"):
        make_followup.make.make_deputy(hospital.people[role], deputy, role)
    action = make_followup.make_action(
        hospital, hospital.people["coordinator"], requester_id=hospital.people["quality_adviser"].id, title="Eigen werk"
    )
    make_followup.done(hospital, action)
    service.move(make_followup.make.actor_of(deputy), action, "check", "Nagekeken.")
    assert on_behalf_of(in_app, action) == hospital.people["medical_director"].name


def test_a_requester_who_is_also_a_deputy_acts_in_their_own_name(in_app, hospital):
    requester = hospital.people["quality_adviser"]
    make_followup.make.make_deputy(hospital.people["coordinator"], requester)
    action = make_followup.done(hospital, make_followup.make_action(hospital, requester_id=requester.id))
    service.move(make_followup.make.actor_of(requester), action, "check", "Nagekeken.")
    assert on_behalf_of(in_app, action) is None


def test_somebody_with_the_mailbox_of_the_owner_does_not_check_under_another_name(in_app, hospital):
    judge = hospital.people["coordinator"]
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Iemand Anders", judge.email)))
    with pytest.raises(errors.Refused, match="eigen e-mailadres"):
        service.move(hospital.actor("coordinator"), action, "check", "Gezien.")


@pytest.mark.parametrize("state", ["proposed", "reported_done", "checked"])
def test_evidence_can_be_added_to_accepted_work_until_it_is_reported_done(in_app, hospital, state):
    action = make_followup.make_action(hospital)
    if state != "proposed":
        make_followup.done(hospital, action)
    if state == "checked":
        service.move(hospital.actor("coordinator"), action, "check", "Gezien.")
    with pytest.raises(errors.Refused, match="aangenomen"):
        service.add_evidence(make_followup.by_link(action), action, "Nog iets.", "", None)


def test_requester_and_owner_are_mailed_that_it_is_checked(in_app, hospital):
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Sietse", "s@elders.example.org")))
    service.move(hospital.actor("quality_adviser"), action, "check", "Gezien.")
    assert mails(in_app, "checked") == {"Sietse", hospital.people["coordinator"].name}


def test_nobody_gets_a_mail_about_what_they_did_themselves(in_app, hospital):
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Sietse", "s@elders.example.org")))
    service.move(hospital.actor("coordinator"), action, "check", "Gezien.")
    assert mails(in_app, "checked") == {"Sietse"}


def test_the_owner_is_mailed_about_another_date_and_about_the_end(in_app, hospital):
    action = make_followup.make_action(hospital, ("Sietse", "s@elders.example.org"))
    coordinator = hospital.actor("coordinator")
    editing.move_deadline(coordinator, action, action.due_on + timedelta(days=9), "Vakantie.", action.version)
    service.move(coordinator, action, "cancel", "Niet meer nodig.")
    assert mails(in_app, "deadline") == mails(in_app, "cancelled") == {"Sietse"}


def test_one_rendering_of_the_form_makes_one_action_point_and_one_mail(in_app, hospital):
    event = make_followup.make.make_event(hospital.organisation)
    facts = service.Facts(
        "Eén keer", hospital.organisation.id, ("Sietse", "s@elders.example.org"), hospital.people["coordinator"].id, nonce="n" * 22
    )  # fmt: skip
    made = {make_followup.followup.make_action(hospital.actor("coordinator"), event, None, facts).id for _ in range(3)}
    assert len(made) == 1 and len(in_app.scalars(sa.select(Mail)).all()) == 1


def test_a_version_displayed_before_somebody_else_changed_it_is_stale(in_app, hospital):
    action = make_followup.make_action(hospital, ("Een", "een@elders.example.org"))
    seen = action.version
    editing.give_to(hospital.actor("coordinator"), action, ("Twee", "twee@elders.example.org"))
    with pytest.raises(errors.Stale):
        service.move(make_followup.by_link(action), action, "accept", version=seen)
    assert action.state == "proposed"


def test_the_history_names_the_person_for_whom_a_deputy_acts(in_app, hospital):
    deputy = make_followup.make.make_staff("participant", hospital.organisation, "Waarnemer")
    make_followup.make.make_deputy(hospital.people["coordinator"], deputy)
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Sietse", "s@elders.example.org")))
    service.move(make_followup.make.actor_of(deputy), action, "check", "Nagekeken.")
    in_app.flush()
    in_app.expire_all()
    said = [entry.who for entry in page_data(hospital.actor("coordinator"), action, dates.today()).history]
    assert said[0] == f"Waarnemer, namens {hospital.people['coordinator'].name}"


def test_two_verbs_at_once_have_one_winner(fresh_database):
    """The second one sees what the first did, and gets a message about it."""
    from tests.concurrency import together

    with fresh_database.app_context():
        db.set_writing(True)
        hospital = make_followup.make_hospital()
        number = make_followup.done(hospital, make_followup.make_action(hospital)).id
        who, version = hospital.actor("coordinator"), db.session().get(Action, number).version
        db.end_transaction(True)

    def judge(verb):
        try:
            service.move(who, db.session().get(Action, number), verb, "Gezien.", version=version)
            return verb
        except (errors.Refused, errors.Stale):
            db.rollback()
            return None

    done = together(fresh_database, judge, ["check", "send_back"] * 4, 8)
    with fresh_database.app_context():
        kinds = db.session().scalars(
            sa.select(ActionHistory.verb).where(ActionHistory.verb.in_(("check", "send_back")))
        )
        assert kinds.all() == [verb for verb in done if verb] and len([verb for verb in done if verb]) == 1


def test_the_same_outsider_asked_twice_at_once_is_one_person(fresh_database):
    from tests.concurrency import together

    with fresh_database.app_context():
        db.set_writing(True)
        hospital = make_followup.make_hospital()
        event = make_followup.make.make_event(hospital.organisation).id
        who = hospital.actor("coordinator")
        db.end_transaction(True)

    def ask(number):
        from schakel.events.models import Event

        wanted = db.session().get(Event, event)
        facts = service.Facts(
            f"Punt {number}", wanted.organisation_id, ("Sietse", "s@elders.example.org"), who.person_id
        )
        return make_followup.followup.make_action(who, wanted, None, facts).owner_id

    assert len(set(together(fresh_database, ask, range(6), 6))) == 1
    with fresh_database.app_context():
        assert len(db.session().scalars(sa.select(Person).where(Person.name == "Sietse")).all()) == 1


def test_an_owner_who_moves_their_own_date_as_a_deputy_does_so_in_the_principals_name(in_app, hospital):
    owner = hospital.people["participant"]
    make_followup.make.make_deputy(hospital.people["coordinator"], owner)
    action = make_followup.make_action(hospital)
    actor = make_followup.make.actor_of(owner)
    editing.move_deadline(actor, action, dates.today() + timedelta(days=90), "Later.", action.version)
    assert on_behalf_of(in_app, action) == hospital.people["coordinator"].name
    service.move(actor, action, "accept")
    assert on_behalf_of(in_app, action) is None


def test_the_mailbox_of_the_owner_does_not_judge_through_a_deputy(in_app, hospital):
    deputy = make_followup.make.make_staff("participant", hospital.organisation, "Waarnemer")
    director = hospital.people["medical_director"]
    make_followup.make.make_deputy(director, deputy, "medical_director")
    action = make_followup.done(hospital, make_followup.make_action(hospital, ("Iemand Anders", director.email)))
    with pytest.raises(errors.Refused, match="eigen e-mailadres"):
        service.move(make_followup.make.actor_of(deputy), action, "check", "Nagekeken.")
