"""R1: capacity is never exceeded, whoever competes; a control proves that the guarded UPDATE prevents it."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Flag

import pytest
import sqlalchemy as sa

from schakel import db, errors, settings
from schakel.events.agenda import service as agenda
from schakel.events.models import CapacityPool, Event
from schakel.registrations import jobs
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.places import service as places
from schakel.registrations.self_service import service as self_service
from tests import mailbox, make
from tests.concurrency import together
from tests.registrations import make_registrations
from tests.registrations.make_registrations import WORKER, holds_link, register, row

pytestmark = pytest.mark.both_databases

THREADS, ROOM = 40, 20


def prepare(app, room=ROOM, guests=THREADS):
    """Make an event with two sessions of this capacity, and guests without a place in them."""
    with app.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={None: None}, sessions=(room, room)))
        numbers = [register(hall, f"Gast {number}") for number in range(guests)]
        db.end_transaction(True)
    return hall, numbers


def resize(hall, places_):
    """Change the capacity as a coordinator who saw the current version."""
    event = db.session().scalar(Event.under_lock(hall.id))
    agenda.set_room(make.ANY_ROLE, event, [(None, "Aanwezigen", places_)], event.room_version)


def counted(app, pools):
    """Return (used, claims) of each pool."""
    with app.app_context():
        claims = sa.select(sa.func.count(SeatClaim.id)).where(SeatClaim.pool_id == CapacityPool.id).scalar_subquery()
        query = sa.select(CapacityPool.used, claims).where(CapacityPool.id.in_(pools)).order_by(CapacityPool.id)
        return [tuple(one) for one in db.session().execute(query)]


def test_forty_simultaneous_claims_on_two_pools_in_opposite_order_take_exactly_the_capacity(fresh_database):
    hall, numbers = prepare(fresh_database)
    pools = list(hall.session_pools.values())

    def claim(number):
        asked = pools if number % 2 else pools[::-1]
        taken = places.claim_all(asked, [], 1)
        if taken.held:
            places.hold(number, taken, 1)
        return len(taken.held)

    got = together(fresh_database, claim, numbers)
    assert sorted(got) == [0] * (THREADS - ROOM) + [2] * ROOM
    assert counted(fresh_database, pools) == [(ROOM, ROOM)] * 2


def sell(pool, number):
    if places.take(pool, 1):
        db.session().execute(sa.insert(SeatClaim), [{"registration_id": number, "pool_id": pool, "seats": 1}])


def test_the_guarded_update_alone_prevents_overselling_to_forty(fresh_database):
    hall, numbers = prepare(fresh_database)
    pool = hall.session_pools["A"]
    together(fresh_database, lambda number: sell(pool, number), numbers)
    assert counted(fresh_database, [pool]) == [(ROOM, ROOM)]


def test_control_without_the_guard_the_same_race_oversells(fresh_database, monkeypatch):
    """Count, wait, write: as Indico does. If this ever gives exactly the capacity, the tests above prove nothing.

    On SQLite the write lock at BEGIN would prevent even this, so the check ends its transaction before the write, as
    happens in every system that reads in one request and writes in the next.
    """
    hall, numbers = prepare(fresh_database)
    pool = hall.session_pools["A"]

    def unguarded(pool_id, number, **_rest):
        query = sa.select(CapacityPool.capacity - CapacityPool.used).where(CapacityPool.id == pool_id)
        db.set_writing(False)
        free = db.session().scalar(query)
        db.end_transaction(True)
        time.sleep(0.05)
        db.set_writing(True)
        if free < number:
            return False
        db.rows_affected(
            sa.update(CapacityPool).where(CapacityPool.id == pool_id).values(used=CapacityPool.used + number)
        )
        return True

    monkeypatch.setattr(places, "take", unguarded)
    together(fresh_database, lambda number: sell(pool, number), numbers)
    ((used, claims),) = counted(fresh_database, [pool])
    assert used == claims > ROOM


def test_forty_simultaneous_registrations_fill_the_places_and_the_waiting_list(fresh_database):
    with fresh_database.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={"huisarts": 12}, sessions=(5, 30)))
        db.end_transaction(True)
    together(fresh_database, lambda number: register(hall, f"Gast {number}", sessions="AB"[number % 2]), range(THREADS))
    with fresh_database.app_context():
        states = list(make_registrations.states(hall).values())
        assert states.count("registered") == 12 and states.count("waiting") == 28
        queue = db.session().scalars(
            sa.select(Wait.registration_id).where(Wait.pool_id == hall.pools["huisarts"]).order_by(Wait.id)
        ).all()  # fmt: skip
        assert len(queue) == 28


def test_each_freed_place_is_offered_to_one_person_when_ten_leave_simultaneously(fresh_database):
    """Double promotion (row 26 of the attack table)."""
    with fresh_database.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={None: 10}))
        numbers = [register(hall, f"Gast {number}") for number in range(30)]
        db.end_transaction(True)
    together(fresh_database, lambda number: self_service.withdraw(holds_link(number), row(number)), numbers[:10], 10)
    with fresh_database.app_context():
        assert (
            list(make_registrations.states(hall).values()) == ["withdrawn"] * 10 + ["offered"] * 10 + ["waiting"] * 10
        )
        assert len(mailbox.mails("offered")) == 10 == len({mail.to_name for mail in mailbox.mails("offered")})


def test_withdrawing_while_a_place_is_offered_causes_no_deadlock(fresh_database, monkeypatch):
    """A guest and the first person who waits withdraw at the same time: neither waits for the other for ever."""
    app = fresh_database
    with app.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={None: 1}))
        first, second = register(hall, "A"), register(hall, "B")
        register(hall, "C")
        db.end_transaction(True)
    giving, real = Flag(), places.serve_waiting_list

    def slowly(*args):
        giving.set()
        time.sleep(0.4)
        return real(*args)

    monkeypatch.setattr(places, "serve_waiting_list", slowly)

    def leave(number):
        with app.app_context():
            if number == second:
                giving.wait(10)
            db.set_writing(True)
            self_service.withdraw(holds_link(number), row(number))
            db.end_transaction(True)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(leave, [first, second]))
    with app.app_context():
        assert make_registrations.states(hall) == {"A": "withdrawn", "B": "withdrawn", "C": "offered"}


def test_two_processes_that_hand_out_places_give_each_place_once(fresh_database, monkeypatch):
    """The worker hands out new capacity while a guest withdraws: both find the same person first."""
    app = fresh_database
    with app.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={None: 1}))
        first = register(hall, "A")
        for name in "BCD":
            register(hall, name)
        resize(hall, 3)
        db.end_transaction(True)
    serving, real, calls = Flag(), places.take, []

    def slowly(*args, **options):
        calls.append(1)
        if len(calls) == 1:
            serving.set()
            time.sleep(0.4)
        return real(*args, **options)

    monkeypatch.setattr(places, "take", slowly)

    def side(name):
        with app.app_context():
            db.set_writing(True)
            if name == "worker":
                jobs.fill_freed(WORKER)
            else:
                serving.wait(10)
                self_service.withdraw(holds_link(first), row(first))
            db.end_transaction(True)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(side, ["worker", "guest"]))
    with app.app_context():
        assert len(mailbox.mails("offered")) == 3
        assert make_registrations.states(hall) == {"A": "withdrawn", "B": "offered", "C": "offered", "D": "offered"}


def test_two_simultaneous_clicks_withdraw_once(fresh_database):
    with fresh_database.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={None: 1}))
        number = register(hall, "A")
        for name in "BCD":
            register(hall, name)
        db.end_transaction(True)
    together(fresh_database, lambda one: self_service.withdraw(holds_link(one), row(one)), [number] * 8, 8)
    with fresh_database.app_context():
        assert list(make_registrations.states(hall).values()) == ["withdrawn", "offered", "waiting", "waiting"]
        assert len(mailbox.mails("withdrawn")) == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_all_verbs_at_the_same_time_break_no_invariant(fresh_database, monkeypatch, seed):
    """Sign up, withdraw, accept, change, expire, raise and lower capacity, for some seconds in eight threads."""
    app = fresh_database
    monkeypatch.setattr(settings, "undo", lambda: timedelta(0))
    with app.app_context():
        db.set_writing(True)
        hall = make_registrations.hall_of(make.make_event(room={None: 6}, sessions=(2, 3)))
        for number in range(12):
            register(hall, f"Eerste {number}", sessions="AB"[number % 2])
        db.end_transaction(True)
    end = time.monotonic() + 3

    def act(side):
        chance, done = random.Random(seed * 100 + side), 0
        while time.monotonic() < end:
            with app.app_context():
                db.set_writing(True)
                try:
                    one_act(hall, chance, f"{side}-{done}")
                    db.end_transaction(True)
                    done += 1
                except (errors.Refused, errors.Stale):
                    db.end_transaction(False)
        return done

    with ThreadPoolExecutor(8) as threads:
        done = sum(threads.map(act, range(8)))
    assert done > 40


def one_act(hall, chance, name) -> None:
    """Do one random verb that is possible at any time."""
    verb = chance.choice(["register", "register", "withdraw", "accept", "change", "room", "lapse", "fill"])
    someone = db.session().scalars(sa.select(Registration.id).where(Registration.event_id == hall.id)).all()
    number = chance.choice(someone)
    if verb == "register":
        register(hall, name, sessions=chance.choice("AB"))
    elif verb == "withdraw":
        self_service.withdraw(holds_link(number), row(number))
    elif verb == "accept":
        self_service.accept(holds_link(number), row(number))
    elif verb == "change":
        found = row(number)
        wanted = self_service.Changes(found.name, "", (hall.sessions[chance.choice("AB")],), "", False)
        self_service.change(holds_link(number), found, wanted, found.version)
    elif verb == "room":
        resize(hall, chance.randint(3, 9))
    elif verb == "lapse":
        offered = [one for one in someone if row(one).state == "offered"]
        for one in offered[:1]:
            self_service.lapse(WORKER, row(one))
    else:
        jobs.fill_freed(WORKER)
