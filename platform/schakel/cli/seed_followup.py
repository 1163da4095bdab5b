"""Agreements and action points from the seeds; each step is done by the person who would do it."""

from datetime import datetime, timedelta
from typing import Any

from schakel import dates, db
from schakel.access import Actor
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.actions.rules import State, Tier, Verb
from schakel.agreements import service as agreements
from schakel.agreements.models import Agreement
from schakel.cli import seed_measures
from schakel.cli.seed_events import session_id
from schakel.cli.seed_world import World, in_office_hours, noon
from schakel.events.followup import service as followup
from schakel.events.models import Event
from schakel.identity.rules import Role

TIERS = {"afspraak": Tier.AGREEMENT, "actiepunt": Tier.ACTION}
# The verbs that lead to a state, in order.
PATHS = {
    State.PROPOSED: (),
    State.RETURNED: (Verb.RETURN,),
    State.ACCEPTED: (Verb.ACCEPT,),
    State.RUNNING: (Verb.ACCEPT, Verb.REPORT),
    State.REPORTED_DONE: (Verb.ACCEPT, Verb.DONE),
    State.CHECKED: (Verb.ACCEPT, Verb.DONE, Verb.CHECK),
}
WORDS = {
    Verb.RETURN: "Dit past beter bij een ander; ik denk graag mee over wie.",
    Verb.REPORT: "We zijn begonnen. De eerste ronde is geweest, de rest volgt.",
    Verb.CHECK: "Bekeken en nagevraagd op de werkvloer: het is zo.",
}


def load(world: World, content: dict[str, Any], measures_content: dict[str, Any]) -> tuple[int, int, int]:
    """Load everything; return how many agreements, action points and measures."""
    laid = [_agreement(world, row) for row in content["agreements"]]
    for row in content["actions"]:
        _action(world, row, laid)
    for row in measures_content["measures"]:
        seed_measures.load(world, row)
    db.session().flush()
    under = sum(len(row.get("actions", [])) for row in measures_content["measures"])
    return len(laid), len(content["actions"]) + under, len(measures_content["measures"])


def _agreement(world: World, row: dict[str, Any]) -> tuple[Agreement, Event]:
    """Add an agreement, and return it with the event at which it is discussed."""
    confirmed = row.get("confirmed")
    text = str(confirmed) if confirmed else None
    when = text if text is None or (len(text) == 4 and text.isdigit()) else world.day(text)
    event = world.events[row["event"]]
    coordinator = world.staff(event.organisation_id, Role.COORDINATOR)
    return agreements.add_to_event(coordinator, event, row["text"], str(row.get("since", "")), when), event


def facts_of(world: World, row: dict[str, Any], requester_id: int, organisation_id: int, tier: Tier) -> actions.Facts:
    """Return the data of an action point of the seeds, for the service."""
    return actions.Facts(
        title=row["title"],
        text=row.get("text", ""),
        organisation_id=organisation_id,
        owner=world.people[row["owner"]],
        requester_id=requester_id,
        tier=tier,
        theme_id=world.themes.get(row.get("theme", "")),
        due_on=world.day(row.get("due")),
    )


def _action(world: World, row: dict[str, Any], laid: list[tuple[Agreement, Event]]) -> None:
    event = world.events[row["event"]]
    requester_id = world.people[row["requester"]].id
    session = session_id(event, row.get("session", ""))
    begun = in_office_hours(min(event.ends_at + timedelta(days=3), dates.now() - timedelta(days=20)))
    facts = facts_of(world, row, requester_id, event.organisation_id, TIERS[row["tier"]])
    with dates.clock(begun):
        coordinator = world.staff(event.organisation_id, Role.COORDINATOR)
        if row.get("agreement"):
            agreement, discussed_at = laid[int(row["agreement"]) - 1]
            action = agreements.make_action(coordinator, discussed_at, agreement, facts)
            followup.tie(coordinator, event, session, action)
        else:
            action = followup.make_action(coordinator, event, session, facts)
    walk(world, action, row, begun)


def walk(world: World, action: Action, row: dict[str, Any], begun: datetime) -> None:
    """Bring an action point to its state in the seeds, with its steps spread between its start and its end."""
    path = PATHS[State(row["state"])]
    last = min(dates.now() - timedelta(days=1), noon(action.due_on) if action.due_on else dates.now())
    step = max((last - begun) / (len(path) + 1), timedelta(hours=1)) if path else timedelta(0)
    for place, verb in enumerate(path, 1):
        with dates.clock(min(in_office_hours(begun + step * place), dates.now() - timedelta(hours=1))):
            by = _checker(world, action) if verb == Verb.CHECK else _owner(world, action)
            if verb == Verb.DONE:
                actions.add_evidence(by, action, row.get("evidence", "Zie de werkwijze."), "", None)
            report = world.today + timedelta(days=14) if verb == Verb.REPORT else None
            actions.move(by, action, verb, WORDS.get(verb, ""), report)


def _owner(world: World, action: Action) -> Actor:
    """Return the owner as actor: signed in, or by the link in the mail."""
    if world.has_account(action.owner_id):
        return world.actor(action.owner_id)
    return Actor(auth_method=f"link:action:{action.id}")


def _checker(world: World, action: Action) -> Actor:
    """Return the requester, unless they own it or cannot sign in: then somebody who coordinates the follow-up."""
    if action.requester_id != action.owner_id and world.has_account(action.requester_id):
        return world.actor(action.requester_id)
    roles = (Role.COORDINATOR, Role.QUALITY_ADVISER, Role.MEDICAL_DIRECTOR, Role.BOARD_SECRETARY)
    holders = (world.holder(action.organisation_id, role) for role in roles)
    return world.actor(next(person for person in holders if person not in (None, action.owner_id)))
