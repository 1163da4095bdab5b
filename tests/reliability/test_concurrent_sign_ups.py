"""P3: three hundred people want one of a hundred places, over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from schakel import crypto, db
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.self_service import service as self_service
from tests import mailbox
from tests.registrations import make_registrations

pytestmark = pytest.mark.both_databases

CLIENTS, ROOM = 300, 100


def test_three_hundred_competing_clients_get_exactly_a_hundred_places_and_a_waiting_list_in_order(server):
    """Ten cookies, three hundred forms, each on its own connection."""
    hall = server.hall(room={None: ROOM})
    opened = [server.visitor() for _ in range(10)]
    for visitor in opened:
        visitor.open(hall)
        visitor.close()
    start = Barrier(CLIENTS)

    def compete(number):
        visitor, seen = server.visitor(), opened[number % 10]
        visitor.cookie, visitor.fields = seen.cookie, {**seen.fields, "nonce": crypto.new_token()}
        start.wait(120)
        status, place, _ = visitor.send(hall, f"Gast{number}")
        visitor.close()
        return status, place

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = list(threads.map(compete, range(CLIENTS)))
    assert {status for status, _ in answers} == {303} and len({place for _, place in answers}) == CLIENTS
    with server.app.app_context():
        session = db.session()
        mine = sa.select(Registration.id).where(Registration.event_id == hall.id)
        assert session.scalar(sa.select(sa.func.count(SeatClaim.id)).where(SeatClaim.registration_id.in_(mine))) == ROOM
        states = make_registrations.states(hall)
        assert sorted(states) == sorted(f"Gast{number}" for number in range(CLIENTS))
        assert list(states.values()).count("registered") == ROOM
        assert make_registrations.used(hall) == {hall.pools[None]: (ROOM, CLIENTS - ROOM)}
        queue = waiting(session, hall)
        assert len(queue) == CLIENTS - ROOM and queue == sorted(queue), "earlier registrations are earlier in the list"
        assert max(seated(session, hall)) < queue[0], "no later registration has a place"
        assert served(session, hall) == queue[:ROOM], "the waiting list gets places in order, one by one"
        db.end_transaction(False)


def waiting(session, hall) -> list[int]:
    """Return who waits, in order."""
    query = sa.select(Wait.registration_id).where(Wait.pool_id == hall.pools[None]).order_by(Wait.id)
    return list(session.scalars(query))


def seated(session, hall) -> list[int]:
    """Return who has a place."""
    query = sa.select(SeatClaim.registration_id).where(SeatClaim.pool_id == hall.pools[None])
    return list(session.scalars(query.order_by(SeatClaim.id)))


def served(session, hall) -> list[int]:
    """Let everybody with a place withdraw, the latest first; return who got the place each time."""
    got = []
    offered = sa.select(Registration.id).where(Registration.event_id == hall.id, Registration.state == "offered")
    for number in reversed(seated(session, hall)):
        self_service.withdraw(make_registrations.holds_link(number), make_registrations.row(number))
        session.flush()
        got += [one for one in session.scalars(offered) if one not in got]
    return got


def test_one_form_from_sixteen_browsers_at_once_has_one_effect(server):
    """R10, over real HTTP and several processes."""
    hall = server.hall(room={None: 5})
    first = server.visitor()
    first.open(hall)
    start = Barrier(16)

    def send(_number):
        visitor = server.visitor()
        visitor.cookie, visitor.fields = first.cookie, first.fields
        start.wait(60)
        return {visitor.send(hall, "Tjitske")[:2] for _ in range(6)}

    with ThreadPoolExecutor(16) as threads:
        answers = set().union(*threads.map(send, range(16)))
    assert len(answers) == 1 and next(iter(answers))[0] == 303
    with server.app.app_context():
        assert make_registrations.states(hall) == {"Tjitske": "registered"}
        assert len(mailbox.mails(to="Tjitske")) == 1
        db.end_transaction(False)
