"""Makers for follow-up: a hospital with its people, an action point, a measure."""

from dataclasses import dataclass
from datetime import timedelta

from schakel import dates
from schakel.access import Actor
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.events.followup import service as followup
from schakel.events.models import Event
from schakel.identity.models import Organisation, Person
from schakel.measures import service as measures
from schakel.measures.models import Measure
from tests import make

ROLES = (
    "coordinator",
    "medical_director",
    "quality_adviser",
    "board_secretary",
    "secretary",
    "complaints_officer",
    "department_head",
    "facilitator",
)


@dataclass
class Hospital:
    """An organisation with a department and a person in each role of the follow-up."""

    organisation: Organisation
    department: Organisation
    people: dict[str, Person]

    def actor(self, role: str) -> Actor:
        """Return a person of the hospital as actor, with the roles valid today."""
        return make.actor_of(self.people[role])


def make_hospital(name: str = "Huis") -> Hospital:
    """Make a hospital; the head of the department has the role there only."""
    organisation = make.make_organisation(name)
    department = make.make_organisation(f"Afdeling van {name}", parent=organisation)
    people = {
        role: make.make_staff(role, organisation, f"{role} {name}") for role in ROLES if role != "department_head"
    }
    people["department_head"] = make.make_staff("department_head", department, f"hoofd {name}")
    people["participant"] = make.make_staff("participant", organisation, f"deelnemer {name}")
    return Hospital(organisation, department, people)


def make_action(
    hospital: Hospital, owner: Person | tuple[str, str] | None = None, event: Event | None = None, **wishes: object
) -> Action:
    """Make an action point from a published event of the hospital (by default a new one), proposed to its owner."""
    event = event or make.make_event(hospital.organisation)
    values = {
        "title": "Nummer voor collega's op elke verwijsbrief",
        "organisation_id": hospital.organisation.id,
        "owner": owner or hospital.people["participant"],
        "requester_id": hospital.people["coordinator"].id,
        "due_on": dates.today() + timedelta(days=30),
    }
    return followup.make_action(hospital.actor("coordinator"), event, None, actions.Facts(**{**values, **wishes}))


def by_link(action: Action) -> Actor:
    """Return the owner as actor with the link in the mail."""
    return Actor(auth_method=f"link:action:{action.id}")


def done(hospital: Hospital, action: Action) -> Action:
    """Bring an action point to reported done."""
    owner = by_link(action)
    actions.move(owner, action, "accept")
    actions.add_evidence(owner, action, "De werkinstructie ligt op elke balie.", "", None)
    actions.move(owner, action, "done")
    return action


def make_measure(hospital: Hospital, **wishes: object) -> Measure:
    """Make a decided measure from a ruling."""
    values = {
        "kind": "measure",
        "organisation_id": hospital.organisation.id,
        "department_id": hospital.department.id,
        "cause_kind": "committee",
        "cause_year": 2026,
        "title": "Elke uitslag binnen vijf werkdagen besproken",
        "official": "OFFICIEEL: de polikliniek bespreekt iedere uitslag binnen vijf werkdagen.",
        "decided_on": dates.today() - timedelta(days=20),
        "due_on": dates.today() + timedelta(days=60),
    }
    return measures.decide(hospital.actor("medical_director"), measures.Facts(**{**values, **wishes}))


def release(hospital: Hospital, measure: Measure) -> Measure:
    """Write the working text as one person and release it as another."""
    measures.write_working_text(
        hospital.actor("secretary"), measure, "WERKTEKST: uitslagen binnen vijf dagen.", measure.version
    )
    measures.release(hospital.actor("quality_adviser"), measure)
    return measure
