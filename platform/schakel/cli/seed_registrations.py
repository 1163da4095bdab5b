"""Registrations from `seeds/registrations.yaml`: generated fictitious people, the same at every loading."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from schakel import dates, db, names
from schakel.access import ANONYMOUS
from schakel.cli.seed_world import World
from schakel.events.models import Event
from schakel.registrations import service


def load(world: World, content: dict[str, Any]) -> int:
    """Sign everybody up as anonymous visitors, in the weeks before the event; return how many."""
    count = 0
    for row in content["events"]:
        event = world.events[row["event"]]
        times = _times(event, row)
        for answers, at in zip(_people(event, row, content), times, strict=False):
            with dates.clock(at):
                service.register(ANONYMOUS, event, answers, f"seed-{event.id}-{count}")
            count += 1
        db.session().flush()
    return count


def _times(event: Event, row: dict[str, Any]) -> list[datetime]:
    """Return when each of them signed up: in the weeks before, in order, never in the future."""
    number = sum(row["roles"].values()) + sum(row.get("waiting", {}).values())
    closes = (event.closes_at or event.starts_at) - timedelta(hours=1)
    last = min(closes, event.starts_at - timedelta(days=3), dates.now() - timedelta(hours=2))
    step = timedelta(days=24) / max(1, number)
    return [last - timedelta(days=24) + step * place for place in range(number)]


def _people(event: Event, row: dict[str, Any], content: dict[str, Any]) -> Iterator[service.Answers]:
    # Pseudo-random with a fixed seed: the demo is the same for everybody, and nothing secret depends on it.
    chance = random.Random(row["event"])  # noqa: S311
    names = [f"{given} {surname}" for given, surname in product(content["given_names"], content["surnames"])]
    chance.shuffle(names)
    seated, later = _roles(row, chance)
    sessions = _sessions(event, row, len(seated), chance)
    for number, role in enumerate([*seated, *later]):
        yield _answers(names[number], role, sessions[number] if number < len(sessions) else (), chance)


def _roles(row: dict[str, Any], chance: random.Random) -> tuple[list[str], list[str]]:
    seated = [role for role, count in row["roles"].items() for _ in range(count)]
    chance.shuffle(seated)
    return seated, [role for role, count in row.get("waiting", {}).items() for _ in range(count)]


def _sessions(event: Event, row: dict[str, Any], count: int, chance: random.Random) -> list[tuple[int, ...]]:
    """Return the sessions of each person: first those who get a place, last those who wait for a session."""
    ids = {session.letter: session.id for item in event.items for session in item.sessions}
    placed = [(ids[letter],) for letter, number in row.get("sessions", {}).items() for _ in range(number)]
    chance.shuffle(placed)
    waiting = [(ids[letter],) for letter, number in row.get("sessions_waiting", {}).items() for _ in range(number)]
    free: list[tuple[int, ...]] = [()] * (count - len(placed) - len(waiting))
    return [*placed, *free, *waiting]


def _answers(name: str, role: str, sessions: tuple[int, ...], chance: random.Random) -> service.Answers:
    address = names.search_key(name).replace(" ", ".")
    hospital = role in ("medisch-specialist", "poli-assistent")
    workplaces = (
        ("MCL, polikliniek", "MCL, interne geneeskunde") if hospital else ("De Verzonnen Terp", "Voorbeeldtuin")
    )
    wish = chance.choice(["", "", "", "", "", "Vegetarisch.", "Graag een tafel dicht bij de deur.", "Glutenvrij."])
    return service.Answers(
        name=name,
        email=f"{address}@deelnemers.example.org",
        profession=role,
        organisation=chance.choice(workplaces),
        sessions=sessions,
        wishes=wish,
        on_list=chance.random() < 0.7,
    )
