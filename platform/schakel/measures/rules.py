"""Measures and commitments: their kinds, states, verbs and words (design 3)."""

from enum import StrEnum

from schakel.i18n import N_
from schakel.identity.rules import Role
from schakel.workflow import Shape, StateInfo, Transition, Workflow


class Kind(StrEnum):
    """*Maatregel*, or *toezegging* of the board."""

    MEASURE = "measure"
    COMMITMENT = "commitment"


class CauseKind(StrEnum):
    """The origin of a measure: with the year, all that is displayed of its cause."""

    COMMITTEE = "committee"
    MEDIATION = "mediation"
    NOTICE = "notice"
    INVESTIGATION = "investigation"
    OWN_SYSTEM = "own_system"


class Strength(StrEnum):
    """How strong a measure of its kind is: a forcing function is strong, an instruction is weak."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class Effect(StrEnum):
    """The effect that was found; it stays with the measure, because carried out does not mean effective."""

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    NOT_MEASURABLE = "not_measurable"


class State(StrEnum):
    """The states of a measure between decided and closed."""

    DECIDED = "decided"
    ASSIGNED = "assigned"
    RUNNING = "running"
    IMPLEMENTED = "implemented"
    CHECKED = "checked"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    EFFECT_NOT_MEASURABLE = "effect_not_measurable"
    EMBEDDED = "embedded"
    CLOSED = "closed"


class StateFilter(StrEnum):
    """What a list can be limited to besides one state."""

    OPEN = "open"
    URGENT = "urgent"
    LATE = "late"
    ALL = "all"


class Verb(StrEnum):
    """What people do with a measure."""

    DECIDE = "decide"
    ASSIGN = "assign"
    START = "start"
    IMPLEMENT = "implement"
    CHECK = "check"
    SEND_BACK = "send_back"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    EFFECT_NOT_MEASURABLE = "effect_not_measurable"
    DECIDE_ANEW = "decide_anew"
    EMBED = "embed"
    CLOSE = "close"
    PLAN = "plan"
    WRITE = "write"
    RELEASE = "release"
    INFORMED_TAKEN = "informed_taken"
    INFORMED_REALISED = "informed_realised"
    DEADLINE = "deadline"


class AuditEvent(StrEnum):
    """Audit events about measures."""

    DECIDED = "measure.decided"
    ASSIGN = "measure.assign"
    START = "measure.start"
    IMPLEMENT = "measure.implement"
    CHECK = "measure.check"
    SEND_BACK = "measure.send_back"
    EFFECTIVE = "measure.effective"
    NOT_EFFECTIVE = "measure.not_effective"
    EFFECT_NOT_MEASURABLE = "measure.effect_not_measurable"
    DECIDE_ANEW = "measure.decide_anew"
    EMBED = "measure.embed"
    CLOSE = "measure.close"
    ACTION = "measure.action"
    WORKING_TEXT = "measure.working_text"
    RELEASED = "measure.released"
    INFORMED_TAKEN = "measure.informed_taken"
    INFORMED_REALISED = "measure.informed_realised"
    DEADLINE = "measure.deadline"
    THEME_PROPOSED = "measure.theme_proposed"
    THEME_ACCEPTED = "measure.theme_accepted"
    THEME_DECLINED = "measure.theme_declined"


class Tie(StrEnum):
    """How an action point is tied to a measure: made for it, or of the same theme and proposed by one side."""

    MADE = "made"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Side(StrEnum):
    """The side that proposes *zelfde thema*."""

    MEASURE = "measure"
    ACTION = "action"


class Informed(StrEnum):
    """What the people concerned are informed about: the decision (letter L18) or the realisation (L26)."""

    TAKEN = "taken"
    REALISED = "realised"


KINDS = {Kind.MEASURE: N_("Maatregel"), Kind.COMMITMENT: N_("Toezegging")}
CAUSES = {
    CauseKind.COMMITTEE: N_("Oordeel klachtencommissie"),
    CauseKind.MEDIATION: N_("Klachtbemiddeling"),
    CauseKind.NOTICE: N_("Signalering"),
    CauseKind.INVESTIGATION: N_("Onderzoek"),
    CauseKind.OWN_SYSTEM: N_("Eigen klachtsysteem"),
}
STRENGTHS = {Strength.STRONG: N_("sterk"), Strength.MEDIUM: N_("middel"), Strength.WEAK: N_("zwak")}
# Who informs the people concerned, by the origin of the measure (design 3: T18 is the secretary's).
INFORMERS = {
    CauseKind.COMMITTEE: Role.SECRETARY,
    CauseKind.MEDIATION: Role.COMPLAINTS_OFFICER,
    CauseKind.NOTICE: Role.COMPLAINTS_OFFICER,
    CauseKind.OWN_SYSTEM: Role.COMPLAINTS_OFFICER,
    CauseKind.INVESTIGATION: Role.BOARD_SECRETARY,
}
# The effect that a verb records. A new decision clears it.
EFFECTS = {
    Verb.EFFECTIVE: Effect.EFFECTIVE,
    Verb.NOT_EFFECTIVE: Effect.NOT_EFFECTIVE,
    Verb.EFFECT_NOT_MEASURABLE: Effect.NOT_MEASURABLE,
}
# The verbs by which somebody judges the work of others.
JUDGING = (Verb.CHECK, Verb.SEND_BACK, *EFFECTS, Verb.DECIDE_ANEW, Verb.CLOSE)
UNDER = (Tie.MADE, Tie.ACCEPTED)  # the ties that count as work under the measure
WORKING = frozenset({State.DECIDED, State.ASSIGNED, State.RUNNING})
OPEN_TO_ACTIONS = WORKING | {State.NOT_EFFECTIVE}
DONE = frozenset({State.CHECKED, State.EFFECTIVE, State.EFFECT_NOT_MEASURABLE, State.EMBEDDED, State.CLOSED})
NOT_CLOSED = frozenset(State) - {State.CLOSED}
REALISED = NOT_CLOSED - WORKING
STATES = {
    State.DECIDED: StateInfo(N_("Besloten"), Shape.PENDING),
    State.ASSIGNED: StateInfo(N_("Belegd"), Shape.RUN),
    State.RUNNING: StateInfo(N_("In uitvoering"), Shape.RUN),
    State.IMPLEMENTED: StateInfo(N_("Uitgevoerd"), Shape.WAIT),
    State.CHECKED: StateInfo(N_("Getoetst"), Shape.DONE),
    State.EFFECTIVE: StateInfo(N_("Effectief"), Shape.PROVEN),
    State.NOT_EFFECTIVE: StateInfo(N_("Niet effectief"), Shape.OPEN),
    State.EFFECT_NOT_MEASURABLE: StateInfo(N_("Effect niet meetbaar"), Shape.DONE),
    State.EMBEDDED: StateInfo(N_("Geborgd"), Shape.PROVEN),
    State.CLOSED: StateInfo(N_("Gesloten"), Shape.PROVEN),
}
# How far a state got in the funnel: an index into FUNNEL.
REACHED = {
    State.DECIDED: 0,
    State.ASSIGNED: 1,
    State.RUNNING: 1,
    State.IMPLEMENTED: 2,
    State.CHECKED: 3,
    State.NOT_EFFECTIVE: 3,
    State.EFFECT_NOT_MEASURABLE: 3,
    State.EFFECTIVE: 4,
    State.EMBEDDED: 5,
    State.CLOSED: 5,
}
FUNNEL = (N_("Besloten"), N_("Belegd"), N_("Uitgevoerd"), N_("Getoetst"), N_("Effect aangetoond"), N_("Geborgd"))
OWNER, SIGNER, JUDGE = "", "signer", "judge"  # the owner; who decides and signs; who judges the effect and closes
MOVERS = {
    OWNER: N_("eigenaar"),
    Role.MEDICAL_DIRECTOR: N_("medisch directeur"),
    Role.QUALITY_ADVISER: N_("kwaliteitsadviseur"),
    Role.SECRETARY: N_("secretaris"),
    Role.COMPLAINTS_OFFICER: N_("klachtenfunctionaris"),
    Role.BOARD_SECRETARY: N_("bestuurssecretaris"),
}
# Whose turn it is in each state that is not final, and to do what.
AT_MOVE = {
    State.DECIDED: (SIGNER, N_("beleggen")),
    State.ASSIGNED: (OWNER, N_("beginnen")),
    State.RUNNING: (OWNER, N_("uitvoeren")),
    State.IMPLEMENTED: (Role.QUALITY_ADVISER, N_("toetsen")),
    State.CHECKED: (JUDGE, N_("effect vaststellen")),
    State.NOT_EFFECTIVE: (JUDGE, N_("nieuw besluit")),
    State.EFFECT_NOT_MEASURABLE: (JUDGE, N_("afsluiten")),
    State.EFFECTIVE: (Role.QUALITY_ADVISER, N_("borgen")),
    State.EMBEDDED: (JUDGE, N_("afsluiten")),
}
ONLY_FEEDBACK_LEFT = (State.EFFECTIVE, State.EFFECT_NOT_MEASURABLE, State.EMBEDDED, State.CLOSED)
# One row per verb, so that the table can be read as one.
# fmt: off
TRANSITIONS = (
    Transition(Verb.DECIDE, set(), State.DECIDED, N_("Leg vast"), N_("Besloten"), page="measures.decide"),
    Transition(Verb.ASSIGN, OPEN_TO_ACTIONS, State.ASSIGNED, N_("Beleg"), N_("Belegd"),
        slug="beleggen", page="measures.assign", news=N_("is belegd")),
    Transition(Verb.START, {State.ASSIGNED}, State.RUNNING, N_("Begin"), N_("Begonnen"),
        slug="beginnen", title=N_("Beginnen"), forward=True),
    Transition(Verb.IMPLEMENT, {State.RUNNING}, State.IMPLEMENTED, N_("Meld uitgevoerd"), N_("Uitgevoerd gemeld"),
        slug="uitgevoerd", title=N_("Uitgevoerd melden"), news=N_("is uitgevoerd gemeld"), needs_reason=True,
        forward=True),
    Transition(Verb.CHECK, {State.IMPLEMENTED}, State.CHECKED, N_("Toets: het is uitgevoerd"), N_("Getoetst"),
        slug="toetsen", title=N_("Toetsen"), news=N_("is getoetst"), needs_reason=True, forward=True),
    Transition(Verb.SEND_BACK, {State.IMPLEMENTED}, State.RUNNING, N_("Stuur terug"), N_("Teruggestuurd"),
        slug="terugsturen", title=N_("Terugsturen"), needs_reason=True),
    Transition(Verb.EFFECTIVE, {State.CHECKED}, State.EFFECTIVE, N_("Stel vast: effectief"), N_("Effect vastgesteld"),
        slug="effectief", title=N_("Effect vaststellen"), news=N_("is effectief"), needs_reason=True, forward=True),
    Transition(Verb.NOT_EFFECTIVE, {State.CHECKED}, State.NOT_EFFECTIVE,
        N_("Stel vast: geen effect"), N_("Geen effect vastgesteld"),
        slug="geen-effect", title=N_("Geen effect"), news=N_("heeft geen effect"), needs_reason=True),
    Transition(Verb.EFFECT_NOT_MEASURABLE, {State.CHECKED}, State.EFFECT_NOT_MEASURABLE,
        N_("Effect niet meetbaar"), N_("Effect niet meetbaar"),
        slug="niet-meetbaar", needs_reason=True),
    Transition(Verb.DECIDE_ANEW, {State.NOT_EFFECTIVE}, State.DECIDED, N_("Besluit opnieuw"), N_("Opnieuw besloten"),
        slug="opnieuw-besluiten", title=N_("Opnieuw besluiten"), needs_reason=True, forward=True),
    Transition(Verb.EMBED, {State.EFFECTIVE}, State.EMBEDDED, N_("Geborgd"), N_("Geborgd"),
        slug="borgen", title=N_("Borgen"), news=N_("is geborgd"), needs_reason=True, forward=True),
    Transition(Verb.CLOSE, {State.EMBEDDED, State.EFFECT_NOT_MEASURABLE}, State.CLOSED, N_("Sluit"), N_("Gesloten"),
        slug="sluiten", title=N_("Sluiten"), news=N_("is gesloten"), needs_reason=True, forward=True),
    Transition(Verb.PLAN, OPEN_TO_ACTIONS, None, N_("Actiepunt erbij"), N_("Actiepunt erbij"),
        icon="i-plus", page="planning.new_action"),
    Transition(Verb.WRITE, frozenset(State), None, N_("Schrijf de werktekst"), N_("Werktekst geschreven"),
        slug="werktekst", icon="i-edit", page="measures.working_text", minor=True),
    Transition(Verb.RELEASE, frozenset(State), None, N_("Geef vrij"), N_("Vrijgegeven"),
        slug="vrijgeven", icon="i-eye", page="measures.release", news=N_("is vrijgegeven")),
    Transition(Verb.INFORMED_TAKEN, NOT_CLOSED, None, N_("Betrokkenen geïnformeerd"),
        N_("Betrokkenen geïnformeerd dat de maatregel is genomen"),
        slug="geinformeerd", icon="i-answer", page="measures.inform"),
    Transition(Verb.INFORMED_REALISED, REALISED, None, N_("Betrokkenen geïnformeerd"),
        N_("Betrokkenen geïnformeerd dat de maatregel is uitgevoerd"),
        icon="i-answer", page="measures.inform", news=N_("betrokkenen geïnformeerd over uitvoering")),
    Transition(Verb.DEADLINE, OPEN_TO_ACTIONS, None, N_("Verzet de datum"), N_("Datum verzet"),
        slug="datum", icon="i-calendar", page="measures.deadline", news=N_("kreeg een andere datum"),
        needs_reason=True, minor=True),
)
# fmt: on
WORKFLOW = Workflow("measure", STATES, State.DECIDED, TRANSITIONS)
INFORMED = {Informed.TAKEN: Verb.INFORMED_TAKEN, Informed.REALISED: Verb.INFORMED_REALISED}
