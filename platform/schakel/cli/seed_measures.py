"""Measures and commitments from the seeds; each step is done by a person with the role for it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from schakel import dates
from schakel.access import Actor
from schakel.actions.rules import Tier
from schakel.cli import seed_followup
from schakel.cli.seed_world import World, in_office_hours, noon
from schakel.events.followup import service as followup
from schakel.identity.rules import Role
from schakel.measures import policy
from schakel.measures import service as measures
from schakel.measures.models import Measure
from schakel.measures.planning import service as planning
from schakel.measures.rules import INFORMERS, CauseKind, Informed, Kind, State, Strength, Verb

KINDS = {"maatregel": Kind.MEASURE, "toezegging": Kind.COMMITMENT}
CAUSES = {
    "klachtencommissie": CauseKind.COMMITTEE,
    "bemiddeling": CauseKind.MEDIATION,
    "signalering": CauseKind.NOTICE,
    "onderzoek": CauseKind.INVESTIGATION,
    "eigen_klachtsysteem": CauseKind.OWN_SYSTEM,
}
STRENGTHS = {"sterk": Strength.STRONG, "middel": Strength.MEDIUM, "zwak": Strength.WEAK}
INFORM = "inform"  # inform about both decision and realisation, before closing
STARTED = (Verb.ASSIGN, Verb.START)
CHECKED = (*STARTED, Verb.IMPLEMENT, Verb.CHECK)
# The verbs that lead to a state, in order.
PATHS: dict[State, tuple[str, ...]] = {
    State.DECIDED: (),
    State.ASSIGNED: (Verb.ASSIGN,),
    State.RUNNING: STARTED,
    State.IMPLEMENTED: (*STARTED, Verb.IMPLEMENT),
    State.CHECKED: CHECKED,
    State.EFFECTIVE: (*CHECKED, Verb.EFFECTIVE),
    State.NOT_EFFECTIVE: (*CHECKED, Verb.NOT_EFFECTIVE),
    State.EFFECT_NOT_MEASURABLE: (*CHECKED, Verb.EFFECT_NOT_MEASURABLE),
    State.EMBEDDED: (*CHECKED, Verb.EFFECTIVE, Verb.EMBED),
    State.CLOSED: (*CHECKED, Verb.EFFECTIVE, Verb.EMBED, INFORM, Verb.CLOSE),
}
WORDS: dict[str, str] = {
    Verb.IMPLEMENT: "Alles wat eronder lag, is klaar en getoetst.",
    Verb.CHECK: "Bekeken en nagevraagd op de werkvloer: het is zo.",
    Verb.EFFECTIVE: "De meting laat zien dat het helpt.",
    Verb.NOT_EFFECTIVE: "De meting laat geen verschil zien.",
    Verb.EFFECT_NOT_MEASURABLE: "Te klein om te meten; wel uitgevoerd en getoetst.",
    Verb.EMBED: "Opgenomen in de vaste werkwijze, met een eigenaar.",
    Verb.CLOSE: "Uitgevoerd, effectief, geborgd, en de betrokkenen weten het.",
}


def load(world: World, row: dict[str, Any]) -> None:
    """Load one measure: decision, release of its working text, action points, steps, informing the people concerned."""
    decided = world.day(row["decided"])
    assert decided
    measure = _decide(world, row, decided)
    if row.get("working"):
        _release(world, measure, row, decided)
    _actions(world, measure, row, decided)
    _walk(world, measure, row, decided)
    _inform(world, measure, row, decided)


def _decide(world: World, row: dict[str, Any], decided: date) -> Measure:
    organisation_id, kind = world.organisations[row["organisation"]].id, KINDS[row["kind"]]
    with dates.clock(noon(decided)):
        facts = measures.Facts(
            kind=kind,
            organisation_id=organisation_id,
            cause_kind=CAUSES[row["cause"]["kind"]],
            cause_year=row["cause"]["year"],
            title=row["title"],
            official=row["official"],
            decided_on=decided,
            due_on=world.day(row.get("due")),
            department_id=world.organisations[row["department"]].id if row.get("department") else None,
            theme_ids=tuple(world.themes[code] for code in row.get("themes", [])),
            strength=STRENGTHS.get(row.get("strength", ""), ""),
        )
        return measures.decide(world.staff(organisation_id, policy.signing_role(kind)), facts)


def _release(world: World, measure: Measure, row: dict[str, Any], decided: date) -> None:
    with dates.clock(noon(world.day(row.get("released")) or decided)):
        writer = world.staff(measure.organisation_id, Role.SECRETARY, Role.BOARD_SECRETARY)
        measures.write_working_text(writer, measure, row["working"], measure.version)
        measures.release(world.staff(measure.organisation_id, Role.QUALITY_ADVISER), measure)


def _actions(world: World, measure: Measure, row: dict[str, Any], decided: date) -> None:
    for item in row.get("actions", []):
        begun = min(noon(decided + timedelta(days=14)), dates.now() - timedelta(days=10))
        with dates.clock(begun):
            requester = _planner(world, measure)
            assert requester.person_id
            facts = seed_followup.facts_of(world, item, requester.person_id, measure.organisation_id, Tier.MEASURE)
            facts = replace(facts, theme_id=world.themes.get(row.get("themes", [""])[0]))
            action = planning.make_action(requester, measure, facts)
            if item.get("event"):
                event = world.events[item["event"]]
                followup.tie(world.staff(event.organisation_id, Role.COORDINATOR), event, None, action)
        seed_followup.walk(world, action, item, begun)


def _planner(world: World, measure: Measure) -> Actor:
    """Return the owner if they can sign in, else the quality adviser."""
    if measure.owner_id is not None and world.has_account(measure.owner_id):
        return world.actor(measure.owner_id)
    return world.staff(measure.organisation_id, Role.QUALITY_ADVISER)


def _walk(world: World, measure: Measure, row: dict[str, Any], decided: date) -> None:
    """Bring a measure to its state in the seeds, with its steps spread between its decision and its date."""
    path = PATHS[State(row["state"])]
    last = min(dates.now() - timedelta(days=2), noon(measure.due_on) if measure.due_on else dates.now())
    step = max((last - noon(decided)) / (len(path) + 1), timedelta(hours=2)) if path else timedelta(0)
    owner = world.people[row["owner"]] if row.get("owner") else None
    for place, verb in enumerate(path, 1):
        with dates.clock(min(in_office_hours(noon(decided) + step * place), dates.now() - timedelta(hours=1))):
            if verb == Verb.ASSIGN and owner:
                measures.assign(world.staff(measure.organisation_id, policy.signing_role(measure.kind)), measure, owner)
            elif verb == INFORM:
                for what in Informed:
                    measures.inform(
                        world.staff(measure.organisation_id, Role.QUALITY_ADVISER), measure, what, dates.today()
                    )
            else:
                measures.move(_who(world, measure, verb), measure, verb, WORDS.get(verb, ""))


def _who(world: World, measure: Measure, verb: str) -> Actor:
    """Return the first actor who may do a step: the owner, the adviser, the signing role, the judging role."""
    roles = (Role.QUALITY_ADVISER, policy.signing_role(measure.kind), policy.judging_role(measure))
    people = [measure.owner_id, *(world.holder(measure.organisation_id, role) for role in roles)]
    actors = (world.actor(person) for person in people if person is not None and world.has_account(person))
    return next(actor for actor in actors if policy.may(actor, measure, verb))


def _inform(world: World, measure: Measure, row: dict[str, Any], decided: date) -> None:
    """Record that people were informed of the decision, and of the outcome unless the seeds say `untold`."""
    informer = world.staff(measure.organisation_id, INFORMERS[CauseKind(measure.cause_kind)])
    due = {Informed.TAKEN: decided + timedelta(days=21), Informed.REALISED: world.today - timedelta(days=3)}
    informed = [Informed.TAKEN] if due[Informed.TAKEN] < world.today else []
    if row["state"] in (State.EFFECTIVE, State.EMBEDDED) and not row.get("untold"):
        informed.append(Informed.REALISED)
    for what in informed if row["state"] != State.CLOSED else []:
        with dates.clock(noon(due[what])):
            measures.inform(informer, measure, what, dates.today())
