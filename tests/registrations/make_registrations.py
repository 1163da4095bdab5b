"""An event with places, guests who fill in the real form, and the invariants of places."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from schakel import crypto, dates, db
from schakel.access import system
from schakel.app import fsa
from schakel.events.models import CapacityPool, Event
from schakel.registrations import service
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.rules import LIVE
from tests import forms, make
from tests.web_client import Client

Work = Callable[[], AbstractContextManager[Any]]
ANYBODY = make.Actor()
WORKER = system("registrations.lapse_offers")
BSN = ("111222333", "123456782", "1112.22.333", "123-456-782")


@dataclass
class Hall:
    """An event, with the ids of its pools and sessions."""

    slug: str
    id: int
    starts_at: Any
    pools: dict[str | None, int]
    sessions: dict[str, int] = field(default_factory=dict)
    session_pools: dict[str, int] = field(default_factory=dict)
    rounds: list[str] = field(default_factory=list)
    organisation: Any = None

    @property
    def path(self) -> str:
        """The address of the public page."""
        return f"/bijeenkomsten/{self.slug}"


def make_hall(work: Work, room: Any = None, sessions: tuple[int | None, ...] = (), **wishes: Any) -> Hall:
    """Make an event with capacity per profession (`{code: capacity}` or a number for everybody) and sessions A, B, …"""
    with work():
        organisation = wishes.pop("organisation", None) or make.make_organisation()
        wishes.setdefault("mailbox", "postbus@ziekenhuis.example.org")
        places = room if isinstance(room, dict) else {None: room}
        event = make.make_event(organisation, room=places, sessions=sessions, **wishes)
        return hall_of(event, organisation)


def hall_of(event: Event, organisation: Any = None) -> Hall:
    """Return the same for an existing event."""
    letters = {item.letter: item.id for row in event.items for item in row.sessions}
    by_session = {pool.session_id: pool.id for pool in event.pools if pool.session_id}
    return Hall(
        slug=event.slug,
        id=event.id,
        starts_at=event.starts_at,
        pools={pool.profession_code: pool.id for pool in event.pools if pool.session_id is None},
        sessions=letters,
        session_pools={letter: by_session[number] for letter, number in letters.items()},
        rounds=[f"round_{item.id}" for item in event.items if item.sessions],
        organisation=organisation,
    )


# Signing up as a browser does


def fill_in(client: Client, hall: Hall, **typed: Any) -> dict[str, Any]:
    """Open the form and fill in good answers, replaced by `typed` (None leaves a field out)."""
    visible = forms.typed_in(client.get(f"{hall.path}/aanmelden").text)
    answers = {"name": "Tjitske Voorbeeldsma", "email": "tjitske@praktijk.example.org", "organisation": "De Terp"}
    if None not in hall.pools and hall.pools:
        answers["profession"] = next(iter(hall.pools))
    answers |= {name: str(next(iter(hall.sessions.values()))) for name in hall.rounds}
    if "persons" in visible:
        answers.pop("organisation")
    return {name: value for name, value in {**visible, **answers, **typed}.items() if value is not None}


def sign_up(client: Client, hall: Hall, **typed: Any) -> TestResponse:
    """Fill in the form and send it."""
    return client.post(f"{hall.path}/aanmelden", data=fill_in(client, hall, **typed))


# Calls of the services, for many registrations


def register(hall: Hall, name: str, **wishes: Any) -> int:
    """Sign somebody up by the service, in the open context; return the id of the registration."""
    event = db.session().get(Event, hall.id)
    db.session().expire(event)
    code = wishes.pop("profession", None if None in hall.pools else next(iter(hall.pools), None))
    letters = wishes.pop("sessions", "")
    answers = service.Answers(
        name=name,
        email=wishes.pop("email", f"{re.sub('[^a-z0-9]', '', name.lower())}@praktijk.example.org"),
        profession=code,
        organisation=wishes.pop("organisation", "De Terp"),
        sessions=tuple(hall.sessions[letter] for letter in letters),
        **wishes,
    )
    service.register(ANYBODY, event, answers, crypto.new_token())
    db.session().flush()
    query = sa.select(Registration.id).where(Registration.event_id == hall.id, Registration.name == name)
    return db.session().scalar(query.order_by(Registration.id.desc()).limit(1))


def row(number: int) -> Registration:
    """Read a registration from the database."""
    found = db.session().get(Registration, number, populate_existing=True)
    db.session().expire(found)
    return found


def states(hall: Hall) -> dict[str, str]:
    """Return the state of everybody, by name, in order of signing up."""
    query = sa.select(Registration.name, Registration.state).where(Registration.event_id == hall.id)
    return {name: state for name, state in db.session().execute(query.order_by(Registration.id))}


def used(hall: Hall) -> dict[int, tuple[int, int]]:
    """Return (used, waiting) of each pool."""
    query = sa.select(CapacityPool.id, CapacityPool.used, CapacityPool.waiting)
    return {
        one.id: (one.used, one.waiting) for one in db.session().execute(query.where(CapacityPool.event_id == hall.id))
    }


def in_session(number: int) -> list[int]:
    """Return the pools in which a registration has a place."""
    query = sa.select(SeatClaim.pool_id).where(SeatClaim.registration_id == number).order_by(SeatClaim.pool_id)
    return list(db.session().scalars(query))


def holds_link(number: int) -> Any:
    """Return the actor who used the link of a registration."""
    return make.Actor(auth_method=f"link:registration:{number}")


# Invariants


def faults(connection: Any) -> list[str]:
    """Return every broken invariant of places; an empty list when there is none."""
    run = connection.execute
    held = sa.select(sa.func.coalesce(sa.func.sum(SeatClaim.seats), 0)).where(SeatClaim.pool_id == CapacityPool.id)
    waiting_rows = sa.select(sa.func.count(Wait.id)).where(Wait.pool_id == CapacityPool.id)
    pools = run(
        sa.select(
            CapacityPool.id,
            CapacityPool.used,
            held.scalar_subquery(),
            CapacityPool.waiting,
            waiting_rows.scalar_subquery(),
        )
    )
    found = []
    for number, in_use, seats, waiting, queue in pools:
        if in_use != seats:
            found.append(f"pool {number}: used {in_use}, claims {seats}")
        if waiting != queue:
            found.append(f"pool {number}: waiting {waiting}, in line {queue}")
    same = (Registration.event_id, Registration.folded_email, Registration.folded_name)
    doubles = run(sa.select(*same).where(Registration.state.in_(LIVE)).group_by(*same).having(sa.func.count() > 1))
    found += [f"live twice: {one}" for one in doubles.all()]
    return found + _standing(run)


def _standing(run: Callable[..., Any]) -> list[str]:
    """Return faults per registration: its state decides which places and waits it has."""
    everybody = run(sa.select(Registration.id, Registration.state, Registration.persons, Registration.event_id)).all()
    room = set(run(sa.select(CapacityPool.event_id).where(CapacityPool.session_id.is_(None))).scalars())
    mine = {pool for pool in run(sa.select(CapacityPool.id).where(CapacityPool.session_id.is_(None))).scalars()}
    claims: dict[int, list[Any]] = {}
    waits: dict[int, list[Any]] = {}
    for table, rows in ((SeatClaim, claims), (Wait, waits)):
        for one in run(sa.select(table.__table__)):
            rows.setdefault(one.registration_id, []).append(one)
    found = []
    for number, state, persons, event in everybody:
        seats, own_waits = claims.get(number, []), waits.get(number, [])
        hall, offers = [one for one in seats if one.pool_id in mine], [one for one in own_waits if one.offer_until]
        if state in ("withdrawn", "lapsed") and (seats or own_waits):
            found.append(f"registration {number} is {state} and holds {seats} {own_waits}")
        if state == "registered" and event in room and len(hall) != 1:
            found.append(f"registration {number} is registered with {len(hall)} places")
        if state == "waiting" and (seats or not own_waits):
            found.append(f"registration {number} waits with {len(seats)} places and {len(own_waits)} lines")
        if (state == "offered") != bool(offers) or (state == "offered" and len(hall) != 1):
            found.append(f"registration {number} is {state} with {len(offers)} offers and {len(hall)} places")
        if any(one.seats != persons for one in [*seats, *own_waits]):
            found.append(f"registration {number} comes with {persons} and holds {seats} {own_waits}")
    return found


def check(app: Flask) -> None:
    """Fail with every broken invariant in the database of an application."""
    with app.app_context():
        bind = fsa._app_engines[app][None]
    if isinstance(bind, sa.Connection):
        wrong = faults(bind)
    else:
        with bind.connect() as connection:
            wrong = faults(connection)
    assert not wrong, "\n".join(wrong)


def soon() -> Any:
    """Return the current time."""
    return dates.now()
