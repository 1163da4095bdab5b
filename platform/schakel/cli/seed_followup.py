"""Agreements, action points and measures out of the seeds, each step by the person who would have taken it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.agreements import service as agreements
from schakel.agreements.models import Agreement
from schakel.events import queries as events
from schakel.events.followup import service as followup
from schakel.events.models import Event
from schakel.identity.models import Organisation, Person
from schakel.measures import service as measures
from schakel.measures.desk import service as measures_desk
from schakel.measures.models import Measure
from schakel.measures.rules import INFORMERS

TIERS = {"afspraak": "agreement", "actiepunt": "action"}
KINDS = {"maatregel": "measure", "toezegging": "commitment"}
CAUSES = {
    "klachtencommissie": "committee",
    "bemiddeling": "mediation",
    "signalering": "notice",
    "onderzoek": "investigation",
    "eigen_klachtsysteem": "own_system",
}
STRENGTHS = {"sterk": "strong", "middel": "medium", "zwak": "weak"}
# The verbs that lead to a state, in order.
ACTION_PATH = {
    "proposed": (),
    "returned": ("return",),
    "accepted": ("accept",),
    "running": ("accept", "report"),
    "reported_done": ("accept", "done"),
    "checked": ("accept", "done", "check"),
}
MEASURE_PATH = {
    "decided": (),
    "assigned": ("assign",),
    "running": ("assign", "start"),
    "implemented": ("assign", "start", "implement"),
    "checked": ("assign", "start", "implement", "check"),
    "effective": ("assign", "start", "implement", "check", "effective"),
    "not_effective": ("assign", "start", "implement", "check", "not_effective"),
    "effect_not_measurable": ("assign", "start", "implement", "check", "effect_not_measurable"),
    "embedded": ("assign", "start", "implement", "check", "effective", "embed"),
    "closed": ("assign", "start", "implement", "check", "effective", "embed", "inform", "close"),
}
SAID = {
    "return": "Dit past beter bij een ander; ik denk graag mee over wie.",
    "report": "We zijn begonnen. De eerste ronde is geweest, de rest volgt.",
    "check": "Bekeken en nagevraagd op de werkvloer: het is zo.",
    "implement": "Alles wat eronder lag, is klaar en getoetst.",
    "effective": "De meting laat zien dat het helpt.",
    "not_effective": "De meting laat geen verschil zien.",
    "effect_not_measurable": "Te klein om te meten; wel uitgevoerd en getoetst.",
    "embed": "Opgenomen in de vaste werkwijze, met een eigenaar.",
    "close": "Uitgevoerd, effectief, geborgd, en de betrokkenen weten het.",
}


@dataclass
class World:
    """What was loaded before, by code."""

    actor: Actor
    today: date
    people: dict[str, Person]
    organisations: dict[str, Organisation]
    themes: dict[str, int]
    events: dict[str, Event]
    holders: dict[tuple[str, str], int]  # (organisation, role) → person

    def day(self, text: Any) -> date | None:
        """A date of the seeds, absolute or counted from the day of loading."""
        return dates.relative(str(text), self.today) if text not in (None, "") else None

    def as_person(self, person_id: int | None) -> Actor:
        """The loader, acting in the name of somebody."""
        return replace(self.actor, person_id=person_id)

    def event(self, slug: str) -> Event:
        """An event by its address."""
        if slug not in self.events:
            self.events[slug] = errors.found(events.for_registering(slug))
        return self.events[slug]


def load(world: World, content: dict[str, Any], measures_content: dict[str, Any]) -> tuple[int, int, int]:
    """Everything; how many agreements, action points and measures."""
    tables = [_agreement(world, row) for row in content["agreements"]]
    for row in content["actions"]:
        _action(world, row, tables)
    for row in measures_content["measures"]:
        _measure(world, row)
    db.session().flush()
    under = sum(len(row.get("actions", [])) for row in measures_content["measures"])
    return len(tables), len(content["actions"]) + under, len(measures_content["measures"])


def _agreement(world: World, row: dict[str, Any]) -> tuple[Agreement, Event]:
    """An agreement, and the event on whose table it lies."""
    confirmed = row.get("confirmed")
    text = str(confirmed) if confirmed else None
    when = text if text is None or (len(text) == 4 and text.isdigit()) else world.day(text)
    event = world.event(row["event"])
    return agreements.put_on_table(world.actor, event, row["text"], str(row.get("since", "")), when), event


def _facts(world: World, row: dict[str, Any], requester: int, organisation_id: int, tier: str) -> actions.Facts:
    return actions.Facts(
        title=row["title"],
        text=row.get("text", ""),
        organisation_id=organisation_id,
        owner=world.people[row["owner"]],
        requester_id=requester,
        tier=tier,
        theme_id=world.themes.get(row.get("theme", "")),
        due_on=world.day(row.get("due")),
    )


def _action(world: World, row: dict[str, Any], tables: list[tuple[Agreement, Event]]) -> None:
    event = world.event(row["event"])
    requester = world.people[row["requester"]].id
    letters = {session.letter: session.id for slot in event.slots for session in slot.sessions}
    begun = min(event.ends_at + timedelta(days=3), dates.now() - timedelta(days=20))
    facts = _facts(world, row, requester, event.organisation_id, TIERS[row["tier"]])
    with dates.clock(begun):
        by = world.as_person(requester)
        if row.get("agreement"):
            agreement, table = tables[int(row["agreement"]) - 1]
            action = agreements.make_action(by, table, agreement, facts)
            followup.tie(by, event, letters.get(row.get("session", "")), action)
        else:
            action = followup.make_action(by, event, letters.get(row.get("session", "")), facts)
    _walk(world, action, row, begun, requester)


def _walk(world: World, action: Action, row: dict[str, Any], begun: datetime, checker: int) -> None:
    """Take an action point to the state it has in the seeds, its steps spread between its start and its end."""
    path = ACTION_PATH[row["state"]]
    last = min(dates.now() - timedelta(days=1), _noon(action.due_on) if action.due_on else dates.now())
    step = max((last - begun) / (len(path) + 1), timedelta(hours=1)) if path else timedelta(0)
    for place, verb in enumerate(path, 1):
        with dates.clock(min(begun + step * place, dates.now() - timedelta(hours=1))):
            owner = world.as_person(action.owner_id)
            if verb == "done":
                actions.add_evidence(owner, action, row.get("evidence", "Zie de werkwijze."), "", None)
            by = world.as_person(_other(world, action.owner_id, checker)) if verb == "check" else owner
            report = world.today + timedelta(days=14) if verb == "report" else None
            actions.move(by, action, verb, SAID.get(verb, ""), report)


def _other(world: World, owner_id: int, wanted: int) -> int:
    """Somebody other than the owner: nobody checks their own work."""
    return (
        wanted if wanted != owner_id else next(person.id for person in world.people.values() if person.id != owner_id)
    )


def _noon(day: date) -> datetime:
    return dates.at(day, time(12))


def _measure(world: World, row: dict[str, Any]) -> None:
    house = world.organisations[row["organisation"]]
    decided = world.day(row["decided"])
    assert decided
    adviser, director = (
        _staff(world, row["organisation"], "quality_adviser"),
        _staff(world, row["organisation"], "medical_director"),
    )
    with dates.clock(_noon(decided)):
        measure = measures.decide(
            world.as_person(director),
            measures.Facts(
                kind=KINDS[row["kind"]],
                organisation_id=house.id,
                cause_kind=CAUSES[row["cause"]["kind"]],
                cause_year=row["cause"]["year"],
                title=row["title"],
                official=row["official"],
                decided_on=decided,
                due_on=world.day(row.get("due")),
                department_id=world.organisations[row["department"]].id if row.get("department") else None,
                theme_ids=tuple(world.themes[code] for code in row.get("themes", [])),
                strength=STRENGTHS.get(row.get("strength", ""), ""),
            ),
        )
    if row.get("working"):
        released = world.day(row.get("released")) or decided
        with dates.clock(_noon(released)):
            secretary = _staff(world, row["organisation"], "secretary")
            measures.write_working_text(world.as_person(secretary), measure, row["working"], measure.version)
            measures.release(world.as_person(adviser), measure)
    _under(world, measure, row, decided)
    _steps(world, measure, row, decided, adviser, director)
    _told(world, measure, row, decided)


def _under(world: World, measure: Measure, row: dict[str, Any], decided: date) -> None:
    requester = measure.owner_id or _staff(world, row["organisation"], "quality_adviser")
    for item in row.get("actions", []):
        begun = min(_noon(decided + timedelta(days=14)), dates.now() - timedelta(days=10))
        facts = _facts(world, item, requester, measure.organisation_id, "measure")
        facts = replace(facts, theme_id=world.themes.get(row.get("themes", [""])[0]))
        with dates.clock(begun):
            action = measures_desk.make_action(world.as_person(requester), measure, facts)
            if item.get("event"):
                followup.tie(world.actor, world.event(item["event"]), None, action)
        _walk(world, action, item, begun, requester)


def _steps(world: World, measure: Measure, row: dict[str, Any], decided: date, adviser: int, director: int) -> None:
    path = MEASURE_PATH[row["state"]]
    last = min(dates.now() - timedelta(days=2), _noon(measure.due_on) if measure.due_on else dates.now())
    step = max((last - _noon(decided)) / (len(path) + 1), timedelta(hours=2)) if path else timedelta(0)
    owner = world.people[row["owner"]] if row.get("owner") else None
    for place, verb in enumerate(path, 1):
        moment = min(_noon(decided) + step * place, dates.now() - timedelta(hours=1))
        with dates.clock(moment):
            if verb == "assign" and owner:
                measures.assign(world.as_person(director), measure, owner)
            elif verb == "inform":
                for what in ("taken", "realised"):
                    measures.inform(world.as_person(adviser), measure, what, dates.today())
            else:
                by = _stepper(world, row, verb, owner, adviser, director)
                measures.move(world.as_person(by), measure, verb, SAID.get(verb, ""))


def _stepper(world: World, row: dict[str, Any], verb: str, owner: Person | None, adviser: int, director: int) -> int:
    """Who takes a step: the owner their own work; judging is for somebody else (nobody checks their own work)."""
    if owner and verb in ("start", "implement"):
        return owner.id
    if verb in ("check", "embed"):
        return director if owner and owner.id == adviser else adviser
    return _staff(world, row["organisation"], "board_secretary") if owner and owner.id == director else director


def _told(world: World, measure: Measure, row: dict[str, Any], decided: date) -> None:
    """Those concerned heard of the decision within a month, and of what became of it, unless the seeds say `untold`."""
    informer = world.as_person(_staff(world, row["organisation"], INFORMERS[measure.cause_kind]))
    due = {"taken": decided + timedelta(days=21), "realised": world.today - timedelta(days=3)}
    whats = ["taken"] if due["taken"] < world.today else []
    if row["state"] in ("effective", "embedded") and not row.get("untold"):
        whats.append("realised")
    for what in whats if row["state"] != "closed" else []:
        with dates.clock(_noon(due[what])):
            measures.inform(informer, measure, what, dates.today())


def _staff(world: World, organisation: str, role: str) -> int:
    """Who holds this role in the house; where the seeds name nobody, whoever holds it elsewhere."""
    here = world.holders.get((organisation, role))
    return here or next(person for (_, held), person in world.holders.items() if held == role)
