"""Fill an empty database for the bench: newest schema, the stories, and events to register for. Run by databases.py.

`bench-stroom`: three professions and two sessions, places for everybody (P2). `bench-wedloop-1` … `-20`: a hundred
places for all, and two sessions (P3). `bench-lijst`: the same shape as `bench-stroom`, for bulk rows (P4, P9).
"""

import os
from datetime import time, timedelta
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import current_app
from flask_security import hash_password

from schakel import dates, db
from schakel.access import Actor
from schakel.app import create_app
from schakel.cli import seeds
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.identity import queries as accounts
from schakel.identity.actors import actor_of
from schakel.identity.models import Organisation

EMAIL, PASSWORD = "tjitske@coleo.example.org", "een lang wachtwoord voor de meting"
ROLES = (("huisarts", "Huisarts"), ("doktersassistent", "Doktersassistent"), ("medisch-specialist", "Specialist"))
PLENTY, PLACES, RACES = 1_000_000, 100, 20
LEAD = "Een avond voor huisartsen, assistenten en specialisten."


def make_event(
    actor: Actor, organisation_id: int, slug: str, room: list[tuple[str | None, str, int]], sessions: int
) -> None:
    """Create a published event about six weeks from now, with one round of two sessions; the actor coordinates it."""
    on = dates.today() + timedelta(days=45)
    facts = events.Facts(
        kind="conference",
        title=f"Meetavond {slug}",
        days=(events.Day(on, time(17, 30), time(21, 30)),),
        organisation_id=organisation_id,
        lead=LEAD,
        about=f"{LEAD}\n\n{LEAD}",
        place_name="MCL, auditorium",
        mailbox="avond@coleo.example.org",
        organiser_ids=(organisation_id,),
    )
    event = events.create(actor, facts, slug=slug)
    parts = tuple(agenda.SessionFacts(letter, f"Gesprek {letter}", capacity=sessions) for letter in "AB")
    agenda.put_item(actor, event, agenda.ItemFacts("round", on, time(20), time(21), "Ronde", sessions=parts))
    agenda.set_room(actor, event, room, event.room_version)
    events.move(actor, event, "publish")


def main() -> None:
    """Fill the database."""
    flask_migrate.upgrade()
    seeds.load(Path(current_app.config["SEEDS"]))
    db.set_writing(True)
    account = accounts.account_of(EMAIL)
    owner = db.session().scalar(sa.select(Organisation.id).where(Organisation.code == "coleo"))
    assert account and owner
    actor = actor_of(account, "session", dates.today())
    everybody = [(code, name, PLENTY) for code, name in ROLES]
    for slug in ("bench-stroom", "bench-lijst"):
        make_event(actor, owner, slug, everybody, PLENTY)
    for number in range(1, RACES + 1):
        make_event(actor, owner, f"bench-wedloop-{number}", [(None, "Iedereen", PLACES)], PLENTY)
    account.password = hash_password(PASSWORD)
    db.end_transaction(True)


if __name__ == "__main__":
    os.environ.setdefault("SCHAKEL_UNDO_MINUTES", "0")
    with create_app().app_context():
        main()
