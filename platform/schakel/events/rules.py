"""Kinds and states of events as data; what a coordinator may do when; words for seats."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Kind:
    """A kind of event: its name, and which form one signs up with by default."""

    name: str
    form: str


KINDS = {
    "conference": Kind("Conferentie", "professional"),
    "work_session": Kind("Werksessie", "professional"),
    "course_day": Kind("Leergangdag", "professional"),
    "board_day": Kind("Bestuurlijk programma", "professional"),
    "patient_day": Kind("Patiëntendag", "patient_day"),
    "symposium": Kind("Symposium", "professional"),
    "mdo": Kind("MDO", "none"),
}
FORMS = {
    "professional": "Zorgverleners: naam, e-mail, beroep of rol, organisatie, sessies",
    "patient_day": "Patiëntendag: naam, e-mail, aantal personen, wensen",
    "none": "Geen aanmelding via deze pagina",
}
STATES = {
    "draft": "Concept",
    "published": "Gepubliceerd",
    "held": "Geweest",
    "closed": "Afgesloten",
    "cancelled": "Gaat niet door",
}
PUBLIC_STATES = ("published", "held", "closed", "cancelled")
SLOT_KINDS = ("plenary", "break", "round")
ADDRESS_TAKEN = {"nieuw"}
MOVES = {
    "publish": ({"draft"}, "published"),
    "cancel": ({"published"}, "cancelled"),
    "hold": ({"published"}, "held"),
    "close": ({"held"}, "closed"),
}
# What of an event is in calendars: only a change of these raises `sequence`.
CALENDAR_FIELDS = ("title", "starts_at", "ends_at", "place_name", "place_detail")


# What ends an event, and whether it must be said why (design 3: a reason if it ends something).
ENDS = {"cancel": True, "close": False}


def may_move(state: str, verb: str, starts_at: datetime, now: datetime) -> bool:
    """Whether a verb fits the state (design 3: draft → published → held → closed; cancelled).

    What has not begun cannot have been held.
    """
    return state in MOVES[verb][0] and (verb != "hold" or now >= starts_at)


def missing_to_publish(title: str, lead: str, place: str, agenda: int, pools: int, form: str) -> list[str]:
    """What an event still lacks before the public may see it, in Dutch."""
    lacks = []
    if not title.strip():
        lacks.append("een titel")
    if not lead.strip():
        lacks.append("een inleiding")
    if not place.strip():
        lacks.append("een plaats")
    if not agenda:
        lacks.append("een programma")
    if form != "none" and not pools:
        lacks.append("plaatsen")
    return lacks


def slug_of(title: str) -> str:
    """An address out of a title: kebab-case, plain letters, at most 80 signs."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "bijeenkomst"


def is_open(state: str, form: str, closes_at: datetime | None, starts_at: datetime, now: datetime) -> bool:
    """Whether one can sign up now."""
    return form != "none" and state == "published" and now < (closes_at or starts_at)


def offers_room(state: str, closes_at: datetime | None, starts_at: datetime, now: datetime) -> bool:
    """Whether a page says how much room is left: not after signing up closed, and not of what takes no place."""
    return state in ("draft", "published") and now < (closes_at or starts_at)


def seats_text(capacity: int | None, used: int, waiting: int) -> str:
    """'8 vrij', 'nog 2 vrij', 'vol, 3 wachten', 'ruimte genoeg'."""
    if capacity is None:
        return "ruimte genoeg"
    free = capacity - used
    if free <= 0:
        return f"vol, {waiting} {'wacht' if waiting == 1 else 'wachten'}" if waiting else "vol"
    return f"nog {free} vrij" if free <= 2 else f"{free} vrij"


def paragraphs(text: str) -> list[str]:
    """Running text cut at empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
