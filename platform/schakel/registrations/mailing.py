"""Which mail is sent to whom, with which link, on behalf of an event."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, settings
from schakel.events.models import Event
from schakel.events.rules import State as EventState
from schakel.i18n import ngettext
from schakel.identity.links import service as links
from schakel.notifications import service as notifications
from schakel.registrations import letters, mail_table, rules, selection
from schakel.registrations.models import Registration
from schakel.registrations.policy import LINK
from schakel.registrations.rules import MailKind

LINK_LASTS = timedelta(days=60)  # after the event
REPEATS = 3  # mails in an hour to who signs up again and again


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
        send(event, letters.waiting(event, replace(guest, state=rules.State.WAITING), link), guest, number)


def rank_of(event_id: int, folded_email: str, number: int) -> int:
    """Return which registration of this mailbox for the event it is, by the order of signing up (1 statement)."""
    same = (Registration.event_id == event_id, Registration.folded_email == folded_email, Registration.id <= number)
    return db.session().scalar(sa.select(sa.func.count(Registration.id)).where(*same)) or 1


def is_coming(event: Event) -> bool:
    """Whether an event is published and has not begun."""
    return event.state == EventState.PUBLISHED and event.starts_at > dates.now()


def send_reminder(row: Registration) -> None:
    """Mail an already registered person the link again; by mail only, so that the page discloses nothing.

    At most three an hour for one registration.
    """
    guest, recent = guest_of(row), dates.now() - timedelta(hours=1)
    if not mail_table.leaves(MailKind.REPEATED, guest.state, is_coming(row.event)):
        return
    if notifications.count_since(MailKind.REPEATED, (LINK, str(row.id)), recent) >= REPEATS:
        return
    send(row.event, letters.repeated(row.event, guest, links.placeholder(LINK, row.id)), guest, row.id)


def as_what(profession: str, organisation: str, persons: int) -> str:
    """Return profession, organisation and number of people as a text for mails."""
    party = ngettext("%(num)d persoon", "%(num)d personen", persons) if persons > 1 else ""
    return ", ".join(part for part in (profession, organisation, party) if part)


def guest_of(row: Registration) -> letters.Guest:
    """Return a registration in the form that letters need (at most 5 statements, fewer when the event is loaded)."""
    held, waits = ({one.pool_id for one in some} for some in (row.claims, row.waits))
    sessions = selection.sessions_of(row.event) if held | waits else []
    return letters.Guest(
        name=row.name,
        email=row.email,
        uid=row.uid,
        sequence=row.sequence,
        as_what=as_what(_profession_of(row), row.organisation, row.persons),
        sessions=[session.as_text for session in sessions if session.pool.id in held],
        waiting_for=[session.as_text for session in sessions if session.pool.id in waits],
        state=rules.State(row.state),
        rank=rank_of(row.event_id, row.folded_email, row.id),
    )


def _profession_of(row: Registration) -> str:
    pools = row.event.profession_pools if row.profession_code else []
    return next((pool.name for pool in pools if pool.profession_code == row.profession_code), "")
