"""Action points: their states, verbs and words, and what follows from their dates."""

from datetime import date
from enum import StrEnum

from schakel.deadlines import SOON, days_late, days_left, days_silent
from schakel.i18n import N_, gettext
from schakel.loop import ACTION, Knot, KnotKind
from schakel.workflow import Shape, StateInfo, Transition, Workflow


class Tier(StrEnum):
    """When an action point is done (design 3, *Tiers*)."""

    AGREEMENT = "agreement"
    ACTION = "action"
    MEASURE = "measure"


class State(StrEnum):
    """The states of an action point between proposed and checked."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    RUNNING = "running"
    ON_HOLD = "on_hold"
    REPORTED_DONE = "reported_done"
    SENT_BACK = "sent_back"
    CHECKED = "checked"
    CANCELLED = "cancelled"


class StateFilter(StrEnum):
    """What the list can be limited to besides one state."""

    OPEN = "open"
    LATE = "late"
    UNDATED = "undated"
    ALL = "all"


class Verb(StrEnum):
    """What people do with an action point."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    RETURN = "return"
    DONE = "done"
    REPORT = "report"
    HOLD = "hold"
    RESUME = "resume"
    CHECK = "check"
    SEND_BACK = "send_back"
    CANCEL = "cancel"
    EVIDENCE = "evidence"
    REMOVE = "remove"
    DEADLINE = "deadline"
    CORRECT = "correct"


class AuditEvent(StrEnum):
    """Audit events about action points."""

    PROPOSED = "action.proposed"
    GIVEN = "action.given"
    ACCEPT = "action.accept"
    RETURN = "action.return"
    DONE = "action.done"
    REPORT = "action.report"
    HOLD = "action.hold"
    RESUME = "action.resume"
    CHECK = "action.check"
    SEND_BACK = "action.send_back"
    CANCEL = "action.cancel"
    EVIDENCE = "action.evidence"
    REMOVE = "action.remove"
    DEADLINE = "action.deadline"
    CORRECT = "action.correct"


class MailKind(StrEnum):
    """The kinds of mail about an action point."""

    PROPOSED = "action.proposed"
    SENT_BACK = "action.sent_back"
    CHECKED = "action.checked"
    CANCELLED = "action.cancelled"
    DEADLINE = "action.deadline"
    RETURNED = "action.returned"
    REPORTED_DONE = "action.reported_done"
    LINK_AGAIN = "action.link_again"
    GIVEN_AWAY = "action.given_away"
    CORRECTED = "action.corrected"


TIERS = {
    Tier.AGREEMENT: N_("Afspraak"),
    Tier.ACTION: N_("Actiepunt"),
    Tier.MEASURE: N_("Actiepunt onder een maatregel"),
}
STATES = {
    State.PROPOSED: StateInfo(N_("Voorgesteld"), Shape.PENDING),
    State.RETURNED: StateInfo(N_("Teruggegeven"), Shape.OPEN),
    State.ACCEPTED: StateInfo(N_("Aangenomen"), Shape.RUN),
    State.RUNNING: StateInfo(N_("In uitvoering"), Shape.RUN),
    State.ON_HOLD: StateInfo(N_("Opgeschort"), Shape.SILENT),
    State.REPORTED_DONE: StateInfo(N_("Gereedgemeld"), Shape.WAIT),
    State.SENT_BACK: StateInfo(N_("Teruggestuurd"), Shape.OPEN),
    State.CHECKED: StateInfo(N_("Getoetst"), Shape.DONE),
    State.CANCELLED: StateInfo(N_("Vervallen"), Shape.STOP),
}
WORKING = frozenset({State.ACCEPTED, State.RUNNING, State.SENT_BACK})
UNDECIDED = frozenset({State.PROPOSED, State.RETURNED})
CANCELLABLE = UNDECIDED | WORKING | {State.ON_HOLD}
OPEN = CANCELLABLE | {State.REPORTED_DONE}
# One row per verb, so that the table can be read as one.
# fmt: off
TRANSITIONS = (
    Transition(Verb.ACCEPT, {State.PROPOSED}, State.ACCEPTED, N_("Neem aan"), N_("Aangenomen"),
        slug="aannemen", title=N_("Neemt u dit actiepunt aan?"), submit=N_("Ja, ik neem het aan"),
        confirms=(N_("De vrager ziet dat u ermee aan de slag gaat."),), news=N_("nam aan"), forward=True),
    Transition(Verb.RETURN, {State.PROPOSED, State.ACCEPTED}, State.RETURNED, N_("Geef terug"), N_("Teruggegeven"),
        slug="teruggeven", title=N_("Dit actiepunt teruggeven"),
        confirms=(N_("De vrager krijgt een mail met uw reden, en kiest een andere eigenaar."),), news=N_("gaf terug"),
        needs_reason=True),
    Transition(Verb.DONE, WORKING, State.REPORTED_DONE, N_("Meld gereed"), N_("Gereedgemeld"),
        slug="gereedmelden", title=N_("Dit actiepunt gereedmelden"),
        confirms=(N_("De vrager krijgt een mail. Een ander dan u toetst of het klaar is."),),
        news=N_("meldde gereed"), forward=True),
    Transition(Verb.REPORT, WORKING, State.RUNNING, N_("Laat weten hoe het staat"), N_("Voortgang"),
        slug="voortgang", title=N_("Hoe staat het?"), submit=N_("Stuur"),
        confirms=(N_("Uw bericht staat in het verloop. De vrager ziet het op Vandaag."),),
        news=N_("liet weten hoe het staat bij"), needs_reason=True, minor=True),
    Transition(Verb.HOLD, WORKING, State.ON_HOLD, N_("Schort op"), N_("Opgeschort"),
        slug="opschorten", title=N_("Dit actiepunt opschorten"),
        confirms=(N_("Geef aan waarom, en wanneer u weer iets laat weten."),), needs_reason=True),
    Transition(Verb.RESUME, {State.ON_HOLD}, State.RUNNING, N_("Hervat"), N_("Hervat"),
        slug="hervatten", title=N_("Dit actiepunt hervatten"), forward=True),
    Transition(Verb.CHECK, {State.REPORTED_DONE}, State.CHECKED, N_("Toets: het is klaar"), N_("Getoetst"),
        slug="toetsen", title=N_("Is dit klaar?"), submit=N_("Ja, het is klaar"),
        confirms=(N_("U zegt hiermee dat u de onderbouwing hebt bekeken en dat het klaar is."),), news=N_("toetste"),
        needs_reason=True, forward=True),
    Transition(Verb.SEND_BACK, {State.REPORTED_DONE}, State.SENT_BACK, N_("Stuur terug"), N_("Teruggestuurd"),
        slug="terugsturen", title=N_("Dit actiepunt terugsturen"),
        confirms=(N_("De eigenaar krijgt een mail met wat er nog nodig is."),), news=N_("stuurde terug"),
        needs_reason=True),
    Transition(Verb.CANCEL, CANCELLABLE, State.CANCELLED, N_("Laat vervallen"), N_("Vervallen"),
        slug="vervallen", title=N_("Dit actiepunt laten vervallen"),
        confirms=(N_("Het actiepunt blijft te lezen, met uw reden."),), needs_reason=True),
    Transition(Verb.PROPOSE, CANCELLABLE, State.PROPOSED,
        N_("Kies een andere eigenaar"), N_("Voorgesteld aan de eigenaar"),
        slug="eigenaar", page="action_editing.owner", minor=True),
    Transition(Verb.EVIDENCE, WORKING | {State.ON_HOLD}, None,
        N_("Voeg onderbouwing toe"), N_("Onderbouwing toegevoegd"),
        slug="onderbouwing", icon="i-clip", page="actions.evidence", minor=True),
    Transition(Verb.DEADLINE, OPEN, None, N_("Verzet de datum"), N_("Datum verzet"),
        slug="datum", icon="i-calendar", news=N_("verzette de datum van"), needs_reason=True,
        page="action_editing.deadline", minor=True),
    Transition(Verb.CORRECT, OPEN, None, N_("Pas de tekst aan"), N_("Tekst aangepast"),
        slug="aanpassen", icon="i-edit", page="action_editing.correct", minor=True),
    Transition(Verb.REMOVE, OPEN | {State.CHECKED}, None, N_("Verwijder"), N_("Onderbouwing verwijderd"),
        needs_reason=True, page="action_editing.remove", minor=True),
)
# fmt: on
WORKFLOW = Workflow("action", STATES, State.PROPOSED, TRANSITIONS)
BESIDE = frozenset({Verb.REMOVE})  # about one piece of evidence, and offered beside it
JUDGING = frozenset({Verb.CHECK, Verb.SEND_BACK})
PLANNING = frozenset({Verb.ACCEPT, Verb.REPORT, Verb.HOLD, Verb.RESUME})  # the owner says when the next report comes
WORK_OF_OWNER = frozenset({Verb.ACCEPT, Verb.DONE, Verb.REPORT, Verb.HOLD, Verb.RESUME, Verb.EVIDENCE})
WAITING = frozenset({State.REPORTED_DONE, State.ON_HOLD})  # waits for somebody else, or on hold: not late by its date


def needs_proof(tier: str) -> bool:
    """Whether this tier requires evidence before it is reported done: all but agreements (design 3, *Tiers*)."""
    return tier != Tier.AGREEMENT


def may_judge(owner_id: int, judge_id: int | None) -> bool:
    """Nobody checks their own work (design 3)."""
    return judge_id is not None and judge_id != owner_id


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Past its date and not reported done, on hold or ended."""
    return due_on is not None and due_on < today and state not in WORKFLOW.final | WAITING


def is_silent(state: str, next_report_on: date | None, today: date) -> bool:
    """*Geen bericht sinds*: the day on which the owner would report has passed."""
    waiting = WORKFLOW.final | {State.REPORTED_DONE, State.PROPOSED}
    return next_report_on is not None and next_report_on < today and state not in waiting


def why(state: str, due_on: date | None, next_report_on: date | None, today: date) -> tuple[Shape, str]:
    """Return (shape, word) of what matters most: late, silent, without date, soon, else the state itself."""
    if due_on and is_late(state, due_on, today):
        return Shape.LATE, days_late((today - due_on).days)
    if next_report_on and is_silent(state, next_report_on, today):
        return Shape.SILENT, days_silent((today - next_report_on).days)
    if due_on is None and state not in WORKFLOW.final:
        return Shape.OPEN, gettext("Zonder datum")
    if due_on and state not in WORKFLOW.final | WAITING and 0 <= (due_on - today).days <= SOON:
        return Shape.SOON, days_left((due_on - today).days)
    return WORKFLOW.shape(state), WORKFLOW.label(state)


def action_knot(state: str, late: bool, silent: bool, undated: bool) -> Knot:
    """Return the third knot of the loop, from an action point's state."""
    word = WORKFLOW.label(state)
    if state == State.CHECKED:
        return Knot(ACTION, KnotKind.DONE, word)
    needs = late or silent or undated or state in (State.RETURNED, State.SENT_BACK, State.CANCELLED)
    kind = KnotKind.OPEN if needs else KnotKind.PENDING if state == State.PROPOSED else KnotKind.RUN
    return Knot(ACTION, kind, word)
