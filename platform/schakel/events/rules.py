"""Kinds, states and verbs of events; what a coordinator may do when; texts about places."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schakel import dates
from schakel.i18n import N_, gettext, ngettext
from schakel.workflow import Shape, StateInfo, Transition, Workflow


class Kind(StrEnum):
    """The kinds of event."""

    CONFERENCE = "conference"
    WORK_SESSION = "work_session"
    COURSE_DAY = "course_day"
    BOARD_DAY = "board_day"
    PATIENT_DAY = "patient_day"
    SYMPOSIUM = "symposium"
    MDO = "mdo"


class SignUp(StrEnum):
    """The forms with which people sign up."""

    PROFESSIONAL = "professional"
    PATIENT_DAY = "patient_day"
    NONE = "none"


class ItemKind(StrEnum):
    """The kinds of agenda item."""

    PLENARY = "plenary"
    BREAK = "break"
    ROUND = "round"


class State(StrEnum):
    """The states of an event between draft and closed."""

    DRAFT = "draft"
    PUBLISHED = "published"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What coordinators do with an event."""

    CREATE = "create"
    EDIT = "edit"
    PUBLISH = "publish"
    CANCEL = "cancel"
    HOLD = "hold"
    CLOSE = "close"


class AuditEvent(StrEnum):
    """Audit events about events."""

    CREATED = "event.created"
    EDITED = "event.edited"
    PUBLISH = "event.publish"
    CANCEL = "event.cancel"
    HOLD = "event.hold"
    CLOSE = "event.close"
    AGENDA = "event.agenda"
    ROOM = "event.room"
    STEPS = "event.steps"
    ACTION = "event.action"


@dataclass(frozen=True)
class KindInfo:
    """A kind of event: its Dutch name, and the form people sign up with by default."""

    name: str
    form: SignUp


KINDS = {
    Kind.CONFERENCE: KindInfo(N_("Conferentie"), SignUp.PROFESSIONAL),
    Kind.WORK_SESSION: KindInfo(N_("Werksessie"), SignUp.PROFESSIONAL),
    Kind.COURSE_DAY: KindInfo(N_("Leergangdag"), SignUp.PROFESSIONAL),
    Kind.BOARD_DAY: KindInfo(N_("Bestuurlijk programma"), SignUp.PROFESSIONAL),
    Kind.PATIENT_DAY: KindInfo(N_("Patiëntendag"), SignUp.PATIENT_DAY),
    Kind.SYMPOSIUM: KindInfo(N_("Symposium"), SignUp.PROFESSIONAL),
    Kind.MDO: KindInfo(N_("MDO"), SignUp.NONE),
}
FORMS = {
    SignUp.PROFESSIONAL: N_("Zorgverleners: naam, e-mail, beroep of rol, organisatie, sessies"),
    SignUp.PATIENT_DAY: N_("Patiëntendag: naam, e-mail, aantal personen, wensen"),
    SignUp.NONE: N_("Geen aanmelding via deze pagina"),
}
STATES = {
    State.DRAFT: StateInfo(N_("Concept"), Shape.PENDING),
    State.PUBLISHED: StateInfo(N_("Gepubliceerd"), Shape.RUN),
    State.HELD: StateInfo(N_("Geweest"), Shape.DONE),
    State.CLOSED: StateInfo(N_("Afgesloten"), Shape.STOP),
    State.CANCELLED: StateInfo(N_("Gaat niet door"), Shape.STOP),
}
# Displayed instead of the sessions of an agenda item that has none.
ITEMS_WITHOUT_SESSIONS = {
    ItemKind.BREAK: N_("pauze"),
    ItemKind.PLENARY: N_("met allen"),
    ItemKind.ROUND: N_("nog geen sessies"),
}
PUBLIC_STATES = (State.PUBLISHED, State.HELD, State.CLOSED, State.CANCELLED)
EDITABLE = frozenset({State.DRAFT, State.PUBLISHED})
# fmt: off
TRANSITIONS = (
    Transition(Verb.CREATE, set(), State.DRAFT, N_("Maak een bijeenkomst"), N_("Gemaakt"), page="editing.create"),
    Transition(Verb.EDIT, EDITABLE, None, N_("Gegevens"), N_("Gewijzigd"), slug="wijzigen", icon="i-edit",
        page="editing.edit"),
    Transition(Verb.PUBLISH, {State.DRAFT}, State.PUBLISHED, N_("Publiceren"), N_("Gepubliceerd"), slug="publiceren",
        icon="i-flag", title=N_("Deze bijeenkomst publiceren?"), submit=N_("Publiceer"),
        confirms=(N_("Iedereen kan de bladzijde zien."), N_("Aanmelden gaat open tot de sluitingsdag."))),
    Transition(Verb.CANCEL, {State.PUBLISHED}, State.CANCELLED, N_("Niet laten doorgaan"), N_("Afgelast"),
        slug="afgelasten", icon="i-flag", title=N_("Deze bijeenkomst niet laten doorgaan?"),
        submit=N_("Laat niet doorgaan"), needs_reason=True,
        confirms=(N_("De bladzijde blijft staan en zegt dat het niet doorgaat, en waarom."),
            N_("Dit is niet terug te draaien."))),
    Transition(Verb.HOLD, {State.PUBLISHED}, State.HELD, N_("Is geweest"), N_("Geweest"), slug="geweest",
        icon="i-flag", title=N_("Is deze bijeenkomst geweest?"), submit=N_("Ja, geweest"),
        confirms=(N_("Aanmelden is dan dicht."), N_("De bladzijde blijft te lezen."))),
    Transition(Verb.CLOSE, {State.HELD}, State.CLOSED, N_("Afsluiten"), N_("Afgesloten"), slug="afsluiten",
        icon="i-flag", title=N_("Deze bijeenkomst afsluiten?"), submit=N_("Sluit af"),
        confirms=(N_("Aan de bijeenkomst verandert niets meer."),)),
)
# fmt: on
WORKFLOW = Workflow("event", STATES, State.DRAFT, TRANSITIONS)
ENDING = frozenset({Verb.CANCEL, Verb.CLOSE})  # these end an event and take a reason, required or not
ADDRESS_TAKEN = {"nieuw"}
# The columns that calendars contain: only a change of these raises `sequence`.
CALENDAR_FIELDS = ("title", "starts_at", "ends_at", "place_name", "place_detail")


def may_move(state: str, verb: str, starts_at: datetime, now: datetime) -> bool:
    """Whether the state and the time allow a verb: an event that has not begun cannot have been held (design 3)."""
    return WORKFLOW.allows(state, verb) and (verb != Verb.HOLD or now >= starts_at)


def moves(state: str, starts_at: datetime, now: datetime) -> list[Transition]:
    """Return the verbs that lead to another state and are allowed now, in the order of the buttons."""
    return [one for one in WORKFLOW.available(state) if one.target and may_move(state, one.verb, starts_at, now)]


def missing_to_publish(
    title: str, lead: str, place: str, agenda: int, pools: int, form: str, professions: int = 0
) -> list[str]:
    """Return in Dutch what an event still lacks before it can be published."""
    lacks = []
    if not title.strip():
        lacks.append(gettext("een titel"))
    if not lead.strip():
        lacks.append(gettext("een inleiding"))
    if not place.strip():
        lacks.append(gettext("een plaats"))
    if not agenda:
        lacks.append(gettext("een programma"))
    if form != SignUp.NONE and not pools:
        lacks.append(gettext("plaatsen"))
    if asks_no_profession(form, professions):
        lacks.append(gettext("plaatsen voor iedereen samen (het formulier vraagt niet naar een beroep)"))
    return lacks


def asks_no_profession(form: str, professions: int) -> bool:
    """Whether the form lacks the profession that places per profession require: then nobody could sign up."""
    return form == SignUp.PATIENT_DAY and professions > 0


def slug_of(title: str) -> str:
    """Return a URL slug from a title: kebab-case, plain letters, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "bijeenkomst"


def is_open(state: str, form: str, closes_at: datetime | None, starts_at: datetime, now: datetime) -> bool:
    """Whether people can sign up now."""
    return form != SignUp.NONE and state == State.PUBLISHED and now < (closes_at or starts_at)


def closes_at(starts_at: datetime, days_before: int) -> datetime:
    """Return when signing up closes: at the start, or at the beginning of the day so many days before it."""
    if not days_before:
        return starts_at
    return dates.midnight(dates.today(starts_at) - timedelta(days=days_before))


def last_day(closes: datetime) -> str:
    """Return the last day on which people can sign up, in words; one that closes at midnight is not that day."""
    return dates.format_date(closes - timedelta(microseconds=1), year=False)


def closing_text(form: str, closes: datetime | None, starts_at: datetime, now: datetime) -> str:
    """Return until when people can sign up, or since when they cannot; empty where nobody signs up on the page."""
    if form == SignUp.NONE:
        return ""
    closes = closes or starts_at
    if now >= closes:
        return gettext("Aanmelden is gesloten sinds %(day)s.", day=dates.format_date(closes, year=False))
    if closes == starts_at:
        return gettext("Aanmelden kan tot het begin.")
    return gettext("Aanmelden kan tot en met %(day)s.", day=last_day(closes))


def session_text(letter: str, title: str, starts_at: datetime, ends_at: datetime, room: str = "") -> str:
    """Return a session with its hours and room: 'A. Ouderen, 18.00 – 19.00 uur, Zaal 2'."""
    return ", ".join(part for part in (f"{letter}. {title}", session_facts(starts_at, ends_at, room)) if part)


def session_facts(starts_at: datetime, ends_at: datetime, room: str = "") -> str:
    """Return the hours and the room of a session: '18.00 – 19.00 uur, Zaal 2'."""
    return ", ".join(part for part in (dates.format_times(starts_at, ends_at), room) if part)


def offers_room(state: str, closes_at: datetime | None, starts_at: datetime, now: datetime) -> bool:
    """Whether a page says how many places are left: not after signing up closed, nor when held or cancelled."""
    return state in EDITABLE and now < (closes_at or starts_at)


def free_places(capacity: int, used: int, queued: bool) -> int:
    """Return how many places somebody who signs up now can get: none while others wait for them (`queued`)."""
    return 0 if queued else max(0, capacity - used)


def seats_text(capacity: int | None, used: int, waiting: int, queued: bool = False) -> str:
    """Return '8 vrij', 'nog 2 vrij', 'vol, 3 wachten', 'ruimte genoeg', or 'wachtlijst, 1 wacht' while others wait."""
    if queued:
        return ngettext("wachtlijst, %(num)d wacht", "wachtlijst, %(num)d wachten", waiting)
    if capacity is None:
        return gettext("ruimte genoeg")
    free = free_places(capacity, used, queued)
    if free <= 0:
        return ngettext("vol, %(num)d wacht", "vol, %(num)d wachten", waiting) if waiting else gettext("vol")
    return gettext("nog %(n)d vrij", n=free) if free <= 2 else gettext("%(n)d vrij", n=free)


def paragraphs(text: str) -> list[str]:
    """Split a text at its empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
