"""Events from the seeds, created and published by a coordinator of their organisation."""

from datetime import date, time, timedelta
from typing import Any

from schakel import dates
from schakel.cli.seed_world import World
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.events.models import Event
from schakel.events.rules import State, Verb
from schakel.identity.rules import Role

MADE_BEFORE, AT_LEAST_AGO = timedelta(days=75), timedelta(days=45)


def make(world: World, row: dict[str, Any]) -> None:
    """Create an event with its agenda and places; published unless it is a draft. Past ones are held later (`hold`)."""
    days = [(world.day(day["date"]), _clock(day["from"]), _clock(day["until"])) for day in row["days"]]
    facts = _facts(world, row, days)
    first = min(day.span[0] for day in facts.days)
    with dates.clock(min(first - MADE_BEFORE, dates.now() - AT_LEAST_AGO)):
        coordinator = world.staff(facts.organisation_id, Role.COORDINATOR)
        event = events.create(coordinator, facts, slug=row["slug"])
        for item in row.get("agenda", []):
            day = days[item["day"] - 1][0]
            assert day
            agenda.put_item(coordinator, event, _item(item, day))
        if room := _room(world, row):
            agenda.set_room(coordinator, event, room, event.room_version)
        if row.get("steps"):
            agenda.set_steps(coordinator, event, [(step["title"], step["text"]) for step in row["steps"]])
        if row["state"] != State.DRAFT:
            events.move(coordinator, event, Verb.PUBLISH)
    world.events[row["slug"]] = event
    if row["state"] == State.HELD:
        world.held.append(event)


def hold(world: World) -> None:
    """Set past events to held, on the day after, when people have signed up for them."""
    for event in world.held:
        with dates.clock(event.ends_at + timedelta(days=1)):
            events.move(world.staff(event.organisation_id, Role.COORDINATOR), event, Verb.HOLD)


def _facts(world: World, row: dict[str, Any], days: list[tuple[date | None, time, time]]) -> events.Facts:
    registration, place = row.get("registration", {"form": "none"}), row.get("place", {})
    return events.Facts(
        kind=row["kind"],
        title=row["title"],
        days=tuple(events.Day(on, begins, ends) for on, begins, ends in days if on),
        organisation_id=world.organisations[row["organisation"]].id,
        over=row.get("over", ""),
        lead=row.get("lead", ""),
        about=row.get("about", ""),
        chosen=row.get("chosen", ""),
        place_name=place.get("name", ""),
        place_detail=place.get("detail", "") or "",
        mailbox=row.get("mailbox", ""),
        accreditation=row.get("accreditation", "") or "",
        form=registration["form"],
        closes_days_before=-int(registration.get("closes", 0)),
        organiser_ids=tuple(world.organisations[code].id for code in row.get("organisers", [])),
        theme_ids=tuple(world.themes[code] for code in row.get("themes", [])),
        contact_id=world.people[row["contact"]].id if row.get("contact") else None,
    )


def _room(world: World, row: dict[str, Any]) -> list[tuple[str | None, str, int | None]]:
    return [
        (item.get("role"), item.get("name") or world.professions[item["role"]], item["capacity"])
        for item in row.get("places", [])
    ]


def _item(row: dict[str, Any], day: date) -> agenda.ItemFacts:
    return agenda.ItemFacts(
        kind=row["kind"],
        day=day,
        begins=_clock(row["from"]),
        ends=_clock(row["until"]),
        title=row["title"],
        text=row.get("text", "") or "",
        place=row.get("place", "") or "",
        sessions=tuple(
            agenda.SessionFacts(
                letter=session["letter"],
                title=session["title"],
                text=session.get("text", "") or "",
                place=session.get("place", "") or "",
                capacity=session.get("capacity"),
            )
            for session in row.get("sessions", [])
        ),
    )


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def session_id(event: Event, letter: str) -> int | None:
    """Return the id of the session with this letter, or None."""
    return next((one.id for item in event.items for one in item.sessions if one.letter == letter), None)
