"""The waiting list: in order, a freed place is offered to the first person with a deadline, nobody jumps the queue."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.events.models import Event
from schakel.registrations import jobs, rules
from schakel.registrations.models import Registration, Wait
from schakel.registrations.self_service import service as self_service
from tests import mailbox, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import WORKER, holds_link, register, row, states

pytestmark = pytest.mark.both_databases


def waiting_list(work, room=1, names="ABCD", **wishes):
    """Make an event in which everybody after the first `room` people waits; return it and the ids by name."""
    hall = make_registrations.make_hall(work, room, **wishes)
    with work():
        people = {name: register(hall, name) for name in names}
    return hall, people


def leave(number: int) -> None:
    self_service.withdraw(holds_link(number), row(number))


def minute() -> None:
    """Run the worker's jobs of each round."""
    for job in (jobs.lapse_offers, jobs.fill_freed, jobs.follow_events):
        job(WORKER)
        db.end_transaction(True)


def set_room(hall, number) -> None:
    event = db.session().get(Event, hall.id)
    db.session().expire(event)
    agenda.set_room(make.ANY_ROLE, event, [(None, "Aanwezigen", number)], event.room_version)
    db.end_transaction(True)


def test_a_freed_place_is_offered_to_the_first_person_at_once(work, frozen):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        assert states(hall) == {"A": "withdrawn", "B": "offered", "C": "waiting", "D": "waiting"}
        assert make_registrations.used(hall) == {hall.pools[None]: (1, 3)}
        (mail,) = mailbox.mails("offered")
        until = db.session().scalar(sa.select(Wait.offer_until).where(Wait.registration_id == people["B"]))
        assert until == rules.offer_until(dates.now(), hall.starts_at)
        assert mail.to_name == "B" and dates.format_datetime(until) in " ".join(mail.content["paragraphs"])
        assert mail.calendar is None and mail.content["button"]


def test_accepting_gives_the_place_and_the_calendar_entry(work):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        self_service.accept(holds_link(people["B"]), row(people["B"]))
        assert states(hall) == {"A": "withdrawn", "B": "registered", "C": "waiting", "D": "waiting"}
        assert make_registrations.used(hall) == {hall.pools[None]: (1, 2)}
        mail = mailbox.mails("registered", "B")[0]
        assert mail.calendar["method"] == "REQUEST"
        self_service.accept(holds_link(people["B"]), row(people["B"]))
        assert len(mailbox.mails("registered", "B")) == 1


def test_refusing_passes_the_offer_to_the_next_person(work):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        leave(people["B"])
        assert states(hall) == {"A": "withdrawn", "B": "withdrawn", "C": "offered", "D": "waiting"}
        assert [mail.to_name for mail in mailbox.mails("offered")] == ["B", "C"]


def test_an_unanswered_offer_expires_and_goes_to_the_next_person(work, frozen):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        until = db.session().scalar(sa.select(Wait.offer_until).where(Wait.registration_id == people["B"]))
        frozen.move_to(until)
        minute()
        assert states(hall)["B"] == "offered", "the last minute counts"
        frozen.shift(1)
        minute()
        assert states(hall) == {"A": "withdrawn", "B": "lapsed", "C": "offered", "D": "waiting"}
        minute()
        assert [(mail.kind, mail.to_name) for mail in mailbox.mails()[-2:]] == [("offered", "C"), ("lapsed", "B")]
        assert len(mailbox.mails("offered")) == 2


def test_accepting_after_the_deadline_is_refused(work, client, frozen):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        until = db.session().scalar(sa.select(Wait.offer_until).where(Wait.registration_id == people["B"]))
    visitor = mailbox.follow(work, client, "B")
    assert "Er is een plaats voor u" in visitor.get("/mijn-aanmelding").text
    frozen.move_to(until + timedelta(seconds=1))
    page = visitor.send("/mijn-aanmelding/plaats-aannemen")
    assert page.status_code in (404, 422)  # the session may have ended meanwhile
    visitor = mailbox.follow(work, client, "B")
    page = visitor.send("/mijn-aanmelding/plaats-aannemen")
    assert page.status_code == 422 and "Dit aanbod is verlopen." in page.text
    with work():
        assert states(hall)["B"] == "offered"


def test_a_place_that_was_not_offered_cannot_be_accepted(work, client):
    hall, _people = waiting_list(work)
    visitor = mailbox.follow(work, client, "C")
    assert visitor.send("/mijn-aanmelding/plaats-aannemen").status_code == 422
    with work():
        assert states(hall)["C"] == "waiting"


def test_leaving_the_waiting_list_changes_nothing_for_the_others(work):
    hall, people = waiting_list(work)
    with work():
        leave(people["C"])
        leave(people["A"])
        leave(people["B"])
        assert states(hall) == {"A": "withdrawn", "B": "withdrawn", "C": "withdrawn", "D": "offered"}


def test_a_newcomer_does_not_get_the_place_that_is_offered(work):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        register(hall, "E")
        assert states(hall)["E"] == "waiting" and states(hall)["B"] == "offered"


def test_more_capacity_goes_to_the_waiting_list_in_order(work):
    hall, _people = waiting_list(work, names="ABCDE")
    with work():
        set_room(hall, 3)
        minute()
        assert list(states(hall).values()) == ["registered", "offered", "offered", "waiting", "waiting"]
        minute()
        assert list(states(hall).values()) == ["registered", "offered", "offered", "waiting", "waiting"]
        assert [mail.to_name for mail in mailbox.mails("offered")] == ["B", "C"]


def test_a_newcomer_does_not_get_new_capacity_before_the_waiting_list(work):
    """Between the coordinator's change and the worker's next round."""
    hall, _people = waiting_list(work, names="ABC")
    with work():
        set_room(hall, 2)
        register(hall, "N")
        minute()
        assert states(hall) == {"A": "registered", "B": "offered", "C": "waiting", "N": "waiting"}


def test_a_newcomer_does_not_get_a_session_before_its_waiting_list(work):
    hall = make_registrations.make_hall(work, 9, sessions=(1,))
    with work():
        for name in "AB":
            register(hall, name, sessions="A")
        event = db.session().get(Event, hall.id)
        pool = next(pool for pool in event.pools if pool.session_id)
        pool.capacity = 2
        db.end_transaction(True)
        register(hall, "N", sessions="A")
        minute()
        assert make_registrations.used(hall)[pool.id] == (2, 1)
        waits = db.session().scalars(sa.select(Registration.name).join(Wait)).all()
        assert waits == ["N"]


def test_less_capacity_takes_no_place_away(work):
    hall = make_registrations.make_hall(work, 3)
    with work():
        people = [register(hall, name) for name in "ABC"]
        set_room(hall, 1)
        register(hall, "D")
        leave(people[0])
        assert list(states(hall).values()) == ["withdrawn", "registered", "registered", "waiting"]
        leave(people[1])
        assert states(hall)["D"] == "waiting" and make_registrations.used(hall) == {hall.pools[None]: (1, 1)}
        leave(people[2])
        assert states(hall)["D"] == "offered"


def test_a_group_waits_until_there_are_places_for_all_of_it(work):
    hall = make_registrations.make_hall(work, 4, kind="patient_day", form="patient_day")
    with work():
        first, second, _third = (register(hall, name, persons=count) for name, count in (("A", 2), ("B", 2), ("C", 3)))
        leave(first)
        assert states(hall)["C"] == "waiting" and make_registrations.used(hall) == {hall.pools[None]: (2, 1)}
        leave(second)
        assert states(hall)["C"] == "offered" and make_registrations.used(hall) == {hall.pools[None]: (3, 1)}


def test_a_freed_session_goes_to_the_first_person_with_a_place_at_the_event(work):
    hall = make_registrations.make_hall(work, 3, sessions=(1, 9))
    with work():
        first = register(hall, "A", sessions="A")
        second, third = register(hall, "B", sessions="A"), register(hall, "C", sessions="A")
        register(hall, "D", sessions="A")  # no place at the event at all
        leave(second)
        assert states(hall)["D"] == "offered"
        leave(first)
        assert make_registrations.in_session(third) == sorted([hall.pools[None], hall.session_pools["A"]])
        mail = mailbox.mails("changed", "C")[-1]
        assert mail.calendar["method"] == "REQUEST" and mail.calendar["entries"][0]["sequence"] == 1
        assert [fact[1][:12] for fact in mail.content["facts"] if fact[0] == "Sessie"] == ["A. Sessie 1,"]


def test_accepting_also_takes_the_wished_session_if_it_has_a_place(work):
    hall = make_registrations.make_hall(work, 1, sessions=(1,))
    with work():
        first, second = register(hall, "A", sessions="A"), register(hall, "B", sessions="A")
        leave(first)
        self_service.accept(holds_link(second), row(second))
        assert make_registrations.in_session(second) == sorted([hall.pools[None], hall.session_pools["A"]])
        assert make_registrations.used(hall) == {hall.pools[None]: (1, 0), hall.session_pools["A"]: (1, 0)}


def test_nobody_is_offered_a_place_once_the_event_has_begun(work, frozen):
    """Otherwise everybody would get two mails in one minute: an offer that ended half an hour ago, and its expiry."""
    hall, people = waiting_list(work, names="ABCDE")
    with work():
        leave(people["A"])
        frozen.move_to(hall.starts_at + timedelta(minutes=30))
        minute()
        minute()
        assert [mail.to_name for mail in mailbox.mails("offered")] == ["B"]
        assert [states(hall)[name] for name in "CDE"] == ["waiting"] * 3


def test_withdrawing_after_the_start_offers_nothing(work, frozen):
    hall, people = waiting_list(work)
    with work():
        frozen.move_to(hall.starts_at + timedelta(minutes=1))
        leave(people["A"])
        minute()
        assert mailbox.mails("offered") == []


def test_nobody_is_offered_a_place_at_an_event_that_is_cancelled(work, frozen):
    hall, people = waiting_list(work, names="ABCDE")
    with work():
        leave(people["A"])
        events.move(make.ANY_ROLE, db.session().get(Event, hall.id), "cancel", "De spreker is ziek.")
        db.end_transaction(True)
        frozen.shift(timedelta(days=5))
        minute()
        minute()
        leave(people["C"])
        assert [mail.to_name for mail in mailbox.mails("offered")] == ["B"]


def test_a_place_at_a_cancelled_event_cannot_be_accepted(work, client):
    hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        events.move(make.ANY_ROLE, db.session().get(Event, hall.id), "cancel", "De spreker is ziek.")
    visitor = mailbox.follow(work, client, "B")
    assert visitor.send("/mijn-aanmelding/plaats-aannemen").status_code == 422
    with work():
        assert mailbox.mails("registered", "B") == []


@pytest.mark.parametrize("verb", ["accept", "withdraw", "change"])
def test_the_link_of_one_guest_gives_no_access_to_another(work, verb):
    _hall, people = waiting_list(work)
    with work():
        leave(people["A"])
        wanted = self_service.Changes("X", "", (), "", False)
        asked = {"accept": (), "withdraw": (), "change": (wanted, 1)}[verb]
        with pytest.raises(errors.NotAllowed):
            getattr(self_service, verb)(holds_link(people["C"]), row(people["B"]), *asked)


def test_the_job_that_ends_offers_takes_as_many_reads_for_ten_as_for_none(work, frozen, statements):
    _hall, _people = waiting_list(work, names="AB")
    with work(), statements() as seen:
        jobs.lapse_offers(WORKER)
        jobs.fill_freed(WORKER)
        jobs.follow_events(WORKER)
    seen.exactly(3)
