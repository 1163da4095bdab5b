"""Load the stories from `seeds/` in one transaction; each step is done by the person who would do it, on its day.

Organisations, people, accounts, roles and deputies are inserted as rows: an installation has them before anybody can
act, and no service creates an organisation yet. Everything after that goes through the services, under their policies,
with the clock set to the day of the step.
"""

from pathlib import Path

import sqlalchemy as sa

from schakel import dates, db
from schakel.cli import seed_events, seed_followup, seed_people, seed_registrations
from schakel.cli.seed_world import World
from schakel.identity.models import Organisation
from schakel.identity.rules import Role
from schakel.notifications.models import Mail
from schakel.notifications.rules import MailState
from schakel.programmes import service as programmes

STORIES = ("coleo-mcl", "knmg-werksessies", "imagine2", "klachtenregeling", "klinische-immunologie")


@db.writing()
def load(folder: Path) -> str:
    """Load everything into an empty database; return in Dutch what was loaded, or that it was loaded already."""
    if db.session().scalar(sa.select(sa.func.count(Organisation.id))):
        db.end_transaction(False)
        return "De verhalen zijn er al."
    world = World(folder, dates.today())
    seed_people.load(world)
    _themes(world)
    count = sum(_story(world, name) for name in STORIES)
    people = seed_registrations.load(world, world.read("registrations"))
    seed_events.hold(world)
    agreements, points, measures = seed_followup.load(world, world.read("actions"), world.read("measures"))
    _set_mails_sent()
    db.end_transaction(True)
    return (
        f"Geladen: {len(world.organisations)} organisaties, {len(world.people)} mensen, "
        f"{count} bijeenkomsten, {people} aanmeldingen, {agreements} afspraken, {points} actiepunten, "
        f"{measures} maatregelen."
    )


def _themes(world: World) -> None:
    administrator = world.anybody(Role.ADMINISTRATOR)
    for position, row in enumerate(world.read("organisations")["themes"]):
        theme = programmes.add_theme(administrator, row["code"], row["name"], row["says"], position)
        world.themes[row["code"]] = theme.id


def _story(world: World, name: str) -> int:
    """Load one story and its events; return how many events."""
    content = world.read(name)
    story = content["story"]
    administrator = world.anybody(Role.ADMINISTRATOR)
    programmes.add_story(administrator, story["code"], story["title"], story["says"], story["order"])
    for row in content["events"]:
        seed_events.make(world, row)
    return len(content["events"])


def _set_mails_sent() -> None:
    """Set the mails of the stories to sent on their date, so that the worker does not send them."""
    waiting = sa.update(Mail).where(Mail.sent_at.is_(None), Mail.queued_at < dates.now())
    db.rows_affected(waiting.values(state=MailState.SENT, sent_at=Mail.queued_at))
