"""Which mail is sent to whom, with which link, on behalf of an event."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from schakel import db, settings
from schakel.events.models import AgendaItem, CapacityPool, Event, EventSession
from schakel.i18n import ngettext
from schakel.identity.links import service as links
from schakel.notifications import service as notifications
from schakel.registrations import letters
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.policy import LINK

LINK_LASTS = timedelta(days=60)  # after the event


def event_url(event: Event) -> str:
    """Return the public page of an event; for a patient day *mijn aanmelding*, as the slug may name an illness."""
    if event.kind in letters.NEUTRAL_KINDS:
        return f"{settings.base_url()}/mijn-aanmelding"
    return f"{settings.base_url()}/bijeenkomsten/{event.slug}"


def send(event: Event, letter: notifications.Letter, guest: letters.Guest, number: int, calendar: Any = None) -> None:
    """Queue a letter to a guest on behalf of the event; `number` is the id of the registration."""
    to = (guest.name, guest.email)
    notifications.queue(letter, to, letters.sender_of(event), (LINK, str(number)), calendar)


def send_welcome(event: Event, guest: letters.Guest, number: int, *, registered: bool) -> None:
    """Mail a new guest the place with its calendar entry, or the waiting list; with a link to change it."""
    link = "" if not guest.email else links.make(LINK, number, event.ends_at + LINK_LASTS)
    if registered:
        calendar = notifications.calendar_of("REQUEST", letters.entries(event, guest, event_url(event)))
        send(event, letters.registered(event, guest, link), guest, number, calendar)
    else:
        send(event, letters.waiting(event, guest, link), guest, number)


def send_reminder(row: Registration) -> None:
    """Mail an already registered person the link again; by mail only, so that the page discloses nothing."""
    guest = guest_of(row)
    send(row.event, letters.repeated(row.event, guest, links.placeholder(LINK, row.id)), guest, row.id)


def as_what(profession: str, organisation: str, persons: int) -> str:
    """Return profession, organisation and number of people as a text for mails."""
    party = ngettext("%(num)d persoon", "%(num)d personen", persons) if persons > 1 else ""
    return ", ".join(part for part in (profession, organisation, party) if part)


def guest_of(row: Registration) -> letters.Guest:
    """Return a registration in the form that letters need (3 statements)."""
    named = sa.select(EventSession.letter, EventSession.title, CapacityPool.id).join(
        CapacityPool, CapacityPool.session_id == EventSession.id
    )
    held = db.session().execute(
        named.join(SeatClaim, SeatClaim.pool_id == CapacityPool.id)
        .where(SeatClaim.registration_id == row.id)
        .join(AgendaItem, AgendaItem.id == EventSession.item_id)
        .order_by(AgendaItem.starts_at, EventSession.letter)
    )
    waits = db.session().execute(
        named.join(Wait, Wait.pool_id == CapacityPool.id).where(Wait.registration_id == row.id)
    )
    return letters.Guest(
        name=row.name,
        email=row.email,
        uid=row.uid,
        sequence=row.sequence,
        as_what=as_what(_profession_of(row), row.organisation, row.persons),
        sessions=[f"{item.letter}. {item.title}" for item in held],
        waiting_for=[f"{item.letter}. {item.title}" for item in waits],
    )


def _profession_of(row: Registration) -> str:
    pools = row.event.profession_pools if row.profession_code else []
    return next((pool.name for pool in pools if pool.profession_code == row.profession_code), "")
