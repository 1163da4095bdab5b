"""Insert many registrations for one event with Core inserts; deterministic, fictitious people.

`SCHAKEL_DATABASE_URL=… python bench/bulk.py SLUG COUNT`: nine in ten are registered with a place for their profession
and in a session, one in ten waits. It adds no mails, links or audit rows.
"""

import sys
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from schakel import dates, db
from schakel.app import create_app
from schakel.events.models import CapacityPool, Event
from schakel.identity import rules as identity
from schakel.registrations.models import Registration, SeatClaim, Wait

CHUNK = 5000
GIVEN = ("Anneke", "Bouwe", "Carla", "Douwe", "Elske", "Froukje", "Gerrit", "Hiske", "Ids", "Jelle", "Klaas", "Lolkje")
SURNAMES = ("Voorbeeldsma", "Fictiefma", "Oefenstra", "Testinga", "de Verzonnene", "van der Proef", "Bedachtsma")


def _row(number: int, event: Event, first: int, profession: str | None, state: str) -> dict[str, Any]:
    name = f"{GIVEN[number % len(GIVEN)]} {SURNAMES[number // 7 % len(SURNAMES)]} {number}"
    email = f"persoon{number}@deelnemers.example.org"
    now = dates.now()
    return {
        "id": first + number,
        "event_id": event.id,
        "state": state,
        "name": name,
        "folded_name": identity.fold(name)[:200],
        "email": email,
        "folded_email": identity.fold(email),
        "profession_code": profession,
        "organisation": f"Praktijk {number % 300}",
        "wishes": "Vegetarisch." if number % 9 == 0 else "",
        "persons": 1,
        "on_list": number % 3 == 0,
        "consent": "2026-11",
        "uid": f"bulk{event.id:08d}{number:012d}",
        "sequence": 0,
        "sent_sequence": event.sequence,
        "calendar_snapshot": {},
        "version": 1,
        "created_at": now,
        "changed_at": now,
    }


def _chunks(event: Event, count: int, first: int) -> Iterator[tuple[list[dict], list[dict], list[dict]]]:
    room = [pool for pool in event.pools if pool.session_id is None]
    sessions = [pool for pool in event.pools if pool.session_id is not None]
    for start in range(0, count, CHUNK):
        rows: list[dict] = []
        claims: list[dict] = []
        waits: list[dict] = []
        for number in range(start, min(start + CHUNK, count)):
            seated = number % 10 != 9
            mine = [pools[number % len(pools)] for pools in (room, sessions) if pools]
            profession = room[number % len(room)].profession_code if room else None
            rows.append(_row(number, event, first, profession, "registered" if seated else "waiting"))
            places = [{"registration_id": first + number, "pool_id": pool.id, "seats": 1} for pool in mine]
            (claims if seated else waits).extend(places)
        yield rows, claims, waits


def load(slug: str, count: int) -> int:
    """Add this many registrations to an event; return how many."""
    session = db.session()
    event = session.scalars(sa.select(Event).where(Event.slug == slug)).one()
    first = (session.scalar(sa.select(sa.func.max(Registration.id))) or 0) + 1
    for rows, claims, waits in _chunks(event, count, first):
        for table, values in ((Registration, rows), (SeatClaim, claims), (Wait, waits)):
            if values:
                session.execute(sa.insert(table.__table__), values)
    for pool in event.pools:
        used = sa.select(sa.func.count(SeatClaim.id)).where(SeatClaim.pool_id == pool.id).scalar_subquery()
        waiting = sa.select(sa.func.count(Wait.id)).where(Wait.pool_id == pool.id).scalar_subquery()
        session.execute(sa.update(CapacityPool).where(CapacityPool.id == pool.id).values(used=used, waiting=waiting))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            sa.text("select setval(pg_get_serial_sequence('registration', 'id'), max(id)) from registration")
        )
    db.end_transaction(True)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("analyze"))
        db.end_transaction(True)
    return count


if __name__ == "__main__":
    with create_app().app_context():
        db.set_writing(True)
        print(load(sys.argv[1], int(sys.argv[2])))
