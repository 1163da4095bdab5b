"""Create, change, publish and move events through the service."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from schakel import dates, db, errors
from schakel.audit.models import AuditEntry
from schakel.events import policy
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.events.models import CapacityPool, Event, EventDay
from tests import make


@pytest.fixture
def hospital(in_app):
    return make.make_organisation("Huis")


@pytest.fixture
def actor(hospital):
    return make.coordinator_of(hospital)


def entries(session, action: str) -> list[AuditEntry]:
    db.end_transaction(True)
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def test_a_new_event_is_a_draft_of_version_one(in_app, hospital, actor):
    event = events.create(actor, make.make_facts(hospital))
    assert (event.state, event.version, event.sequence, event.slug) == ("draft", 1, 0, "avond-over-bereikbaarheid")
    assert [item.id for item in event.organisers] == [hospital.id]
    assert [entry.object_id for entry in entries(in_app, "event.created")] == [str(event.id)]


def test_the_same_title_gets_a_number(in_app, hospital, actor):
    slugs = [events.create(actor, make.make_facts(hospital)).slug for _ in range(3)]
    assert slugs == ["avond-over-bereikbaarheid", "avond-over-bereikbaarheid-2", "avond-over-bereikbaarheid-3"]


@pytest.mark.parametrize("word", ["nieuw", "Nieuw!"])
def test_no_title_takes_the_address_of_a_page_of_the_application(in_app, hospital, actor, word):
    assert events.create(actor, make.make_facts(hospital, title=word)).slug != "nieuw"


def test_somebody_elses_organisation_is_refused(in_app, hospital, actor):
    with pytest.raises(errors.NotAllowed):
        events.create(actor, make.make_facts(make.make_organisation("Ander")))


@pytest.mark.parametrize("verb", ["edit", "move", "put_item", "delete_item", "set_room", "set_steps"])
def test_only_the_coordinator_of_the_owner_may_do_anything(in_app, actor, verb):
    event = make.make_event(make.make_organisation("Ander"))
    args = {
        "edit": (make.make_facts(event.organisation), 1),
        "move": ("cancel", "Daarom."),
        "put_item": (None,),
        "delete_item": (event.items[0],),
        "set_room": ([], 1),
        "set_steps": ([],),
    }
    before = event.version
    with pytest.raises(errors.NotAllowed):
        getattr(events if verb in ("edit", "move") else agenda, verb)(actor, event, *args[verb])
    assert event.version == before


def test_an_unknown_kind_and_no_day_are_refused(in_app, hospital, actor):
    for wrong, field in (({"kind": "party"}, "kind"), ({"days": ()}, "days")):
        with pytest.raises(errors.Refused) as no:
            events.create(actor, make.make_facts(hospital, **wrong))
        assert no.value.field == field


def test_an_edit_raises_the_version_and_an_old_version_is_stale(in_app, hospital, actor):
    event = make.make_event(hospital)
    visible = event.version
    events.edit(actor, event, make.make_facts(hospital, lead="Nieuw."), visible)
    assert event.version == visible + 1 and event.lead == "Nieuw."
    with pytest.raises(errors.Stale) as stale:
        events.edit(actor, event, make.make_facts(hospital, lead="Ouder."), visible)
    assert stale.value.current is event and event.lead == "Nieuw."


@pytest.mark.parametrize(
    ("change", "rises"),
    [({"title": "Anders"}, 1), ({"place_name": "Sneek"}, 1), ({"lead": "Anders"}, 0), ({"about": "Anders"}, 0)],
)
def test_the_sequence_rises_only_for_calendar_data_of_a_published_event(in_app, hospital, actor, change, rises):
    for state, expected in (("published", rises), ("draft", 0)):
        event = make.make_event(hospital, state)
        events.edit(actor, event, make.make_facts(hospital, **change), event.version)
        assert event.sequence == expected


def test_an_event_that_is_over_or_cancelled_does_not_change(in_app, hospital, actor):
    for state in ("held", "closed", "cancelled"):
        event = make.make_event(hospital, state)
        with pytest.raises(errors.Refused):
            events.edit(actor, event, make.make_facts(hospital), event.version)


@pytest.mark.parametrize("verb", ["put_item", "set_room", "set_steps"])
def test_nor_does_the_agenda_or_the_capacity_of_a_closed_or_cancelled_event(in_app, hospital, actor, verb):
    for state in ("closed", "cancelled"):
        event = make.make_event(hospital, state)
        slot = agenda.ItemFacts("plenary", dates.local(event.starts_at).date(), time(18), time(19), "Extra")
        args = {
            "put_item": (slot,),
            "set_room": ([(None, "Aanwezigen", 5)], event.room_version),
            "set_steps": ([("a", "b")],),
        }
        with pytest.raises(errors.Refused):
            getattr(events if verb in ("edit", "move") else agenda, verb)(actor, event, *args[verb])


def test_moving_a_day_leaves_its_calendar_entry_and_moves_the_agenda(in_app, hospital, actor):
    event = make.make_event(hospital, sessions=(5, 5))
    entry, starts = event.days[0].id, [slot.starts_at for slot in event.items]
    week_later = events.Day(dates.local(event.starts_at).date() + timedelta(days=7), time(18, 30), time(22, 30))
    events.edit(actor, event, make.make_facts(hospital, days=(week_later,)), event.version)
    assert event.days[0].id == entry and event.sequence == 1
    clocks = [
        dates.local(slot.starts_at).replace(tzinfo=None) - dates.local(was).replace(tzinfo=None)
        for slot, was in zip(event.items, starts, strict=True)
    ]
    assert set(clocks) == {timedelta(days=7, hours=1)}


def test_moving_over_the_change_to_winter_time_does_not_change_the_local_time(in_app, hospital, actor):
    summer = events.Day(date(2027, 10, 30), time(17, 30), time(21, 30))
    event = make.make_event(hospital, days=(summer,))
    winter = events.Day(date(2027, 11, 1), time(17, 30), time(21, 30))
    events.edit(actor, event, make.make_facts(hospital, days=(winter,)), event.version)
    assert dates.format_time(event.items[0].starts_at) == "17.30" and dates.format_time(event.starts_at) == "17.30"


def test_two_days_that_are_swapped_have_two_entries(in_app, hospital, actor):
    one, two = (events.Day(date(2027, 1, day), time(9), time(17)) for day in (10, 20))
    event = make.make_event(hospital, "draft", days=(one, two))
    make_ids = {day.id for day in event.days}
    events.edit(actor, event, make.make_facts(hospital, days=(two, one)), event.version)
    db.session().flush()
    assert {day.id for day in event.days} == make_ids and in_app.scalar(sa.select(sa.func.count(EventDay.id))) == 2


def test_publishing_says_what_is_missing_and_changes_nothing(in_app, hospital, actor):
    event = events.create(actor, make.make_facts(hospital, lead="", place_name=""))
    with pytest.raises(errors.Refused) as no:
        events.move(actor, event, "publish")
    assert no.value.values["wat"] == "een inleiding, een plaats, een programma, plaatsen"
    assert event.state == "draft" and event.version == 1


def test_a_verb_that_the_state_does_not_allow_is_refused(in_app, hospital, actor):
    with pytest.raises(errors.Refused) as no:
        events.move(actor, make.make_event(hospital, "cancelled"), "publish")
    assert no.value.values["staat"] == "gaat niet door"


def test_cancelling_raises_the_sequence(in_app, hospital, actor):
    event = make.make_event(hospital)
    events.move(actor, event, "cancel", "De spreker\r\n is  ziek.")
    assert (event.state, event.sequence, event.reason) == ("cancelled", 1, "De spreker is ziek.")
    assert entries(in_app, "event.cancel")


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_cancelling_without_a_reason_is_refused(in_app, hospital, actor, reason):
    event = make.make_event(hospital)
    with pytest.raises(errors.Refused) as no:
        events.move(actor, event, "cancel", reason)
    assert no.value.field == "reason" and (event.state, event.sequence) == ("published", 0)


@pytest.mark.parametrize("reason", ["", "Alles is besproken."])
def test_closing_takes_a_reason_and_does_not_ask_for_one(in_app, hospital, actor, reason):
    event = make.make_event(hospital, "held")
    events.move(actor, event, "close", reason)
    assert (event.state, event.reason) == ("closed", reason)


def test_a_verb_that_ends_nothing_stores_no_reason(in_app, hospital, actor):
    event = make.make_event(hospital, "draft")
    events.move(actor, event, "publish", "Zomaar.")
    assert event.reason == ""


def test_an_event_that_has_not_begun_cannot_have_been_held(in_app, hospital, actor):
    event = make.make_event(hospital)
    with time_machine.travel(event.starts_at - timedelta(seconds=1), tick=False), pytest.raises(errors.Refused) as no:
        events.move(actor, event, "hold")
    assert no.value.values["begin"] == dates.format_datetime(event.starts_at) and event.state == "published"
    with time_machine.travel(event.starts_at, tick=False):
        events.move(actor, event, "hold")
    assert event.state == "held"


def test_an_agenda_item_outside_the_times_of_the_event_is_refused(in_app, hospital, actor):
    event = make.make_event(hospital)
    for begins, ends in ((time(9), time(10)), (time(21), time(23, 30))):
        with pytest.raises(errors.Refused) as no:
            agenda.put_item(
                actor,
                event,
                agenda.ItemFacts("plenary", dates.local(event.starts_at).date(), begins, ends, "Te vroeg of te lang"),
            )
        assert no.value.field in ("begins", "ends")


def test_a_round_has_capacity_per_session_and_a_break_has_none(in_app, hospital, actor):
    event = make.make_event(hospital, "draft", sessions=(5, None))
    assert sorted((pool.capacity for pool in event.pools if pool.session_id), key=str) == [5, None]
    round_ = next(slot for slot in event.items if slot.kind == "round")
    facts = agenda.ItemFacts("break", dates.local(round_.starts_at).date(), time(17, 30), time(18), "Pauze")
    agenda.put_item(actor, event, facts, round_, round_.version)
    assert not [pool for pool in event.pools if pool.session_id]


def taken(event: Event, which) -> CapacityPool:
    pool = next(pool for pool in event.pools if which(pool))
    pool.used = 1
    db.session().flush()
    return pool


def test_a_session_that_somebody_chose_cannot_be_deleted(in_app, hospital, actor):
    event = make.make_event(hospital, sessions=(5, 5))
    taken(event, lambda pool: pool.session_id)
    round_ = next(slot for slot in event.items if slot.kind == "round")
    with pytest.raises(errors.Refused):
        agenda.delete_item(actor, event, round_)


def test_the_pool_of_a_profession_with_a_registration_cannot_be_deleted_but_may_shrink(in_app, hospital, actor):
    event = make.make_event(hospital, room={"huisarts": 5, "psychiater": 5})
    pool = taken(event, lambda pool: pool.profession_code == "huisarts")
    with pytest.raises(errors.Refused):
        agenda.set_room(actor, event, [("psychiater", "Psychiater", 5)], event.room_version)
    agenda.set_room(actor, event, [("huisarts", "Huisarts", 0), ("psychiater", "Psychiater", 5)], event.room_version)
    assert (pool.capacity, pool.used) == (0, 1)


def test_a_counter_never_goes_below_zero(in_app, hospital):
    pool = make.make_event(hospital).pools[0]
    with pytest.raises(sa.exc.IntegrityError):
        in_app.execute(sa.update(CapacityPool).where(CapacityPool.id == pool.id).values(used=-1))
    in_app.rollback()


def test_there_is_one_pool_per_profession(in_app, hospital):
    event = make.make_event(hospital, room={"huisarts": 5})
    in_app.add(CapacityPool(event_id=event.id, profession_code="huisarts", name="Nog eens", capacity=5))
    with pytest.raises(sa.exc.IntegrityError):
        in_app.flush()
    in_app.rollback()


def test_there_is_one_pool_for_everybody(in_app, hospital):
    event = make.make_event(hospital, room={None: 5})
    in_app.add(CapacityPool(event_id=event.id, name="Nog eens", capacity=5))
    with pytest.raises(sa.exc.IntegrityError):
        in_app.flush()
    in_app.rollback()


@pytest.mark.parametrize(("role", "sees"), [(role, role in ("coordinator", "facilitator")) for role in make.ROLES])
def test_only_the_own_organisation_sees_a_draft(in_app, hospital, role, sees):
    make.make_event(hospital, "draft")
    actor = make.actor_of(make.make_staff(role, hospital))
    assert bool(in_app.scalars(policy.visible_to(actor)).all()) is sees


def test_a_co_organiser_sees_the_draft_and_does_not_edit_it(in_app, hospital):
    other = make.make_organisation("Mede")
    event = make.make_event(hospital, "draft", organiser_ids=(hospital.id, other.id))
    actor = make.coordinator_of(other)
    assert in_app.scalars(policy.visible_to(actor)).all() == [event]
    assert not policy.may_edit(actor, event)


def test_an_event_given_to_another_organisation_is_recorded_in_the_name_of_the_principal(in_app, hospital):
    other = make.make_organisation("Ander")
    principal, deputy = make.make_staff("coordinator", hospital), make.make_staff("coordinator", other)
    make.make_deputy(principal, deputy)
    event = make.make_event(hospital)
    events.edit(make.actor_of(deputy), event, make.make_facts(other), event.version)
    assert [entry.on_behalf_of for entry in entries(in_app, "event.edited")] == [principal.name]
