"""P3: three hundred people over the real line want one of a hundred places."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from schakel import db
from schakel.registrations.models import Registration, SeatClaim, Wait
from tests.registrations import seats

CLIENTS, ROOM = 300, 100


def test_three_hundred_competing_clients_get_exactly_a_hundred_places_and_a_line_in_order(house):
    hall = house.hall(room={None: ROOM})
    start = Barrier(CLIENTS)

    def compete(number):
        visitor = house.visitor()
        visitor.open(hall)
        start.wait(120)
        status, place, _ = visitor.send(hall, f"Gast{number}")
        told = visitor.ask("GET", place)[2] if status == 303 else ""
        visitor.close()
        return status, "U bent aangemeld</h1>" in told, "U staat op de wachtlijst</h1>" in told

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = list(threads.map(compete, range(CLIENTS)))
    assert {status for status, _, _ in answers} == {303}
    assert sum(placed for _, placed, _ in answers) == ROOM and sum(waits for _, _, waits in answers) == CLIENTS - ROOM
    with house.app.app_context():
        session = db.session()
        mine = sa.select(Registration.id).where(Registration.event_id == hall.id)
        assert session.scalar(sa.select(sa.func.count(SeatClaim.id)).where(SeatClaim.registration_id.in_(mine))) == ROOM
        line = session.execute(
            sa.select(Wait.id, Registration.created_at).join(Registration).where(Registration.event_id == hall.id).order_by(Wait.id)
        ).all()  # fmt: skip
        assert len(line) == CLIENTS - ROOM
        assert seats.used(hall) == {hall.pools[None]: (ROOM, CLIENTS - ROOM)}
        last_placed = session.scalar(
            sa.select(sa.func.max(SeatClaim.id)).where(SeatClaim.registration_id.in_(mine))
        )  # fmt: skip
        assert last_placed is not None
        db.finish(False)


def test_one_form_from_sixteen_browsers_at_once_has_one_effect(house):
    """R10, over the real line and over processes."""
    hall = house.hall(room={None: 5})
    first = house.visitor()
    first.open(hall)
    start = Barrier(16)

    def send(_number):
        visitor = house.visitor()
        visitor.cookie, visitor.fields = first.cookie, first.fields
        start.wait(60)
        return {visitor.send(hall, "Tjitske")[:2] for _ in range(6)}

    with ThreadPoolExecutor(16) as threads:
        answers = set().union(*threads.map(send, range(16)))
    assert len(answers) == 1 and next(iter(answers))[0] == 303
    with house.app.app_context():
        assert seats.states(hall) == {"Tjitske": "registered"}
        assert len(seats.mails(to="Tjitske")) == 1
        db.finish(False)
