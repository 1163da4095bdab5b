"""What follows from a measure's data: late, silent, its step in the funnel, whose turn it is, its loop."""

from dataclasses import dataclass
from datetime import date

from schakel.deadlines import SOON, days_late, days_left, days_silent
from schakel.i18n import N_, gettext
from schakel.identity.rules import Role
from schakel.loop import ACTION, CAUSE, DECISION, EFFECT, FEEDBACK, Gap, Knot, KnotKind, Loop
from schakel.measures.rules import (
    AT_MOVE,
    INFORMERS,
    JUDGE,
    MOVERS,
    ONLY_FEEDBACK_LEFT,
    REACHED,
    SIGNER,
    WORKFLOW,
    WORKING,
    CauseKind,
    Effect,
    State,
)
from schakel.workflow import Shape


def reached(state: str, effect: str) -> int:
    """Return the step of the funnel a measure reached; closed without a measurable effect stays at checked."""
    unproven = state == State.CLOSED and effect != Effect.EFFECTIVE
    return REACHED[State.CHECKED if unproven else State(state)]


def wrong_dates(decided_on: date, due_on: date | None, cause_year: int, today: date) -> tuple[str, str] | None:
    """Return (field, Dutch msgid) of a date that is impossible for a decision, or None."""
    if decided_on > today:
        return "decided_on", N_("Deze dag moet nog komen: een maatregel is al besloten.")
    if due_on is not None and due_on < decided_on:
        return "due_on", N_("Deze dag ligt vóór het besluit.")
    if cause_year > decided_on.year:
        return "cause_year", N_("De aanleiding kan niet na het besluit liggen.")
    return None


def must_have_date(cause_kind: str) -> bool:
    """A ruling's measure must have a realisation term (Wkkgz 17.1)."""
    return cause_kind == CauseKind.COMMITTEE


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Past its date and not carried out yet."""
    return due_on is not None and due_on < today and state in WORKING


def is_silent(state: str, next_report_on: date | None, today: date) -> bool:
    """The day on which the owner would report has passed."""
    return next_report_on is not None and next_report_on < today and state in WORKING


def is_undated(state: str, due_on: date | None) -> bool:
    """No date was agreed; the page says so."""
    return due_on is None and state in WORKING


def why(state: str, due_on: date | None, next_report_on: date | None, today: date) -> tuple[Shape, str]:
    """Return (shape, word) of what matters most: late, no effect, silent, without date, soon, else the state itself."""
    if due_on and is_late(state, due_on, today):
        return Shape.LATE, days_late((today - due_on).days)
    if state == State.NOT_EFFECTIVE:
        return Shape.OPEN, gettext("Geen effect: nieuw besluit nodig")
    if next_report_on and is_silent(state, next_report_on, today):
        return Shape.SILENT, days_silent((today - next_report_on).days)
    if is_undated(state, due_on):
        return Shape.OPEN, gettext("Zonder datum")
    if due_on and state in WORKING and (due_on - today).days <= SOON:
        return Shape.SOON, days_left((due_on - today).days)
    return WORKFLOW.shape(state), WORKFLOW.label(state)


@dataclass(frozen=True)
class Standing:
    """The data that decides a measure's loop. `done`: action points (checked, all). `signer`, `judge`: roles."""

    state: str
    effect: str
    cause_kind: str
    late: bool
    undated: bool
    done: tuple[int, int]
    informed: bool
    signer: Role
    judge: Role


def at_move(it: Standing) -> tuple[str, str]:
    """Return (who, what) in words, of whose turn it is; ("niemand", "") when it is nobody's.

    The state decides, unless informing the people concerned is all that is left.
    """
    if it.state in ONLY_FEEDBACK_LEFT and not it.informed:
        return gettext(MOVERS[INFORMERS[CauseKind(it.cause_kind)]]), gettext("betrokkenen informeren")
    if it.state == State.CLOSED:
        return gettext("niemand"), ""
    mover, task = AT_MOVE[State(it.state)]
    role = {SIGNER: it.signer, JUDGE: it.judge}.get(mover, mover)
    return gettext(MOVERS[role]), gettext(task)


def loop_of(it: Standing, cause_text: str) -> Loop:
    """Return the loop of a measure: no date of the cause, and of the case only *betrokkenen geïnformeerd*."""
    count, of = it.done
    step = reached(it.state, it.effect)
    done = gettext("%(n)d van %(of)d getoetst", n=count, of=of) if of else WORKFLOW.label(it.state)
    open_kind = KnotKind.OPEN if it.late or it.undated else KnotKind.RUN if step else KnotKind.PENDING
    knots = (
        Knot(CAUSE, KnotKind.DONE, cause_text),
        Knot(DECISION, KnotKind.DONE, gettext("Besloten")),
        Knot(ACTION, KnotKind.DONE if step >= REACHED[State.CHECKED] else open_kind, done),
        Knot(EFFECT, *_effect_knot(it, step)),
        Knot(FEEDBACK, *_feedback_knot(it, step)),
    )
    return Loop(knots, _gap(Loop(knots).first_open, it))


def _effect_knot(it: Standing, step: int) -> tuple[KnotKind, str]:
    if it.effect == Effect.NOT_MEASURABLE:
        return KnotKind.DONE, gettext("Niet meetbaar")
    if it.state == State.NOT_EFFECTIVE:
        return KnotKind.OPEN, gettext("Geen effect")
    if step == REACHED[State.EMBEDDED]:
        return KnotKind.PROVEN, gettext("Geborgd")
    if step == REACHED[State.EFFECTIVE]:
        return KnotKind.PROVEN, gettext("Aangetoond")
    return KnotKind.PENDING, gettext("Nog niet bekend")


def _feedback_knot(it: Standing, step: int) -> tuple[KnotKind, str]:
    if it.informed:
        return KnotKind.PROVEN, gettext("Betrokkenen geïnformeerd")
    if step >= REACHED[State.CHECKED] and it.state != State.NOT_EFFECTIVE:
        return KnotKind.OPEN, gettext("Nog niet geïnformeerd")
    return KnotKind.PENDING, gettext("Nog niet")


def _gap(first_open: Knot | None, it: Standing) -> Gap | None:
    if first_open is None and it.state == State.CLOSED:
        return None
    where = gettext("Nog niet gesloten")
    if first_open:
        name, state = first_open.label, first_open.state_word.lower()
        where = gettext("Open bij %(knot)s: %(state)s", knot=name, state=state)
    who, task = at_move(it)
    text = (
        gettext("Aan zet: %(who)s (%(task)s).", who=who, task=task) if task else gettext("Aan zet: %(who)s.", who=who)
    )
    return Gap(where, text)
