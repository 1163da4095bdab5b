"""Bring a measure through its states, each step by a person with the role for it."""

from schakel import dates
from schakel.measures import service
from schakel.measures.models import Measure
from tests import make_followup

# The steps of a measure in order, and the role that does each.
STEPS = {
    "start": "department_head", "implement": "department_head", "check": "quality_adviser", "send_back": "quality_adviser",
    "effective": "medical_director", "not_effective": "medical_director", "effect_not_measurable": "medical_director",
    "decide_anew": "medical_director", "embed": "quality_adviser", "close": "medical_director",
}  # fmt: skip
WAY = {
    "decided": (), "assigned": (), "running": ("start",), "implemented": ("start", "implement"), "checked": ("start", "implement", "check"),
    "effective": ("start", "implement", "check", "effective"), "not_effective": ("start", "implement", "check", "not_effective"),
    "embedded": ("start", "implement", "check", "effective", "embed"),
    "effect_not_measurable": ("start", "implement", "check", "effect_not_measurable"),
}  # fmt: skip


def walk(hospital: make_followup.Hospital, state: str, **wishes) -> Measure:
    """Make a measure in a state; the people concerned are informed where the state requires it."""
    measure = make_followup.make_measure(hospital, **wishes)
    if state != "decided":
        service.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
    for verb in WAY[state]:
        service.move(hospital.actor(STEPS[verb]), measure, verb, "Zoals besproken.")
    if state in ("embedded", "effect_not_measurable"):
        for what in ("taken", "realised"):
            service.inform(hospital.actor("quality_adviser"), measure, what, dates.today())
    return measure


def to_state(hospital, measure, target):
    """Bring a measure to `target`, with its action points checked by somebody else."""
    director, adviser, head = (
        hospital.actor(role) for role in ("medical_director", "quality_adviser", "department_head")
    )
    steps = [
        ("assigned", lambda: service.assign(director, measure, hospital.people["department_head"])),
        ("running", lambda: service.move(head, measure, "start")),
        ("implemented", lambda: service.move(head, measure, "implement", "Ligt op elke balie.")),
        ("checked", lambda: service.move(adviser, measure, "check", "Nagevraagd.")),
        ("effective", lambda: service.move(director, measure, "effective", "Van 63 naar 81 procent.")),
        ("embedded", lambda: service.move(adviser, measure, "embed", "In het kwaliteitshandboek.")),
    ]
    for state, step in steps:
        step()
        if state == target:
            return


def inform(hospital: make_followup.Hospital, measure: Measure, *whats: str) -> None:
    """Record that the people concerned were informed today, by the secretary."""
    for what in whats:
        service.inform(hospital.actor("secretary"), measure, what, dates.today())
