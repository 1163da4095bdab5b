"""Every verb of the services on events, action points, agreements and measures asks the policy of that verb.

Everybody calls every verb. Whoever the policy refuses gets NotAllowed from the service itself, before any other answer,
also when they may do a neighbouring verb; whoever it allows gets no NotAllowed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from schakel import dates, errors
from schakel.access import ANONYMOUS, Actor
from schakel.actions import policy as action_policy
from schakel.actions import service as actions
from schakel.actions.editing import service as action_editing
from schakel.actions.models import Evidence
from schakel.agreements import service as agreements
from schakel.events import policy as event_policy
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.events.followup import service as followup
from schakel.measures import policy as measure_policy
from schakel.measures import service as measures
from schakel.measures.planning import service as planning
from schakel.measures.rules import Informed, Side, Verb
from schakel.measures.theme import service as theme
from tests import make, make_followup
from tests.source_tree import SOURCE, code

SOON = dates.today() + timedelta(days=90)


@dataclass(frozen=True)
class Case:
    """A verb of a service: how it is called, and whether the policy allows it."""

    call: Callable[[Actor, Any], object]
    may: Callable[[Actor, Any], bool]


def facts(world: Any, actor: Actor = ANONYMOUS) -> actions.Facts:
    """Return an action point that this actor asks for, or else the coordinator."""
    requester = actor.person_id or world.people["coordinator"].id
    return actions.Facts("Werk", world.organisation.id, world.people["participant"], requester)


def on_event(call: Callable[[Actor, Any], object]) -> Case:
    return Case(call, lambda actor, world: event_policy.may_edit(actor, world.event))


def on_measure(verb: str, call: Callable[[Actor, Any], object]) -> Case:
    return Case(call, lambda actor, world: measure_policy.may(actor, world.measure, verb))


def on_action(verb: str, call: Callable[[Actor, Any], object]) -> Case:
    return Case(call, lambda actor, world: action_policy.may(actor, world.action, verb))


def move_measure(verb: str, actor: Actor, world: Any) -> None:
    measures.move(actor, world.measure, verb, "Grond.")


def move_action(verb: str, actor: Actor, world: Any) -> None:
    actions.move(actor, world.action, verb, "Reden.")


def speaks_for_action(actor: Actor, world: Any) -> bool:
    return action_policy.may_direct(actor, world.action)


def decided(world: Any) -> measures.Facts:
    days = {"decided_on": dates.today(), "due_on": SOON}
    return measures.Facts("measure", world.organisation.id, "committee", dates.today().year, "M", "Tekst.", **days)


CASES = {
    "events.service.create": Case(
        lambda actor, world: events.create(actor, make.make_facts(world.organisation)),
        lambda actor, world: event_policy.may_make_for(actor, world.organisation.id),
    ),
    "events.service.edit": on_event(
        lambda actor, world: events.edit(actor, world.event, make.make_facts(world.organisation), world.event.version)
    ),
    "events.service.move": on_event(lambda actor, world: events.move(actor, world.event, "cancel", "Ziek.")),
    "events.agenda.service.put_item": on_event(
        lambda actor, world: agenda.put_item(
            actor, world.event, agenda.ItemFacts("plenary", SOON, *world.hours, "Welkom")
        )
    ),
    "events.agenda.service.delete_item": on_event(
        lambda actor, world: agenda.delete_item(actor, world.event, world.event.items[0])
    ),
    "events.agenda.service.set_room": on_event(
        lambda actor, world: agenda.set_room(actor, world.event, [(None, "Iedereen", 5)], world.event.room_version)
    ),
    "events.agenda.service.set_steps": on_event(lambda actor, world: agenda.set_steps(actor, world.event, [])),
    "events.followup.service.make_action": on_event(
        lambda actor, world: followup.make_action(actor, world.event, None, facts(world))
    ),
    "events.followup.service.tie": on_event(lambda actor, world: followup.tie(actor, world.event, None, world.action)),
    "agreements.service.add_to_event": on_event(
        lambda actor, world: agreements.add_to_event(actor, world.event, "Wij bellen.", "", None)
    ),
    "agreements.service.make_action": on_event(
        lambda actor, world: agreements.make_action(actor, world.event, world.agreement, facts(world))
    ),
    "actions.service.create": Case(
        lambda actor, world: actions.create(actor, facts(world)),
        lambda actor, world: action_policy.may_create(actor, world.organisation.id, world.people["coordinator"].id),
    ),
    "actions.editing.service.move_deadline": on_action(
        "deadline",
        lambda actor, world: action_editing.move_deadline(actor, world.action, SOON, "Later.", world.action.version),
    ),
    "actions.editing.service.give_to": on_action(
        "propose", lambda actor, world: action_editing.give_to(actor, world.action, world.people["facilitator"])
    ),
    "actions.editing.service.correct": on_action(
        "correct", lambda actor, world: action_editing.correct(actor, world.action, "Anders.", "")
    ),
    "actions.editing.service.remove_evidence": on_action(
        "remove",
        lambda actor, world: action_editing.remove_evidence(
            actor, world.action, Evidence(action_id=world.action.id, at=dates.now()), "Privacy."
        ),
    ),
    "actions.service.add_evidence": on_action(
        "evidence", lambda actor, world: actions.add_evidence(actor, world.action, "Foto.", "", None)
    ),
    "measures.service.decide": Case(
        lambda actor, world: measures.decide(actor, decided(world)),
        lambda actor, world: measure_policy.may_decide_for(actor, world.organisation.id),
    ),
    "measures.service.assign": on_measure(
        Verb.ASSIGN, lambda actor, world: measures.assign(actor, world.measure, world.people["department_head"])
    ),
    "measures.service.write_working_text": on_measure(
        Verb.WRITE, lambda actor, world: measures.write_working_text(actor, world.measure, "T.", world.measure.version)
    ),
    "measures.service.release": on_measure(Verb.RELEASE, lambda actor, world: measures.release(actor, world.measure)),
    "measures.service.inform": on_measure(
        Verb.INFORMED_TAKEN, lambda actor, world: measures.inform(actor, world.measure, Informed.TAKEN, dates.today())
    ),
    "measures.service.move_deadline": on_measure(
        Verb.DEADLINE,
        lambda actor, world: measures.move_deadline(actor, world.measure, SOON, "Later.", world.measure.version),
    ),
    "measures.planning.service.make_action": on_measure(
        Verb.PLAN, lambda actor, world: planning.make_action(actor, world.measure, facts(world, actor))
    ),
    "measures.theme.service.propose": on_measure(
        Verb.PLAN, lambda actor, world: theme.propose(actor, world.measure, world.action, Side.MEASURE)
    ),
    "measures.theme.service.answer": Case(
        lambda actor, world: theme.answer(actor, world.released, world.action, True), speaks_for_action
    ),
}
MOVES = {
    **{f"measure {verb}": on_measure(verb, partial(move_measure, verb)) for verb in
       ("start", "implement", "check", "send_back", "effective", "not_effective", "effect_not_measurable", "decide_anew",
        "embed", "close")},
    **{f"action {verb}": on_action(verb, partial(move_action, verb)) for verb in
       ("accept", "return", "done", "report", "hold", "resume", "check", "send_back", "cancel")},
}  # fmt: skip
MOVED = {"actions.service.move", "measures.service.move"}  # each of their verbs is one of MOVES
NOT_VERBS = {
    "events.service.concerns_guests",
    "events.service.lock",
    "events.service.record",
    "measures.service.record",
    "events.followup.service.actions_of",
    "measures.theme.service.fitting_actions",
    "measures.theme.service.fitting_measures",
    "measures.theme.service.open_measures",
    "measures.theme.service.tie_of",
    "actions.service.add_history",
    "actions.service.notify_others",
    "actions.service.owner_of",
    "actions.service.queue",
    "actions.service.record",
    "actions.service.require_state",
    "actions.service.send_links_again",  # anybody may ask; the answer goes to the mailbox only
}


def test_every_verb_of_these_services_has_a_case():
    found = set()
    for path, tree in code():
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        if path.name == "service.py" and name.partition(".")[0] in ("actions", "agreements", "events", "measures"):
            functions = (node for node in tree.body if type(node).__name__ == "FunctionDef")
            found |= {f"{name}.{node.name}" for node in functions if not node.name.startswith("_")}
    assert found - NOT_VERBS == set(CASES) | MOVED and found >= NOT_VERBS


@pytest.fixture
def world(in_app) -> SimpleNamespace:
    """A hospital with an event, an agreement, an action point, and two measures: one released with a proposal."""
    hospital = make_followup.make_hospital()
    coordinator, director = hospital.actor("coordinator"), hospital.actor("medical_director")
    subject = make.make_theme()
    made = SimpleNamespace(organisation=hospital.organisation, people=hospital.people)
    made.event = make.make_event(hospital.organisation)
    start = dates.local(made.event.starts_at)
    made.hours = (start.time(), (start + timedelta(minutes=30)).time())
    made.agreement = agreements.add_to_event(coordinator, made.event, "Wij bellen elkaar terug.", "", None)
    made.action = make_followup.make_action(hospital, event=made.event, theme_id=subject.id)
    made.measure = make_followup.make_measure(hospital)
    measures.write_working_text(hospital.actor("secretary"), made.measure, "Werktekst.", made.measure.version)
    measures.assign(director, made.measure, hospital.people["department_head"])
    made.released = make_followup.release(hospital, make_followup.make_measure(hospital, theme_ids=(subject.id,)))
    theme.propose(director, made.released, made.action, Side.MEASURE)
    stranger = make_followup.make_hospital("Ander")
    actors = {role: hospital.actor(role) for role in hospital.people} | {"anonymous": ANONYMOUS}
    made.actors = actors | {f"{role} elsewhere": stranger.actor(role) for role in stranger.people}
    made.actors |= {"link": make_followup.by_link(made.action)}
    return made


@pytest.mark.parametrize("name", [*CASES, *MOVES])
def test_whoever_the_policy_refuses_is_refused_by_the_service(in_app, world, name):
    case = (CASES | MOVES)[name]
    refused = 0
    for who, actor in world.actors.items():
        point = in_app.begin_nested()
        allowed = case.may(actor, world)
        try:
            with suppress(errors.Refused, errors.Stale):
                case.call(actor, world)
            done = True
        except errors.NotAllowed:
            done = False
        point.rollback()
        in_app.expire_all()
        assert done == allowed, f"{who}: the policy says {allowed}"
        refused += not allowed
    assert refused, "nobody was refused: the case shows nothing"
