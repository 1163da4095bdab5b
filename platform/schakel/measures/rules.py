"""States of a measure, what each step demands, and what is derived from dates (design 3)."""

from dataclasses import dataclass
from datetime import date

from schakel.actions.rules import FAR as FAR
from schakel.actions.rules import NAMES, Gap, Knot, Loop

KINDS = {"measure": "Maatregel", "commitment": "Toezegging"}
CAUSES = {
    "committee": "Oordeel klachtencommissie",
    "mediation": "Klachtbemiddeling",
    "notice": "Signalering",
    "investigation": "Onderzoek",
    "own_system": "Eigen klachtsysteem",
}
STRENGTHS = {"strong": "sterk", "medium": "middel", "weak": "zwak"}
STATES = {
    "decided": "Besloten",
    "assigned": "Belegd",
    "running": "In uitvoering",
    "implemented": "Uitgevoerd",
    "checked": "Getoetst",
    "effective": "Effectief",
    "not_effective": "Niet effectief",
    "effect_not_measurable": "Effect niet meetbaar",
    "embedded": "Geborgd",
    "closed": "Gesloten",
}
SHAPES = {
    "decided": "todo",
    "assigned": "run",
    "running": "run",
    "implemented": "wait",
    "checked": "done",
    "effective": "proven",
    "not_effective": "open",
    "effect_not_measurable": "done",
    "embedded": "proven",
    "closed": "proven",
}
# verb: (from which states, to which state, must a ground be given)
MOVES = {
    "assign": ({"decided", "assigned", "running", "not_effective"}, "assigned", False),
    "start": ({"assigned"}, "running", False),
    "implement": ({"running"}, "implemented", True),
    "check": ({"implemented"}, "checked", True),
    "send_back": ({"implemented"}, "running", True),
    "effective": ({"checked"}, "effective", True),
    "not_effective": ({"checked"}, "not_effective", True),
    "effect_not_measurable": ({"checked"}, "effect_not_measurable", True),
    "decide_anew": ({"not_effective"}, "decided", True),
    "embed": ({"effective"}, "embedded", True),
    "close": ({"embedded", "effect_not_measurable"}, "closed", True),
}
ORDER = ("decided", "assigned", "running", "implemented", "checked", "effective", "embedded", "closed")
# What a verb finds of the effect; kept with the measure, because done is not effect.
EFFECTS = {"effective": "effective", "not_effective": "not_effective", "effect_not_measurable": "not_measurable"}
# How far a state got in the funnel: decided 0, assigned 1, implemented 2, checked 3, effective 4, embedded 5.
REACHED = {
    "decided": 0,
    "assigned": 1,
    "running": 1,
    "implemented": 2,
    "checked": 3,
    "not_effective": 3,
    "effect_not_measurable": 3,
    "effective": 4,
    "embedded": 5,
    "closed": 5,
}
FUNNEL = ("Besloten", "Belegd", "Uitgevoerd", "Getoetst", "Effect aangetoond", "Geborgd")
WORKING = ("decided", "assigned", "running")
OPEN_TO_ACTIONS = (*WORKING, "not_effective")
DONE = ("checked", "effective", "effect_not_measurable", "embedded", "closed")
SOON = 7
# Who tells those concerned, by where the measure came from (design 3: T18 is the secretary's).
INFORMERS = {
    "committee": "secretary",
    "mediation": "complaints_officer",
    "notice": "complaints_officer",
    "own_system": "complaints_officer",
    "investigation": "board_secretary",
}
INFORMER_WORDS = {
    "secretary": "secretaris",
    "complaints_officer": "klachtenfunctionaris",
    "board_secretary": "bestuurssecretaris",
}


def reached(state: str, effect: str) -> int:
    """The step of the funnel a measure got to; closed without a measurable effect stays at checked."""
    return REACHED["checked"] if state == "closed" and effect != "effective" else REACHED[state]


def wrong_dates(decided_on: date, due_on: date | None, cause_year: int, today: date) -> tuple[str, str] | None:
    """(field, Dutch sentence) of what cannot be about a decision; None when all is well."""
    if decided_on > today:
        return "decided_on", "Deze dag moet nog komen: een maatregel is al besloten."
    if due_on is not None and due_on < decided_on:
        return "due_on", "Deze dag ligt vóór het besluit."
    if cause_year > decided_on.year:
        return "cause_year", "De aanleiding kan niet na het besluit liggen."
    return None


def next_state(state: str, verb: str) -> str | None:
    """Where a verb leads from a state; None when it does not fit."""
    sources, target, _ = MOVES[verb]
    return target if state in sources else None


def must_have_date(cause_kind: str) -> bool:
    """A ruling's measure must have a realisation term (Wkkgz 17.1)."""
    return cause_kind == "committee"


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Past its date and not carried out yet."""
    return due_on is not None and due_on < today and state in WORKING


def is_silent(state: str, next_report_on: date | None, today: date) -> bool:
    """The owner's own next-report date has passed."""
    return next_report_on is not None and next_report_on < today and state in WORKING


def is_undated(state: str, due_on: date | None) -> bool:
    """No date was promised: shown so, never hidden."""
    return due_on is None and state in WORKING


def why(state: str, due_on: date | None, next_report_on: date | None, today: date) -> tuple[str, str]:
    """(shape, word) of what stands out most."""
    if due_on and is_late(state, due_on, today):
        days = (today - due_on).days
        return "late", f"{days} {'dag' if days == 1 else 'dagen'} te laat"
    if state == "not_effective":
        return "open", "Geen effect: nieuw besluit nodig"
    if next_report_on and is_silent(state, next_report_on, today):
        return "silent", f"Geen bericht, {(today - next_report_on).days} dagen"
    if is_undated(state, due_on):
        return "open", "Zonder datum"
    if due_on and state in WORKING and (due_on - today).days <= SOON:
        days = (due_on - today).days
        return "soon", "vandaag" if not days else f"nog {days} {'dag' if days == 1 else 'dagen'}"
    return SHAPES[state], STATES[state]


def at_move(state: str) -> str:
    """Who is at move, in words."""
    return {
        "decided": "medisch directeur: beleggen",
        "assigned": "eigenaar: beginnen",
        "running": "eigenaar: uitvoeren",
        "implemented": "kwaliteitsadviseur: toetsen",
        "checked": "medisch directeur: effect vaststellen",
        "not_effective": "medisch directeur: nieuw besluit",
        "effect_not_measurable": "medisch directeur: afsluiten",
        "effective": "kwaliteitsadviseur: borgen",
        "embedded": "medisch directeur: afsluiten",
        "closed": "niemand",
    }[state]


@dataclass(frozen=True)
class Standing:
    """What of a measure decides its loop. `done`: action points (checked, all)."""

    state: str
    effect: str
    cause_kind: str
    late: bool
    undated: bool
    done: tuple[int, int]
    informed: bool


def mover(it: Standing) -> str:
    """Who is at move: as the state says, unless all that is left is to tell those concerned."""
    if it.state in ("effective", "effect_not_measurable", "embedded", "closed") and not it.informed:
        return f"{INFORMER_WORDS[INFORMERS[it.cause_kind]]}: betrokkenen informeren"
    return at_move(it.state)


def loop_of(it: Standing, cause_text: str) -> Loop:
    """The loop of a measure: no date of the cause, and of the case only *betrokkenen geïnformeerd*."""
    count, of = it.done
    step = reached(it.state, it.effect)
    progress = f"{count} van {of} getoetst" if of else STATES[it.state]
    kind = "done" if step >= 3 else "open" if it.late or it.undated else "run" if step else "todo"
    knots = (
        Knot(NAMES[0], "done", cause_text),
        Knot(NAMES[1], "done", "Besloten"),
        Knot(NAMES[2], kind, progress),
        Knot(NAMES[3], *_effect_knot(it, step)),
        Knot(NAMES[4], *_answer_knot(it, step)),
    )
    return Loop(knots, _gap(knots, it))


def _effect_knot(it: Standing, step: int) -> tuple[str, str]:
    if it.effect == "not_measurable":
        return "done", "Niet meetbaar"
    if it.state == "not_effective":
        return "open", "Geen effect"
    return {4: ("proven", "Aangetoond"), 5: ("proven", "Geborgd")}.get(step, ("todo", "Nog niet bekend"))


def _answer_knot(it: Standing, step: int) -> tuple[str, str]:
    if it.informed:
        return "proven", "Betrokkenen geïnformeerd"
    return ("open", "Nog niet geïnformeerd") if step >= 3 and it.state != "not_effective" else ("todo", "Nog niet")


def _gap(knots: tuple[Knot, ...], it: Standing) -> Gap | None:
    first = next((knot for knot in knots if knot.kind not in ("done", "proven")), None)
    if first is None and it.state == "closed":
        return None
    where = f"Open bij {first.name}: {first.state_word.lower()}" if first else "Nog niet gesloten"
    who, _, what = mover(it).partition(": ")
    todo = f" ({what})" if what else ""
    return Gap(where, f"Aan zet: {who}{todo}.")
