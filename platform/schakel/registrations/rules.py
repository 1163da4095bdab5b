"""States and verbs of a registration, the deadline of an offer, and the consent text."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from schakel.dates import AMSTERDAM
from schakel.i18n import N_
from schakel.workflow import Shape, StateInfo, Transition, Workflow

CONSENT = "2026-11"  # the version of the consent text displayed at signing up
CONSENT_TEXT = N_("We gebruiken deze gegevens voor deze bijeenkomst en voor wat er met uw inbreng gebeurt.")
MAX_PERSONS = 6


class State(StrEnum):
    """The states of a registration."""

    REGISTERED = "registered"
    WAITING = "waiting"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Verb(StrEnum):
    """What happens to a registration."""

    REGISTER = "register"
    WAIT = "wait"
    OFFER = "offer"
    ACCEPT = "accept"
    LAPSE = "lapse"
    CHANGE = "change"
    WITHDRAW = "withdraw"


class AuditEvent(StrEnum):
    """Audit events about registrations."""

    MADE = "registration.made"
    CHANGED = "registration.changed"
    WITHDRAWN = "registration.withdrawn"
    ACCEPTED = "registration.accepted"
    LAPSED = "registration.lapsed"
    NOTIFIED = "registration.notified"
    HANDED_OUT = "place.handed_out"
    EXPORTED = "registrations.exported"
    FORGOTTEN = "registrations.forgotten"


class MailKind(StrEnum):
    """The kinds of mail about a registration."""

    REGISTERED = "registered"
    WAITING = "waiting"
    REPEATED = "repeated"
    LINK_AGAIN = "link_again"
    OFFERED = "offered"
    LAPSED = "lapsed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DAY_GONE = "day_gone"


LIVE = frozenset({State.REGISTERED, State.WAITING, State.OFFERED})
STATES = {
    State.REGISTERED: StateInfo(N_("Aangemeld"), Shape.DONE),
    State.WAITING: StateInfo(N_("Wachtlijst"), Shape.WAIT),
    State.OFFERED: StateInfo(N_("Plaats aangeboden"), Shape.SOON),
    State.WITHDRAWN: StateInfo(N_("Afgemeld"), Shape.STOP),
    State.LAPSED: StateInfo(N_("Aanbod verlopen"), Shape.STOP),
}
# fmt: off
TRANSITIONS = (
    Transition(Verb.REGISTER, set(), State.REGISTERED, N_("Meld u aan"), N_("Aangemeld"), page="registrations.sign_up"),
    Transition(Verb.WAIT, set(), State.WAITING, N_("Meld u aan"), N_("Op de wachtlijst"), page="registrations.sign_up"),
    Transition(Verb.OFFER, {State.WAITING}, State.OFFERED, N_("Plaats aangeboden"), N_("Plaats aangeboden")),
    Transition(Verb.ACCEPT, {State.OFFERED}, State.REGISTERED, N_("Ja, ik kom"), N_("Plaats aangenomen"),
        slug="plaats-aannemen", page="my_registration.accept"),
    Transition(Verb.LAPSE, {State.OFFERED}, State.LAPSED, N_("Aanbod verlopen"), N_("Aanbod verlopen")),
    Transition(Verb.CHANGE, LIVE, None, N_("Wijzig"), N_("Gewijzigd"), slug="wijzigen", page="my_registration.change"),
    Transition(Verb.WITHDRAW, LIVE, State.WITHDRAWN, N_("Meld mij af"), N_("Afgemeld"),
        slug="afmelden", page="my_registration.withdraw"),
)
# fmt: on
WORKFLOW = Workflow("registration", STATES, State.REGISTERED, TRANSITIONS)
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)


def offer_until(now: datetime, starts_at: datetime) -> datetime:
    """Return until when an offered place is held: 48 hours, 12 in the last three days, 2 on the day itself.

    An offer that would end between 22.00 and 7.00 in Amsterdam ends at 9.00; none ends after the start of the event.
    """
    left = starts_at - now
    same_day = now.astimezone(AMSTERDAM).date() == starts_at.astimezone(AMSTERDAM).date()
    hours = 2 if same_day else 12 if left <= timedelta(days=3) else 48
    ends = (now + timedelta(hours=hours)).astimezone(AMSTERDAM)
    if ends.time() >= NIGHT_BEGINS:
        ends = datetime.combine(ends.date() + timedelta(days=1), time(9), AMSTERDAM)
    elif ends.time() < NIGHT_ENDS:
        ends = datetime.combine(ends.date(), time(9), AMSTERDAM)
    return min(ends.astimezone(starts_at.tzinfo), starts_at)
