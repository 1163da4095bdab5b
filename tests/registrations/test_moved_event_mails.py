"""A moved or cancelled event is mailed once to every calendar, after the time in which it can be undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from threading import Event as Flag

import pytest
import sqlalchemy as sa
import time_machine

from schakel import dates, db, settings, slots
from schakel.events import service as events
from schakel.events.models import Event
from schakel.jobs import service as jobs
from schakel.registrations import jobs as registration_jobs
from schakel.registrations import letters
from schakel.registrations.models import Registration
from schakel.registrations.self_service import service as self_service
from tests import mailbox, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import WORKER, holds_link, register, row
from tests.registrations.moved_events import DAY, LATER, THREE, edit, later

pytestmark = pytest.mark.both_databases


def recipients(kind: str) -> list[str]:
    return [mail.to_name for mail in mailbox.mails(kind)]


MOVES = {
    "another day": dict(days=(events.Day(DAY.on + timedelta(days=7), DAY.begins, DAY.ends),)),
    "an hour later": dict(days=(events.Day(DAY.on, time(18, 30), DAY.ends),)),
    "ends earlier": dict(days=(events.Day(DAY.on, DAY.begins, time(20)),)),
    "another place": dict(place_name="Zalencentrum, Drachten"),
    "another entrance": dict(place_detail="Ingang aan de achterkant"),
}


@pytest.mark.parametrize("case", MOVES)
def test_a_change_of_day_place_or_title_is_mailed_once_to_everybody(work, case):
    hall = make_registrations.make_hall(work, 2, days=(DAY,))
    with work():
        for name in "ABC":
            register(hall, name)
        edit(hall, **MOVES[case])
        assert later() == 3 and later() == 0
        assert recipients("moved") == ["A", "B", "C"]
        first, last = mailbox.mails("registered", "A")[0].calendar, mailbox.mails("moved", "A")[0].calendar
        assert last["method"] == "REQUEST" and last["entries"][0]["uid"] == first["entries"][0]["uid"]
        assert (first["entries"][0]["sequence"], last["entries"][0]["sequence"]) == (0, 1)
        assert mailbox.mails("moved", "C")[0].calendar is None, "people on the waiting list have no entry"


def test_nothing_is_mailed_before_the_time_to_undo_has_passed(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Drachten")
        assert registration_jobs.follow_events(WORKER) == 0
        with time_machine.travel(dates.now() + timedelta(minutes=9, seconds=58), tick=False):
            assert registration_jobs.follow_events(WORKER) == 0


def test_a_move_that_was_undone_in_time_is_mailed_to_nobody(work):
    """Design 2: the wait of ten minutes makes undoing possible."""
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Drachten")
        edit(hall)
        later()
        assert recipients("moved") == []


def test_two_moves_shortly_after_each_other_are_one_mail(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Drachten")
        edit(hall, place_name="Sneek")
        later()
        assert recipients("moved") == ["A"]
        assert mailbox.mails("moved")[0].calendar["entries"][0]["location"] == "Sneek"
        edit(hall, place_name="Bolsward")
        later()
        assert [mail.calendar["entries"][0]["sequence"] for mail in mailbox.mails("moved")] == [1, 2]


def test_a_change_of_texts_that_are_in_no_calendar_is_mailed_to_nobody(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, lead="Een andere inleiding.", about="Anders.", over="Anders")
        assert later() == 0 and recipients("moved") == []


def test_a_guest_who_signs_up_after_the_move_gets_no_mail_about_it(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Drachten")
        register(hall, "B")
        later()
        assert recipients("moved") == ["A"]


def test_a_guest_who_withdrew_gets_no_mail(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        number = register(hall, "A")
        self_service.withdraw(holds_link(number), row(number))
        edit(hall, place_name="Drachten")
        assert later() == 0


def test_cancelling_an_event_cancels_every_calendar_entry(work):
    hall = make_registrations.make_hall(work, 1, days=(DAY,))
    with work():
        for name in "AB":
            register(hall, name)
        events.move(make.ANY_ROLE, db.session().get(Event, hall.id), "cancel", "De spreker is ziek.")
        db.end_transaction(True)
        assert later() == 2 and later() == 0
        first, last = mailbox.mails("registered", "A")[0].calendar, mailbox.mails("cancelled", "A")[0].calendar
        assert last["method"] == "CANCEL" and last["entries"][0]["cancelled"]
        assert last["entries"][0]["uid"] == first["entries"][0]["uid"] and last["entries"][0]["sequence"] == 1
        assert last["entries"][0]["organizer"] == first["entries"][0]["organizer"]
        assert recipients("cancelled") == ["A", "B"] and mailbox.mails("cancelled", "B")[0].calendar is None


def test_moved_and_then_cancelled_ends_with_the_cancellation(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Drachten")
        later()
        events.move(make.ANY_ROLE, db.session().get(Event, hall.id), "cancel", "De spreker is ziek.")
        db.end_transaction(True)
        later()
        assert [(mail.kind, mail.calendar["method"], mail.calendar["entries"][0]["sequence"]) for mail in mailbox.mails()] == [
            ("registered", "REQUEST", 0), ("moved", "REQUEST", 1), ("cancelled", "CANCEL", 2),
        ]  # fmt: skip


def test_each_contact_day_has_its_own_entry(work):
    hall = make_registrations.make_hall(work, 5, days=THREE)
    with work():
        register(hall, "A")
        entries = mailbox.mails("registered")[0].calendar["entries"]
        assert len(entries) == 3 == len({entry["uid"] for entry in entries})
        assert len({entry["starts_at"] for entry in entries}) == 3


def test_a_moved_middle_day_is_mailed(work):
    """Start and end of the event are unchanged; the calendar entry of the middle day is not."""
    hall = make_registrations.make_hall(work, 5, days=THREE)
    with work():
        register(hall, "A")
        moved = events.Day(THREE[1].on + timedelta(days=1), time(9), time(17))
        edit(hall, days=(THREE[0], moved, THREE[2]))
        later()
        assert recipients("moved") == ["A"]


def test_the_entry_of_a_dropped_day_is_cancelled(work):
    hall = make_registrations.make_hall(work, 5, days=THREE)
    with work():
        register(hall, "A")
        uids = {entry["uid"] for entry in mailbox.mails("registered")[0].calendar["entries"]}
        edit(hall, days=THREE[:2])
        later()
        staying = {
            entry["uid"]
            for mail in mailbox.mails("moved")
            for entry in mail.calendar["entries"]
            if mail.calendar["method"] == "REQUEST"
        }
        gone = {
            entry["uid"]
            for mail in mailbox.mails()
            for entry in (mail.calendar or {"entries": []})["entries"]
            if entry["cancelled"]
        }
        assert len(staying) == 2 and gone == uids - staying


def test_an_added_day_leaves_the_existing_entries(work):
    hall = make_registrations.make_hall(work, 5, days=THREE[:2])
    with work():
        register(hall, "A")
        before = {entry["uid"]: entry["starts_at"] for entry in mailbox.mails("registered")[0].calendar["entries"]}
        edit(hall, days=THREE)
        later()
        after = {entry["uid"]: entry["starts_at"] for entry in mailbox.mails("moved")[0].calendar["entries"]}
        assert len(after) == 3 and all(after[uid] == at for uid, at in before.items())


def test_a_day_inserted_before_the_others_leaves_their_entries(work):
    """The uid of an entry depends on its day, not on its position."""
    hall = make_registrations.make_hall(work, 5, days=THREE[1:])
    with work():
        register(hall, "A")
        before = {entry["uid"]: entry["starts_at"] for entry in mailbox.mails("registered")[0].calendar["entries"]}
        edit(hall, days=THREE)
        later()
        after = {entry["uid"]: entry["starts_at"] for entry in mailbox.mails("moved")[0].calendar["entries"]}
        assert all(after[uid] == at for uid, at in before.items())


def test_a_past_event_is_not_mailed(work, frozen):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Drachten")
        frozen.move_to(hall.starts_at + timedelta(days=1))
        assert registration_jobs.follow_events(WORKER) == 0


def minute_jobs() -> list[str]:
    return [work.__name__ for _, work in slots.suppliers("minute")]


def test_the_worker_has_these_jobs_each_minute(app):
    assert {"lapse_offers", "fill_freed", "follow_events"} <= set(minute_jobs())


def test_two_workers_mail_everybody_once(fresh_database, monkeypatch):
    app = fresh_database
    with app.app_context():
        hall = make_registrations.hall_of(make.make_event(room={None: 40}, days=(DAY,)))
        for number in range(30):
            register(hall, f"Gast {number}")
        db.end_transaction(True)
        edit(hall, place_name="Drachten")
    monkeypatch.setattr(settings, "undo", lambda: timedelta(0))
    start = Barrier(2)

    def worker(name):
        with app.app_context():
            start.wait()
            for _ in range(3):
                jobs.round_of_work(name)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(worker, ["w1", "w2"]))
    with app.app_context():
        assert sorted(recipients("moved")) == sorted(f"Gast {number}" for number in range(30))


def test_after_a_crash_halfway_nobody_is_mailed_twice(work, monkeypatch):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        for name in "ABC":
            register(hall, name)
        edit(hall, place_name="Drachten")
        real, calls = letters.moved, []

        def failing(*args):
            calls.append(1)
            if len(calls) == 2:
                raise ZeroDivisionError
            return real(*args)

        monkeypatch.setattr(letters, "moved", failing)
        with time_machine.travel(dates.now() + LATER, tick=False):
            assert not jobs.run("registrations.follow_events", "w1", registration_jobs.follow_events)
            assert recipients("moved") == []
            assert jobs.run("registrations.follow_events", "w1", registration_jobs.follow_events)
        assert recipients("moved") == ["A", "B", "C"]


def test_a_guest_who_withdraws_while_the_worker_mails_a_move_has_no_entry_afterwards(fresh_database, monkeypatch):
    """In either order, the cancellation is the last update of the calendar."""
    app = fresh_database
    with app.app_context():
        hall = make_registrations.hall_of(make.make_event(room={None: 5}, days=(DAY,)))
        number = register(hall, "A")
        db.end_transaction(True)
        edit(hall, place_name="Drachten")
    monkeypatch.setattr(settings, "undo", lambda: timedelta(0))
    reading, real = Flag(), letters.moved

    def leave():
        reading.wait(10)
        with app.app_context():
            db.set_writing(True)
            self_service.withdraw(holds_link(number), row(number))
            db.end_transaction(True)

    def slowly(*args):
        reading.set()
        Flag().wait(0.4)
        return real(*args)

    monkeypatch.setattr(letters, "moved", slowly)
    with ThreadPoolExecutor(1) as threads:
        leaving = threads.submit(leave)
        with app.app_context():
            assert jobs.run("registrations.follow_events", "w1", registration_jobs.follow_events)
        leaving.result(30)
    with app.app_context():
        found = db.session().scalars(sa.select(Registration)).one()
        entries = [
            (mail.calendar["entries"][0]["sequence"], mail.calendar["method"])
            for mail in mailbox.mails()
            if mail.calendar
        ]
        assert found.state == "withdrawn" and len({one for one, _ in entries}) == len(entries)
        assert max(entries)[1] == "CANCEL"
